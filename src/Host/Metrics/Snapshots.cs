using System.Diagnostics;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// Makes snapshots, every few seconds in the background: what vanished from the data vanishes from the metrics, and a scrape runs no SQL.
/// </summary>
internal sealed class Snapshots(NpgsqlDataSource dataSource, Centres centres, Follower follower, IClock clock)
{
    private volatile Snapshot? _last;
    private double _took;

    /// <summary>The last one; null before the first.</summary>
    public Snapshot? Last => _last;

    /// <summary>What is known of making them.</summary>
    public IEnumerable<Family> Families() => [Family.Single("sla_snapshot_duration_seconds", "How long making the last snapshot took.", Volatile.Read(ref _took))];

    /// <summary>Takes one. All figures of it are of one state of the database, judged at one instant.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var now = clock.GetCurrentInstant();
        Snapshot made;
        await using (var queries = await FigureQueries.BeginAsync(dataSource, ct))
        {
            var figures = new List<CentreFigures>();
            foreach (var centre in await centres.AllAsync(ct))
            {
                if (await centres.CatalogueOfAsync(centre, ct) is { Newest: { } catalogue })
                    figures.Add(await queries.OfAsync(catalogue, now, ct));
            }

            made = new Snapshot(DomainFamilies.Of(figures, now, follower.Lag, await queries.OldestBehindAsync(follower.Checkpoint, ct)));
        }

        made.All.Prepare();
        _last = made;
        Volatile.Write(ref _took, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
