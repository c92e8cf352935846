using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Outages;

/// <summary><c>POST /exclusions</c>: proposes, approves, refuses or revokes that time of an outage or a maintenance does not count, under the token's name; <c>GET /exclusions</c> lists what was decided.</summary>
internal static class PostExclusions
{
    private const int MaxListed = 1000;

    // What stands in the log for ever and in lists is an account of the evidence, not the evidence.
    private const int MaxText = 4_000;

    private static readonly DecisionBody Body = new("exclusion", "decided", "centre", "decision", "outage", "maintenance", "exclusion", "kind", "from", "until", "evidence", "reason", "by");

    public static void Map(IEndpointRouteBuilder decide, IEndpointRouteBuilder read)
    {
        decide.MapPost("/exclusions", HandleAsync)
            .WithName("PostExclusion").WithSummary("Propose, approve, refuse or revoke that time of an outage or a maintenance does not count.")
            .Takes("application/json", "exclusion.json").Answers("exclusion-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(404, "No such outage or maintenance")
            .Refuses(409, "It cannot be decided so; why").Refuses(415, "Another content type");
        read.MapGet("/exclusions", HandleListAsync)
            .OfServices().CanWait().WithName("GetExclusions").WithSummary("Time that was asked not to count, and what was decided.").Answers("exclusions.json").Refuses(400, "A parameter cannot be used; which, and why");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(HttpRequest http, VisibleCentres centres, Requester requester, ExclusionDesk desk, CancellationToken ct)
    {
        var (request, refused) = await Body.ReadAsync(http, fields => Read(fields, requester), ct);
        if (request is null)
            return refused!;
        var (centre, published, reason) = await centres.ResolveAsync(request.Centre, ct);
        if (centre is null)
            return Body.Refused(new Fault("centre", reason));
        var outcome = await desk.DecideAsync(centre, published, request.Stream, request.CommandFor, ct);
        if (outcome is null)
            return TypedResults.Problem($"Centre {centre} has no such {request.Stream[..request.Stream.IndexOf('/', StringComparison.Ordinal)]}.", statusCode: 404, title: "Nothing to exclude time of");
        return outcome.Rejected is { } rejected
            ? TypedResults.Problem($"It cannot be decided: {rejected}.", statusCode: 409, title: "Not decided")
            : TypedResults.Ok(new JsonObject { ["exclusion"] = outcome.Exclusion, ["of"] = request.Stream, ["position"] = outcome.Position });
    }

    private static Request Read(JsonFields fields, Requester requester)
    {
        var decision = fields.RequiredChoice("decision", ("propose", Decision.Propose), ("approve", Decision.Approve), ("refuse", Decision.Refuse), ("revoke", Decision.Revoke));
        var (outage, maintenance) = (fields.OptionalText("outage"), fields.OptionalText("maintenance"));
        if ((outage is null) == (maintenance is null))
            fields.Refuse("outage", "or maintenance is needed, one of them: the id after outage/ or maintenance/ in the subject of its events");
        var by = fields.TokenName(requester);
        foreach (var (name, most) in ((string, int)[])[("evidence", MaxText), ("reason", MaxText), ("by", 256)])
        {
            if (fields.Find(name) is { ValueKind: JsonValueKind.String } text && text.GetString()!.Length > most)
                fields.Refuse(name, $"is longer than {most} characters; say where it is to be found");
        }

        var exclusion = decision == Decision.Propose && fields.Find("exclusion") is null ? null : fields.Code("exclusion");
        var asked = decision == Decision.Propose ? new Asked(OutageJson.ReadKind(fields, "kind"), fields.OptionalTime("from"), fields.OptionalTime("until"), fields.Text("evidence")) : null;
        if (decision is Decision.Propose or Decision.Approve)
            fields.OptionalText("reason");
        return new Request(
            fields.OptionalText("centre"), outage is null ? $"maintenance/{maintenance}" : $"outage/{outage}", decision, exclusion, asked, decision is Decision.Refuse or Decision.Revoke ? fields.Text("reason") : "", by ?? fields.Text("by"));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleListAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? service, string? decision, string? period, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Queries.Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var span = period is null ? null : CalendarPeriod.Parse(period, asked.Newest.Zone);
        if (period is not null && span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        if (decision is not null && !ExclusionList.States.Contains(decision))
            return Problems.Parameter("decision", $"is not one of {string.Join(", ", ExclusionList.States)}");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await ExclusionList.ReadAsync(models, asked.Centre, service is null ? null : [service], decision, null, span?.From, span?.Until, MaxListed, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject { ["exclusions"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]) }));
    }

    private enum Decision
    {
        Propose,
        Approve,
        Refuse,
        Revoke,
    }

    private sealed record Asked(Domain.Catalogues.ExclusionKind Kind, Instant? From, Instant? Until, string Evidence);

    private sealed record Request(string? Centre, string Stream, Decision Decision, string? Exclusion, Asked? Asked, string Reason, string By)
    {
        /// <summary>Without times it is all of the maintenance, or of the outage once that has ended.</summary>
        public (ExclusionCommand? Command, string? Refused) CommandFor(ExclusionCase known)
        {
            var id = Exclusion ?? Next(known);
            switch (Decision)
            {
                case Decision.Approve: return (new ExclusionCommand.Approve(id, By), null);
                case Decision.Refuse: return (new ExclusionCommand.Refuse(id, By, Reason), null);
                case Decision.Revoke: return (new ExclusionCommand.Revoke(id, By, Reason), null);
                case Decision.Propose: break;
                default: throw new System.Diagnostics.UnreachableException();
            }

            if (known.Misplaced(Asked!.Kind) is { } misplaced)
                return (null, misplaced);
            var from = Asked.From ?? known.Maintenance?.From ?? known.Outages[^1].StartedAt;
            return (Asked.Until ?? (known.Maintenance is { } planned ? planned.Until : known.Outages[^1].EndedAt)) is { } until
                ? (new ExclusionCommand.Propose(id, By, Asked.Kind, from, until, Asked.Evidence), null)
                : (null, "the outage has not ended; give until, or propose it once it has");
        }

        private static string Next(ExclusionCase known)
        {
            var number = known.Exclusions.Count + 1;
            while (known.Exclusions.Any(x => x.Id == $"x{number}"))
                number++;
            return string.Create(CultureInfo.InvariantCulture, $"x{number}");
        }
    }
}
