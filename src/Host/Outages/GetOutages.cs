using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Outages;

/// <summary><c>GET /outages</c>: outages, the newest first; <c>GET /outages/{id}</c>: those of one stream, with their clocks and exclusions.</summary>
internal static class GetOutages
{
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/outages", HandleAsync)
            .CanBeCsv("outages", "outage", "ordinal", "service", "component", "state", "startedAt", "restoredAt", "lost", "mostLost", "urgency", "impact", "priority", "restoreDueAt", "restoreState", "cause", "source")
            .OfServices().CanWait().WithName("GetOutages").WithSummary("Outages, the newest first.").Answers("outages.json").Refuses(400, "A parameter cannot be used; which, and why");
        routes.MapGet("/outages/{id}", HandleOneAsync)
            .OfServices().CanWait().WithName("GetOutage").WithSummary("One outage with its restore limits and exclusions.").Answers("outage.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such outage");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? service, bool? open, string? period, string? after, int? limit, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var span = period is null ? null : CalendarPeriod.Parse(period, asked.Newest.Zone);
        if (period is not null && span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        var cursor = after is null ? null : KeyCursor.Parse(after, 3);
        if (after is not null && (cursor is null || !Timestamps.TryParse(cursor[0], out _) || !int.TryParse(cursor[2], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        (Instant, string, int)? last = cursor is not null && Timestamps.TryParse(cursor[0], out var at) ? (at, cursor[1], int.Parse(cursor[2], CultureInfo.InvariantCulture)) : null;
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await new OutageList(asked.Centre, service is null ? null : [service], open, span?.From, span?.Until).ReadAsync(models, last, limit ?? 100, asked.At(clock), ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["outages"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]),
            ["next"] = rows.Count < (limit ?? 100) ? null : KeyCursor.Write(Timestamps.Format(rows[^1].StartedAt), rows[^1].Stream, rows[^1].Ordinal.ToString(CultureInfo.InvariantCulture)),
        }));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleOneAsync(
        string id, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var stream = $"outage/{RouteText.Unescape(id)}";
        await using var models = await asked.ReadModelsAsync(dataSource, ct, stream);
        var (now, zone) = (asked.At(clock), asked.Newest.Zone);
        var rows = await OutageList.OfStreamAsync(models, asked.Centre, stream, now, ct);
        if (rows.Count == 0)
            return TypedResults.Problem($"Centre {asked.Centre} has no such outage.", statusCode: 404, title: "No such outage");
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["outage"] = stream["outage/".Length..],
            ["centre"] = asked.Centre,
            ["outages"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(zone))]),
            ["clocks"] = await GetCase.ClocksAsync(models, asked.Centre, stream, now, zone, ct),
            ["exclusions"] = new JsonArray([.. (await ExclusionList.ReadAsync(models, asked.Centre, null, null, stream, null, null, MaxLimit, ct)).Select(x => (JsonNode)x.ToJson(zone))]),
        }));
    }
}
