using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class ConcurrentAppendTests
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Batches_that_meet_the_same_streams_in_opposite_order_all_get_through(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => AppendOftenAsync(store, writer, 40)));
        await StoredStreams.AssertWholeAsync(store, 8 * 40 * 20);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_same_batch_sent_by_many_at_once_is_recorded_once(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        EventToAppend[] batch = [.. Enumerable.Range(0, 10).SelectMany(n => TestStore.Events($"case/{n}", 5))];
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Log.AppendAsync("cn", batch)));
        Assert.Equal((50, 7 * 50), (results.Sum(r => r.Appended), results.Sum(r => r.Duplicates)));
        await StoredStreams.AssertWholeAsync(store, 50);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_append_waits_for_the_transaction_that_holds_its_stream(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a")]);
        await using var marten = await RawWriter.BeginAsync(store);
        await marten.ExecuteAsync("""
            UPDATE mt_streams SET version = 2 WHERE id = 'case/a';
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), 'case/a', 2, '{}', 'case_reported', 'cn')
            """);

        var append = store.Log.AppendAsync("cn", [TestStore.Event("case/a")]);
        await store.UntilAsync("EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())");
        await marten.CommitAsync();

        Assert.Equal(3, (await append).LastPosition);
        await StoredStreams.AssertWholeAsync(store, 3);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_append_that_deadlocks_with_another_kind_of_writer_is_made_again(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a"), TestStore.Event("case/b")]);
        await using var backwards = await RawWriter.BeginAsync(store);
        // The server looks for deadlocks on behalf of whoever has waited long enough: never of this one.
        await backwards.ExecuteAsync("SET deadlock_timeout = '10min'; UPDATE mt_streams SET type = type WHERE id = 'case/b'");

        var append = store.Log.AppendAsync("cn", [TestStore.Event("case/a"), TestStore.Event("case/b")]);
        await store.UntilAsync("EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())");
        await backwards.ExecuteAsync("UPDATE mt_streams SET type = type WHERE id = 'case/a'");
        await backwards.CommitAsync();

        Assert.Equal(2, (await append).Appended);
        await StoredStreams.AssertWholeAsync(store, 4);
    }

    private static async Task AppendOftenAsync(TestStore store, int writer, int times)
    {
        var streams = Streams(writer);
        for (var n = 0; n < times; n++)
            await store.Log.AppendAsync("cn", [.. streams.Select(stream => TestStore.Event(stream)), .. streams.Select(stream => TestStore.Event(stream))]);
    }

    // Ten streams, some new at any time, from the front by even writers and from the back by odd ones.
    private static string[] Streams(int writer)
    {
        var streams = Enumerable.Range(0, 10).Select(n => $"case/{n}");
        return [.. writer % 2 == 0 ? streams : streams.Reverse()];
    }
}
