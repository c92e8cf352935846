using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>A hall that builds on the shipped national base with items of its own.</summary>
internal static class HallFiles
{
    /// <summary>The hall's catalogue as the program reads it from files.</summary>
    /// <param name="items">What it offers, as YAML.</param>
    /// <param name="more">Other fields of the file, as YAML.</param>
    /// <exception cref="CatalogueFileException">The program refuses it.</exception>
    public static CatalogueFile Read(string items, string more = "")
    {
        var folder = Directory.CreateTempSubdirectory("sla-hall-");
        try
        {
            foreach (var name in (string[])["base/cn-licensing.yaml", "calendars/cn.yaml"])
            {
                var to = Path.Combine(folder.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(Path.Combine(CatalogueFiles.Folder, name), to);
            }

            var file = Path.Combine(folder.FullName, "hall.yaml");
            File.WriteAllText(file, $$"""
                version: "1"
                effectiveFrom: 2020-01-01
                base: base/cn-licensing.yaml
                centre: { id: hall, names: { zh: 厅, en: Hall }, calendar: cn }
                {{more}}
                items:
                {{string.Join('\n', items.Split('\n').Select(l => "  " + l))}}
                """);
            return CatalogueFiles.Read(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What the program says against a hall that offers this.</summary>
    public static string Refusal(string items) => Assert.Throws<CatalogueFileException>(() => Read(items)).Reason;

    /// <summary>An item with all that a hall publishes, and the fields given.</summary>
    public static string Item(string fields) => $"- {{ id: x, names: {{ zh: 某, en: X }}, department: d, basis: b, materials: [m], procedure: [p], fee: none, {fields} }}";
}
