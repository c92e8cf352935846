using System.Collections.Concurrent;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class MartenWriterTests
{
    private const int Streams = 40;

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Marten_and_we_append_to_the_same_streams_and_a_follower_reads_every_event_once(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var together = new GroupCommit(store.Log);
        await using var host = new FollowingHost(store, "host", Fate.LivesOn, 0);
        var acknowledged = new ConcurrentDictionary<Guid, long?>();
        var writers = Task.WhenAll(
            [AppendAsync(store, MartenAppend.Plain, 0, acknowledged), AppendAsync(store, MartenAppend.Plain, 1, acknowledged),
             AppendAsync(store, MartenAppend.Optimistic, 2, acknowledged), AppendAsync(store, MartenAppend.Exclusive, 3, acknowledged),
             .. Enumerable.Range(4, 2).Select(writer => AppendAsync(batch => store.Log.AppendAsync("cn", batch), writer, 8, acknowledged)),
             .. Enumerable.Range(6, 8).Select(writer => AppendAsync(batch => together.AppendAsync("cn", batch), writer, 1, acknowledged))]);
        await host.FollowAsync(writers);
        await writers;

        var recorded = await store.QueryAsync<string>("SELECT format('%s %s', id, seq_id) FROM mt_events");
        Assert.True(recorded.Count > 4000, $"only {recorded.Count} events");
        Assert.Equal(acknowledged.Keys.Select(id => id.ToString()).Order(), recorded.Select(e => e.Split(' ')[0]).Order());
        Assert.Subset(recorded.ToHashSet(), acknowledged.Where(a => a.Value is not null).Select(a => $"{a.Key} {a.Value}").ToHashSet());
        await StoredStreams.AssertWholeAsync(store, recorded.Count);
        Assert.Equal(await store.PositionsAsync(), host.Read);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_archived_stream_takes_nothing_more_from_either(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 2));
        await store.ExecuteAsync("UPDATE mt_streams SET is_archived = true");
        foreach (var how in Enum.GetValues<MartenAppend>())
            await Assert.ThrowsAsync<InvalidOperationException>(() => MartenWriter.AppendAsync(store, "cn", "case/a", [Guid.NewGuid()], how));
        await Assert.ThrowsAsync<StreamArchivedException>(() => store.Log.AppendAsync("cn", [TestStore.Event("case/a")]));
        await StoredStreams.AssertWholeAsync(store, 2);
    }

    private static async Task AppendAsync(TestStore store, MartenAppend how, int seed, ConcurrentDictionary<Guid, long?> acknowledged)
    {
        var random = new Random(seed);
        for (var n = 0; n < 120;)
        {
            Guid[] ids = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Guid.NewGuid())];
            if (!await MartenWriter.AppendAsync(store, "cn", $"case/{random.Next(Streams)}", ids, how))
                continue;
            Assert.All(ids, id => Assert.True(acknowledged.TryAdd(id, null)));
            n++;
        }
    }

    // Of what we are told the position of, it is kept: the batch's last event has the highest.
    private static async Task AppendAsync(
        Func<EventToAppend[], Task<AppendResult>> append, int seed, int streams, ConcurrentDictionary<Guid, long?> acknowledged)
    {
        var random = new Random(seed);
        for (var n = 0; n < 120; n++)
        {
            EventToAppend[] batch = [.. Enumerable.Range(0, streams).SelectMany(_ => TestStore.Events($"case/{random.Next(Streams)}", random.Next(1, 5)))];
            var result = await append(batch);
            Assert.Equal((batch.Length, 0), (result.Appended, result.Duplicates));
            Assert.All(batch, e => Assert.True(acknowledged.TryAdd(e.Id, e == batch[^1] ? result.LastPosition : null)));
        }
    }
}
