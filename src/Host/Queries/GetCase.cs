using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases/{id}</c>: what is known of a case, and all its clocks.</summary>
internal static class GetCase
{
    private const string Rows = $"SELECT {ClockRow.Columns} FROM sla.commitment_clock WHERE tenant_id = $2 AND stream_id = $3 ORDER BY commitment, ordinal";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id}", HandleAsync).AddEndpointFilter<WaitForPosition>();

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string id, Centres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        await using var command = dataSource.CreateCommand(Rows);
        command.Parameters.Add(new() { Value = clock.GetCurrentInstant().ToDateTimeUtc() });
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = $"case/{id}" });
        await using var reader = await command.ExecuteReaderAsync(ct);
        JsonObject? found = null;
        var clocks = new JsonArray();
        while (await reader.ReadAsync(ct))
        {
            var row = ClockRow.Read(reader);
            found ??= row.CaseToJson(tenant);
            clocks.Add((JsonNode)row.ToJson(catalogue.Newest!.Zone));
        }

        if (found is null)
            return Problems.NoCase(id, tenant);
        found["clocks"] = clocks;
        return TypedResults.Ok(found);
    }
}
