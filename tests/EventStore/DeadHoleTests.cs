using Xunit.Abstractions;

namespace SlaMonitor.Tests.EventStore;

/// <summary>A measure in time, so nothing else runs beside it.</summary>
[CollectionDefinition(nameof(DeadHoleTests), DisableParallelization = true)]
[Collection(nameof(DeadHoleTests))]
public class DeadHoleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    // What is read is the server's clock before the order to end is given: the end itself is later, so the wait is never measured too short.
    private static readonly Dictionary<string, Func<TestStore, SteadyFollower, Task<Hole>>> Ends = new()
    {
        ["rolled back before anyone saw it"] = async (store, _) =>
        {
            await using var owner = await RawWriter.BeginAsync(store);
            return new(await owner.DrawAsync(), await EndAsync(store, owner.RollbackAsync));
        },
        ["rolled back"] = async (store, follower) =>
        {
            await using var owner = await RawWriter.BeginAsync(store);
            var position = await owner.AppendAsync();
            await follower.WaitsBelowAsync(position);
            return new(position, await EndAsync(store, owner.RollbackAsync));
        },
        ["terminated"] = async (store, follower) =>
        {
            await using var owner = await RawWriter.BeginAsync(store);
            var position = await owner.AppendAsync();
            await follower.WaitsBelowAsync(position);
            return new(position, await EndAsync(store, () => owner.TerminateAsync(store)));
        },
        ["prepared and rolled back"] = async (store, follower) =>
        {
            await using var owner = await RawWriter.BeginAsync(store);
            var position = await owner.AppendAsync();
            var name = await owner.PrepareAsync();
            await follower.WaitsBelowAsync(position);
            return new(position, await EndAsync(store, () => store.ExecuteAsync($"ROLLBACK PREPARED {name}")));
        },
        ["rolled back beside an older writer"] = async (store, follower) =>
        {
            await using var older = await RawWriter.BeginAsync(store);
            await older.AppendAsync();
            await using var owner = await RawWriter.BeginAsync(store);
            var position = await owner.AppendAsync();
            await owner.RollbackAsync();
            await follower.WaitsBelowAsync(position);
            return new(position, await EndAsync(store, older.CommitAsync));
        },
    };

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_hole_is_passed_within_a_second_of_the_end_of_its_last_possible_owner(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await using var bystanders = await Bystanders.BeginAsync(store);
        using var measured = new CancellationTokenSource();
        var writers = Task.WhenAll(Enumerable.Range(0, 3).Select(writer => WriteAsync(store, $"case/{writer}", measured.Token)));
        await using var follower = new SteadyFollower(store);

        foreach (var (how, planted) in Enumerable.Repeat(Ends, 4).SelectMany(end => end))
        {
            var hole = await planted(store, follower);
            var waited = await follower.PassedAsync(hole.Position) - hole.OwnerEndedAt;
            output.WriteLine($"{waited.TotalMilliseconds:0} ms: {how}");
            Assert.True(waited < Bound, $"a hole {how} was passed after {waited}");
        }
        await measured.CancelAsync();
        await writers;
    }

    private static async Task<DateTime> EndAsync(TestStore store, Func<Task> end)
    {
        var at = await store.ClockAsync();
        await end();
        return at;
    }

    private static async Task WriteAsync(TestStore store, string stream, CancellationToken measured)
    {
        while (!measured.IsCancellationRequested)
        {
            await store.Log.AppendAsync("cn", TestStore.Events(stream, 2), ct: CancellationToken.None);
            await Task.Delay(10, CancellationToken.None);
        }
    }

    private sealed record Hole(long Position, DateTime OwnerEndedAt);
}
