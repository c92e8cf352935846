using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases/{id}</c>: what is known of a case, and all its clocks.</summary>
internal static class GetCase
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id}", HandleAsync)
        .CanWait().WithName("GetCase").WithSummary("What is known of a case, and all its clocks.").Answers("case.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such case");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string id, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        id = RouteText.Unescape(id);
        await using var models = await asked.ReadModelsAsync(dataSource, ct, $"case/{id}");
        if (await CaseAsync(models, asked.Centre, id, asked.At(clock), asked.Newest.Zone, ct) is { } found)
            return TypedResults.Ok(asked.Marked(found));
        return await Problems.NoCaseAsync(models, asked, id, ct);
    }

    /// <summary>The case at an instant; null when it has no clock by then.</summary>
    internal static async Task<JsonObject?> CaseAsync(ReadModels models, string centre, string id, Instant now, DateTimeZone zone, CancellationToken ct)
    {
        var rows = await RowsAsync(models, centre, $"case/{id}", now, ct);
        var found = rows.Count == 0 ? null : rows[0].CaseToJson(centre);
        found?.Add("clocks", new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(zone))]));
        return found;
    }

    /// <summary>The clocks of a stream at an instant.</summary>
    internal static async Task<JsonArray> ClocksAsync(ReadModels models, string centre, string stream, Instant now, DateTimeZone zone, CancellationToken ct) =>
        [.. (await RowsAsync(models, centre, stream, now, ct)).Select(r => (JsonNode)r.ToJson(zone))];

    private static async Task<List<ClockRow>> RowsAsync(ReadModels models, string centre, string stream, Instant now, CancellationToken ct)
    {
        await using var command = models.Command($"SELECT {ClockRow.Columns} FROM {models.Clocks} WHERE tenant_id = $2 AND stream_id = $3 AND {CommitmentClock.ThereAt} ORDER BY commitment, key, ordinal");
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, stream])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ClockRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(ClockRow.Read(reader));
        return rows;
    }
}
