using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read model <c>satisfaction_daily</c>: of the cases finished on a day how many were rated, and how. One row a day whatever is finished in it, so that metrics, made of
/// it every few seconds, read a quarter's days and no cases. Recomputed whole from <c>case_rating</c> for the days a page touched.
/// </summary>
internal static class SatisfactionDaily
{
    /// <summary>Its columns.</summary>
    public const string Columns = "tenant_id, day, finished, given, defaulted, voided, score1, score2, score3, score4, score5";

    /// <summary>Adds the days on which a stream counts otherwise than before.</summary>
    public static void AddDays(HashSet<SatisfactionDay> days, CitizenRows stored, CitizenRows wanted)
    {
        if (stored.Rating == wanted.Rating)
            return;
        if (stored.Rating is { FinishedOn: { } was })
            days.Add(new SatisfactionDay(stored.Rating.Centre, was));
        if (wanted.Rating is { FinishedOn: { } on })
            days.Add(new SatisfactionDay(wanted.Rating.Centre, on));
    }

    /// <summary>Recomputes some days, in the caller's transaction.</summary>
    public static async Task RecomputeAsync(NpgsqlConnection connection, Generation generation, IReadOnlyCollection<SatisfactionDay> days, CancellationToken ct)
    {
        if (days.Count == 0)
            return;
        var table = generation.Table("satisfaction_daily");
        await using var recompute = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command($"DELETE FROM {table} d USING unnest($1, $2) AS k (tenant_id, day) WHERE d.tenant_id = k.tenant_id AND d.day = k.day"),
                Command($"""
                    INSERT INTO {table} ({Columns})
                    SELECT k.tenant_id, k.day, r.* FROM unnest($1, $2) AS k (tenant_id, day)
                    CROSS JOIN LATERAL (SELECT {RatedCases.Counts} FROM {generation.Table("case_rating")} c WHERE c.tenant_id = k.tenant_id AND c.finished_on = k.day) r
                    WHERE r.finished > 0
                    """),
            },
        };
        await recompute.ExecuteNonQueryAsync(ct);

        NpgsqlBatchCommand Command(string sql) => new(sql)
        {
            Parameters =
            {
                new() { Value = days.Select(d => d.Centre).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = days.Select(d => d.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            },
        };
    }

    /// <summary>What every day should be, as a query over the cases.</summary>
    public static string Recount(Generation generation) =>
        $"SELECT tenant_id, finished_on AS day, {RatedCases.Counts} FROM {generation.Table("case_rating")} WHERE finished_on IS NOT NULL GROUP BY 1, 2";

    /// <summary>Computes all days at once, into an empty table.</summary>
    public static async Task ComputeAllAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"INSERT INTO {generation.Table("satisfaction_daily")} ({Columns}) {Recount(generation)}", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>A day of a centre, in its zone.</summary>
internal readonly record struct SatisfactionDay(string Centre, DateOnly Day);
