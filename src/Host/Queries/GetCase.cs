using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases/{id}</c>: what is known of a case, and all its clocks.</summary>
internal static class GetCase
{
    private const string Rows = $"SELECT {ClockRow.Columns} FROM sla.commitment_clock WHERE tenant_id = $2 AND stream_id = $3 AND {CommitmentClock.ThereAt} ORDER BY commitment, key, ordinal";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id}", HandleAsync).AddEndpointFilter<WaitForPosition>();

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string id, Centres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        id = RouteText.Unescape(id);
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

        await reader.DisposeAsync();
        if (found is null)
            return await QuarantineReasonAsync(dataSource, tenant, id, ct) is { } quarantined ? Problems.Quarantined(id, quarantined) : Problems.NoCase(id, tenant);
        found["clocks"] = clocks;
        return TypedResults.Ok(found);
    }

    private static async Task<string?> QuarantineReasonAsync(NpgsqlDataSource dataSource, string centre, string id, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT reason FROM sla.quarantine WHERE tenant_id = $1 AND stream_id = $2");
        command.Parameters.Add(new() { Value = centre });
        command.Parameters.Add(new() { Value = $"case/{id}" });
        return await command.ExecuteScalarAsync(ct) as string;
    }
}
