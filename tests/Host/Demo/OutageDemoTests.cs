using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>What the made-up outages are like.</summary>
public class OutageDemoTests
{
    private static readonly CatalogueLog Log = new([SampleOutages.Catalogue]);

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_hall_and_another_seed_others()
    {
        var (few, many) = (SampleDays.Plan(10) with { From = new(2025, 1, 1) }, SampleDays.Plan(9_000) with { From = new(2025, 1, 1) });
        Assert.Equal(Told(new OutageDemo(SampleOutages.Catalogue, OutagePlan.Beside(few, SampleOutages.Catalogue))), Told(new OutageDemo(SampleOutages.Catalogue, OutagePlan.Beside(many, SampleOutages.Catalogue))));
        Assert.Equal(Told(SampleOutages.Demo()), Told(SampleOutages.Demo()));
        Assert.Empty(Told(SampleOutages.Demo()).Intersect(Told(SampleOutages.Demo(seed: 8))));

        static List<string> Told(OutageDemo demo) => [.. demo.Events(SampleOutages.First).Take(300).Select(SampleOutages.Told)];
    }

    [Fact]
    public void Any_stretch_of_days_can_be_made_without_those_before()
    {
        var since = new LocalDate(2026, 6, 1);
        var (whole, later) = (SampleOutages.Demo(), SampleOutages.Demo());
        var (from, until) = (since.AtStartOfDayInZone(whole.Zone).ToInstant(), since.PlusDays(60).AtStartOfDayInZone(whole.Zone).ToInstant());
        var all = whole.Events(SampleOutages.First).SkipWhile(e => e.RecordedAt < from).TakeWhile(e => e.RecordedAt < until).Select(SampleOutages.Told).ToList();
        Assert.NotEmpty(all);
        Assert.Equal(all, later.Events(since.PlusDays(-OutageDemo.LongestInDays)).SkipWhile(e => e.RecordedAt < from).TakeWhile(e => e.RecordedAt < until).Select(SampleOutages.Told));
        var days = Enumerable.Range(0, 40).Select(d => since.PlusDays(d)).ToArray();
        Assert.Equal(days.SelectMany(whole.EventsOf).Select(SampleOutages.Told).Order(StringComparer.Ordinal), days.Reverse().SelectMany(later.EventsOf).Select(SampleOutages.Told).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2026)]
    public void Everything_comes_in_order_never_before_it_happens_soon_after_its_day_and_passes_the_door(long seed)
    {
        var (demo, before, names) = (SampleOutages.Demo(seed), Instant.MinValue, new HashSet<string>());
        foreach (var told in demo.Events(SampleOutages.First).TakeWhile(e => e.RecordedAt < SampleOutages.YearEnd))
        {
            Assert.True(told.RecordedAt >= before && told.RecordedAt >= told.OccurredAt);
            before = told.RecordedAt;
            Assert.True(names.Add($"{told.Source} {told.SenderId}"), told.SenderId);
            CheckAtTheDoor(told);
        }

        Assert.All(
            Enumerable.Range(0, 365).Select(d => SampleOutages.First.PlusDays(d)),
            day => Assert.All(demo.EventsOf(day), e => Assert.True(e.RecordedAt.InZone(demo.Zone).Date is var arrives && arrives >= day && arrives <= day.PlusDays(OutageDemo.LongestInDays))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2026)]
    public void Each_outage_ends_after_it_began_within_days_and_contradicts_nothing(long seed)
    {
        var streams = SampleOutages.Folded(SampleOutages.Year(SampleOutages.Demo(seed)), Log).ToList();
        Assert.All(streams, s => Assert.Empty(s.Clocks.Anomalies.Concat(s.Clocks.Clocks.SelectMany(k => k.Anomalies))));
        var stretches = streams.SelectMany(s => s.Clocks.State.Stretches).ToList();
        Assert.InRange(stretches.Count, 120, 320);
        Assert.All(stretches, s => Assert.InRange(s.EndedAt!.Value - s.StartedAt, Duration.FromSeconds(30), Duration.FromDays(4)));
        Assert.InRange(stretches.Count(s => s.IsVoid), 3, 4);
        Assert.Contains(streams, s => s.Clocks.State.Stretches.Count == 5);
        Assert.Contains(stretches, s => s.Pieces.Count > 1);
        var states = streams.SelectMany(s => s.Clocks.Clocks).CountBy(c => c.Read().State).ToDictionary();
        Assert.InRange(states[ClockState.Breached], 1, states[ClockState.Met] / 8);
    }

    [Fact]
    public void What_is_decided_is_what_the_agreement_lets_one_decide_and_comes_in_every_kind()
    {
        var (states, told) = (new List<ExclusionState>(), SampleOutages.Year(SampleOutages.Demo()).ToList());
        foreach (var stream in told.GroupBy(e => e.Stream).Where(s => s.Any(e => EventTypes.Of(e.Type).IsDecided)))
        {
            var facts = SampleOutages.Facts(stream).Order(Comparer<Recorded>.Create(FoldOrder.Compare)).ToList();
            var exclusion = Assert.Single(Exclusions(facts));
            states.Add(exclusion.State);
            var planned = facts.Aggregate(Maintenance.Unknown, (m, f) => f.Event is MaintenanceEvent or ExclusionEvent ? Maintenance.Evolve(m, f) : m);
            var service = planned.Service ?? facts.Select(f => f.Event).OfType<OutageEvent.Started>().First().Service;
            var rule = ServiceHistory.Of(Log, service).Single(s => s.From <= exclusion.From && exclusion.From < s.Until).Agreement!.ExclusionOf(exclusion.Kind)!;
            if (rule.Notice is { } notice)
                Assert.Equal(exclusion.State == ExclusionState.Refused, Reckoning.Of(new ClockFacts(SampleOutages.Catalogue.Calendars[SampleOutages.Catalogue.Services[service].Hours], notice, planned.NoticeAt)).DueAt > exclusion.From);
        }

        Assert.Equal(Enum.GetValues<ExclusionState>(), states.Distinct().Order());
        Assert.True(states.Count(s => s == ExclusionState.Approved) > states.Count / 2);
        Assert.Equal(OutageJson.Types.Select(t => t.Name).Order(), told.Select(e => e.Type).Distinct().Order());

        static ValueList<Exclusion> Exclusions(List<Recorded> facts)
        {
            var state = default(ValueList<Exclusion>);
            foreach (var fact in facts.Where(f => f.Event is ExclusionEvent))
            {
                ExclusionCommand command = fact.Event switch
                {
                    ExclusionEvent.Proposed p => new ExclusionCommand.Propose(p.Exclusion, p.By, p.Kind, p.From, p.Until, p.Evidence),
                    ExclusionEvent.Approved a => new ExclusionCommand.Approve(a.Exclusion, a.Approver),
                    ExclusionEvent.Refused r => new ExclusionCommand.Refuse(r.Exclusion, r.By, r.Reason),
                    ExclusionEvent.Revoked r => new ExclusionCommand.Revoke(r.Exclusion, r.By, r.Reason),
                    _ => throw new System.Diagnostics.UnreachableException(),
                };
                Assert.Equal([(ExclusionEvent)fact.Event], Assert.IsType<ExclusionDecision.Accepted>(Exclusion.Decide(command, state)).Events);
                state = Exclusion.Evolve(state, fact);
            }

            return state;
        }
    }

    [Fact]
    public void Monitors_watch_but_one_begins_late_and_one_is_away_a_week_of_a_quarter()
    {
        var watches = SampleOutages.Year(SampleOutages.Demo()).Where(e => e.Kind == StreamKind.Service).GroupBy(e => e.Case)
            .ToDictionary(s => s.Key, s => SampleOutages.Facts(s).Aggregate(SlaMonitor.Domain.Outages.Watch.None, SlaMonitor.Domain.Outages.Watch.Evolve).Spans);
        Assert.Equal(SampleOutages.Catalogue.Services.Values.Where(s => s.Of is null && s.Observed == Observed.ByMonitor).Select(s => s.Id).Order(), watches.Keys.Order());
        var begin = SampleOutages.First.AtStartOfDayInZone(SampleOutages.Catalogue.Zone).ToInstant();
        Assert.Equal(["mail"], watches.Where(w => w.Value[0].From != begin).Select(w => w.Key));
        Assert.Equal(4, watches.Values.Sum(w => w.Count - 1));
        Assert.All(watches.Values.SelectMany(w => w.Zip(w.Skip(1))), p => Assert.Equal(Duration.FromDays(7), p.Second.From - p.First.Until));
        Assert.All(watches.Values, w => Assert.Null(w[^1].Until));
    }

    [Fact]
    public void While_it_runs_short_outages_come_about_once_an_hour_and_pass_the_door()
    {
        var live = SampleOutages.Live();
        var first = Instant.FromUtc(2026, 6, 1, 0, 0).ToUnixTimeSeconds() / 3600;
        var hours = Enumerable.Range(0, 24 * 7).Select(h => live.EventsOf(first + h)).ToList();
        Assert.InRange(hours.Count(h => h.Count == 2), 110, 160);
        Assert.All(hours.SelectMany(h => h), CheckAtTheDoor);
        var outages = SampleOutages.Folded(hours.SelectMany(h => h), Log).SelectMany(s => s.Clocks.State.Stretches).ToList();
        Assert.All(outages, s => Assert.InRange(s.EndedAt!.Value - s.StartedAt, Duration.FromMinutes(3), Duration.FromMinutes(40)));
        var until = Instant.FromUnixTimeSeconds((first + 12) * 3600);
        var sent = live.Events(first, [first - 1]).TakeWhile(e => e.RecordedAt < until).Select(SampleOutages.Told).ToList();
        Assert.Equal(sent, Enumerable.Range(-1, 13).SelectMany(h => live.EventsOf(first + h)).Where(e => e.RecordedAt < until).OrderBy(e => e.RecordedAt).Select(SampleOutages.Told));
    }

    private static void CheckAtTheDoor(DemoEvent told)
    {
        // What is decided does not come by the door.
        var decided = EventTypes.Of(told.Type).IsDecided;
        Assert.Equal(decided, told.Source.EndsWith("/decisions", StringComparison.Ordinal));
        if (decided)
            return;
        using var stored = JsonDocument.Parse(told.Json);
        var reported = new ReportedEvent(told.Type, told.Stream, told.Source, told.SenderId, told.OccurredAt, null, stored.RootElement.GetProperty("data"));
        List<Fault> faults = [];
        EventCheck.Check(reported, Log, told.RecordedAt, faults);
        Assert.Empty(faults);
        Assert.True(EventCheck.ToAppend(OutagePlan.Centre, reported).SameContent(told.Arriving()));
    }
}

/// <summary>The made-up outages of the sample IT department, for tests without a database.</summary>
internal static class SampleOutages
{
    public static readonly LocalDate First = new(2026, 1, 1);

