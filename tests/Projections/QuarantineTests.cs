using System.Text;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>A stream that cannot be folded stands apart; everything else goes on, and it comes back when it can.</summary>
public class QuarantineTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    private static EventToAppend Poison(string number) => new(Guid.NewGuid(), $"case/{number}", "case", "case_decided", null, Encoding.UTF8.GetBytes("""{"occurredAt":"2026-03-02T02:00:00Z","source":"elsewhere","id":"1","data":{"outcome":"张三"}}"""));

    [Fact]
    public async Task A_poisoned_stream_is_put_apart_with_its_reason_and_retry_brings_it_level()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("bad", At, At + Duration.FromHours(4)), Hall.Received("good", At, At + Duration.FromHours(4)));
        await hall.CatchUpAsync();
        await hall.AppendAsync(Poison("bad"), Hall.Decided("good", At + Duration.FromHours(1)));
        await hall.CatchUpAsync();
        Assert.Equal(["(case/good,met)", "(case/good,open)"], await hall.RowsAsync("SELECT stream_id, state FROM sla.commitment_clock"));
        var reason = await hall.ScalarAsync<string>("SELECT reason FROM sla.quarantine WHERE stream_id = 'case/bad'");
        Assert.Contains("data.outcome", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", reason, StringComparison.Ordinal);
        await hall.VerifyAsync();

        // Asked too early it stays where it is.
        await hall.ExecuteAsync("UPDATE sla.quarantine SET retry = true");
        await hall.CatchUpAsync();
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.quarantine WHERE NOT retry"));
        await hall.AppendAsync(Hall.Fact("case_stage_entered", "bad", At, new() { ["stage"] = "review" }));
        await hall.CatchUpAsync();
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.quarantine"));

        await hall.ExecuteAsync("UPDATE mt_events SET data = jsonb_set(data, '{data,outcome}', '\"approved\"') WHERE stream_id = 'case/bad' AND type = 'case_decided'; UPDATE sla.quarantine SET retry = true");
        await hall.CatchUpAsync();
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.quarantine"));
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock WHERE stream_id = 'case/bad' AND stage = 'review'"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task A_catalogue_version_that_cannot_be_read_is_put_apart_and_the_others_hold()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.Log.AppendAsync(Hall.Centre, [new(Guid.NewGuid(), CatalogueLogs.Stream, "catalogue", "catalogue_published", null, Encoding.UTF8.GetBytes("""{"data":{"content":{"version":7}}}"""))]);
        await hall.AppendAsync(Hall.Received("a", At, At + Duration.FromHours(4)));
        await hall.CatchUpAsync();
        Assert.Equal(["(catalogue/main)"], await hall.RowsAsync("SELECT stream_id FROM sla.quarantine"));
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock"));
        await hall.VerifyAsync();
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(["(catalogue/main)"], await hall.RowsAsync("SELECT stream_id FROM sla.quarantine"));
        await hall.VerifyAsync();
    }
}
