using NodaTime;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>The outbox on a real database: each notice once a target, whoever fills, claims or is killed.</summary>
public class OutboxTests
{
    private const string Rows = "SELECT target, notice, stream_id, item, window_id, state FROM sla.notification";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_notice_is_filled_once_for_each_target_that_takes_it_however_many_hosts_fill()
    {
        await using var hall = await Hall.CreateAsync();
        var plan = Plan(("all", ""), ("elsewhere", "centres: [elsewhere]"), ("soon", "notices: [due_soon]"), ("day", "commitments: [job.day]"));
        await FillAsync(hall, plan);
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("late", now - Duration.FromHours(2), now - Duration.FromMinutes(1)), Hall.Received("soon", now - Duration.FromHours(2), now + Duration.FromMinutes(30)));
        await hall.CatchUpAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FillAsync(hall, plan)));
        await FillAsync(hall, plan);
        Assert.Equal(
            [
                "(all,commitment_breached,case/late,job,W1,pending)", "(all,commitment_due_soon,case/soon,job,W1,pending)", "(soon,commitment_due_soon,case/soon,job,W1,pending)",
            ],
            (await hall.RowsAsync($"{Rows} WHERE commitment = 'job.deadline'")).Order(StringComparer.Ordinal));
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE target = 'day' AND commitment <> 'job.day'"));
    }

    [Fact]
    public async Task A_target_that_is_new_is_told_what_comes_from_then_on_and_nobody_what_is_a_day_old()
    {
        await using var hall = await Hall.CreateAsync();
        var now = await hall.NowAsync();
        await FillAsync(hall, Plan(("first", "commitments: [job.deadline]")));
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(2), now - Duration.FromMinutes(1)));
        await hall.CatchUpAsync();
        // As if every host had been away since.
        await hall.ExecuteAsync("UPDATE mt_events SET timestamp = timestamp - interval '25 hours' WHERE stream_id LIKE 'clock/%'");
        await FillAsync(hall, Plan(("first", "commitments: [job.deadline]"), ("second", "commitments: [job.deadline]")));
        Assert.Empty(await hall.RowsAsync(Rows));
        await hall.AppendAsync(Hall.Received("b", now - Duration.FromHours(2), now - Duration.FromMinutes(1)));
        await hall.CatchUpAsync();
        await FillAsync(hall, Plan(("first", "commitments: [job.deadline]"), ("second", "commitments: [job.deadline]")));
        Assert.Equal(["(first,commitment_breached,case/b,job,W1,pending)", "(second,commitment_breached,case/b,job,W1,pending)"], await hall.RowsAsync(Rows));
    }

    [Fact]
    public async Task A_filling_that_is_cut_off_leaves_neither_rows_nor_checkpoint()
    {
        await using var hall = await Hall.CreateAsync();
        var plan = Plan(("all", "commitments: [job.deadline]"));
        await FillAsync(hall, plan);
        var before = await hall.RowsAsync("SELECT last_seq_id FROM mt_event_progression WHERE name = 'sla:notifications:all'");
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(2), now - Duration.FromMinutes(1)));
        await hall.CatchUpAsync();
        await hall.ExecuteAsync("""
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''cut off''; END';
            CREATE TRIGGER cut BEFORE UPDATE ON mt_event_progression FOR EACH ROW WHEN (old.name = 'sla:notifications:all') EXECUTE FUNCTION cut();
            """);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => FillAsync(hall, plan));
        Assert.Empty(await hall.RowsAsync(Rows));
        Assert.Equal(before, await hall.RowsAsync("SELECT last_seq_id FROM mt_event_progression WHERE name = 'sla:notifications:all'"));
        await hall.ExecuteAsync("DROP TRIGGER cut ON mt_event_progression");
        await FillAsync(hall, plan);
        Assert.Single(await hall.RowsAsync(Rows));
    }

    [Fact]
    public async Task What_a_killed_host_held_comes_due_again_and_its_late_word_changes_nothing_but_that_it_arrived()
    {
        await using var hall = await FilledAsync("a");
        var outbox = new Outbox(hall.DataSource);
        var killed = Assert.Single(await outbox.ClaimAsync("all", 10, TimeSpan.Zero, default));
        var taken = Assert.Single(await outbox.ClaimAsync("all", 10, Lease, default));
        Assert.Equal((killed.Id, 2), (taken.Id, taken.Attempts));
        Assert.Empty(await outbox.ClaimAsync("all", 10, Lease, default));
        await outbox.RefusedAsync(killed, null, "status 500", default);
        await outbox.ReleaseAsync(killed, default);
        Assert.Equal(["(pending,2,)"], await hall.RowsAsync("SELECT state, attempts, last_error FROM sla.notification"));
        await outbox.DeliveredAsync(killed, null, default);
        await outbox.RefusedAsync(taken, null, "status 500", default);
        Assert.Equal(["(delivered,2,)"], await hall.RowsAsync("SELECT state, attempts, last_error FROM sla.notification"));
    }

    [Fact]
    public async Task Of_a_clock_the_next_is_sent_when_the_one_before_has_arrived_or_was_given_up()
    {
        await using var hall = await FilledAsync("a");
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Fact("case_withdrawn", "a", now - Duration.FromHours(1)));
        await hall.CatchUpAsync();
        await hall.AppendAsync(Hall.Received("b", now - Duration.FromHours(2), now - Duration.FromMinutes(1)));
        await hall.CatchUpAsync();
        await FillAsync(hall, Plan(("all", "commitments: [job.deadline]")));
        var outbox = new Outbox(hall.DataSource);
        var first = await outbox.ClaimAsync("all", 10, Lease, default);
        Assert.Equal(2, first.Count);
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE lease IS NULL AND notice = 'commitment_breach_retracted'"));
        foreach (var claimed in first)
            await outbox.RefusedAsync(claimed, TimeSpan.FromHours(1), "status 500", default);
        Assert.Empty(await outbox.ClaimAsync("all", 10, Lease, default));
        await outbox.HastenAsync("all", default);
        foreach (var claimed in await outbox.ClaimAsync("all", 10, Lease, default))
            await outbox.RefusedAsync(claimed, null, "status 400", default);
        Assert.Single(await outbox.ClaimAsync("all", 10, Lease, default));
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'dead' AND last_error = 'status 400' AND attempts = 2"));
    }

    [Fact]
    public async Task What_ended_ninety_days_ago_is_forgotten_and_what_nobody_sends_any_more_is_given_up()
    {
        await using var hall = await FilledAsync("old", "kept", "orphan");
        await hall.ExecuteAsync("""
            UPDATE sla.notification SET state = 'delivered', delivered_at = now(), next_attempt_at = NULL, created_at = now() - interval '91 days' WHERE stream_id = 'case/old';
            UPDATE sla.notification SET created_at = now() - interval '91 days' WHERE stream_id = 'case/kept';
            UPDATE sla.notification SET target = 'gone', tried_since = now() - interval '25 hours' WHERE stream_id = 'case/orphan';
            """);
        await new Outbox(hall.DataSource).TidyAsync(["all"], TimeSpan.FromHours(24), default);
        Assert.Equal(["(case/kept,pending,)", "(case/orphan,dead,\"target is not configured\")"], await hall.RowsAsync("SELECT stream_id, state, last_error FROM sla.notification"));
    }

    [Fact]
    public async Task What_another_host_tries_or_waits_for_is_not_given_up_here_nor_what_queues_behind_it()
    {
        await using var hall = await FilledAsync("tried", "behind");
        await hall.ExecuteAsync("UPDATE sla.notification SET target = 'patient', tried_since = now() - interval '5 days'");
        await hall.ExecuteAsync("UPDATE sla.notification SET attempts = 40, last_attempt_at = now() - interval '26 hours', next_attempt_at = now() - interval '2 hours' WHERE stream_id = 'case/tried'");
        var outbox = new Outbox(hall.DataSource);
        await outbox.TidyAsync(["all"], TimeSpan.FromHours(24), default);
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'pending'"));
        await hall.ExecuteAsync("UPDATE sla.notification SET next_attempt_at = now() - interval '25 hours'");
        await outbox.TidyAsync(["all"], TimeSpan.FromHours(24), default);
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'dead'"));
    }

    [Fact]
    public async Task A_host_that_has_no_targets_or_gives_up_sooner_ends_what_is_a_day_old_and_nothing_younger()
    {
        await using var hall = await FilledAsync("old", "young");
        await hall.ExecuteAsync("UPDATE sla.notification SET tried_since = now() - CASE stream_id WHEN 'case/old' THEN interval '25 hours' ELSE interval '2 hours' END, target = 'gone'");
        await using var notifying = await Notifying.StartAsync(hall, NotificationPlan.None with { Retry = RetrySchedule.Default with { GiveUp = TimeSpan.FromMinutes(1) } });
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'dead'") > 0);
        Assert.Equal(["(case/old,dead)", "(case/young,pending)"], await hall.RowsAsync("SELECT stream_id, state FROM sla.notification ORDER BY stream_id"));
    }

    [Fact]
    public async Task What_waits_for_a_target_can_be_dismissed_and_a_late_word_does_not_wake_it()
    {
        await using var hall = await FilledAsync("a", "b");
        var outbox = new Outbox(hall.DataSource);
        var held = (await outbox.ClaimAsync("all", 1, Lease, default)).Single();
        Assert.Equal(2, await new NotificationDesk(hall.DataSource).DecideAllAsync(OutboxDecision.Dismiss, Hall.Centre, "all", "lead", default));
        await outbox.RefusedAsync(held, TimeSpan.FromSeconds(1), "status 500", default);
        Assert.Equal(["(dismissed,lead)", "(dismissed,lead)"], await hall.RowsAsync("SELECT state, decided_by FROM sla.notification"));
        Assert.Empty(await outbox.ClaimAsync("all", 10, Lease, default));
    }

    [Theory]
    [InlineData("all", 0, "")]
    [InlineData("nosuch", 1, "sla notify: --target is none that centre counter has notifications for")]
    public async Task A_target_that_nothing_knows_is_said_to_be_unknown(string target, int code, string told)
    {
        await using var hall = await FilledAsync("a");
        foreach (var verb in (string[][])[["list"], ["replay", "--by", "lead"], ["dismiss", "--by", "lead"]])
        {
            var start = SlaProgram.StartInfo(["notify", .. verb, "--target", target, "--centre", Hall.Centre]);
            start.Environment["SLA_DATABASE"] = hall.ConnectionString;
            using var process = System.Diagnostics.Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await Task.WhenAll(output, process.WaitForExitAsync());
            Assert.Equal(code, process.ExitCode);
            Assert.StartsWith(told, errors, StringComparison.Ordinal);
        }
    }

    /// <summary>A hall of whose cases one target has a breach to be told.</summary>
    private static async Task<Hall> FilledAsync(params string[] cases)
    {
        var hall = await Hall.CreateAsync();
        var plan = Plan(("all", "commitments: [job.deadline]"));
        await FillAsync(hall, plan);
        var now = await hall.NowAsync();
        await hall.AppendAsync(cases.Select(c => Hall.Received(c, now - Duration.FromHours(2), now - Duration.FromMinutes(1))));
        await hall.CatchUpAsync();
        await FillAsync(hall, plan);
        return hall;
    }

    private static async Task FillAsync(Hall hall, NotificationPlan plan)
    {
        var filling = new OutboxFilling(hall.DataSource);
        foreach (var target in plan.Targets)
        {
            while ((await filling.RunAsync(target, default)).More)
            {
            }
        }
    }

    private static NotificationPlan Plan(params (string Id, string Fields)[] targets) =>
        Notifying.Plan("targets:\n" + string.Concat(targets.Select(t => $"  - id: {t.Id}\n    kind: webhook\n    url: http://127.0.0.1:9/\n    language: en\n    {t.Fields}\n")));
}
