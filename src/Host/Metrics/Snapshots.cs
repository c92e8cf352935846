using System.Collections.Concurrent;
using System.Diagnostics;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// Makes snapshots, every few seconds in the background: what vanished from the data vanishes from the metrics, and a scrape runs no SQL.
/// </summary>
internal sealed class Snapshots(NpgsqlDataSource dataSource, Centres centres, Follower follower, IClock clock, NotificationPlan notifications) : IDisposable
{
    private static readonly Duration Fresh = Duration.FromSeconds(10);

    // One after the other, so that the last is the newest.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, Task<CentreStanding>> _reading = [];
    private volatile Snapshot? _last;
    private double _took;

    /// <summary>The last one; null before the first.</summary>
    public Snapshot? Last => _last;

    /// <summary>
    /// How a centre stands. Of the last snapshot, whoever and however many look; read anew where that one is of another time, or lacks a position that somebody
    /// waits for.
    /// </summary>
    public async Task<CentreStanding> StandingOfAsync(CatalogueLog published, long position, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (_last is { } last && last.Checkpoint >= position && last.Standing.TryGetValue(published.Newest!.Centre, out var standing) && now - standing.At < Fresh && standing.At <= now)
            return standing;
        if (position > 0)
            return await ReadAsync(published, now, ct);
        // When the database is slow there is no snapshot, and that is no time to ask it once for each viewer.
        return await _reading.GetOrAdd(published.Newest!.Centre, centre => ReadForAllAsync(centre, published, now)).WaitAsync(ct);
    }

    public void Dispose() => _turn.Dispose();

    private async Task<CentreStanding> ReadForAllAsync(string centre, CatalogueLog published, Instant now)
    {
        // It has to be there before it is taken away.
        await Task.Yield();
        try
        {
            return await ReadAsync(published, now, CancellationToken.None);
        }
        finally
        {
            _reading.TryRemove(centre, out _);
        }
    }

    private async Task<CentreStanding> ReadAsync(CatalogueLog published, Instant now, CancellationToken ct)
    {
        await using var queries = await FigureQueries.BeginAsync(dataSource, ct);
        return await queries.StandingAsync(published, now, ct);
    }

    /// <summary>What is known of making them.</summary>
    public IEnumerable<Family> Families() => [Family.Single("sla_snapshot_duration_seconds", "How long making the last snapshot took.", Volatile.Read(ref _took))];

    /// <summary>Takes one. All figures of it are of one state of the database, judged at one instant.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await TakeInTurnAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeInTurnAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        // What is in the read models by now is in what is read of them next.
        var (now, checkpoint) = (clock.GetCurrentInstant(), follower.Checkpoint);
        Snapshot made;
        await using (var queries = await FigureQueries.BeginAsync(dataSource, ct))
        {
            var figures = new List<CentreFigures>();
            foreach (var centre in await centres.AllAsync(ct))
            {
                if (await centres.CatalogueOfAsync(centre, ct) is { Newest: not null } catalogue)
                    figures.Add(await queries.OfAsync(catalogue, now, ct));
            }

            IReadOnlyList<Family> families = [.. DomainFamilies.Of(figures, now, follower.Lag, await queries.OldestBehindAsync(follower.Checkpoint, ct)), .. NotificationFamilies.Of(await queries.OutboxAsync(ct), notifications)];
            made = new Snapshot(families, figures.ToDictionary(f => f.Catalogue.Centre, f => f.Standing), checkpoint);
        }

        made.All.Prepare();
        _last = made;
        Volatile.Write(ref _took, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
