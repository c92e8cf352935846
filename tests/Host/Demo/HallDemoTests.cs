using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>What the made-up hall is like.</summary>
public class HallDemoTests
{
    [Fact]
    public void The_same_plan_gives_the_same_bytes_and_another_seed_others()
    {
        Assert.Equal(HashOf(SampleDays.Hall(3_000)), HashOf(SampleDays.Hall(3_000)));
        Assert.NotEqual(HashOf(SampleDays.Hall(3_000)), HashOf(SampleDays.Hall(3_000, seed: 8)));
    }

    [Fact]
    public void Any_stretch_of_days_can_be_made_without_those_before()
    {
        var since = new LocalDate(2025, 9, 1);
        var (whole, later) = (SampleDays.Hall(2_000), SampleDays.Hall(2_000));
        var (from, until) = (since.AtStartOfDayInZone(whole.Zone).ToInstant(), since.PlusDays(40).AtStartOfDayInZone(whole.Zone).ToInstant());
        var all = whole.Events(SampleDays.First).SkipWhile(e => e.RecordedAt < from).TakeWhile(e => e.RecordedAt < until).Select(Told).ToList();
        Assert.NotEmpty(all);
        Assert.Equal(all, later.Events(since.PlusDays(-HallDemo.LongestCaseInDays)).SkipWhile(e => e.RecordedAt < from).TakeWhile(e => e.RecordedAt < until).Select(Told));
        // Backwards, too.
        var days = Enumerable.Range(0, 10).Select(d => since.PlusDays(d)).ToArray();
        Assert.Equal(days.SelectMany(whole.EventsOf).Select(Told).Order(StringComparer.Ordinal), days.Reverse().SelectMany(later.EventsOf).Select(Told).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Events_come_in_the_order_in_which_they_arrive_and_never_before_they_happen()
    {
        var before = Instant.MinValue;
        var stretch = SampleDays.Hall(4_000).Events(SampleDays.First).Take(6_000).ToList();
        foreach (var told in stretch)
        {
            Assert.True(told.RecordedAt >= before && told.RecordedAt >= told.OccurredAt);
            before = told.RecordedAt;
        }

        Assert.InRange(stretch.Count(e => e.RecordedAt - e.OccurredAt > Duration.FromHours(1)), 60, 600);
        Assert.InRange(stretch.GroupBy(e => e.SenderId).Count(g => g.Count() > 1), 20, 150);
    }

    [Fact]
    public void People_come_to_the_windows_when_they_are_open_most_in_the_late_morning_and_after_days_off()
    {
        var hall = SampleDays.Hall(60_000);
        var calendar = SampleDays.Catalogue.Calendars["cn"];
        var received = SampleDays.Of(hall, 70).Where(e => e.Type == "case_received").DistinctBy(e => e.SenderId).ToList();
        var (windows, remote) = (received.Where(e => ChannelOf(e) == 1).ToList(), received.Where(e => ChannelOf(e) != 1).ToList());
        Assert.All(windows, e => Assert.True(calendar.IsOpen(e.OccurredAt)));
        var hours = windows.CountBy(e => SampleDays.Local(hall, e.OccurredAt).Hour).ToDictionary();
        Assert.False(hours.ContainsKey(12) || hours.ContainsKey(13));
        Assert.True(hours[10] > hours[11] && hours[15] > hours[17]);
        Assert.Contains(remote, e => SampleDays.Local(hall, e.OccurredAt).Hour is >= 20 or < 8);
        Assert.True(remote.Count(e => SampleDays.Local(hall, e.OccurredAt).Hour == 12) < remote.Count(e => SampleDays.Local(hall, e.OccurredAt).Hour == 10));
        // The first day after the Labour Day holiday of 2025, and the Tuesday of the week before.
        var days = windows.CountBy(e => SampleDays.Local(hall, e.OccurredAt).Date).ToDictionary();
        Assert.True(days[new LocalDate(2025, 5, 6)] > days[new LocalDate(2025, 4, 22)]);
        Assert.False(days.ContainsKey(new LocalDate(2025, 5, 2)));
        // A make-up day is one on which it opens.
        Assert.True(days.ContainsKey(new LocalDate(2025, 4, 27)));
    }

    [Fact]
    public void Everything_passes_the_door()
    {
        var log = new CatalogueLog([SampleDays.Catalogue]);
        List<DemoEvent> told = [.. SampleDays.All(SampleDays.Hall(20_000), 365)];
        foreach (var e in told)
        {
            using var stored = JsonDocument.Parse(e.Json);
            var reported = new ReportedEvent(e.Type, e.Stream, e.Source, e.SenderId, e.OccurredAt, null, stored.RootElement.GetProperty("data"));
            List<Fault> faults = [];
            EventCheck.Check(reported, log, e.RecordedAt, faults);
            Assert.Empty(faults);
            Assert.True(EventCheck.ToAppend(DemoPlan.Centre, reported).SameContent(e.Arriving()));
        }

        string[] unused = ["case_priority_changed"];
        Assert.Equal(CaseJson.Types.Concat(ComplaintJson.Types).Select(t => t.Name).Except(unused).Order(), told.Select(e => e.Type).Distinct().Order());
    }

    [Fact]
    public void Who_does_nothing_wrong_contradicts_nothing_but_by_being_late()
    {
        List<DemoEvent> told = [.. SampleDays.Of(SampleDays.Hall(8_000), 365)];
        var bent = told.Where(e => e.Proof is not null).Select(e => e.Case).ToHashSet();
        var contradicting = SampleDays.Folded(told.Where(e => !bent.Contains(e.Case)))
            .SelectMany(c => c.Clocks.Anomalies.Concat(c.Clocks.Clocks.SelectMany(k => k.Anomalies)).Select(a => (c.Case, a.Kind)));
        Assert.DoesNotContain(contradicting, a => a.Kind != AnomalyKind.ActAfterDeemedAcceptance);
    }

    [Fact]
    public void Promises_are_kept_as_often_as_in_a_good_hall()
    {
        var clocks = SampleDays.Folded(SampleDays.Of(SampleDays.Hall(10_000), 365)).SelectMany(c => c.Clocks.Clocks).ToList();
        Assert.InRange(KeptOf(clocks.Where(c => c.Definition.Id == "case.promised")), 0.94, 0.97);
        Assert.InRange(KeptOf(clocks.Where(c => c.Definition.Id == "case.statutory")), 0.985, 0.999);
        Assert.InRange(KeptOf(clocks.Where(c => c.Definition.Id == "case.overdue-explanation")), 0.8, 0.97);
    }

    [Fact]
    public void Every_way_to_bend_a_figure_is_there_in_few_cases()
    {
        var planted = new Dictionary<Misconduct, int>();
        var (cases, bent) = (0, new HashSet<string>());
        foreach (var told in SampleDays.Of(SampleDays.Hall(60_000), 365))
        {
            if (told is { Type: "case_received" })
                cases++;
            if (told.Proof is { } kind && bent.Add($"{told.Case} {kind}"))
                planted[kind] = planted.GetValueOrDefault(kind) + 1;
        }

        Assert.Equal(Enum.GetValues<Misconduct>().Order(), planted.Keys.Order());
        Assert.InRange(bent.Count, cases / 200, cases / 80);
    }

    private static double KeptOf(IEnumerable<Clock> clocks)
    {
        var states = clocks.CountBy(c => c.Read().State).ToDictionary();
        var (met, breached) = (states.GetValueOrDefault(ClockState.Met), states.GetValueOrDefault(ClockState.Breached));
        Assert.True(met + breached > 30);
        return (double)met / (met + breached);
    }

    private static string HashOf(HallDemo hall)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var told in hall.Events(SampleDays.First).Take(1_000))
            hash.AppendData(told.Json.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Told(DemoEvent e) => $"{e.RecordedAt} {e.Serial} {e.Type} {Convert.ToHexString(SHA256.HashData(e.Json.Span))}";

    private static int ChannelOf(DemoEvent e)
    {
        using var stored = JsonDocument.Parse(e.Json);
        return stored.RootElement.GetProperty("data").GetProperty("channel").GetInt32();
    }
}
