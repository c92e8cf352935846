using NodaTime;
using Npgsql;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// The plans of the made-up histories in a database, of the hall and of the outages beside it, kept where only this program writes: what senders call themselves is theirs to choose, and to go on
/// with a plan of their making would be to do as they say.
/// </summary>
internal static class KeptPlan
{
    /// <summary>The plan; null: the history here, if any, was not made up by this program.</summary>
    public static async Task<DemoPlan?> FindAsync(NpgsqlDataSource database, CancellationToken ct) => await ReadAsync(database, DemoPlan.Centre, ct);

    /// <summary>The plan of the outages beside it; null: none were made up here.</summary>
    public static async Task<OutagePlan?> FindOutagesAsync(NpgsqlDataSource database, CancellationToken ct) =>
        await ReadAsync(database, OutagePlan.Centre, ct) is { } kept ? new OutagePlan(kept.Seed, kept.From) : null;

    /// <summary>Keeps it, in the transaction that stores the history.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, DemoPlan plan, CancellationToken ct) => WriteAsync(connection, DemoPlan.Centre, plan, ct);

    /// <summary>Keeps that of the outages, in the same transaction.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, OutagePlan plan, CancellationToken ct) => WriteAsync(connection, OutagePlan.Centre, new DemoPlan(plan.Seed, 0, plan.From), ct);

    private static async Task<DemoPlan?> ReadAsync(NpgsqlDataSource database, string centre, CancellationToken ct)
    {
        await using var select = database.CreateCommand("SELECT seed, cases, first_day FROM sla.made_up_hall WHERE tenant_id = $1");
        select.Parameters.Add(new() { Value = centre });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new DemoPlan(reader.GetInt64(0), reader.GetInt32(1), LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(2))) : null;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string centre, DemoPlan plan, CancellationToken ct)
    {
        await using var write = new NpgsqlCommand("""
            INSERT INTO sla.made_up_hall (tenant_id, seed, cases, first_day) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant_id) DO UPDATE SET seed = excluded.seed, cases = excluded.cases, first_day = excluded.first_day
            """, connection);
        foreach (var value in (object[])[centre, plan.Seed, plan.Cases, plan.From.ToDateOnly()])
            write.Parameters.Add(new() { Value = value });
        await write.ExecuteNonQueryAsync(ct);
    }
}
