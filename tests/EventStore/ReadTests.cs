using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class ReadTests
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_log_is_read_between_positions_in_pages(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 5));
        await store.Log.AppendAsync("de", TestStore.Events("case/a", 5));
        Assert.Equal([3L, 4, 5, 6], (await store.ReadAsync(2, 6, 100)).Select(e => e.Position));
        Assert.Equal([3L, 4], (await store.ReadAsync(2, 6, 2)).Select(e => e.Position));
        Assert.Empty(await store.ReadAsync(10, 99, 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ReadAsync(0, 1, 0));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_stream_is_read_up_to_a_position_and_within_its_centre(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 3));
        await store.Log.AppendAsync("de", TestStore.Events("case/a", 3));
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 3));
        Assert.Equal([1L, 2, 3, 7, 8, 9], (await store.Log.ReadStreamAsync("cn", "case/a")).Select(e => e.Position));
        Assert.Equal([1L, 2, 3, 7], (await store.Log.ReadStreamAsync("cn", "case/a", 7)).Select(e => e.Position));
        Assert.Empty(await store.Log.ReadStreamAsync("cn", "case/none"));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Many_streams_are_read_at_once_each_whole_and_in_the_order_asked_for(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        EventToAppend[] batch = [.. Enumerable.Range(0, 4).SelectMany(_ => new[] { TestStore.Event("case/a"), TestStore.Event("case/b") })];
        await store.Log.AppendAsync("cn", batch);
        await store.Log.AppendAsync("de", TestStore.Events("case/a", 1));

        var read = await store.ReadStreamsAsync([("cn", "case/b"), ("de", "case/a"), ("cn", "case/none"), ("cn", "case/a")], 5);
        Assert.Equal(
            [("case/b", 1), ("case/b", 2), ("case/a", 1), ("case/a", 2), ("case/a", 3)], read.Select(e => (e.StreamId, e.Version)));
        Assert.Equal(9, (await store.ReadStreamsAsync([("cn", "case/b"), ("de", "case/a"), ("cn", "case/a")], long.MaxValue)).Count);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Streams_that_begin_alike_are_read_from_the_nearest_on_whether_or_not_there_is_one_at_the_place(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        string[] others = ["outage/am-a", "outage/am-a-", "outage/am-aa-20260101T000000.000000Z", "outage/am-a.20260104T000000.000000Z", "outage/am-b-20260104T000000.000000Z", "outage/am-a-x"];
        List<string> streams = [.. others, .. Enumerable.Range(1, 9).Select(Day)];
        foreach (var stream in streams)
            await store.Log.AppendAsync("cn", TestStore.Events(stream, 1));
        await store.Log.AppendAsync("de", TestStore.Events(Day(5), 1));
        Assert.Equal("4 5 6 7", await BesideAsync(Day(5), 2));
        Assert.Equal("4 5 6 7", await BesideAsync(Day(5) + "0", 2));
        Assert.Equal("1 2 3 4 5 6 7 8 9", await BesideAsync(Day(3), 99));

        static string Day(int day) => $"outage/am-a-2026010{day}T000000.000000Z";
        async Task<string> BesideAsync(string place, int most) =>
            string.Join(' ', (await store.Log.ReadBesideAsync("cn", [("outage/am-a-", place), ("outage/am-a-", place)], most)).Select(e => e.StreamId["outage/am-a-2026010".Length]).Order());
    }
}
