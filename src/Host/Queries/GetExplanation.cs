using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// <c>GET /cases/{id}/explain</c>: segment by segment why each clock of a case says what it says. <c>asOf</c> is about what had been
/// recorded, <c>at</c> about what had happened; with both, what was known then of what had happened by there.
/// </summary>
internal static class GetExplanation
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases/{id}/explain", HandleAsync)
        .CanWait().WithName("ExplainCase").WithSummary("Why each clock of a case says what it says, segment by segment.").Answers("explanation.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such case");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string id, VisibleCentres centres, EventLog log, NpgsqlDataSource dataSource, IClock clock, string? centre, string? at, string? asOf, CancellationToken ct)
    {
        var asked = default(Instant);
        if (at is not null && !Timestamps.TryParse(at, out asked))
            return Problems.Parameter("at", $"is not {Timestamps.Expected}; in an address the + of an offset is written %2B");
        var (from, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (from is null)
            return problem!;
        id = RouteText.Unescape(id);
        var explained = await CaseExplanation.ReadAsync(log, from.Centre, from.Published, id, clock.GetCurrentInstant(), at is null ? null : asked, from.AsOf, ct);
        return explained is null ? Problems.NoCase(id, from.Centre, from.AsOf) : TypedResults.Ok(explained.ToJson());
    }
}
