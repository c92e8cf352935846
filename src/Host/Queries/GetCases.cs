using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases</c>: one page of a commitment's clocks with their cases.</summary>
internal static class GetCases
{
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases", HandleAsync)
        .CanBeCsv("cases", "case", "item", "kind", "priority", "channel", "window", "staff", "stage", "open", "clock.commitment", "clock.key", "clock.ordinal", "clock.state", "clock.dueSoon", "clock.startedAt", "clock.stoppedAt", "clock.dueAt", "clock.pausedUntil", "clock.settledAt", "clock.anomalies")
        .CanWait().WithName("GetCases").WithSummary("List the clocks of a commitment: open ones by due, others newest first.").Answers("cases.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? commitment, string? state, string? item, string? window, string? staff, string? after, int? limit, string? asOf, CancellationToken ct)
    {
        var cursor = after is null ? null : ClockCursor.Parse(after);
        if (after is not null && cursor is null)
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf ?? cursor?.AsOf?.Position.ToString(CultureInfo.InvariantCulture), ct);
        if (asked is null)
            return problem!;
        if (asOf is not null && cursor is not null && cursor.AsOf != asked.AsOf)
            return Problems.Parameter("asOf", "is not that of the page before; leave it out to go on as of the same");
        // A page goes on in the past of the one before, at the same instant.
        asked = asked with { AsOf = cursor?.AsOf ?? asked.AsOf };
        var (known, zone) = (asked.Newest.Commitments.Select(c => c.Id).ToList(), asked.Newest.Zone);
        if (commitment is null && known.Count == 0)
            return Problems.Parameter("centre", "has a catalogue without commitments, so there are no clocks to list");
        if (commitment is not null && !asked.Published.Versions.Any(v => v.Commitments.Any(c => c.Id == commitment)))
            return Problems.Parameter("commitment", $"is not one of {string.Join(", ", known)}");
        if (state is not null && !ClockFilter.States.Contains(state))
            return Problems.Parameter("state", $"is not one of {string.Join(", ", ClockFilter.States)}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        var filter = new ClockFilter(asked.Centre, [commitment ?? known[0]], state, item, window, staff, null, cursor, limit ?? 50);
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await filter.ReadAsync(models, asked.At(clock), ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["commitment"] = filter.Commitments[0],
            ["cases"] = new JsonArray([.. rows.Select(r => (JsonNode)r.WithCaseToJson(asked.Centre, zone))]),
            ["next"] = filter.NextAfter(rows, asked.AsOf)?.ToString(),
        }));
    }
}
