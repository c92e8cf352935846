using Npgsql;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The sources of one import, marked as incomplete until it ends. The marks are renewed by time, so that a file that is slow to read keeps them.</summary>
internal sealed class SourceHolds : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly NpgsqlDataSource _database;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<(string Centre, string Source), SourceHold> _holds = [];
    private readonly Task _renewing;

    public SourceHolds(NpgsqlDataSource database)
    {
        _database = database;
        _renewing = RenewAsync();
    }

    /// <summary>Marks a source before its first event is stored.</summary>
    public async Task HoldAsync(string centre, string source, CancellationToken ct)
    {
        if (_holds.ContainsKey((centre, source)))
            return;
        await _one.WaitAsync(ct);
        try
        {
            _holds.Add((centre, source), await SourceHold.BeginAsync(_database, centre, source, ct));
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _renewing;
        foreach (var hold in _holds.Values)
            await hold.DisposeAsync();
        _closing.Dispose();
        _one.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
                await RenewAllAsync();
        }
        catch (OperationCanceledException)
        {
            // The import has ended.
        }
    }

    private async Task RenewAllAsync()
    {
        await _one.WaitAsync(_closing.Token);
        try
        {
            foreach (var hold in _holds.Values)
                await hold.RenewAsync(_closing.Token);
        }
        catch (NpgsqlException)
        {
            // A mark holds for ten minutes; the next turn tries again, and the import itself tells of a database that is gone.
        }
        finally
        {
            _one.Release();
        }
    }
}
