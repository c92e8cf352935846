using System.Diagnostics;

namespace SlaMonitor.Host.Metrics;

/// <summary>Renews the metrics' snapshot while the program runs, one after the other.</summary>
internal sealed class SnapshotService(Snapshots snapshots, ILogger<Snapshots> logger) : BackgroundService
{
    // From beginning to beginning: with the second that making one may take, none that is served is older than five.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await snapshots.TakeAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.SnapshotFault(logger, fault.Message);
            }

            // Where it takes long, half of the time at most is spent on it.
            var took = Stopwatch.GetElapsedTime(started);
            await Task.Delay(took < Interval / 2 ? Interval - took : took, stoppingToken);
        }
    }
}
