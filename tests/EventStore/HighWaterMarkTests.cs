using System.Globalization;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class HighWaterMarkTests
{
    private const string Skips = "SELECT format('%s-%s', starting_sequence, ending_sequence) FROM mt_high_water_skips ORDER BY ending_sequence";

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_empty_log_has_mark_zero_and_an_unbroken_one_ends_at_its_mark(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        Assert.Equal(0, await mark.PollAsync());
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 7));
        Assert.Equal(7, await mark.PollAsync());
        Assert.Equal((7, 7), (mark.Current, mark.LastDrawn));
    }

    /// <summary>A plain reading of the sequence sees values that were only logged ahead: of 400,000, 22 were by up to 31 ahead of a later one.</summary>
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_last_position_drawn_is_never_told_ahead_of_what_was_drawn(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var drawing = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => store.ExecuteAsync("SELECT count(nextval('mt_events_sequence')) FROM generate_series(1, 500000)"))));
        var ahead = await store.QueryAsync<long>($"""
            WITH told AS (SELECT i, {Schema.LastDrawn} + 0 * i AS first, {Schema.LastDrawn} + 0 * i AS later FROM generate_series(1, 100000) i) SELECT count(*) FILTER (WHERE first > later) FROM told
            """);
        Assert.Equal([0L], ahead);
        await drawing;
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_unbroken_run_needs_nobody_to_end(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 3));
        await using var mark = store.Mark();
        await using var open = await RawWriter.BeginAsync(store);
        await open.DrawAsync();
        Assert.Equal(3, await mark.PollAsync());
        Assert.Equal(4, mark.LastDrawn);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_open_transaction_is_waited_for(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        Assert.Equal(1, await mark.PollAsync());
        await using var open = await RawWriter.BeginAsync(store);
        var position = await open.DrawAsync();
        await AppendAndPollAsync(store, mark, 5, 1);
        await open.InsertAsync(position);
        await AppendAndPollAsync(store, mark, 5, 1);
        await open.CommitAsync();
        Assert.Equal(12, await mark.PollAsync());
        Assert.Empty(await store.QueryAsync<string>(Skips));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_transaction_that_was_open_before_the_first_poll_is_waited_for(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var open = await RawWriter.BeginAsync(store);
        await open.DrawAsync();
        await using var mark = store.Mark();
        await AppendAndPollAsync(store, mark, 5, 0);
        await open.InsertAsync(1);
        await open.CommitAsync();
        Assert.Equal(6, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_rollback_leaves_a_hole_that_is_passed_and_recorded(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await using var open = await RawWriter.BeginAsync(store);
        await open.AppendAsync();
        await open.AppendAsync();
        await AppendAndPollAsync(store, mark, 1, 0);
        await open.RollbackAsync();
        Assert.Equal(3, await mark.PollAsync());
        Assert.Equal(["1-2"], await store.QueryAsync<string>(Skips));

        await using var late = await RawWriter.BeginAsync(store);
        Assert.Equal(Schema.SkippedPosition, (await Assert.ThrowsAsync<PostgresException>(() => late.InsertAsync(2))).SqlState);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_hole_at_the_end_of_the_log_is_passed_too(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        await store.ExecuteAsync("SELECT nextval('mt_events_sequence')");
        Assert.Equal(2, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_savepoint_rolled_back_keeps_its_position_in_doubt_until_the_transaction_ends(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        Assert.Equal(1, await mark.PollAsync());
        await using var open = await RawWriter.BeginAsync(store);
        await open.ExecuteAsync("SAVEPOINT s");
        var drawn = await open.DrawAsync();
        await open.ExecuteAsync("ROLLBACK TO s");
        await AppendAndPollAsync(store, mark, 3, 1);
        await open.InsertAsync(drawn);
        await open.CommitAsync();
        Assert.Equal(5, await mark.PollAsync());
        Assert.Equal([1L, 2, 3, 4, 5], await store.PositionsAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_prepared_transaction_is_waited_for_through_other_traffic(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        Assert.Equal(1, await mark.PollAsync());
        await using var unseen = await RawWriter.BeginAsync(store);
        await unseen.AppendAsync();
        var first = await unseen.PrepareAsync();
        await using var seen = await RawWriter.BeginAsync(store);
        await seen.AppendAsync();
        await AppendAndPollAsync(store, mark, 3, 1);
        var second = await seen.PrepareAsync();
        await AppendAndPollAsync(store, mark, 3, 1);

        await store.ExecuteAsync($"COMMIT PREPARED {first}");
        await AppendAndPollAsync(store, mark, 3, 2);
        await store.ExecuteAsync($"COMMIT PREPARED {second}");
        Assert.Equal(12, await mark.PollAsync());
        Assert.Equal(12, (await store.PositionsAsync()).Count);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Transactions_younger_than_a_hole_do_not_hold_it_open(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.ExecuteAsync("SELECT nextval('mt_events_sequence')");
        await using var older = await RawWriter.BeginAsync(store);
        await older.AppendAsync();
        Assert.Equal(0, await mark.PollAsync());
        await using var younger = await RawWriter.BeginAsync(store);
        await younger.AppendAsync();
        await older.CommitAsync();
        Assert.Equal(2, await mark.PollAsync());
        await younger.CommitAsync();
        Assert.Equal(3, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_million_positions_drawn_for_nothing_are_one_hole(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.ExecuteAsync("SELECT count(nextval('mt_events_sequence')) FROM generate_series(1, 1000000)");
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        Assert.Equal(1_000_001, await mark.PollAsync());
        Assert.Equal(["1-1000000"], await store.QueryAsync<string>(Skips));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_log_with_more_holes_than_one_poll_looks_at_is_passed_in_several(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("""
            INSERT INTO mt_streams (tenant_id, id) VALUES ('raw', 'raw/1');
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
            SELECT 2 * n, gen_random_uuid(), 'raw/1', n, '{}', 'raw_written', 'raw' FROM generate_series(1, 60000) n;
            SELECT setval('mt_events_sequence', 120001);
            """);
        foreach (var start in new[] { 0, 0 })
        {
            await using var mark = store.Mark(start);
            for (var before = -1L; before < mark.Current; await mark.PollAsync())
                before = mark.Current;
            Assert.Equal(120_001, mark.Current);
        }
        Assert.Equal([60_001L], await store.QueryAsync<long>("SELECT count(*) FROM mt_high_water_skips"));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Sessions_that_never_drew_hold_nothing_open(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        await using var idle = await RawWriter.BeginAsync(store);
        await idle.ExecuteAsync("UPDATE mt_streams SET type = type");
        await using var report = await store.DataSource.OpenConnectionAsync();
        await using var snapshot = await report.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var query = new NpgsqlCommand("SELECT e.*, n FROM mt_events e, generate_series(1, 300000) n", report);
        await using var rows = await query.ExecuteReaderAsync();
        Assert.True(await rows.ReadAsync());

        await store.ExecuteAsync("SELECT nextval('mt_events_sequence')");
        await store.Log.AppendAsync("cn", TestStore.Events("case/b", 1));
        Assert.Equal(3, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_restarted_follower_passes_a_recorded_skip_once_nobody_of_its_start_lives(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("SELECT nextval('mt_events_sequence')");
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        await using (var first = store.Mark())
            Assert.Equal(2, await first.PollAsync());
        await using var open = await RawWriter.BeginAsync(store);
        await open.DrawAsync();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));

        await using var second = store.Mark();
        Assert.Equal(0, await second.PollAsync());
        await using var third = store.Mark(1);
        Assert.Equal(2, await third.PollAsync());
        await open.RollbackAsync();
        Assert.Equal(4, await second.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_skip_recorded_by_a_follower_that_was_killed_before_it_looked_again_hides_no_event(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var open = await RawWriter.BeginAsync(store);
        await open.AppendAsync();
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        await store.ExecuteAsync("INSERT INTO mt_high_water_skips (starting_sequence, ending_sequence) VALUES (1, 1)");

        await using var mark = store.Mark();
        Assert.Equal(0, await mark.PollAsync());
        await open.CommitAsync();
        Assert.Equal(2, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_lost_connection_is_opened_anew_and_forgets_who_was_known(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var followers = store.Open("follower");
        await using var mark = new HighWaterMark(followers, 0);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));
        Assert.Equal(1, await mark.PollAsync());
        await using var open = await RawWriter.BeginAsync(store);
        await open.AppendAsync();
        await AppendAndPollAsync(store, mark, 2, 1);

        await store.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'follower'");
        await AppendAndPollAsync(store, mark, 2, 1);
        await open.CommitAsync();
        Assert.Equal(6, await mark.PollAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_log_that_ends_before_the_mark_is_refused(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var mark = store.Mark(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => mark.PollAsync());
    }

    private static async Task AppendAndPollAsync(TestStore store, HighWaterMark mark, int times, long expected)
    {
        for (var n = 0; n < times; n++)
        {
            await store.Log.AppendAsync("cn", [TestStore.Event(string.Create(CultureInfo.InvariantCulture, $"case/{n}"))]);
            Assert.Equal(expected, await mark.PollAsync());
        }
    }
}
