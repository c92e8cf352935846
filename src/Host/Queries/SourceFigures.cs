using NodaTime;
using Npgsql;

namespace SlaMonitor.Host.Queries;

/// <summary>A source of a centre's events, of those that were heard of lately.</summary>
/// <param name="Source">What it calls itself.</param>
/// <param name="LastRecordedAt">When its newest event was recorded, in seconds since 1970.</param>
/// <param name="ActiveDays">On how many of the last days it sent something.</param>
internal sealed record SourceFigures(string Source, double LastRecordedAt, long ActiveDays)
{
    /// <summary>The last days, in UTC, today included.</summary>
    public const int Days = 14;

    /// <summary>The most sources of a centre, the newest: senders choose the names, and each is a series.</summary>
    public const int Most = 200;

    // A source has a row a day, so that among so many newest rows are those of as many newest sources, however many there are.
    private const string Newest = """
        SELECT n.source, extract(epoch FROM n.last)::float8,
               (SELECT count(*) FROM sla.source_day d WHERE d.tenant_id = $1 AND d.source = n.source AND d.day BETWEEN $2 AND $3)
        FROM (SELECT source, max(last_recorded_at) AS last
              FROM (SELECT source, last_recorded_at FROM sla.source_day WHERE tenant_id = $1 AND last_recorded_at >= $4 ORDER BY last_recorded_at DESC LIMIT $5) r
              GROUP BY source ORDER BY last DESC, source LIMIT $6) n
        """;

    /// <summary>Those of a centre at an instant, on a connection of the caller's.</summary>
    public static async Task<IReadOnlyList<SourceFigures>> ReadAsync(NpgsqlConnection connection, string centre, Instant now, CancellationToken ct)
    {
        var today = now.InUtc().Date;
        var first = today.PlusDays(1 - Days);
        await using var command = new NpgsqlCommand(Newest, connection);
        foreach (var value in (object[])[centre, first.ToDateOnly(), today.ToDateOnly(), first.AtMidnight().InUtc().ToDateTimeUtc(), Most * Days, Most])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var sources = new List<SourceFigures>();
        while (await reader.ReadAsync(ct))
            sources.Add(new SourceFigures(reader.GetString(0), reader.GetDouble(1), reader.GetInt64(2)));
        return sources;
    }
}
