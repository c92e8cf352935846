using NodaTime;
using Npgsql;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>What settled in a period: met and breached, and of what fell due in it, how much was met.</summary>
internal sealed record ComplianceRow(string Commitment, string? Group, long Met, long Breached, long DueInPeriod, long OnTime)
{
    /// <summary>met / (met + breached); null when nothing settled.</summary>
    public double? Ratio => Met + Breached == 0 ? null : (double)Met / (Met + Breached);

    /// <summary>The field's on-time rate (按期办结率): closed on time / due in the period; null when nothing was due.</summary>
    public double? OnTimeRate => DueInPeriod == 0 ? null : (double)OnTime / DueInPeriod;
}

/// <summary>Reads compliance of a period from the clocks that settled or fell due in it.</summary>
internal static class Compliance
{
    /// <summary>What rows can be grouped by, with their columns.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string> { ["service"] = "item", ["window"] = "window_id", ["staff"] = "staff", ["none"] = "NULL::varchar" };

    public static async Task<IReadOnlyList<ComplianceRow>> ReadAsync(NpgsqlDataSource dataSource, string centre, CalendarPeriod period, string by, Instant now, CancellationToken ct)
    {
        // A breach of an open clock settles by time alone: those come from the open clocks, the rest from the settled ones.
        var sql = $"""
            SELECT commitment, {Groups[by]} AS grouped,
                   count(*) FILTER (WHERE verdict = 'met' AND settled >= $3 AND settled < $4),
                   count(*) FILTER (WHERE verdict = 'breached' AND settled >= $3 AND settled < $4),
                   count(*) FILTER (WHERE due_at >= $3 AND due_at < $4 AND verdict <> 'void'),
                   count(*) FILTER (WHERE due_at >= $3 AND due_at < $4 AND verdict = 'met')
            FROM (SELECT *, {CommitmentClock.StateAt} AS verdict, {CommitmentClock.SettledAt} AS settled FROM sla.commitment_clock WHERE tenant_id = $2 AND {CommitmentClock.ThereAt}) c
            WHERE (settled >= $3 AND settled < $4) OR (due_at >= $3 AND due_at < $4)
            GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST
            """;
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, period.From.ToDateTimeUtc(), period.Until.ToDateTimeUtc()])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ComplianceRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new ComplianceRow(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        return rows;
    }

    /// <summary>Met and breached of one commitment by item and quarter, for the last six quarters in which anything settled.</summary>
    public static async Task<IReadOnlyList<QuarterRow>> ByQuarterAsync(NpgsqlDataSource dataSource, string centre, string commitment, DateTimeZone zone, Instant now, CancellationToken ct)
    {
        const string sql = $"""
            WITH c AS (SELECT item, {CommitmentClock.StateAt} AS verdict, date_trunc('quarter', {CommitmentClock.SettledAt} AT TIME ZONE $4) AS quarter
                       FROM sla.commitment_clock WHERE tenant_id = $2 AND commitment = $3 AND {CommitmentClock.ThereAt})
            SELECT item, extract(year FROM quarter)::int, extract(quarter FROM quarter)::int, count(*) FILTER (WHERE verdict = 'met'), count(*) FILTER (WHERE verdict = 'breached')
            FROM c WHERE quarter IN (SELECT DISTINCT quarter FROM c WHERE quarter IS NOT NULL ORDER BY 1 DESC LIMIT 6) GROUP BY 1, 2, 3 ORDER BY 1 NULLS FIRST, 2, 3
            """;
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, commitment, zone.Id])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<QuarterRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new QuarterRow(reader.IsDBNull(0) ? null : reader.GetString(0), $"{reader.GetInt32(1)}-Q{reader.GetInt32(2)}", reader.GetInt64(3), reader.GetInt64(4)));
        return rows;
    }
}

/// <summary>What of an item settled in a quarter of the centre's zone.</summary>
internal sealed record QuarterRow(string? Item, string Quarter, long Met, long Breached);
