using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /services</c>: every IT service with what is promised, what has been achieved in the period the promise is for, and what is left of its budget.</summary>
internal static class GetServices
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/services", HandleAsync)
        .CanBeCsv(
            "services", "service", "names.zh", "names.en", "agreement", "period", "availability", "target", "kept", "agreedSeconds", "downtimeSeconds", "grossAvailability", "grossAgreedSeconds", "grossDowntimeSeconds", "excludedSeconds",
            "unobservedSeconds", "coverage", "budgetSeconds", "budgetLeftSeconds", "interruptions", "ended", "longestRestoreSeconds", "restoredInTime", "restoredLate", "mtrsSeconds", "mtbfSeconds", "mtbsiSeconds",
            "interruptionsInYear", "interruptionsLimit", "yearFrom", "openOutages.outage", "openOutages.startedAt")
        .OfServices().CanWait().WithName("GetServices").WithSummary("IT services with their targets, what they have achieved in the current period, and what is left of their budgets.").Answers("services.json")
        .Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, null, ct);
        if (asked is null)
            return problem!;
        var now = clock.GetCurrentInstant();
        await using var queries = await FigureQueries.BeginAsync(dataSource, ct);
        var standings = await queries.ServicesAsync(asked.Published, now, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["centre"] = asked.Centre,
            ["at"] = Timestamps.Format(now, asked.Newest.Zone),
            ["services"] = new JsonArray([.. standings.Select(s => (JsonNode)ServiceJson.Standing(s, asked.Newest.Zone))]),
        });
    }
}
