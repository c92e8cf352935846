using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

/// <summary>Eight writers of every kind for fifteen seconds, and a follower that must end with what was committed: each once, in order.</summary>
public abstract class HighWaterMarkStress
{
    private protected const string Follower = "follower";

    private const string CalledDeadAlive = """
        SELECT e.seq_id FROM mt_events e JOIN mt_high_water_skips s ON e.seq_id BETWEEN s.starting_sequence AND s.ending_sequence
        """;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(15);

    private protected static async Task FollowAsync(int major, Func<TestStore, NpgsqlDataSource, HighWaterMark, int, ValueTask<HighWaterMark>> betweenPolls)
    {
        await using var store = await TestStore.CreateAsync(major);
        using var load = new CancellationTokenSource(Load);
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => WriteAsync(store, new Random(seed), load.Token))));

        var followed = new List<long>();
        await using var connections = store.Open(Follower);
        var mark = new HighWaterMark(connections, 0);
        // Twice more after the last writer has ended: the first such poll may have begun before.
        for (var (polls, quiet) = (0, 0); quiet < 2; polls++)
        {
            quiet = writers.IsCompleted ? quiet + 1 : 0;
            var before = mark.Current;
            var after = await mark.PollAsync();
            followed.AddRange(await store.PositionsAsync(before, after));
            mark = await betweenPolls(store, connections, mark, polls);
        }
        await writers;
        Assert.Equal(mark.LastDrawn, mark.Current);
        await mark.DisposeAsync();

        var committed = await store.PositionsAsync();
        Assert.Equal(committed, followed);
        Assert.Empty(await store.QueryAsync<long>(CalledDeadAlive));
        Assert.True(committed.Count > 2000, $"only {committed.Count} events: hardly a load");
        Assert.True(committed[^1] > committed.Count, "no position was lost: the holes went untested");
    }

    private static async Task WriteAsync(TestStore store, Random random, CancellationToken load)
    {
        while (!load.IsCancellationRequested)
        {
            if (random.Next(2) == 0)
                await AppendAsync(store, random);
            else
                await WriteRawAsync(store, random);
        }
    }

    private static Task<AppendResult> AppendAsync(TestStore store, Random random)
    {
        var streams = Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"case/{random.Next(30)}");
        return store.Log.AppendAsync("cn", [.. streams.SelectMany(stream => TestStore.Events(stream, random.Next(1, 5)))]);
    }

    // Draws up to four positions and inserts them in any order, some in savepoints that are rolled back, some never.
    private static async Task WriteRawAsync(TestStore store, Random random)
    {
        await using var writer = await RawWriter.BeginAsync(store);
        var drawn = new List<long>();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            await PauseAsync(random);
            drawn.Add(await writer.DrawAsync());
        }
        foreach (var position in random.GetItems(drawn.ToArray(), 4).Distinct())
        {
            await PauseAsync(random);
            await writer.ExecuteAsync("SAVEPOINT s");
            await writer.InsertAsync(position);
            if (random.Next(5) == 0)
                await writer.ExecuteAsync("ROLLBACK TO s");
        }
        await PauseAsync(random);
        await EndAsync(store, writer, random);
    }

    private static async Task EndAsync(TestStore store, RawWriter writer, Random random)
    {
        var rollback = random.Next(10) == 0;
        if (random.Next(6) != 0)
        {
            await (rollback ? writer.RollbackAsync() : writer.CommitAsync());
            return;
        }
        var name = await writer.PrepareAsync();
        await PauseAsync(random);
        await store.ExecuteAsync($"{(rollback ? "ROLLBACK" : "COMMIT")} PREPARED {name}");
    }

    // Part of the load: transactions that stay open for different times, a few of them for long.
    private static Task PauseAsync(Random random) => random.Next(40) switch
    {
        0 => Task.Delay(random.Next(200)),
        < 20 => Task.Delay(random.Next(6)),
        _ => Task.CompletedTask,
    };
}

public class HighWaterMarkUnderLoad : HighWaterMarkStress
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public Task A_follower_reads_every_committed_event_once_and_in_order(int major) =>
        FollowAsync(major, (_, _, mark, _) => ValueTask.FromResult(mark));
}

public class HighWaterMarkReconnectingUnderLoad : HighWaterMarkStress
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public Task A_follower_that_keeps_losing_its_connection_does_too(int major) => FollowAsync(major, ReconnectAsync);

    // By turns its session is ended under it, and it is started again from its checkpoint.
    private static async ValueTask<HighWaterMark> ReconnectAsync(TestStore store, NpgsqlDataSource connections, HighWaterMark mark, int polls)
    {
        if (polls % 7 == 0)
        {
            await store.ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{Follower}'");
        }
        else if (polls % 11 == 0)
        {
            await mark.DisposeAsync();
            return new(connections, mark.Current);
        }
        return mark;
    }
}
