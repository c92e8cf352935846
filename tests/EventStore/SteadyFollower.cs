using System.Collections.Concurrent;

namespace SlaMonitor.Tests.EventStore;

/// <summary>Polls every 250 ms, as a host does, and notes when by the server's clock the mark had come how far.</summary>
internal sealed class SteadyFollower : IAsyncDisposable
{
    private readonly ConcurrentQueue<Poll> _polls = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _polling;

    public SteadyFollower(TestStore store) => _polling = PollAsync(store);

    /// <summary>Holds when a poll has found later positions drawn; the mark must not have passed this one.</summary>
    public async Task WaitsBelowAsync(long position)
    {
        await Condition.HoldsAsync(() => Task.FromResult(_polls.Any(p => p.LastDrawn > position)));
        Assert.DoesNotContain(_polls, p => p.Mark >= position);
    }

    /// <summary>When the first poll that passed it had ended.</summary>
    public async Task<DateTime> PassedAsync(long position)
    {
        await Condition.HoldsAsync(() => Task.FromResult(_polling.IsFaulted || _polls.Any(p => p.Mark >= position)));
        return _polls.First(p => p.Mark >= position).EndedAt;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _polling;
        _ending.Dispose();
    }

    private async Task PollAsync(TestStore store)
    {
        await using var mark = store.Mark();
        while (!_ending.IsCancellationRequested)
        {
            var reached = await mark.PollAsync();
            _polls.Enqueue(new(reached, mark.LastDrawn, await store.ClockAsync()));
            await Task.Delay(250);
        }
    }

    private readonly record struct Poll(long Mark, long LastDrawn, DateTime EndedAt);
}
