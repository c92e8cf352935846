using NodaTime;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Anomalies and restatements as readers find them.</summary>
public class RestatementTests
{
    private const string Restated = "SELECT stream_id, commitment, old_state, new_state, cause_type FROM sla.restatement";

    [Fact]
    public async Task A_late_decision_is_listed_as_a_restatement_and_a_rebuild_lists_the_same()
    {
        await using var hall = await Hall.CreateAsync();
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(30), now - Duration.FromHours(2)), Hall.Received("b", now - Duration.FromHours(30), now + Duration.FromHours(2)));
        // As if that had been yesterday.
        await hall.ExecuteAsync("UPDATE mt_events SET timestamp = timestamp - interval '1 day'");
        await hall.CatchUpAsync();
        await hall.AppendAsync(Hall.Decided("a", now - Duration.FromHours(3)), Hall.Decided("b", now - Duration.FromHours(3)));
        await hall.CatchUpAsync();
        var restated = await hall.RowsAsync(Restated);
        Assert.Contains("(case/a,job.deadline,breached,met,case_decided)", restated);
        Assert.DoesNotContain(restated, r => r.Contains("case/b,job.deadline", StringComparison.Ordinal));
        await hall.VerifyAsync();
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(restated, await hall.RowsAsync(Restated));
        await hall.ExecuteAsync("UPDATE sla.restatement SET old_state = 'met'");
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(hall.VerifyAsync);
    }

    [Fact]
    public async Task Counting_again_does_what_it_showed_and_nothing_to_what_settled_at_other_times()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var now = await hall.NowAsync();
        await hall.AppendAsync(new RandomFacts(6, 200, now - Duration.FromDays(30)).Take(1_500));
        await hall.CatchUpAsync();
        await hall.PublishAsync("2", "09:00-12:00");
        await hall.CatchUpAsync();
        const string Settled = "SELECT stream_id, commitment, key, ordinal, state, settled_at, calendar_version FROM sla.commitment_clock WHERE state <> 'open'";
        var before = await hall.RowsAsync(Settled);
        var (from, until) = (now - Duration.FromDays(25), now - Duration.FromDays(15));
        var foretold = new List<string>();
        await foreach (var (_, changes) in new ForeseenChanges(hall.DataSource, Hall.Centre).OfRecalculatingAsync(from, until, "job.day", default))
            foretold.AddRange(changes);
        Assert.Equal(before, await hall.RowsAsync(Settled));
        Assert.InRange(foretold.Count, 3, 200);

        await CataloguePublishing.OrderRecalculationAsync(hall.DataSource, Hall.Centre, new RecalculationOrder(from, until, "job.day", "lead", "the hours were wrong"), default);
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        var after = await hall.RowsAsync(Settled);
        Assert.All(before.Except(after), row => Assert.Contains("job.day", row, StringComparison.Ordinal));
        Assert.NotEmpty(before.Except(after));
        Assert.Equal(foretold.Count, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.restatement WHERE cause_type = 'catalogue_recalculation_ordered'"));
    }

    [Fact]
    public async Task Each_contradiction_is_listed_with_its_events_and_leaves_the_list_when_it_is_resolved()
    {
        await using var hall = await Hall.CreateAsync();
        var at = Instant.FromUtc(2026, 3, 2, 1, 0);
        var ended = Hall.Fact("case_special_procedure_ended", "a", at + Duration.FromHours(2), new() { ["procedure"] = "p" });
        await hall.AppendAsync(Hall.Received("a", at, at + Duration.FromDays(9)), ended);
        await hall.CatchUpAsync();
        Assert.Equal([$"(case/a,EndWithoutPause,{ended.Id},\"\")"], await hall.RowsAsync("SELECT stream_id, kind, events, commitment FROM sla.anomaly"));
        await hall.AppendAsync(Hall.Fact("case_special_procedure_started", "a", at + Duration.FromHours(1), new() { ["procedure"] = "p", ["cause"] = "hearing" }));
        await hall.CatchUpAsync();
        Assert.Empty(await hall.RowsAsync("SELECT * FROM sla.anomaly"));
        await hall.VerifyAsync();
    }
}
