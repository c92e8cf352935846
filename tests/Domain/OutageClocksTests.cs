using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain;

/// <summary>What the facts of an outage's stream say, and the restore limits that run on it.</summary>
public class OutageClocksTests
{
    private static readonly CatalogueLog Log = CatalogueLog.Empty.Add(CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "it-services.yaml")).Catalogue with { Position = 1 });
    private static readonly Instant Monday = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Fact]
    public void A_restore_limit_counts_in_the_hours_of_the_service_by_the_highest_priority_it_has_had()
    {
        // Queue system, hall hours: P1 two hours, P2 four.
        var clock = Assert.Single(Fold(Started(0, "low", "high"), Changed(30, "high", "high"), Changed(60, "low", "low")).Clocks);
        Assert.Equal(("outage.restore", "cn"), (clock.Definition.Id, clock.Definition.Calendar));
        Assert.Equal(Monday + Duration.FromHours(2), clock.Read().Reckoning.DueAt);
        Assert.Equal(ClockState.Breached, Restored(121).Clocks[0].Read().State);
        Assert.Equal(ClockState.Met, Restored(120).Clocks[0].Read().State);

        static OutageClocks Restored(int minute) => Fold(Started(0, "low", "high"), Changed(30, "high", "high"), Fact(minute, "outage_restored", new OutageEvent.Restored(false)));
    }

    [Fact]
    public void An_outage_that_begins_when_another_of_its_stream_ends_is_one_of_its_own()
    {
        var folded = Fold(Started(0), Fact(60, "outage_restored", new OutageEvent.Restored(false)), Started(60), Fact(120, "outage_restored", new OutageEvent.Restored(false)));
        Assert.Equal([(0, 60), (60, 120)], folded.State.Stretches.Select(s => (Minute(s.StartedAt), Minute(s.EndedAt!.Value))));
        Assert.Equal([1, 2], folded.Clocks.Select(c => c.Ordinal));
        Assert.Empty(folded.Anomalies);
        // One that is told to have begun and ended at one instant is there, and takes nothing.
        Assert.Equal([(0, 0)], Fold(Started(0), Fact(0, "outage_restored", new OutageEvent.Restored(false))).State.Stretches.Select(s => (Minute(s.StartedAt), Minute(s.EndedAt!.Value))));
    }

    [Fact]
    public void Facts_that_contradict_each_other_are_folded_and_told()
    {
        Assert.Equal([AnomalyKind.SecondStart], Kinds(Started(0), Started(10), Fact(20, "outage_restored", new OutageEvent.Restored(false))));
        Assert.Equal([AnomalyKind.StopWithoutStart], Kinds(Fact(20, "outage_restored", new OutageEvent.Restored(false))));
        Assert.Equal([AnomalyKind.StopBeforeStart], Kinds(Fact(-5, "outage_restored", new OutageEvent.Restored(false)), Started(0)));
        Assert.Equal([AnomalyKind.ChangeOutsideOutage], Kinds(Started(0), Fact(20, "outage_restored", new OutageEvent.Restored(false)), Changed(30, "high", "high")));
        var none = Fold(Started(0), Fact(20, "outage_restored", new OutageEvent.Restored(false)), Fact(30, "outage_voided", new OutageEvent.Voided("false alarm")));
        Assert.True(none.State.Last!.IsVoid);
        Assert.Empty(none.Anomalies);
    }

    [Fact]
    public void Whatever_order_and_however_often_facts_come_they_say_the_same()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            Recorded[] facts = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Any(random)).DistinctBy(f => f.Id)];
            var expected = Fold(facts);
            Recorded[] shuffled = [.. facts, .. facts.Take(3)];
            random.Shuffle(shuffled);
            var again = Fold(shuffled);
            Assert.Equal(expected.State.Stretches, again.State.Stretches);
            Assert.Equal(expected.Clocks, again.Clocks);
            Assert.Equal(expected.Anomalies, again.Anomalies);
        }

        static Recorded Any(Random random) => random.Next(5) switch
        {
            0 or 1 => Started(random.Next(100), random.Next(2) == 0 ? "high" : "low"),
            2 => Changed(random.Next(100), "high", "medium"),
            3 => Fact(random.Next(100), "outage_voided", new OutageEvent.Voided("none")),
            _ => Fact(random.Next(100), "outage_restored", new OutageEvent.Restored(false)),
        };
    }

    [Fact]
    public void A_stream_of_many_outages_is_folded_without_copying_what_is_known_for_each()
    {
        var facts = Enumerable.Range(0, 20_000).SelectMany(i => (Recorded[])[Started(10 * i), Fact((10 * i) + 5, "outage_restored", new OutageEvent.Restored(false))]).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var folded = Fold(facts);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000, folded.State.Stretches.Count);
        Assert.Equal(20_000, folded.Clocks.Count);
        // Copying it all with each would be gigabytes.
        Assert.True(allocated < facts.Length * 8_000L, $"{allocated / facts.Length} bytes a fact");
    }

    private static IEnumerable<AnomalyKind> Kinds(params Recorded[] facts) => Fold(facts).Anomalies.Select(a => a.Kind);

    private static OutageClocks Fold(params Recorded[] facts) => OutageClocks.Fold(facts, Log);

    private static int Minute(Instant at) => (int)(at - Monday).TotalMinutes;

    private static Recorded Started(int minute, string urgency = "high", string impact = "high") => Fact(minute, "outage_started", new OutageEvent.Started("queue-system", null, LostShare.Whole, urgency, impact, null));

    private static Recorded Changed(int minute, string urgency, string impact) => Fact(minute, "outage_impact_changed", new OutageEvent.ImpactChanged(null, urgency, impact));

    private static Recorded Fact(int minute, string type, StreamEvent e)
    {
        var id = SlaMonitor.EventStore.EventId.From("it-department", "test", $"{type}/{minute}/{e}");
        var at = Monday + Duration.FromMinutes(minute);
        return new Recorded(e, type, EventTypes.Of(type).Rank, id, at, 0, "test", "", 2 + minute, at + Duration.FromMinutes(1));
    }
}
