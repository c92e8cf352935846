using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Catalogues;

/// <summary><c>POST /recalculations</c>: has settled verdicts of a centre counted again, as <c>sla recalculate --apply</c> does; with <c>dryRun</c> it only tells what that would change.</summary>
internal static class PostRecalculations
{
    // As many as anybody reads; all of them are listed as restatements once they are made.
    private const int MaxChanges = 1000;

    private static readonly DecisionBody Body = new("recalculation", "ordered", "centre", "from", "until", "commitment", "reason", "by", "dryRun");

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/recalculations", HandleAsync)
        .WithName("PostRecalculation").WithSummary("Have settled verdicts counted again on the newest calendar; with dryRun only tell what would change.")
        .Takes("application/json", "recalculation.json").Answers("recalculation-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(415, "Another content type");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        HttpRequest http, VisibleCentres centres, Requester requester, NpgsqlDataSource dataSource, Follower follower, IClock clock, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var (request, refused) = await Body.ReadAsync(http, fields => Read(fields, requester, now), ct);
        if (request is null)
            return refused!;
        var (centre, published, reason) = await centres.ResolveAsync(request.Centre, ct);
        if (centre is null || request.Span.CommitmentFault(published) is not null)
            return Body.Refused(centre is null ? new Fault("centre", reason) : request.Span.CommitmentFault(published)!);
        var answer = await ForeseeAsync(request.Span, dataSource, centre, ct);
        if (!request.DryRun)
        {
            answer["position"] = await request.Span.OrderAsync(dataSource, centre, request.By, request.Reason, ct, requester.Token?.Id);
            follower.Wake();
        }

        return TypedResults.Ok(answer);
    }

    private static Request Read(JsonFields fields, Requester requester, Instant now)
    {
        var span = new Recalculating(fields.Time("from"), fields.Time("until"), fields.OptionalText("commitment"));
        if (fields.Faults.Count == 0 && span.SpanFault(now) is { } fault)
            fields.Faults.Add(fault);
        var (reason, by) = (fields.Said("reason"), fields.TokenName(requester));
        return new Request(fields.OptionalText("centre"), span, reason, by ?? fields.Said("by"), fields.OptionalBoolean("dryRun") ?? false);
    }

    private static async Task<JsonObject> ForeseeAsync(Recalculating span, NpgsqlDataSource dataSource, string centre, CancellationToken ct)
    {
        var (clocks, changed, listed) = (0L, 0L, new JsonArray());
        await foreach (var (counted, changes) in span.ForeseeAsync(dataSource, centre, ct))
        {
            clocks += counted;
            changed += changes.Count;
            foreach (var change in changes.Take(MaxChanges - listed.Count))
                listed.Add((JsonNode)change);
        }

        return new JsonObject { ["centre"] = centre, ["settled"] = clocks, ["changed"] = changed, ["changes"] = listed, ["position"] = null };
    }

    private sealed record Request(string? Centre, Recalculating Span, string Reason, string By, bool DryRun);
}
