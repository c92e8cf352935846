using System.Text;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Host;

public class CatalogueFilesTests
{
    private static readonly string Hall = File.ReadAllText(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml"));

    [Theory]
    [InlineData("promised: { workingDays: 5 }", "promissed: { workingDays: 5 }", "items[2].promissed is not a field")]
    [InlineData("windows:\n", "windos:\n", "windos is not a field")]
    [InlineData("  calendar: cn\n", "  calendar: xx\n", "centre.calendar is not among")]
    [InlineData("stop: { any: [case_decided] }", "stop: { any: [case_eaten] }", "names 'case_eaten'")]
    [InlineData("id: clinic-licence", "id: nurse-registration", "'nurse-registration' 2 times")]
    [InlineData("effectiveFrom: 2007-01-01", "effectiveFrom: soon", "effectiveFrom is not a date")]
    [InlineData("limit: item.promised", "limit: item.promise", "is not a limit")]
    [InlineData("before: { workingDays: 1 }", "before: { calendarDays: 1 }", "must be in workingDays")]
    [InlineData("cn: calendars/cn.yaml", "cn: calendars/gone.yaml", "gone.yaml: (file) is not there")]
    [InlineData("version: \"2026-1\"", "version: [", "is not YAML")]
    [InlineData("version: \"2026-1\"", "version: \"2026-1", "line ")]
    [InlineData("version: \"2026-1\"", "version: &v [*v]", "deeper than")]
    [InlineData("version: \"2026-1\"", "? [a, b]\n: 1", "name of a field")]
    public void A_catalogue_that_cannot_be_used_is_refused_with_the_field_and_the_reason(string right, string wrong, string reason)
    {
        Assert.Contains(right, Hall, StringComparison.Ordinal);
        var folder = WithCatalogue(Hall.Replace(right, wrong, StringComparison.Ordinal));
        try
        {
            var refused = Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Aliases_that_would_fill_the_memory_are_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var folder = WithCatalogue(bomb.ToString());
        try
        {
            Assert.Contains("larger than", Assert.Throws<CatalogueFileException>(() => CatalogueFiles.ReadAll(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DirectoryInfo WithCatalogue(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("sla-catalogue-");
        var calendars = folder.CreateSubdirectory("calendars");
        File.Copy(Path.Combine(CatalogueFiles.Folder, "calendars", "cn.yaml"), Path.Combine(calendars.FullName, "cn.yaml"));
        File.WriteAllText(Path.Combine(folder.FullName, "service-hall.yaml"), yaml);
        return folder;
    }
}
