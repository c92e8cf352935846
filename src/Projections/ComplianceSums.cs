using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read models <c>compliance_monthly</c> and <c>compliance_total</c>: what settled by the facts, by item and month, and since ever. Metrics
/// are made of them every few seconds, so that these cost no more in the tenth year. Months are recomputed whole from the days, totals from the months,
/// for the keys a page touched.
/// </summary>
internal static class ComplianceSums
{
    private const string Verdicts = "count(*) FILTER (WHERE state = 'met') AS met, count(*) FILTER (WHERE state = 'breached') AS breached";

    /// <summary>The month in which a row counts; null: it counts in none.</summary>
    public static ComplianceMonth? MonthOf(CommitmentClockRow row) => row.State is "met" or "breached" && row.SettledOn is { } day
        ? new ComplianceMonth(row.Centre, row.Commitment, row.Item ?? "", new DateOnly(day.Year, day.Month, 1))
        : null;

    /// <summary>Recomputes some months and the totals they are part of, in the caller's transaction; the days are right already.</summary>
    public static async Task RecomputeAsync(NpgsqlConnection connection, Generation generation, IReadOnlyCollection<ComplianceMonth> months, CancellationToken ct)
    {
        if (months.Count == 0)
            return;
        var (monthly, total) = (generation.Table("compliance_monthly"), generation.Table("compliance_total"));
        var items = months.Select(m => m with { Month = default }).Distinct().ToList();
        // Day by day, because each is one probe of the days' index, in which a month's items lie apart.
        await using var recompute = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command($"""
                    INSERT INTO {monthly} AS m (tenant_id, commitment, item, month, met, breached)
                    SELECT k.tenant_id, k.commitment, k.item, k.month, coalesce(sum(d.met), 0), coalesce(sum(d.breached), 0)
                    FROM unnest($1, $2, $3, $4) AS k (tenant_id, commitment, item, month)
                    CROSS JOIN LATERAL generate_series(0, 30) AS n (days)
                    CROSS JOIN LATERAL (
                        SELECT sum(met) AS met, sum(breached) AS breached FROM {generation.Table("compliance_daily")} c
                        WHERE c.tenant_id = k.tenant_id AND c.commitment = k.commitment AND c.day = k.month + n.days AND coalesce(c.item, '') = k.item AND n.days < (k.month + interval '1 month')::date - k.month) d
                    GROUP BY 1, 2, 3, 4
                    ON CONFLICT (tenant_id, commitment, item, month) DO UPDATE SET met = excluded.met, breached = excluded.breached
                    WHERE (m.met, m.breached) <> (excluded.met, excluded.breached)
                    """, months),
                Command($"DELETE FROM {monthly} m USING unnest($1, $2, $3, $4) AS k (tenant_id, commitment, item, month) WHERE m.tenant_id = k.tenant_id AND m.commitment = k.commitment AND m.item = k.item AND m.month = k.month AND m.met + m.breached = 0", months),
                Command($"""
                    INSERT INTO {total} AS t (tenant_id, commitment, item, met, breached)
                    SELECT k.tenant_id, k.commitment, k.item, coalesce(m.met, 0), coalesce(m.breached, 0)
                    FROM unnest($1, $2, $3) AS k (tenant_id, commitment, item)
                    CROSS JOIN LATERAL (SELECT sum(met) AS met, sum(breached) AS breached FROM {monthly} m WHERE m.tenant_id = k.tenant_id AND m.commitment = k.commitment AND m.item = k.item) m
                    ON CONFLICT (tenant_id, commitment, item) DO UPDATE SET met = excluded.met, breached = excluded.breached
                    WHERE (t.met, t.breached) <> (excluded.met, excluded.breached)
                    """, items, withMonth: false),
                Command($"DELETE FROM {total} t USING unnest($1, $2, $3) AS k (tenant_id, commitment, item) WHERE t.tenant_id = k.tenant_id AND t.commitment = k.commitment AND t.item = k.item AND t.met + t.breached = 0", items, withMonth: false),
            },
        };
        await recompute.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What every month should be, as a query over the clocks.</summary>
    public static string RecountMonths(Generation generation) => $"""
        SELECT tenant_id, commitment, coalesce(item, '') AS item, date_trunc('month', settled_on::timestamp)::date AS month, {Verdicts}
        FROM {generation.Table("commitment_clock")} WHERE settled_on IS NOT NULL AND state IN ('met', 'breached') GROUP BY 1, 2, 3, 4
        """;

    /// <summary>What every total should be, likewise.</summary>
    public static string RecountTotals(Generation generation) => $"""
        SELECT tenant_id, commitment, coalesce(item, '') AS item, {Verdicts}
        FROM {generation.Table("commitment_clock")} WHERE settled_on IS NOT NULL AND state IN ('met', 'breached') GROUP BY 1, 2, 3
        """;

    /// <summary>Computes all of both at once, into empty tables.</summary>
    public static async Task ComputeAllAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = 0,
            BatchCommands =
            {
                new($"INSERT INTO {generation.Table("compliance_monthly")} (tenant_id, commitment, item, month, met, breached) {RecountMonths(generation)}"),
                new($"INSERT INTO {generation.Table("compliance_total")} (tenant_id, commitment, item, met, breached) {RecountTotals(generation)}"),
            },
        };
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyCollection<ComplianceMonth> keys, bool withMonth = true)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new() { Value = keys.Select(k => k.Centre).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = keys.Select(k => k.Commitment).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = keys.Select(k => k.Item).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
            },
        };
        if (withMonth)
            command.Parameters.Add(new() { Value = keys.Select(k => k.Month).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date });
        return command;
    }
}

/// <summary>A month of an item's commitment, by its first day, in the centre's zone; the item is empty where a case has none.</summary>
internal readonly record struct ComplianceMonth(string Centre, string Commitment, string Item, DateOnly Month);
