using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/notifications</c>: what was sent to whom, what waits, and what was given up.</summary>
internal static class NotificationsPage
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/notifications", HandleAsync).ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<NotificationsView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, NotificationPlan plan, string? centre, string? state, string? target, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        var asked = NotificationList.States.Contains(state) ? state : null;
        var counts = await NotificationList.CountAsync(dataSource, frame.Centre, ct);
        var rows = await new NotificationList(frame.Centre, asked, target).ReadAsync(dataSource, NotificationCursor.TryParse(after, out var last) ? last : null, PageSize, ct);
        var model = new NotificationsModel(asked, target, counts, rows, rows.Count < PageSize ? null : NotificationCursor.Write(rows[^1]), plan.Targets.Count > 0, [.. plan.Targets.Where(t => t.Centres.Count == 0 || t.Centres.Contains(frame.Centre)).Select(t => t.Id).Union(counts.Select(c => c.Target)).Order(StringComparer.Ordinal)]);
        return new RazorComponentResult<NotificationsView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = model });
    }
}

/// <summary>What the list shows.</summary>
public sealed class NotificationsModel
{
    internal NotificationsModel(string? state, string? target, IReadOnlyList<(string Target, string State, long Count)> counts, IReadOnlyList<NotificationRow> rows, string? next, bool hasTargets, IReadOnlyList<string> targets) =>
        (State, Target, Counts, Rows, Next, HasTargets, Targets) = (state, target, counts, rows, next, hasTargets, targets);

    internal string? State { get; }

    internal string? Target { get; }

    internal IReadOnlyList<(string Target, string State, long Count)> Counts { get; }

    internal IReadOnlyList<NotificationRow> Rows { get; }

    /// <summary>Where the next page begins; null: this is the last.</summary>
    internal string? Next { get; }

    /// <summary>True: this host has a file that says who is told.</summary>
    internal bool HasTargets { get; }

    /// <summary>Those of this host's file that are told of the centre, and those that something waits for.</summary>
    internal IReadOnlyList<string> Targets { get; }

    /// <summary>How many wait or are dead, to the target asked about.</summary>
    internal long CountOf(string state) => Counts.Where(c => c.State == state && (Target is null || c.Target == Target)).Sum(c => c.Count);
}
