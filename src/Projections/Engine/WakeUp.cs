using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Tells the other hosts of a database that there is something to look at, at most twenty times a second, and hears from them.
/// A word that is lost costs a poll's interval: nothing rests on it. Appends never notify in their own transactions, because
/// PostgreSQL lets those commit one at a time only.
/// </summary>
internal sealed class WakeUp(NpgsqlDataSource dataSource) : IDisposable
{
    private const string Channel = "sla_log";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asked = new(0);
    private readonly string _host = Guid.NewGuid().ToString("n");

    /// <summary>To be told to the others.</summary>
    public void Notify()
    {
        if (_asked.CurrentCount == 0)
            _asked.Release();
    }

    public void Dispose() => _asked.Dispose();

    /// <summary>Listens and tells until cancelled.</summary>
    public Task RunAsync(Action heard, CancellationToken ct) => Task.WhenAll(AgainAsync(s => ListenAsync(s, heard, ct), ct), AgainAsync(s => TellAsync(s, ct), ct));

    private async Task AgainAsync(Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var session = await dataSource.OpenConnectionAsync(ct);
                await work(session);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The follower meets the same fault and reports it; nothing rests on this.
                await Task.Delay(RetryDelay, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection session, Action heard, CancellationToken ct)
    {
        await Generations.AnnounceAsync(session, ct);
        session.Notification += (_, told) =>
        {
            if (told.Payload != _host)
                heard();
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", session))
            await listen.ExecuteNonQueryAsync(ct);
        while (true)
            await session.WaitAsync(ct);
    }

    private async Task TellAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var tell = new NpgsqlCommand($"NOTIFY {Channel}, '{_host}'", session);
        while (true)
        {
            await _asked.WaitAsync(ct);
            await tell.ExecuteNonQueryAsync(ct);
            await Task.Delay(Pause, ct);
        }
    }
}
