using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Follows the log up to its HighWaterMark, page by page, and tells of what time changes. Of several hosts one projects,
/// whichever has the checkpoint row; the others stand by.
/// </summary>
/// <param name="dataSource">A database that <see cref="Schema"/> and <see cref="Generations.PrepareAsync"/> have been applied to.</param>
/// <param name="report">Told of faults that are retried.</param>
public sealed class Follower(NpgsqlDataSource dataSource, Action<Exception> report) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly WakeUp _others = new(dataSource);

    /// <summary>The position all read models have reached, as this host knows.</summary>
    public long Checkpoint { get; private set; }

    /// <summary>Positions drawn and not yet projected, as this host knows.</summary>
    public long Lag { get; private set; }

    /// <summary>The latest instant, by the server's clock, of which this host knows as its worker that all recorded by then is projected and all passed by then is told.</summary>
    internal Instant LevelAt { get; private set; } = Instant.MinValue;

    /// <summary>True once the read models have been seen level with the log.</summary>
    public bool HasBeenLevel { get; private set; }

    /// <summary>Something was appended here: look at once, and let the other hosts look.</summary>
    public void Wake()
    {
        WakeHere();
        _others.Notify();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wake.Dispose();
        _others.Dispose();
    }

    /// <summary>Follows until cancelled. A fault of the database is reported and retried; a page in work is finished first.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var listening = _others.RunAsync(WakeHere, ct);
        var (last, since) = ("", 0L);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                // Whatever it is: the host goes on serving, the fault is told, and the page is tried again.
                // A server that is away is one fault, however often it is tried.
                if (fault.Message != last || since != Checkpoint)
                    report(fault);
                (last, since) = (fault.Message, Checkpoint);
                await Task.Delay(RetryDelay, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await listening;
    }

    /// <summary>Works off everything that is settled now; for commands that end.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        var follow = await BeginAsync(ct);
        await using var mark = follow.Mark;
        while (await StepAsync(follow, ct))
        {
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        var follow = await BeginAsync(ct);
        await using var mark = follow.Mark;
        while (!ct.IsCancellationRequested && !follow.Replaced)
        {
            if (!await StepAsync(follow, ct))
                await _wake.WaitAsync(PollInterval, ct);
        }
    }

    /// <summary>Finds the generation to follow, and builds it first when this program's logic is newer than what is there.</summary>
    private async Task<Follow> BeginAsync(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var active = (await Generations.ActiveAsync(connection, ct))!;
        while (active.Version < Generation.CurrentVersion)
        {
            // Of several new hosts one builds, and the others wait for what it makes.
            if (!await new Rebuild(dataSource, (_, _) => { }).TryRenewAsync(ct))
                await Task.Delay(RetryDelay, ct);
            active = (await Generations.ActiveAsync(connection, ct))!;
        }

        return new Follow(active, new HighWaterMark(dataSource, await active.CheckpointAsync(connection, ct) ?? 0), new Workspace(dataSource, active), new Minutes(dataSource));
    }

    private async Task<bool> StepAsync(Follow follow, CancellationToken ct)
    {
        var mark = await follow.Mark.PollToEndAsync(ct);
        Lag = Math.Max(0, follow.Mark.LastDrawn - Checkpoint);
        var page = follow.IsOurs ? await new Page(follow.Work).RunAsync(mark, follow.Mark.PolledAt, CancellationToken.None) : default;
        if (!page.Owner)
            return await StandByAsync(follow, ct);
        if (page.Checkpoint != Checkpoint)
            _others.Notify();
        Checkpoint = page.Checkpoint;
        Lag = Math.Max(0, follow.Mark.LastDrawn - Checkpoint);
        HasBeenLevel |= Lag == 0;
        var told = await TellAsync(follow);
        await follow.Minutes.RunAsync(mark, follow.Mark.PolledAt, ct);
        return page.More || told.More || told.Notices > 0;
    }

    private async Task<(int Notices, bool More)> TellAsync(Follow follow)
    {
        if (follow.NextLevel(Checkpoint) is not { } level)
            return default;
        var told = await new Timers(follow.Work).RunAsync(level, CancellationToken.None);
        if (!told.More)
            LevelAt = level;
        return told;
    }

    private async Task<bool> StandByAsync(Follow follow, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var reached = await follow.Work.Generation.CheckpointAsync(connection, ct);
        follow.Replaced = reached is null;
        Checkpoint = reached ?? Checkpoint;
        Lag = Math.Max(0, follow.Mark.LastDrawn - Checkpoint);
        HasBeenLevel |= Lag == 0;
        return false;
    }

    private void WakeHere()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another append woke it in the meantime, which is all that is wanted.
            }
            catch (ObjectDisposedException)
            {
                // It has ended.
            }
        }
    }

    /// <summary>What is followed, until it is replaced or fails.</summary>
    private sealed class Follow(Generation generation, HighWaterMark mark, Workspace work, Minutes minutes)
    {
        private (long Drawn, Instant At)? _aim;

        public HighWaterMark Mark { get; } = mark;

        public Workspace Work { get; } = work;

        public Minutes Minutes { get; } = minutes;

        /// <summary>False: a newer program filled these tables; this one only looks on.</summary>
        public bool IsOurs { get; } = generation.Version == Generation.CurrentVersion;

        public bool Replaced { get; set; }

        /// <summary>
        /// The latest instant of which it is certain that all recorded by then is projected; null: none since the last time asked.
        /// Appends never stop, so the log's end at one poll is waited for while later ones go by.
        /// </summary>
        public Instant? NextLevel(long checkpoint)
        {
            var aim = _aim ??= (Mark.LastDrawn, Mark.PolledAt);
            if (checkpoint < aim.Drawn)
                return null;
            _aim = null;
            return aim.At;
        }
    }
}
