using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
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
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var (zone, now, grouping) = (asked.Newest.Zone, asked.At(clock), by ?? "category");
        if (!ComplaintFigures.Groups.ContainsKey(grouping))
            return Problems.Parameter("by", $"is not one of {string.Join(", ", ComplaintFigures.Groups.Keys)}");
        var span = period is null ? CalendarPeriod.QuarterOf(now, zone) : CalendarPeriod.Parse(period, zone);
        if (span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await ComplaintFigures.ReadAsync(models, asked.Centre, span, grouping, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["centre"] = asked.Centre,
            ["period"] = span.Name,
            ["from"] = Timestamps.Format(span.From, zone),
            ["until"] = Timestamps.Format(span.Until, zone),
            ["by"] = grouping,
            ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(grouping))]),
        }));
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
