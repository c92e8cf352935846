using System.Diagnostics;
using System.Diagnostics.Metrics;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Host.Notifications;

/// <summary>Sends what is due to one target. Each has its own, so that one that is slow or dead keeps no other waiting.</summary>
/// <param name="target">The target.</param>
/// <param name="plan">How patient we are.</param>
/// <param name="outbox">What is to be sent.</param>
/// <param name="messages">What it says.</param>
/// <param name="http">The way over HTTP.</param>
/// <param name="report">Told of faults of our own.</param>
internal sealed class TargetSending(NotificationTarget target, NotificationPlan plan, Outbox outbox, MessageReading messages, HttpSending http, Action<Exception> report) : IDisposable
{
    private static readonly Counter<long> Attempts = Meters.Sla.CreateCounter<long>("sla_notification_attempts", description: "Attempts to send a notification, by what came of them.");
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HasteInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();
    private readonly Queue<long> _sentAt = [];
    private long _quietUntil;
    private bool _failing;
    private long _hastenedAt = long.MinValue / 2;

    /// <summary>Has the counters begin at 0, because an alert must see the first rise.</summary>
    public void CountNothing()
    {
        foreach (var outcome in (string[])["delivered", "refused"])
            Count(outcome, 0);
    }

    /// <summary>There is something new.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Sends until cancelled; what is under way is broken off then and left for whoever comes next.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var working = new List<Task>();
        while (!ct.IsCancellationRequested)
        {
            working.RemoveAll(w => w.IsCompleted);
            var claimed = await ClaimAsync(Math.Min(target.Concurrent - working.Count, Allowed()), ct);
            working.AddRange(claimed.Select(c => AttemptAsync(c, ct)));
            if (claimed.Count == 0)
                await ((Task)_wake.WaitAsync(Poll, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(working);
    }

    private async Task<IReadOnlyList<Claimed>> ClaimAsync(int most, CancellationToken ct)
    {
        if (most <= 0)
            return [];
        try
        {
            var claimed = await outbox.ClaimAsync(target.Id, most, plan.Lease, ct);
            foreach (var _ in claimed)
                _sentAt.Enqueue(Stopwatch.GetTimestamp());
            return claimed;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            report(fault);
            await Task.Delay(FaultPause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return [];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>How many more may be sent now: none while the target asked to be left alone, and no more in a minute than it takes.</summary>
    private int Allowed()
    {
        if (Stopwatch.GetTimestamp() < Volatile.Read(ref _quietUntil))
            return 0;
        while (_sentAt.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest) >= TimeSpan.FromMinutes(1))
            _sentAt.Dequeue();
        return target.PerMinute is { } most ? most - _sentAt.Count : int.MaxValue;
    }

    private async Task AttemptAsync(Claimed row, CancellationToken ct)
    {
        // Not on the loop's own time.
        await Task.Yield();
        var started = Stopwatch.GetTimestamp();
        try
        {
            var refusal = await messages.ReadAsync(row, ct) is { } message ? await Sending.AttemptAsync(target, plan.Timeout, http, message, ct) : new Refusal("the notice cannot be read", IsOfContent: true);
            // It has been sent: that is written down even while the program stops.
            await SettleAsync(row, refusal, row.Tried + Stopwatch.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await ReportedAsync(() => outbox.ReleaseAsync(row, CancellationToken.None));
        }
        catch (Exception fault)
        {
            // Of the database, mostly: the lease runs out, and then it is tried again.
            report(fault);
        }
        finally
        {
            Wake();
        }
    }

    private async Task SettleAsync(Claimed row, Refusal? refusal, TimeSpan tried)
    {
        var arrived = refusal is null or { IsPartial: true };
        Count(arrived ? "delivered" : "refused", 1);
        if (arrived)
        {
            await outbox.DeliveredAsync(row, refusal?.Reason, CancellationToken.None);
            await HastenAsync();
            return;
        }

        _failing = true;
        if (refusal!.RetryAfter is { } quiet && quiet > TimeSpan.Zero)
            Volatile.Write(ref _quietUntil, Stopwatch.GetTimestamp() + (long)(Math.Min(quiet.TotalSeconds, plan.Retry.Longest.TotalSeconds) * Stopwatch.Frequency));
        await outbox.RefusedAsync(row, plan.Retry.After(row.Attempts, tried, refusal, Random.Shared.NextDouble()), refusal.Reason, CancellationToken.None);
    }

    /// <summary>The target answers again after it did not; once a minute at most, or one that takes every second message would never be left in peace.</summary>
    private async Task HastenAsync()
    {
        if (!_failing || Stopwatch.GetElapsedTime(_hastenedAt) < HasteInterval)
            return;
        (_failing, _hastenedAt) = (false, Stopwatch.GetTimestamp());
        await outbox.HastenAsync(target.Id, CancellationToken.None);
    }

    private async Task ReportedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            report(fault);
        }
    }

    private void Count(string outcome, long count) => Attempts.Add(count, new("outcome", outcome), new("sla_target", target.Id));
}
