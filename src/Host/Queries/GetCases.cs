using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /cases</c>: one page of a commitment's clocks with their cases.</summary>
internal static class GetCases
{
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/cases", HandleAsync).AddEndpointFilter<WaitForPosition>();

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        Centres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? commitment, string? state, string? item, string? window, string? after, int? limit, CancellationToken ct)
    {
        var (id, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (id is null)
            return Problems.Parameter("centre", reason);
        var known = catalogue.Newest!.Commitments.Select(c => c.Id).ToList();
        if (commitment is not null && !catalogue.Versions.Any(v => v.Commitments.Any(c => c.Id == commitment)))
            return Problems.Parameter("commitment", $"is not one of {string.Join(", ", known)}");
        if (state is not null && !ClockFilter.States.Contains(state))
            return Problems.Parameter("state", $"is not one of {string.Join(", ", ClockFilter.States)}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        if (after is not null && ClockCursor.Parse(after) is null)
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var filter = new ClockFilter(id, commitment ?? known[0], state, item, window, after is null ? null : ClockCursor.Parse(after), limit ?? 50);
        var now = clock.GetCurrentInstant();
        var rows = await filter.ReadAsync(dataSource, now, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["commitment"] = filter.Commitment,
            ["cases"] = new JsonArray([.. rows.Select(r => (JsonNode)With(r.CaseToJson(id), r.ToJson(catalogue.Newest.Zone)))]),
            ["next"] = filter.NextAfter(rows)?.ToString(),
        });
    }

    private static JsonObject With(JsonObject row, JsonObject clock)
    {
        row["clock"] = clock;
        return row;
    }
}