    /// <summary>After the year whose maintenance has all been decided.</summary>
    public static readonly Instant YearEnd = Instant.FromUtc(2026, 12, 31, 15, 0);

    public static readonly Catalogue Catalogue = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "it-services.yaml")).Catalogue;

    public static OutageDemo Demo(long seed = 7) => new(Catalogue, new OutagePlan(seed, First));

    public static OutageLive Live(long seed = 7) => new(Catalogue, new OutagePlan(seed, First));

    /// <summary>All that is ever told of the days of its first year.</summary>
    public static IEnumerable<DemoEvent> Year(OutageDemo demo) => Enumerable.Range(0, 365).SelectMany(d => demo.EventsOf(First.PlusDays(d)));

    public static IEnumerable<Recorded> Facts(IEnumerable<DemoEvent> events) => events.Select((e, i) => EventJson.ReadFact(e.Type, e.Arriving().Id, e.Json, i + 1, e.RecordedAt));

    /// <summary>Each stream of outages with its clocks.</summary>
    public static IEnumerable<(string Outage, OutageClocks Clocks)> Folded(IEnumerable<DemoEvent> events, CatalogueLog log) =>
        events.Where(e => e.Kind == StreamKind.Outage).GroupBy(e => e.Case).Select(g => (g.Key, OutageClocks.Fold(Facts(g), log)));

    public static string Told(DemoEvent e) => $"{e.RecordedAt} {e.Serial} {e.Stream} {e.Type} {Convert.ToHexString(e.Json.Span)}";
}
