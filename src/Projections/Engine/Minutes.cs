using System.Diagnostics;
using NodaTime;
using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>What the worker does once a minute: it writes down where the log was settled when, and clears away what nobody needs.</summary>
internal sealed class Minutes(NpgsqlDataSource dataSource)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private long? _last;

    /// <summary>Runs when it is time.</summary>
    /// <param name="mark">The HighWaterMark as of now.</param>
    /// <param name="at">When it was found.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(long mark, Instant at, CancellationToken ct)
    {
        if (_last is { } last && Stopwatch.GetElapsedTime(last) < Interval)
            return;
        _last = Stopwatch.GetTimestamp();
        await using (var connection = await dataSource.OpenConnectionAsync(ct))
            await SettledPositions.WriteAsync(connection, mark, at, ct);

        await Generations.DropUnusedAsync(dataSource, ct);
    }
}
