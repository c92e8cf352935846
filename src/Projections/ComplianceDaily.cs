using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read model <c>compliance_daily</c>: what settled on a day by the facts, and of that what was due on a day. What crosses
/// streams is recomputed whole from <c>commitment_clock</c> for the days a page touched; there are no counters to drift.
/// </summary>
internal static class ComplianceDaily
{
    /// <summary>Its columns.</summary>
    public const string Columns = "tenant_id, commitment, day, item, window_id, staff, met, breached, due, on_time";

    /// <summary>The days on which a row counts.</summary>
    public static IEnumerable<ComplianceDay> DaysOf(CommitmentClockRow row) => row.SettledOn is not { } settled ? []
        : row.DueOn is { } due && due != settled ? [new(row.Centre, row.Commitment, settled), new(row.Centre, row.Commitment, due)]
        : [new(row.Centre, row.Commitment, settled)];

    /// <summary>Recomputes some days, in the caller's transaction.</summary>
    public static async Task RecomputeAsync(NpgsqlConnection connection, Generation generation, IReadOnlyCollection<ComplianceDay> days, CancellationToken ct)
    {
        if (days.Count == 0)
            return;
        await using var recompute = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command($"DELETE FROM {generation.Table("compliance_daily")} d USING unnest($1, $2, $3) AS k (tenant_id, commitment, day) WHERE d.tenant_id = k.tenant_id AND d.commitment = k.commitment AND d.day = k.day"),
                Command($"""
                    INSERT INTO {generation.Table("compliance_daily")} ({Columns})
                    SELECT k.tenant_id, k.commitment, k.day, c.item, c.window_id, c.staff, sum(c.met), sum(c.breached), sum(c.due), sum(c.on_time)
                    FROM unnest($1, $2, $3) AS k (tenant_id, commitment, day) CROSS JOIN LATERAL (
                        SELECT {Settled} FROM {generation.Table("commitment_clock")} s WHERE s.tenant_id = k.tenant_id AND s.commitment = k.commitment AND s.settled_on = k.day
                        UNION ALL
                        SELECT {Due} FROM {generation.Table("commitment_clock")} s WHERE s.tenant_id = k.tenant_id AND s.commitment = k.commitment AND s.due_on = k.day AND s.state IN ('met', 'breached')) c
                    GROUP BY 1, 2, 3, 4, 5, 6
                    """),
            },
        };
        await recompute.ExecuteNonQueryAsync(ct);

        NpgsqlBatchCommand Command(string sql) => new(sql)
        {
            Parameters =
            {
                new() { Value = days.Select(d => d.Centre).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = days.Select(d => d.Commitment).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = days.Select(d => d.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            },
        };
    }

    /// <summary>What every day should be, as a query over the clocks.</summary>
    public static string Recount(Generation generation) => Recount(generation.Table("commitment_clock"));

    /// <summary>The same over any relation of clocks.</summary>
    public static string Recount(string clocks) => $"""
        SELECT tenant_id, commitment, day, item, window_id, staff, sum(met)::bigint AS met, sum(breached)::bigint AS breached, sum(due)::bigint AS due, sum(on_time)::bigint AS on_time FROM (
            SELECT tenant_id, commitment, settled_on AS day, {Settled} FROM {clocks} WHERE settled_on IS NOT NULL
            UNION ALL
            SELECT tenant_id, commitment, due_on, {Due} FROM {clocks} WHERE settled_on IS NOT NULL AND due_on IS NOT NULL) c
        GROUP BY 1, 2, 3, 4, 5, 6
        """;

    /// <summary>Computes all days at once, into an empty table.</summary>
    public static async Task ComputeAllAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"INSERT INTO {generation.Table("compliance_daily")} ({Columns}) {Recount(generation)}", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string Settled = "item, window_id, staff, (state = 'met')::int AS met, (state = 'breached')::int AS breached, 0 AS due, 0 AS on_time";
    private const string Due = "item, window_id, staff, 0 AS met, 0 AS breached, 1 AS due, (state = 'met')::int AS on_time";
}

/// <summary>A day of a commitment of a centre, in the centre's zone.</summary>
internal readonly record struct ComplianceDay(string Centre, string Commitment, DateOnly Day);
