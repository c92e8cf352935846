using NodaTime;
using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>The database's clock, by which everything is judged that time alone changes: hosts may differ, the database is one.</summary>
public static class ServerClock
{
    /// <summary>The instant it shows now, to the microsecond.</summary>
    public static async Task<Instant> NowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var select = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return Instant.FromDateTimeUtc((DateTime)(await select.ExecuteScalarAsync(ct))!);
    }
}
