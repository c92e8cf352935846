using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Ratings;

/// <summary><c>GET /satisfaction</c>: how the cases finished in a period were rated; <c>GET /ratings</c>: rated cases, the newest rating first.</summary>
internal static class GetRatings
{
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/satisfaction", HandleFiguresAsync)
            .CanBeCsv("rows", "service", "window", "staff", "channel", "finished", "given", "defaulted", "voided", "byScore.1", "byScore.2", "byScore.3", "byScore.4", "byScore.5", "satisfied", "bad", "satisfaction", "responseRate")
            .Means("by", "What to group by: service, window, staff, channel (the one a rating came by, by its national code) or none.", "service").CanWait().WithName("GetSatisfaction")
            .WithSummary("How the cases finished in a period were rated.").Answers("satisfaction.json").Refuses(400, "A parameter cannot be used; which, and why");
        routes.MapGet("/ratings", HandleAsync)
            .CanBeCsv("ratings", "case", "item", "window", "staff", "state", "score", "bad", "channel", "ratedAt", "finishedAt", "given", "voided", "clocks.commitment", "clocks.state", "clocks.dueAt", "clocks.stoppedAt")
            .Means("period", "Only those rated in a year, quarter or month in the centre's zone: 2026, 2026-Q1, 2026-03.", "2026-Q1").CanWait().WithName("GetRatings")
            .WithSummary("Rated cases, the newest rating first, each with the clocks that its rating began.").Answers("ratings.json").Refuses(400, "A parameter cannot be used; which, and why");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleFiguresAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? by, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await AskedBreakdown.ResolveAsync(centres, dataSource, clock, (centre, period, by, asOf), Satisfaction.Groups.Keys, ct);
        if (asked is null)
            return problem!;
        await using var models = await asked.Asked.ReadModelsAsync(dataSource, ct);
        var rows = await Satisfaction.ReadAsync(models, asked.Asked.Centre, asked.Span, asked.By, ct);
        return TypedResults.Ok(asked.Answer(rows.Select(r => r.ToJson(asked.By))));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, int? score, bool? bad, string? item, string? window, string? staff, string? period, string? after, int? limit, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        if (score is < 1 or > 5)
            return Problems.Parameter("score", "is not from 1 to 5");
        var span = period is null ? null : CalendarPeriod.Parse(period, asked.Newest.Zone);
        if (period is not null && span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        if (!PlaceCursor.TryParse(after, out var last))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var list = new RatingList(asked.Centre, score, bad ?? false) { Item = item, Window = window, Staff = staff, Rated = span is null ? null : (span.From, span.Until) };
        var rows = await list.ReadAsync(models, asked.Published, last, limit ?? 100, asked.At(clock), ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["ratings"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]),
            ["next"] = rows.Count < (limit ?? 100) ? null : PlaceCursor.Write(rows[^1].RatedAt, rows[^1].Stream),
        }));
    }
}
