using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Catalogues;

/// <summary><c>POST /recalculations</c>: has settled verdicts of a centre counted again, as <c>sla recalculate --apply</c> does; with <c>dryRun</c> it only tells what that would change.</summary>
internal static class PostRecalculations
{
    // As many as anybody reads; all of them are listed as restatements once they are made.
    private const int MaxChanges = 1000;

    private static readonly string[] Fields = ["centre", "from", "until", "commitment", "reason", "by", "dryRun"];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/recalculations", HandleAsync)
        .WithName("PostRecalculation").WithSummary("Have settled verdicts counted again on the newest calendar; with dryRun only tell what would change.")
        .Takes("application/json", "recalculation.json").Answers("recalculation-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(415, "Another content type");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        HttpRequest http, VisibleCentres centres, Requester requester, NpgsqlDataSource dataSource, Follower follower, IClock clock, CancellationToken ct)
    {
        // A page of elsewhere can have a browser send a plain text without being asked, but not this.
        if (!http.HasJsonContentType())
            return TypedResults.Problem("Content-Type must be application/json.", statusCode: 415);
        List<Fault> faults = [];
        var request = await ReadAsync(http, requester, clock.GetCurrentInstant(), faults, ct);
        if (faults.Count > 0)
            return Refused(faults);
        var (centre, published, reason) = await centres.ResolveAsync(request!.Centre, ct);
        if (centre is null || request.Span.CommitmentFault(published) is not null)
            return Refused([centre is null ? new Fault("centre", reason) : request.Span.CommitmentFault(published)!]);
        var answer = await ForeseeAsync(request.Span, dataSource, centre, ct);
        if (!request.DryRun)
        {
            answer["position"] = await request.Span.OrderAsync(dataSource, centre, request.By, request.Reason, ct, requester.Token?.Id);
            follower.Wake();
        }

        return TypedResults.Ok(answer);
    }

    private static async Task<Request?> ReadAsync(HttpRequest http, Requester requester, Instant now, List<Fault> faults, CancellationToken ct)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Body, cancellationToken: ct);
            Storable.Check(body.RootElement, "", faults);
            return faults.Count > 0 ? null : Read(new JsonFields(body.RootElement, faults), requester, now);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(whole)", Storable.Malformed(malformed)));
            return null;
        }
    }

    private static Request? Read(JsonFields fields, Requester requester, Instant now)
    {
        if (fields.Faults.Count > 0)
            return null;
        fields.RefuseOthers(Fields);
        var span = new Recalculating(fields.Time("from"), fields.Time("until"), fields.OptionalText("commitment"));
        if (fields.Faults.Count == 0 && span.SpanFault(now) is { } fault)
            fields.Faults.Add(fault);
        var (reason, by) = (Said(fields, "reason"), requester.Token?.Name);
        if (by is not null && fields.Find("by") is not null)
            fields.Refuse("by", "is the token's name and not yours to give; leave it out");
        return new Request(fields.OptionalText("centre"), span, reason, by ?? Said(fields, "by"), fields.OptionalBoolean("dryRun") ?? false);
    }

    /// <summary>A text that says something, for it stands in the log.</summary>
    private static string Said(JsonFields fields, string name)
    {
        var text = fields.Text(name);
        if (text.Length > 0 && string.IsNullOrWhiteSpace(text))
            fields.Refuse(name, "is blank; it stands in the log beside what was changed");
        return text;
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

    private static ProblemHttpResult Refused(IReadOnlyList<Fault> faults) => TypedResults.Problem(
        $"Nothing was ordered. {string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"))}.", statusCode: 400, title: "Bad recalculation", extensions: new Dictionary<string, object?> { ["errors"] = faults });

    private sealed record Request(string? Centre, Recalculating Span, string Reason, string By, bool DryRun);
}
