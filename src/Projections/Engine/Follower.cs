using System.Reflection;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Follows the log up to its HighWaterMark, page by page. Of several hosts one projects, whichever has the checkpoint row;
/// the others stand by.
/// </summary>
/// <param name="dataSource">A database that <see cref="Schema"/> and <see cref="PrepareAsync"/> have been applied to.</param>
/// <param name="report">Told of faults that are retried.</param>
public sealed class Follower(NpgsqlDataSource dataSource, Action<Exception> report) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Page _page = new(dataSource, new EventLog(dataSource), new CatalogueLogs(new EventLog(dataSource)));

    /// <summary>The position all read models have reached, as this host knows.</summary>
    public long Checkpoint { get; private set; }

    /// <summary>Positions drawn and not yet projected, as this host knows.</summary>
    public long Lag { get; private set; }

    /// <summary>True once the read models have been seen level with the log.</summary>
    public bool HasBeenLevel { get; private set; }

    /// <summary>Makes the read models' tables and the checkpoint where they are missing.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        using var script = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("SlaMonitor.Projections.ReadModels.sql")!);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Hosts that start together make the tables one after the other.
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext('sla read models'))", connection))
            await turn.ExecuteNonQueryAsync(ct);
        await using (var tables = new NpgsqlCommand(await script.ReadToEndAsync(ct), connection))
            await tables.ExecuteNonQueryAsync(ct);
        await using (var checkpoint = new NpgsqlCommand("INSERT INTO public.mt_event_progression (name, last_seq_id) VALUES ($1, 0) ON CONFLICT DO NOTHING", connection) { Parameters = { new() { Value = Page.Name } } })
            await checkpoint.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Something was appended here: look at once.</summary>
    public void Wake()
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
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    /// <summary>Follows until cancelled. A fault of the database is reported and retried; a page is never cut off half-way.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var (last, since) = ("", 0L);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
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
    }

    /// <summary>Works off everything that is settled now; for commands that end.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await using var highWaterMark = new HighWaterMark(dataSource, await ReadCheckpointAsync(ct));
        while (await StepAsync(highWaterMark, ct))
        {
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        await using var highWaterMark = new HighWaterMark(dataSource, await ReadCheckpointAsync(ct));
        while (!ct.IsCancellationRequested)
        {
            if (!await StepAsync(highWaterMark, ct))
                await _wake.WaitAsync(PollInterval, ct);
        }
    }

    private async Task<bool> StepAsync(HighWaterMark highWaterMark, CancellationToken ct)
    {
        var mark = await highWaterMark.PollAsync(ct);
        Lag = Math.Max(0, highWaterMark.LastDrawn - Checkpoint);
        var page = await _page.RunAsync(mark, ct);
        Checkpoint = page.Owner ? page.Checkpoint : await ReadCheckpointAsync(ct);
        Lag = Math.Max(0, highWaterMark.LastDrawn - Checkpoint);
        HasBeenLevel |= Lag == 0;
        return page.More || (page.Owner && mark < highWaterMark.LastDrawn && Checkpoint < mark);
    }

    private async Task<long> ReadCheckpointAsync(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT last_seq_id FROM public.mt_event_progression WHERE name = $1");
        command.Parameters.Add(new() { Value = Page.Name });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
