using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>What the newest catalogue and its calendar say, as metrics.</summary>
public class CatalogueFamiliesTests
{
    // 09:00-12:00 and 14:00-18:00 in Shanghai, Monday to Friday; 2026-10-01 to 08 are holidays there.
    private static readonly Catalogue ServiceHall = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue;

    [Theory]
    [InlineData("2026-03-18T10:00:00+08:00", 1, "2026-03-17T15:00:00+08:00")]
    [InlineData("2026-03-18T17:30:00+08:00", 1, "2026-03-18T11:30:00+08:00")]
    [InlineData("2026-03-18T09:00:00+08:00", 1, "2026-03-17T14:00:00+08:00")]
    [InlineData("2026-03-18T18:00:00+08:00", 0, "2026-03-18T14:00:00+08:00")]
    [InlineData("2026-03-18T13:00:00+08:00", 0, "2026-03-17T17:00:00+08:00")]
    [InlineData("2026-03-22T12:00:00+08:00", 0, "2026-03-20T14:00:00+08:00")]
    [InlineData("2026-10-03T10:00:00+08:00", 0, "2026-09-30T14:00:00+08:00")]
    public void The_calendar_says_whether_the_centre_is_open_and_when_four_working_hours_ago_was(string now, double open, string ago)
    {
        Assert.Equal([$"sla_centre_open{{sla_centre=\"service-hall\"}} {open}"], Lines("sla_centre_open", ServiceHall, At(now)));
        Assert.Equal([Line("sla_working_time_ago_timestamp_seconds{sla_centre=\"service-hall\",working_hours=\"4\"}", At(ago))], Lines("sla_working_time_ago_timestamp_seconds", ServiceHall, At(now)));
    }

    [Theory]
    [InlineData("2026-03-31T23:59:59+08:00", "2026-04-01T00:00:00+08:00")]
    [InlineData("2026-04-01T00:00:00+08:00", "2026-07-01T00:00:00+08:00")]
    [InlineData("2026-12-31T12:00:00+08:00", "2027-01-01T00:00:00+08:00")]
    public void The_quarter_ends_at_midnight_of_the_centres_zone(string now, string end) =>
        Assert.Equal([Line("sla_period_end_timestamp_seconds{period=\"quarter\",sla_centre=\"service-hall\"}", At(end))], Lines("sla_period_end_timestamp_seconds", ServiceHall, At(now)));

    [Fact]
    public void What_the_calendar_cannot_answer_is_absent()
    {
        Assert.Empty(Lines("sla_centre_open", ServiceHall, Instant.FromUtc(1900, 1, 1, 0, 0)));
        Assert.Empty(Lines("sla_working_time_ago_timestamp_seconds", ServiceHall, Instant.FromUtc(1900, 1, 1, 0, 0)));
        // Nothing was open for four hours before the first of its days.
        var first = Instant.FromUtc(1900, 1, 4, 2, 0);
        Assert.Empty(Lines("sla_working_time_ago_timestamp_seconds", Hall.Read("1", "23:59-24:00").Catalogue, first));
        Assert.Single(Lines("sla_centre_open", Hall.Read("1", "23:59-24:00").Catalogue, first));
    }

    [Fact]
    public void Everything_that_labels_name_has_its_names()
    {
        var service = Lines("sla_service_info", ServiceHall);
        Assert.Equal(ServiceHall.Items.Count + ServiceHall.Services.Count, service.Count);
        Assert.Contains("sla_service_info{sla_centre=\"service-hall\",sla_name_en=\"Registration of a company\",sla_name_zh=\"企业设立登记\",sla_service=\"business-licence\"} 1", service);
        var department = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "it-services.yaml")).Catalogue;
        Assert.Contains("sla_service_info{sla_centre=\"it-department\",sla_name_en=\"Portal database\",sla_name_zh=\"门户数据库\",sla_service=\"portal-database\"} 1", Lines("sla_service_info", department));
        Assert.Equal(["sla_centre_info{sla_centre=\"service-hall\",sla_name_en=\"Government service centre\",sla_name_zh=\"政务服务中心\"} 1"], Lines("sla_centre_info", ServiceHall));
        Assert.Equal(ServiceHall.Commitments.Length, Lines("sla_commitment_info", ServiceHall).Count);
        Assert.Contains("sla_commitment_info{sla_centre=\"service-hall\",sla_commitment=\"case.promised\",sla_name_en=\"Promised limit\",sla_name_zh=\"承诺时限\"} 1", Lines("sla_commitment_info", ServiceHall));
        Assert.Equal(ServiceHall.ComplaintCategories.Count, Lines("sla_category_info", ServiceHall).Count);
        Assert.Contains("sla_category_info{sla_category=\"delay\",sla_centre=\"service-hall\",", string.Join('\n', Lines("sla_category_info", ServiceHall)), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_may_hold_anything()
    {
        var odd = ServiceHall with { CentreNames = new Names("“中心”{}", "The \"north\" \\ hall,\nupstairs") };
        Assert.Equal(["sla_centre_info{sla_centre=\"service-hall\",sla_name_en=\"The \\\"north\\\" \\\\ hall,\\nupstairs\",sla_name_zh=\"“中心”{}\"} 1"], Lines("sla_centre_info", odd));
    }

    /// <summary>The samples of a family as they are written.</summary>
    private static IReadOnlyList<string> Lines(string family, Catalogue catalogue, Instant? now = null)
    {
        var written = ExpositionWriter.Write(CatalogueFamilies.Of([catalogue], now ?? Instant.FromUtc(2026, 3, 18, 2, 0)).Where(f => f.Name == family));
        return [.. Encoding.UTF8.GetString(written.Plain(ExpositionFormat.Text).Span).Split('\n').Where(l => l.Length > 0 && l[0] != '#')];
    }

    private static string Line(string series, Instant value) => string.Create(CultureInfo.InvariantCulture, $"{series} {value.ToUnixTimeSeconds()}");

    private static Instant At(string text) => OffsetDateTimePattern.ExtendedIso.Parse(text).Value.ToInstant();
}
