using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Notifications;

/// <summary><c>POST /notifications/{id}/replay</c> and <c>…/dismiss</c>, and the same of all that is dead of a target, under the token's name.</summary>
internal static class PostNotifications
{
    private const int MaxText = 256;

    private static readonly DecisionBody One = new("decision", "changed", "centre", "by");
    private static readonly DecisionBody All = new("decision", "changed", "centre", "target", "by");

    public static void Map(IEndpointRouteBuilder decide)
    {
        foreach (var (decision, verb, summary) in new[] { (OutboxDecision.Replay, "replay", "again"), (OutboxDecision.Dismiss, "dismiss", "no more") })
        {
            decide.MapPost($"/notifications/{{id}}/{verb}", (string id, HttpRequest http, VisibleCentres centres, Requester requester, NotificationDesk desk, CancellationToken ct) => HandleOneAsync(decision, id, http, centres, requester, desk, ct))
                .Means("id", "The id of the notification, as GET /notifications lists it.", null).WithName($"{decision}Notification").WithSummary($"Have a notification sent {summary}.")
                .Takes("application/json", "notification-decision.json").Refuses(400, "A field cannot be used; which, and why").Refuses(404, "No such notification").Refuses(409, "It is not in a state for that").Refuses(415, "Another content type");
            decide.MapPost($"/notifications/{verb}", (HttpRequest http, VisibleCentres centres, Requester requester, NotificationDesk desk, CancellationToken ct) => HandleAllAsync(decision, http, centres, requester, desk, ct))
                .WithName($"{decision}Notifications").WithSummary($"Have all {(decision == OutboxDecision.Replay ? "dead" : "waiting and dead")} notifications of a target sent {summary}.")
                .Takes("application/json", "notifications-decision.json").Answers("notifications-decision-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(415, "Another content type");
        }
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleOneAsync(
        OutboxDecision decision, string id, HttpRequest http, VisibleCentres centres, Requester requester, NotificationDesk desk, CancellationToken ct)
    {
        var (request, refusal) = await One.ReadAsync(http, fields => Read(fields, requester), ct);
        if (request is null)
            return refusal!;
        var (centre, _, reason) = await centres.ResolveAsync(request.Centre, ct);
        if (centre is null)
            return One.Refused(new Fault("centre", reason));
        var (before, done) = Guid.TryParse(id, out var known) ? await desk.DecideAsync(decision, centre, known, request.By, ct) : (null, false);
        if (before is null)
            return TypedResults.Problem($"Centre {centre} has no notification of that id.", statusCode: 404, title: "No such notification");
        return done ? TypedResults.Ok(new JsonObject { ["centre"] = centre, ["id"] = known.ToString("d"), ["before"] = before, ["by"] = request.By })
            : TypedResults.Problem($"It is {before}: {(decision == OutboxDecision.Replay ? "it is being tried anyhow" : "only what waits or is dead can be dismissed")}.", statusCode: 409, title: "Not changed");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAllAsync(
        OutboxDecision decision, HttpRequest http, VisibleCentres centres, Requester requester, NotificationDesk desk, CancellationToken ct)
    {
        var (request, refusal) = await All.ReadAsync(http, fields => Read(fields, requester) with { Target = fields.Text("target") }, ct);
        if (request is null)
            return refusal!;
        var (centre, _, reason) = await centres.ResolveAsync(request.Centre, ct);
        if (centre is null)
            return All.Refused(new Fault("centre", reason));
        var count = await desk.DecideAllAsync(decision, centre, request.Target, request.By, ct);
        return TypedResults.Ok(new JsonObject { ["centre"] = centre, ["target"] = request.Target, ["count"] = count, ["by"] = request.By });
    }

    private static Request Read(JsonFields fields, Requester requester)
    {
        var by = fields.TokenName(requester) ?? fields.Said("by");
        if (by.Length > MaxText || by.Any(Storable.IsInvisible))
            fields.Refuse("by", $"is longer than {MaxText} characters, or has control or invisible characters in it");
        return new Request(fields.OptionalText("centre"), "", by);
    }

    private sealed record Request(string? Centre, string Target, string By);
}
