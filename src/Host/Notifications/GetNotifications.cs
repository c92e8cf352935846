using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Notifications;

/// <summary><c>GET /notifications</c>: what was sent to whom, what waits, and what was given up.</summary>
internal static class GetNotifications
{
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder read) => read.MapGet("/notifications", HandleAsync)
        .CanBeCsv("notifications", "id", "target", "notice", "case", "commitment", "service", "window", "state", "attempts", "createdAt", "nextAttemptAt", "lastAttemptAt", "lastError", "deliveredAt", "decidedBy", "decidedAt")
        .Means("state", "Only notifications in this state: pending, delivered, dead or dismissed.", "delivered")
        .WithName("GetNotifications").WithSummary("Notifications, the newest first: to which target, in which state, after how many attempts.").Answers("notifications.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? state, string? target, string? after, int? limit, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, null, ct);
        if (asked is null)
            return problem!;
        if (state is not null && !NotificationList.States.Contains(state))
            return Problems.Parameter("state", $"is not one of {string.Join(", ", NotificationList.States)}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        if (!NotificationCursor.TryParse(after, out var last))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var rows = await new NotificationList(asked.Centre, state, target).ReadAsync(dataSource, last, limit ?? 100, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["notifications"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]),
            ["next"] = rows.Count < (limit ?? 100) ? null : NotificationCursor.Write(rows[^1]),
        });
    }
}
