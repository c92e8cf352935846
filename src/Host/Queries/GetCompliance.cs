using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /compliance</c>: met / (met + breached) of a period by service, window or staff code. Nothing settled is null, never 0 or 1.</summary>
internal static class GetCompliance
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/compliance", HandleAsync)
        .CanBeCsv("rows", "commitment", "service", "window", "staff", "met", "breached", "compliance", "dueInPeriod", "onTime", "onTimeRate")
        .CanWait().WithName("GetCompliance").WithSummary("What settled in a period, met and breached.").Answers("compliance.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? by, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await AskedBreakdown.ResolveAsync(centres, dataSource, clock, (centre, period, by, asOf), Compliance.Groups.Keys, ct);
        if (asked is null)
            return problem!;
        await using var models = await asked.Asked.ReadModelsAsync(dataSource, ct);
        var rows = await Compliance.ReadAsync(models, asked.Asked.Centre, asked.Span, asked.By, asked.Now, ct);
        return TypedResults.Ok(asked.Answer(rows.Select(r => r.ToJson(asked.By)), asked.Now));
    }
}
