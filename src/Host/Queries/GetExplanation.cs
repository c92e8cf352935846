using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases/{id}/explain</c>: segment by segment why each clock of a case says what it says.</summary>
internal static class GetExplanation
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id}/explain", HandleAsync).AddEndpointFilter<WaitForPosition>();

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string id, Centres centres, EventLog log, IClock clock, string? centre, string? at, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        var asked = default(Instant);
        if (at is not null && !Timestamps.TryParse(at, out asked))
            return Problems.Parameter("at", $"is not {Timestamps.Expected}; in an address the + of an offset is written %2B");
        id = RouteText.Unescape(id);
        var explained = await CaseExplanation.ReadAsync(log, tenant, catalogue, id, clock.GetCurrentInstant(), at is null ? null : asked, ct);
        return explained is null ? Problems.NoCase(id, tenant) : TypedResults.Ok(explained.ToJson());
    }
}
