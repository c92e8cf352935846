using System.Text.Json.Nodes;
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

    /// <summary>The row as JSON.</summary>
    public JsonObject ToJson(string by) => new()
    {
        ["commitment"] = Commitment,
        [by] = Group,
        ["met"] = Met,
        ["breached"] = Breached,
        ["compliance"] = Ratio,
        ["dueInPeriod"] = DueInPeriod,
        ["onTime"] = OnTime,
        ["onTimeRate"] = OnTimeRate,
    };
}

/// <summary>
/// Reads compliance of a period: what settled by the facts from the daily counts, and the breaches of open clocks, which settle
/// by time alone, from those clocks. Closed cases are not gone through.
/// </summary>
internal static class Compliance
{
    /// <summary>What rows can be grouped by, with their columns.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string> { ["service"] = "item", ["window"] = "window_id", ["staff"] = "staff", ["none"] = "NULL::varchar" };

    public static async Task<IReadOnlyList<ComplianceRow>> ReadAsync(ReadModels models, string centre, CalendarPeriod period, string by, Instant now, CancellationToken ct)
    {
        var sql = $"""
            SELECT commitment, grouped, sum(met)::bigint, sum(breached)::bigint, sum(due)::bigint, sum(on_time)::bigint FROM (
                SELECT commitment, {Groups[by]} AS grouped, met, breached, due, on_time FROM {models.Days} WHERE tenant_id = $2 AND day >= $3 AND day < $4
                UNION ALL
                SELECT commitment, {Groups[by]}, 0, ({CommitmentClock.StateAt} = 'breached')::int, 1, 0 FROM {models.Clocks}
                WHERE tenant_id = $2 AND state = 'open' AND {CommitmentClock.ThereAt} AND due_on >= $3 AND due_on < $4) c
            GROUP BY 1, 2 HAVING sum(met + breached + due) > 0 ORDER BY 1, 2 NULLS FIRST
            """;
        await using var command = models.Command(sql);
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, period.FirstDay.ToDateOnly(), period.EndDay.ToDateOnly()])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ComplianceRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new ComplianceRow(reader.GetString(0), reader.Text(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        return rows;
    }

    /// <summary>Met and breached of one commitment by item and quarter, for the eight quarters up to the last in which anything settled.</summary>
    public static async Task<IReadOnlyList<QuarterRow>> ByQuarterAsync(NpgsqlDataSource dataSource, string centre, string commitment, Instant now, CancellationToken ct)
    {
        const string sql = $"""
            WITH c AS (
                SELECT nullif(item, '') AS item, date_trunc('quarter', month) AS quarter, met, breached FROM sla.compliance_monthly
                WHERE tenant_id = $2 AND commitment = $3
                  AND month >= (SELECT date_trunc('quarter', max(month)) - interval '21 months' FROM sla.compliance_monthly WHERE tenant_id = $2 AND commitment = $3)
                UNION ALL
                SELECT item, date_trunc('quarter', due_on), 0, 1 FROM sla.commitment_clock
                WHERE tenant_id = $2 AND commitment = $3 AND state = 'open' AND {CommitmentClock.ThereAt} AND {CommitmentClock.StateAt} = 'breached' AND coalesce(due_at, 'infinity'::timestamptz) < $1),
            q AS (SELECT item, quarter, sum(met)::bigint AS met, sum(breached)::bigint AS breached FROM c GROUP BY 1, 2)
            SELECT item, extract(year FROM quarter)::int, extract(quarter FROM quarter)::int, met, breached
            FROM q WHERE quarter IN (SELECT DISTINCT quarter FROM q ORDER BY 1 DESC LIMIT 8) ORDER BY 1 NULLS FIRST, 2, 3
            """;
        await using var command = dataSource.CreateCommand(sql);
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, commitment])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<QuarterRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(new QuarterRow(reader.Text(0), $"{reader.GetInt32(1)}-Q{reader.GetInt32(2)}", reader.GetInt64(3), reader.GetInt64(4)));
        return rows;
    }
}

/// <summary>What of an item settled in a quarter of the centre's zone.</summary>
internal sealed record QuarterRow(string? Item, string Quarter, long Met, long Breached);
