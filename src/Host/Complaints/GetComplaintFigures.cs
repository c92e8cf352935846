using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Complaints;

/// <summary><c>GET /complaints/figures</c>: what became of the complaints registered in a period; <c>GET /complaints/consecutive</c>: of whom two in a row were substantiated.</summary>
internal static class GetComplaintFigures
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/complaints/figures", HandleAsync)
            .CanBeCsv("rows", "category", "channel", "window", "staff", "registered", "closed", "substantiated", "unsubstantiated", "undecided", "reversed", "reviewed", "revisited", "revisitRate", "satisfied", "satisfaction")
            .Means("by", "What to group by: category, channel, window, staff or none.", "category").Means("period", "A year, quarter or month in the centre's zone, in which they were registered; default: the current quarter.", "2026-Q1")
            .CanWait().WithName("GetComplaintFigures").WithSummary("What became of the complaints registered in a period.").Answers("complaint-figures.json").Refuses(400, "A parameter cannot be used; which, and why");
        routes.MapGet("/complaints/consecutive", HandleConsecutiveAsync)
            .CanBeCsv("consecutive", "staff", "last.complaint", "last.registeredAt", "last.foundAt", "before.complaint", "before.registeredAt", "before.foundAt")
            .CanWait().WithName("GetConsecutiveComplaints").WithSummary("Staff of whom the last two complaints that were decided are both substantiated.").Answers("complaints-consecutive.json").Refuses(400, "A parameter cannot be used; which, and why");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? by, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await AskedBreakdown.ResolveAsync(centres, dataSource, clock, (centre, period, by, asOf), ComplaintFigures.Groups.Keys, ct);
        if (asked is null)
            return problem!;
        await using var models = await asked.Asked.ReadModelsAsync(dataSource, ct);
        var rows = await ComplaintFigures.ReadAsync(models, asked.Asked.Centre, asked.Span, asked.By, ct);
        return TypedResults.Ok(asked.Answer(rows.Select(r => r.ToJson(asked.By))));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleConsecutiveAsync(VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await Consecutive.ReadAsync(models, asked.Centre, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["centre"] = asked.Centre,
            ["consecutive"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]),
        }));
    }
}
