using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Several hosts over one database: one projects, the others stand by and know where it is.</summary>
public class HostsTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Fact]
    public async Task When_the_worker_ends_another_goes_on_and_those_who_stand_by_know_the_checkpoint()
    {
        await using var hall = await Hall.CreateAsync();
        var first = new Following(hall);
        await hall.AppendAsync(Hall.Received("1", At));
        await first.LevelAsync();
        await using var second = new Following(hall);
        await using var third = new Following(hall);
        await first.DisposeAsync();
        await hall.AppendAsync(new RandomFacts(1, 20).Take(300));
        var last = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        await Condition.HoldsAsync(() => Task.FromResult(second.Checkpoint >= last && third.Checkpoint >= last));
        await hall.VerifyAsync();
        Assert.Empty(second.Faults.Concat(third.Faults));
    }

    [Fact]
    public async Task A_host_hears_of_what_another_appended_and_not_of_its_own()
    {
        await using var hall = await Hall.CreateAsync();
        await using var one = StoreConnection.CreateDataSource(hall.ConnectionString, "one");
        await using var two = StoreConnection.CreateDataSource(hall.ConnectionString, "two");
        using var ends = new CancellationTokenSource();
        using var here = new WakeUp(one);
        using var there = new WakeUp(two);
        var (heardHere, heardThere) = (0, 0);
        var running = Task.WhenAll(here.RunAsync(() => heardHere++, ends.Token), there.RunAsync(() => heardThere++, ends.Token));
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name IN ('one', 'two') AND query LIKE 'LISTEN%'") == 2);
        for (var times = 0; times < 1_000; times++)
            here.Notify();
        await Condition.HoldsAsync(() => Task.FromResult(heardThere > 0));
        Assert.Equal(0, heardHere);
        there.Notify();
        await Condition.HoldsAsync(() => Task.FromResult(heardHere > 0));
        // Many at once are one or two.
        Assert.InRange(heardThere, 1, 3);
        await hall.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name IN ('one', 'two')");
        await Condition.HoldsAsync(() =>
        {
            here.Notify();
            return Task.FromResult(heardThere > 3);
        });
        await ends.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Where_the_log_was_settled_when_is_written_down()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("1", At));
        var before = await hall.NowAsync();
        await using (var following = new Following(hall))
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.settled_position") == 1);
        Assert.Equal(await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events"), await hall.ScalarAsync<long>($"SELECT position FROM sla.settled_position WHERE at > '{before}'"));
    }
}
