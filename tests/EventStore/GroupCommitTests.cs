using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class GroupCommitTests
{
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Callers_at_the_same_time_are_stored_once_each_and_told_their_own_counts(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var together = new GroupCommit(store.Log);
        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => together.AppendAsync($"centre-{i % 3}", TestStore.Events($"case/{i}", 3))));
        Assert.All(results, r => Assert.Equal((3, 0), (r.Appended, r.Duplicates)));
        Assert.Equal(400, results.Select(r => r.LastPosition).Distinct().Count());
        Assert.Equal(1_200L, (await store.QueryAsync<long>("SELECT count(*) FROM mt_events")).Single());
        // Fewer transactions than callers: that is what it is for.
        Assert.InRange((await store.QueryAsync<long>("SELECT count(DISTINCT xmin::text) FROM mt_events")).Single(), 1, 399);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task What_is_refused_of_one_does_not_concern_the_others(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var taken = TestStore.Event("case/taken");
        await store.Log.AppendAsync("cn", [taken]);
        await using var together = new GroupCommit(store.Log);
        var others = Enumerable.Range(0, 50).Select(i => together.AppendAsync("cn", TestStore.Events($"case/{i}", 2))).ToList();
        var refused = together.AppendAsync("cn", [taken with { Type = "case_other" }]);
        var repeated = together.AppendAsync("cn", [taken]);
        await Assert.ThrowsAsync<EventIdReusedException>(() => refused);
        Assert.Equal(new AppendResult(0, 1, null), await repeated);
        Assert.All(await Task.WhenAll(others), r => Assert.Equal(2, r.Appended));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Closing_stores_what_was_taken_and_takes_nothing_more(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var together = new GroupCommit(store.Log);
        var taken = Enumerable.Range(0, 100).Select(i => together.AppendAsync("cn", TestStore.Events($"case/{i}", 1))).ToList();
        await together.DisposeAsync();
        Assert.All(await Task.WhenAll(taken), r => Assert.Equal(1, r.Appended));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => together.AppendAsync("cn", TestStore.Events("case/late", 1)));
    }
}
