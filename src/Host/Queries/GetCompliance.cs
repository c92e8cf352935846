using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
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
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var (zone, now, grouping) = (asked.Newest.Zone, asked.At(clock), by ?? "service");
        if (!Compliance.Groups.ContainsKey(grouping))
            return Problems.Parameter("by", $"is not one of {string.Join(", ", Compliance.Groups.Keys)}");
        var span = period is null ? CalendarPeriod.QuarterOf(now, zone) : CalendarPeriod.Parse(period, zone);
        if (span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await Compliance.ReadAsync(models, asked.Centre, span, grouping, now, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["centre"] = asked.Centre,
            ["period"] = span.Name,
            ["from"] = Timestamps.Format(span.From, zone),
            ["until"] = Timestamps.Format(span.Until, zone),
            ["at"] = Timestamps.Format(now, zone),
            ["by"] = grouping,
            ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(grouping))]),
        }));
    }
}
