using System.Globalization;

namespace SlaMonitor.Tests.EventStore;

/// <summary>What an append costs does not grow with the streams its centre has already.</summary>
public class AppendCostTests
{
    private const int Batches = 100;
    private const int Streams = 20;

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Appending_to_new_streams_reads_none_of_the_others(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        // Statistics that come in time would hide a plan made for empty tables, which a big import keeps to its end.
        await store.ExecuteAsync("ALTER TABLE mt_streams SET (autovacuum_enabled = off)");
        for (var batch = 0; batch < Batches; batch++)
            await store.Log.AppendAsync("cn", [.. Enumerable.Range(0, Streams).Select(n => TestStore.Event(string.Create(CultureInfo.InvariantCulture, $"case/{batch}-{n}")))]);
        // A session hands in what it counted when it ends.
        store.DataSource.Clear();
        await store.UntilAsync($"n_tup_ins = {Batches * Streams} AND n_tup_upd >= {Batches * Streams} FROM pg_stat_user_tables WHERE relname = 'mt_streams'");
        var read = Assert.Single(await store.QueryAsync<long>("SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'mt_streams'"));
        Assert.InRange(read, 1, 10 * Batches * Streams);
    }
}
