using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Rebuilt equals incremental, whatever the pages were; and readers never notice.</summary>
public class RebuildTests
{
    private const string Clocks = "SELECT tenant_id, stream_id, commitment, key, ordinal, item, window_id, staff, stage, case_open, source, state, appears_at, started_at, stopped_at, due_at, due_soon_at, paused_at, resumes_at, settled_at, settled_on, due_on, unit, total, used, anomalies, catalogue_version, calendar_version, escalates_at FROM sla.commitment_clock";
    private const string Days = "SELECT tenant_id, commitment, day, item, window_id, staff, met, breached, due, on_time FROM sla.compliance_daily UNION ALL SELECT tenant_id, commitment, month, item, NULL, NULL, met, breached, 0, 0 FROM sla.compliance_monthly UNION ALL SELECT tenant_id, commitment, NULL, item, NULL, NULL, met, breached, 0, 0 FROM sla.compliance_total";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_pages_by_any_workers_give_what_a_rebuild_gives(int seed)
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var random = new Random(seed);
        var facts = new RandomFacts(seed, 60).Take(3_000);
        await using var mark = new HighWaterMark(hall.DataSource, 0);
        var generation = await ActiveAsync(hall);
        Workspace[] workers = [new(hall.DataSource, generation), new(hall.DataSource, generation)];
        foreach (var batch in facts.Chunk(200))
        {
            await hall.AppendAsync(batch);
            await mark.PollAsync();
            for (var pages = random.Next(6); pages > 0; pages--)
                Assert.True((await new Page(workers[random.Next(2)], random.Next(1, 120)).RunAsync(mark.Current, mark.PolledAt, default)).Owner);
            if (random.Next(4) == 0)
                workers[random.Next(2)] = new Workspace(hall.DataSource, generation);
        }

        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        var (clocks, days) = (await hall.RowsAsync(Clocks), await hall.RowsAsync(Days));
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.NotEqual(generation, await ActiveAsync(hall));
        Assert.Equal(clocks, await hall.RowsAsync(Clocks));
        Assert.Equal(days, await hall.RowsAsync(Days));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task Under_live_ingest_readers_never_see_a_half_table_and_never_wait_for_a_lock_of_a_second()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(new RandomFacts(7, 5_000).Take(40_000));
        await hall.CatchUpAsync();
        using var stop = new CancellationTokenSource();
        await using var following = new Following(hall);
        var writing = WriteAsync(hall, stop.Token);
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAsync(hall, stop.Token))).ToList();
        var slow = ReadSlowlyAsync(hall, stop.Token);
        for (var times = 0; times < 3; times++)
            await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        await stop.CancelAsync();
        await writing;
        await slow;
        foreach (var reads in await Task.WhenAll(readers))
        {
            Assert.True(reads.Count > 10, $"only {reads.Count} reads: hardly a reader");
            Assert.Equal(reads.Order(), reads);
        }

        await following.LevelAsync();
        Assert.Empty(following.Faults);
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task A_rebuild_that_was_killed_leaves_what_readers_see_and_the_next_host_clears_up()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(new RandomFacts(8, 500).Take(3_000));
        await hall.CatchUpAsync();
        var (before, active) = (await hall.RowsAsync(Clocks), await ActiveAsync(hall));
        await using (var other = StoreConnection.CreateDataSource(hall.ConnectionString, "rebuild"))
        {
            // Held at its first read of the log, and its sessions ended there.
            await using var blocker = await hall.DataSource.OpenConnectionAsync();
            await using var transaction = await blocker.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE mt_events IN ACCESS EXCLUSIVE MODE", blocker))
                await hold.ExecuteNonQueryAsync();
            var rebuild = new Rebuild(other, (_, _) => { }).RunAsync(default);
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'mt_events'::regclass") > 0);
            await hall.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rebuild'");
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => rebuild);
        }

        Assert.Equal(active, await ActiveAsync(hall));
        Assert.Equal(before, await hall.RowsAsync(Clocks));
        await Generations.DropUnusedAsync(hall.DataSource, default);
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.generation"));
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'commitment\\_clock\\__' AND relkind = 'r'"));
    }

    [Fact]
    public async Task Two_rebuilds_at_once_are_one()
    {
        await using var hall = await Hall.CreateAsync();
        await using var session = await hall.DataSource.OpenConnectionAsync();
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_lock({Rebuild.Lock})", session))
            await turn.ExecuteNonQueryAsync();
        var refused = await Assert.ThrowsAsync<RebuildRefusedException>(() => new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default));
        Assert.Contains("another rebuild", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_of_a_newer_version_rebuilds_beside_and_one_of_an_older_version_stands_by()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(new RandomFacts(9, 50).Take(500));
        await hall.CatchUpAsync();
        var before = await hall.RowsAsync(Clocks);
        // As if an older program had made them: its rows are not this one's business.
        await hall.ExecuteAsync($"UPDATE sla.generation SET version = {Generation.CurrentVersion - 1}; UPDATE sla.commitment_clock SET stage = 'of another logic'");
        await using (var following = new Following(hall))
            await Condition.HoldsAsync(async () => (await ActiveAsync(hall)).Version == Generation.CurrentVersion);
        Assert.Equal(before, await hall.RowsAsync(Clocks));

        await hall.ExecuteAsync($"UPDATE sla.generation SET version = {Generation.CurrentVersion + 1} WHERE state = 'active'");
        await using (var following = new Following(hall))
        {
            var checkpoint = await hall.ScalarAsync<long>("SELECT max(last_seq_id) FROM mt_event_progression WHERE name LIKE 'sla:%'");
            await hall.AppendAsync(Hall.Received("new", Instant.FromUtc(2026, 3, 2, 1, 0)));
            await Condition.HoldsAsync(() => Task.FromResult(following.Checkpoint == checkpoint && following.Lag > 0));
        }

        Assert.Equal(before, await hall.RowsAsync(Clocks));
    }

    [Fact]
    public async Task A_new_host_that_finds_another_rebuilding_waits_for_what_that_one_makes()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(new RandomFacts(9, 50).Take(100));
        await hall.CatchUpAsync();
        await hall.ExecuteAsync($"UPDATE sla.generation SET version = {Generation.CurrentVersion - 1}");
        await using var other = await hall.DataSource.OpenConnectionAsync();
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_lock({Rebuild.Lock})", other))
            await turn.ExecuteNonQueryAsync();
        var catchingUp = hall.CatchUpAsync();
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock%' AND pid <> pg_backend_pid()") > 0);
        Assert.False(catchingUp.IsCompleted);
        await hall.ExecuteAsync($"UPDATE sla.generation SET version = {Generation.CurrentVersion}");
        await using (var done = new NpgsqlCommand($"SELECT pg_advisory_unlock({Rebuild.Lock})", other))
            await done.ExecuteNonQueryAsync();
        await catchingUp;
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.generation"));
    }

    private static async Task<Generation> ActiveAsync(Hall hall)
    {
        await using var connection = await hall.DataSource.OpenConnectionAsync();
        return (await Generations.ActiveAsync(connection, default))!;
    }

    private static async Task WriteAsync(Hall hall, CancellationToken stop)
    {
        var facts = new RandomFacts(11, 50_000).Take(int.MaxValue).GetEnumerator();
        while (!stop.IsCancellationRequested)
        {
            var batch = new List<EventToAppend>();
            while (batch.Count < 20 && facts.MoveNext())
                batch.Add(facts.Current);
            await hall.AppendAsync(batch);
        }
    }

    /// <summary>Streams are only added here, so the count may grow and never fall.</summary>
    private static async Task<List<long>> ReadAsync(Hall hall, CancellationToken stop)
    {
        await using var connection = await hall.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using (var patience = new NpgsqlCommand("SET lock_timeout = '1s'", connection))
            await patience.ExecuteNonQueryAsync(CancellationToken.None);
        var counts = new List<long>();
        while (!stop.IsCancellationRequested)
        {
            await using var count = new NpgsqlCommand("SELECT count(DISTINCT stream_id) FROM sla.commitment_clock", connection);
            counts.Add((long)(await count.ExecuteScalarAsync(CancellationToken.None))!);
        }

        return counts;
    }

    /// <summary>A report that takes longer than the switch has patience: the switch comes later, and nobody waits behind it.</summary>
    private static async Task ReadSlowlyAsync(Hall hall, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await hall.ExecuteAsync("SELECT pg_sleep(1.5) FROM (SELECT 1 FROM sla.commitment_clock LIMIT 1) c");
    }
}
