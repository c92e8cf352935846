using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Notices by the database's clock: each once in the log, whoever projects and whenever it is asked.</summary>
public class NoticeTests
{
    private const string Told = "SELECT type, data #>> '{data,clock,stream}' AS stream, data #>> '{data,level}' AS level, data #>> '{data,crossing}' AS crossing FROM mt_events WHERE stream_id LIKE 'clock/%' AND data #>> '{data,clock,commitment}' = 'job.deadline'";

    [Fact]
    public async Task A_breach_that_a_late_fact_undoes_is_retracted_and_told_again_when_it_comes_after_all()
    {
        await using var hall = await Hall.CreateAsync();
        await using var following = new Following(hall);
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(2), now - Duration.FromMinutes(1)));
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breached,case/a,breached,1)"));

        // Reported late: it had been paused since before due.
        await hall.AppendAsync(Hall.Fact("case_special_procedure_started", "a", now - Duration.FromMinutes(30), new() { ["procedure"] = "p", ["cause"] = "hearing" }));
        await hall.AppendAsync(Hall.Decided("a", now - Duration.FromMinutes(10)));
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breach_retracted,case/a,breached,2)", "(commitment_breached,case/a,breached,1)"));
        await following.LevelAsync();
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task Of_what_was_passed_together_only_the_breach_is_told_and_of_what_is_a_day_old_nothing()
    {
        await using var hall = await Hall.CreateAsync();
        var now = await hall.NowAsync();
        await hall.AppendAsync(
            Hall.Received("just-due", now - Duration.FromHours(5), now - Duration.FromSeconds(1)),
            Hall.Received("soon", now - Duration.FromHours(5), now + Duration.FromMinutes(30)),
            Hall.Received("stopped-late", now - Duration.FromHours(5), now - Duration.FromHours(2)),
            Hall.Decided("stopped-late", now - Duration.FromHours(1)),
            Hall.Received("in-time", now - Duration.FromHours(5), now - Duration.FromHours(1)),
            Hall.Decided("in-time", now - Duration.FromHours(2)),
            Hall.Received("old", now - Duration.FromDays(9), now - Duration.FromHours(30)),
            Hall.Received("escalated", now - Duration.FromDays(9), now - Duration.FromHours(24) - Duration.FromMinutes(30)),
            Hall.Received("later", now, now + Duration.FromDays(3)));
        await using var following = new Following(hall);
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breached,case/just-due,breached,1)", "(commitment_breached,case/stopped-late,breached,1)", "(commitment_due_soon,case/soon,dueSoon,1)", "(commitment_escalated,case/escalated,escalation,1)"));
        await following.LevelAsync();
        Assert.Equal(4, (await hall.RowsAsync(Told)).Count);
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task While_a_source_is_imported_its_clocks_tell_nothing_and_then_only_what_is_left()
    {
        await using var hall = await Hall.CreateAsync();
        var now = await hall.NowAsync();
        var hold = await SourceHold.BeginAsync(hall.DataSource, Hall.Centre, "archive", default);
        await hall.AppendAsync(
            Hall.Received("held-a", now - Duration.FromHours(2), now - Duration.FromMinutes(10), "archive"),
            Hall.Received("held-b", now - Duration.FromHours(2), now - Duration.FromMinutes(10), "archive"),
            Hall.Received("other", now - Duration.FromHours(2), now - Duration.FromMinutes(10)));
        await using var following = new Following(hall);
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breached,case/other,breached,1)"));
        // The stop stands further down in the file.
        await hall.AppendAsync(Hall.Fact("case_decided", "held-a", now - Duration.FromHours(1), new() { ["outcome"] = "approved" }, "archive"));
        await following.LevelAsync();
        Assert.Single(await hall.RowsAsync(Told));
        await hold.DisposeAsync();
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breached,case/held-b,breached,1)", "(commitment_breached,case/other,breached,1)"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task A_rebuild_remembers_what_was_told()
    {
        await using var hall = await Hall.CreateAsync();
        await using var following = new Following(hall);
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(2), now - Duration.FromMinutes(1)), Hall.Received("b", now - Duration.FromHours(2), now + Duration.FromMinutes(20)));
        await Condition.HoldsAsync(() => IsAsync(hall, "(commitment_breached,case/a,breached,1)", "(commitment_due_soon,case/b,dueSoon,1)"));
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        await following.LevelAsync();
        Assert.Equal(2, (await hall.RowsAsync(Told)).Count);
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.clock_notice WHERE retract"));
        await hall.VerifyAsync();
    }

    [Fact]
    public void A_notice_reads_back_as_it_was_written()
    {
        var at = Instant.FromUtc(2026, 3, 9, 10, 0);
        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            var notice = new ClockNotice(new ClockId("case/2026-000123", "case.promised", kind == NoticeKind.Breached ? "fire" : "", 2), kind, "dueSoon", 3, at, kind == NoticeKind.BreachRetracted ? null : at, at, "2026-1", "cn");
            var stored = NoticeJson.Write(notice);
            Assert.Equal(notice, NoticeJson.Read(stored.Type, Guid.Empty, SlaMonitor.Domain.EventJson.Write(stored)));
            Assert.True(NoticeJson.Knows(stored.Type));
            Approved.Check($"{stored.Type}.json", $"{stored.Stream}\n{System.Text.Json.Nodes.JsonNode.Parse(SlaMonitor.Domain.EventJson.Write(stored).Span)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true })}\n");
        }
    }

    private static async Task<bool> IsAsync(Hall hall, params string[] expected) => (await hall.RowsAsync(Told)).SequenceEqual(expected.Order(StringComparer.Ordinal));
}
