using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /anomalies</c>: facts that contradict each other, each with the events that prove it, by case.</summary>
internal static class GetAnomalies
{
    private const int MaxLimit = 1000;
    private const int DefaultLimit = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/anomalies", HandleAsync)
        .CanBeCsv("anomalies", "case", "kind", "commitment", "key", "ordinal", "events.id", "events.type", "events.occurredAt", "events.recordedAt", "events.source", "events.position")
        .CanWait().WithName("GetAnomalies").WithSummary("Facts that contradict each other, with the events that prove it.").Answers("anomalies.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? kind, string? after, int? limit, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        var kinds = Enum.GetValues<AnomalyKind>();
        if (kind is not null && !kinds.Any(k => Words.Of(k) == kind))
            return Problems.Parameter("kind", $"is not one of {string.Join(", ", kinds.Select(Words.Of))}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        var cursor = after is null ? null : AnomalyCursor.Parse(after);
        if (after is not null && cursor is null)
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var entries = await AnomalyList.ReadAsync(dataSource, tenant, kind is null ? null : kinds.Single(k => Words.Of(k) == kind), cursor, limit ?? DefaultLimit, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["anomalies"] = new JsonArray([.. entries.Select(e => (JsonNode)e.ToJson(catalogue.Newest!.Zone))]),
            ["next"] = entries.Count < (limit ?? DefaultLimit) ? null : entries[^1].Row.ToString(),
        });
    }
}
