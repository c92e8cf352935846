using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Catalogues;

/// <summary>Which definition of a service held when, and which agreement. Dates are Shanghai's.</summary>
public class ServiceHistoryTests
{
    [Fact]
    public void A_service_nobody_agreed_on_holds_from_the_first_instant_to_the_last()
    {
        var span = Assert.Single(ServiceHistory.Of(Log(Version(["id: s, hours: day"], [])), "s"));
        Assert.Equal((ServiceHistory.Earliest, ServiceHistory.Latest, null, ServiceTargets.None), (span.From, span.Until, span.Agreement, span.Targets));
        Assert.Empty(ServiceHistory.Of(Log(Version(["id: s, hours: day"], [])), "t"));
        Assert.Empty(ServiceHistory.Of(CatalogueLog.Empty, "s"));
    }

    [Fact]
    public void It_is_cut_where_the_service_and_its_agreements_begin_and_end()
    {
        var log = Log(Version(
            ["id: s, hours: day, from: 2026-02-01, until: 2027-01-01, targets: { availability: 0.9, interruptionsPerYear: 3 }"],
            ["id: a, kind: SLA, services: [s], until: 2026-04-01", "id: b, kind: SLA, from: 2026-06-01, services: [{ service: s, targets: { availability: 0.99 } }]"]));
        Assert.Equal(
            ["2026-02-01 a 0.9", "2026-04-01 none 0.9", "2026-06-01 b 0.99", "until 2027-01-01"],
            Told(ServiceHistory.Of(log, "s"), s => $"{s.Agreement?.Id ?? "none"} {s.Targets.Availability}"));
        Assert.All(ServiceHistory.Of(log, "s"), s => Assert.Equal(3, s.Targets.InterruptionsPerYear));
    }

    [Fact]
    public void An_SLA_goes_before_an_OLA_and_that_before_a_UC_and_of_two_of_a_kind_the_first_id()
    {
        var log = Log(Version(
            ["id: s, hours: day", "id: t, hours: day"],
            ["id: a, kind: UC, services: [s]", "id: d, kind: OLA, services: [s], until: 2026-05-01", "id: c, kind: OLA, services: [s], until: 2026-04-01", "id: z, kind: SLA, services: [s], from: 2026-02-01, until: 2026-03-01", "id: first, kind: SLA, services: [t]"]));
        Assert.Equal(
            ["always none", "2026-01-01 c", "2026-02-01 z", "2026-03-01 c", "2026-04-01 d", "2026-05-01 a", "for ever"], Told(ServiceHistory.Of(log, "s"), s => s.Agreement?.Id ?? "none"));
    }

    [Fact]
    public void A_version_holds_from_its_effective_date_and_the_first_one_before_it_too()
    {
        var first = Version(["id: s, hours: day"], []);
        var second = first with { Version = "2", EffectiveFrom = At("2026-03-01"), Services = Version(["id: s, hours: late"], []).Services };
        var without = first with { Version = "3", EffectiveFrom = At("2026-05-01"), Services = Version(["id: t, hours: day"], []).Services };
        var again = second with { Version = "4", EffectiveFrom = At("2026-06-01") };
        Assert.Equal(["always 1 day", "2026-03-01 2 late", "until 2026-05-01", "2026-06-01 4 late", "for ever"], Told(ServiceHistory.Of(Log(first, second, without, again), "s"), s => $"{s.Version.Version} {s.Service.Hours}"));
        // Published last and in effect first: it takes the past before the others, and no more.
        Assert.Equal(["always 1 day", "2026-03-01 2 late", "for ever"], Told(ServiceHistory.Of(Log(second, first), "s"), s => $"{s.Version.Version} {s.Service.Hours}"));
        // Of two from the same date the one published last; before it the one published first.
        Assert.Equal(["always 2 late", "2026-03-01 9 day", "for ever"], Told(ServiceHistory.Of(Log(second, first with { Version = "9", EffectiveFrom = second.EffectiveFrom }), "s"), s => $"{s.Version.Version} {s.Service.Hours}"));
    }

    [Fact]
    public void A_cut_that_only_another_version_makes_leaves_no_seam()
    {
        var first = Version(["id: s, hours: day"], []);
        var second = Version(["id: s, hours: day"], ["id: a, kind: SLA, services: [s], from: 2025-06-01, until: 2028-01-01"]) with { Version = "2", EffectiveFrom = At("2026-03-01") };
        Assert.Equal(["always 1 none", "2026-03-01 2 a", "2028-01-01 2 none", "for ever"], Told(ServiceHistory.Of(Log(first, second), "s"), s => $"{s.Version.Version} {s.Agreement?.Id ?? "none"}"));
    }

    [Theory]
    [InlineData("Pacific/Kiritimati")]
    [InlineData("Etc/GMT+12")]
    [InlineData("Asia/Shanghai")]
    public void Calendars_can_be_asked_about_all_of_it(string zone)
    {
        var calendar = new Calendar(CalendarDefinition.AlwaysOpen(DateTimeZoneProviders.Tzdb[zone]));
        Assert.Equal(ServiceHistory.Latest - ServiceHistory.Earliest, calendar.OpenTimeBetween(ServiceHistory.Earliest, ServiceHistory.Latest));
        Assert.True(calendar.IsOpen(ServiceHistory.Earliest));
        Assert.True(calendar.IsOpen(ServiceHistory.Latest));
    }

    [Fact]
    public void A_day_that_has_no_midnight_begins_with_its_first_instant()
    {
        // Beirut put its clocks forward at midnight of 27 March 2022.
        var zone = DateTimeZoneProviders.Tzdb["Asia/Beirut"];
        var version = Version(["id: s, hours: day, from: 2022-03-27, until: 2022-03-28"], []) with { Zone = zone };
        var span = Assert.Single(ServiceHistory.Of(Log(version), "s"));
        Assert.Equal((Instant.FromUtc(2022, 3, 26, 22, 0), Duration.FromHours(23)), (span.From, span.Until - span.From));
    }

    private static Catalogue Version(string[] services, string[] agreements) => ServiceFile.Of(services, agreements).Catalogue!;

    private static CatalogueLog Log(params Catalogue[] versions) => new([.. versions.Select((v, i) => v with { Position = i + 1 })]);

    private static Instant At(string date) => Timestamps.TryParse($"{date}T00:00:00+08:00", out var at) ? at : throw new FormatException(date);

    private static IEnumerable<string> Told(IReadOnlyList<ServiceSpan> spans, Func<ServiceSpan, string> what)
    {
        for (var i = 0; i < spans.Count; i++)
        {
            yield return $"{(spans[i].From == ServiceHistory.Earliest ? "always" : Date(spans[i].From))} {what(spans[i])}";
            if (i + 1 == spans.Count || spans[i + 1].From != spans[i].Until)
                yield return spans[i].Until == ServiceHistory.Latest ? "for ever" : $"until {Date(spans[i].Until)}";
        }

        static string Date(Instant at) => at.InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]) is { TimeOfDay: var time } zoned && time == LocalTime.Midnight ? NodaTime.Text.LocalDatePattern.Iso.Format(zoned.Date) : at.ToString();
    }
}
