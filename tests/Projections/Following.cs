using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>A host's projections, with a pool of connections of its own.</summary>
internal sealed class Following : IAsyncDisposable
{
    private readonly Hall _hall;
    private readonly NpgsqlDataSource _dataSource;
    private readonly Follower _follower;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Following(Hall hall)
    {
        _hall = hall;
        _dataSource = StoreConnection.CreateDataSource(hall.ConnectionString, "host");
        _follower = new Follower(_dataSource, Faults.Add);
        _running = _follower.RunAsync(_stop.Token);
    }

    public List<Exception> Faults { get; } = [];

    public long Checkpoint => _follower.Checkpoint;

    public long Lag => _follower.Lag;

    public void Wake() => _follower.Wake();

    /// <summary>Waits until all that is in the log now is projected, and its timers have run.</summary>
    public async Task LevelAsync()
    {
        // What the timers told meanwhile is projected, too: they run after the page that is level, so two of those have to go by.
        for (var times = 0; times < 2; times++)
        {
            var last = await _hall.ScalarAsync<long>($"SELECT {Schema.LastDrawn}");
            var asked = await _hall.NowAsync();
            await Condition.HoldsAsync(() => Task.FromResult(Checkpoint >= last && _follower.LevelAt > asked));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _follower.Dispose();
        await _dataSource.DisposeAsync();
        _stop.Dispose();
    }
}
