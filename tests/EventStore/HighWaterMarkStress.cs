namespace SlaMonitor.Tests.EventStore;

/// <summary>Hosts that follow the log under a load of every kind, and must end with what was committed: each once, in order.</summary>
public abstract class HighWaterMarkStress
{
    private const string CalledDeadAlive = """
        SELECT e.seq_id FROM mt_events e JOIN mt_high_water_skips s ON e.seq_id BETWEEN s.starting_sequence AND s.ending_sequence
        """;

    private protected static async Task FollowAsync(int major, TimeSpan lasting, params Fate[] fates)
    {
        await using var store = await TestStore.CreateAsync(major);
        var hosts = fates.Select((fate, n) => new FollowingHost(store, $"host-{n}", fate, n)).ToList();
        var writers = new WriteLoad(store, lasting).RunAsync();
        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.FollowAsync(writers))));
        await writers;

        var committed = await store.PositionsAsync();
        foreach (var (host, fate) in hosts.Zip(fates))
        {
            await FindNothingMissingAsync(store, host, fate, committed);
            Assert.Equal(committed, host.Read);
            Assert.True(fate == Fate.LivesOn || host.Blows > lasting.TotalSeconds / 3, $"{fate} only {host.Blows} times");
            await host.DisposeAsync();
        }
        Assert.Empty(await store.QueryAsync<long>(CalledDeadAlive));
        Assert.True(committed.Count > 100 * lasting.TotalSeconds, $"only {committed.Count} events: hardly a load");
        Assert.True(committed[^1] > committed.Count, "no position was lost: the holes went untested");
    }

    /// <summary>Who passed over an event, when, and who wrote it: a host that loses one does so once in many runs.</summary>
    private static async Task FindNothingMissingAsync(TestStore store, FollowingHost host, Fate fate, List<long> committed)
    {
        foreach (var position in committed.Except(host.Read).Take(3))
        {
            var writer = (await store.QueryAsync<string>($"SELECT stream_id || ' xmin ' || xmin || ' recorded ' || timestamp FROM mt_events WHERE seq_id = {position}"))[0];
            var together = await store.QueryAsync<long>($"SELECT seq_id FROM mt_events WHERE xmin::text = (SELECT xmin::text FROM mt_events WHERE seq_id = {position}) ORDER BY 1");
            var skips = await store.QueryAsync<string>($"SELECT starting_sequence || '-' || ending_sequence || ' at ' || timestamp FROM mt_high_water_skips WHERE ending_sequence BETWEEN {position - 20} AND {position + 20} ORDER BY ending_sequence");
            var passed = host.Polls.FindIndex(p => p.Until >= position);
            Assert.Fail($"{fate} lost {position} of {writer}, written with {string.Join(',', together)}; skips near it: {string.Join("; ", skips)}; its polls: {string.Join("; ", host.Polls.Skip(passed - 3).Take(6))}");
        }
    }
}

public class HighWaterMarkUnderLoad : HighWaterMarkStress
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public Task Hosts_that_come_and_go_read_every_committed_event_once_and_in_order(int major) =>
        FollowAsync(major, TimeSpan.FromSeconds(60), Fate.LivesOn, Fate.Restarts, Fate.IsCutOff, Fate.IsKilled);
}

public class HighWaterMarkReconnectingUnderLoad : HighWaterMarkStress
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public Task A_follower_that_keeps_losing_its_connection_does_too(int major) => FollowAsync(major, TimeSpan.FromSeconds(15), Fate.IsCutOff);
}
