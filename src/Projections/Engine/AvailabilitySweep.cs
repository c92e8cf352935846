using Npgsql;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Projections.Engine;

/// <summary>A published version changes hours, parts, agreements: the services of its centre are counted anew from all that is known, some with each page.</summary>
internal static class AvailabilitySweep
{
    private const int ServicesPerPage = 20;
    private const string Name = "availability_sweep";

    /// <summary>Begins, or begins again.</summary>
    public static async Task BeginAsync(NpgsqlConnection connection, Generation generation, string centre, CatalogueLog log, CancellationToken ct)
    {
        await using var add = new NpgsqlCommand($"INSERT INTO {generation.Table(Name)} (tenant_id, service) SELECT $1, s FROM unnest($2) s ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { new() { Value = centre }, new() { Value = ServiceCounts.ServicesOf(log).ToArray() } },
        };
        await add.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes the next services.</summary>
    public static async Task<List<(string Centre, string Service)>> TakeAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand($"""
            DELETE FROM {generation.Table(Name)} s USING (SELECT tenant_id, service FROM {generation.Table(Name)} ORDER BY 1, 2 LIMIT {ServicesPerPage}) k
            WHERE s.tenant_id = k.tenant_id AND s.service = k.service RETURNING s.tenant_id, s.service
            """, connection);
        await using var reader = await take.ExecuteReaderAsync(ct);
        var taken = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
            taken.Add((reader.GetString(0), reader.GetString(1)));
        return taken;
    }
}
