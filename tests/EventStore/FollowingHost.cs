using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

/// <summary>What befalls a host time and again: nothing; it stops between polls and starts; its connection is ended in the middle of anything; or so is all of it.</summary>
internal enum Fate
{
    LivesOn,
    Restarts,
    IsCutOff,
    IsKilled,
}

/// <summary>A host that follows the log: what it has read and the checkpoint are all that outlives a restart.</summary>
internal sealed class FollowingHost(TestStore store, string name, Fate fate, int seed) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _connections = store.Open(name);
    private readonly List<long> _read = [];
    private CancellationTokenSource _life = new();
    private long _checkpoint;
    private int _lives;

    public IReadOnlyList<long> Read => _read;

    public int Blows { get; private set; }

    /// <summary>Each poll that moved the mark: when, in which of its lives, from where to where, and the last position drawn.</summary>
    public List<Poll> Polls { get; } = [];

    /// <summary>Follows until the writers have ended, and to the end of what they wrote.</summary>
    public async Task FollowAsync(Task writers)
    {
        using var ended = new CancellationTokenSource();
        var blows = fate == Fate.LivesOn ? Task.CompletedTask : StrikeAsync(new Random(seed), ended.Token);
        while (!await LiveAsync(writers))
            _life = new();
        await ended.CancelAsync();
        await blows;
    }

    public ValueTask DisposeAsync()
    {
        _life.Dispose();
        return _connections.DisposeAsync();
    }

    // From a start to the next one, or to the end of the log: reached by the second poll after the last writer has ended, as the first may have begun before.
    private async Task<bool> LiveAsync(Task writers)
    {
        _lives++;
        var life = _life;
        await using var mark = new HighWaterMark(_connections, _checkpoint);
        for (var quiet = 0; !life.IsCancellationRequested;)
        {
            var ended = writers.IsCompleted;
            if (await PollAsync(mark, life.Token) is not { } reached)
                continue;
            if (reached > _checkpoint)
                Polls.Add(new(DateTime.UtcNow, _lives, _checkpoint, reached, mark.LastDrawn));
            _read.AddRange(await store.PositionsAsync(_checkpoint, reached));
            _checkpoint = reached;
            if (ended && ++quiet == 2)
            {
                Assert.Equal(mark.LastDrawn, reached);
                return true;
            }
        }
        return false;
    }

    // Null when it was cut off twice in one poll, or killed.
    private async Task<long?> PollAsync(HighWaterMark mark, CancellationToken life)
    {
        try
        {
            return await mark.PollAsync(fate == Fate.IsKilled ? life : CancellationToken.None);
        }
        catch (Exception e) when (fate is Fate.IsCutOff or Fate.IsKilled && e is NpgsqlException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task StrikeAsync(Random random, CancellationToken ended)
    {
        for (; !ended.IsCancellationRequested; Blows++)
        {
            await Task.Delay(random.Next(200, 1500), CancellationToken.None);
            if (fate != Fate.IsCutOff)
                await _life.CancelAsync();
            if (fate != Fate.Restarts)
                await store.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{name}'");
        }
    }

    /// <summary>A poll that moved the mark.</summary>
    internal readonly record struct Poll(DateTime At, int Life, long From, long Until, long Drawn);
}
