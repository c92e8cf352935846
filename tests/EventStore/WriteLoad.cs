using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

/// <summary>Eight writers of every kind, beside a session that only reads and one that only sits there.</summary>
internal sealed class WriteLoad(TestStore store, TimeSpan lasting)
{
    public async Task RunAsync()
    {
        using var load = new CancellationTokenSource(lasting);
        await using var bystanders = await Bystanders.BeginAsync(store);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => WriteAsync(new Random(seed), load.Token))));
    }

    private async Task WriteAsync(Random random, CancellationToken load)
    {
        while (!load.IsCancellationRequested)
        {
            switch (random.Next(20))
            {
                case 0:
                    await store.ExecuteAsync("SELECT nextval('mt_events_sequence')");
                    break;
                case < 10:
                    await AppendAsync(random);
                    break;
                default:
                    await WriteRawAsync(random);
                    break;
            }
        }
    }

    private Task<AppendResult> AppendAsync(Random random)
    {
        var streams = Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"case/{random.Next(30)}");
        return store.Log.AppendAsync("cn", [.. streams.SelectMany(stream => TestStore.Events(stream, random.Next(1, 5)))]);
    }

    // Draws up to four positions and inserts them in any order, some in savepoints that are rolled back, some never.
    private async Task WriteRawAsync(Random random)
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
            await InsertAsync(writer, position, drawn);
            if (random.Next(5) == 0)
                await writer.ExecuteAsync("ROLLBACK TO s");
        }
        await PauseAsync(random);
        await EndAsync(writer, random);
    }

    /// <summary>A position of a living transaction is never recorded as skipped; when one is, whatever is known of it is told, for it happens once in many runs.</summary>
    private async Task InsertAsync(RawWriter writer, long position, List<long> drawn)
    {
        try
        {
            await writer.InsertAsync(position);
        }
        catch (PostgresException refused) when (refused.SqlState == Schema.SkippedPosition)
        {
            var skips = await store.QueryAsync<string>($"SELECT starting_sequence || '-' || ending_sequence || ' at ' || timestamp FROM mt_high_water_skips WHERE ending_sequence BETWEEN {position - 20} AND {position + 20} ORDER BY ending_sequence");
            var holders = await store.QueryAsync<string>("SELECT concat_ws(' ', pid, virtualtransaction, fastpath) FROM pg_locks WHERE relation = 'public.mt_events_sequence'::regclass");
            Assert.Fail($"{position} of {writer.ProcessId}, which drew {string.Join(',', drawn)} and has not ended, was called dead at {DateTime.UtcNow:O}; skips near it: {string.Join("; ", skips)}; holders: {string.Join("; ", holders)}");
        }
    }

    private async Task EndAsync(RawWriter writer, Random random)
    {
        if (random.Next(100) == 0)
        {
            await writer.TerminateAsync(store);
            return;
        }
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
