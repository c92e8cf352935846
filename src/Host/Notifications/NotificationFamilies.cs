using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Host.Notifications;

/// <summary>What waits for a target, and what was given up.</summary>
/// <param name="Target">The target.</param>
/// <param name="Pending">How many wait.</param>
/// <param name="Dead">How many were given up and nobody has decided on.</param>
/// <param name="Oldest">Since when the oldest of those that wait is there, in seconds; null: none waits.</param>
internal sealed record OutboxFigures(string Target, long Pending, long Dead, double? Oldest)
{
    /// <summary>The query of them, by two indexes that hold all it needs or little more.</summary>
    public const string Query = """
        SELECT target, sum(pending)::bigint, sum(dead)::bigint, min(oldest) FROM (
            SELECT target, count(*) AS pending, 0 AS dead, extract(epoch FROM min(created_at))::float8 AS oldest FROM sla.notification WHERE state = 'pending' GROUP BY target
            UNION ALL SELECT target, 0, count(*), NULL FROM sla.notification WHERE state = 'dead' GROUP BY target) f
        GROUP BY target
        """;
}

/// <summary>The families of the outbox. A target of this host's file is there while there is nothing for it, because an alert must see a count fall to 0.</summary>
internal static class NotificationFamilies
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Family> Of(IReadOnlyList<OutboxFigures> figures, NotificationPlan plan)
    {
        var all = plan.Targets.Select(t => t.Id).Except(figures.Select(f => f.Target)).Select(id => new OutboxFigures(id, 0, 0, null)).Concat(figures).OrderBy(f => f.Target, StringComparer.Ordinal).ToList();
        return
        [
            Gauge("sla_notifications_pending", "Notifications that wait to be sent, or to be sent again.", f => f.Pending),
            Gauge("sla_notifications_dead", "Notifications that were given up, until somebody has them sent again or dismisses them.", f => f.Dead),
            Gauge("sla_notifications_oldest_pending_timestamp_seconds", "Since when the oldest notification waits; absent when none does.", f => f.Oldest),
        ];

        Family Gauge(string name, string help, Func<OutboxFigures, double?> of) =>
            new(name, FamilyType.Gauge, help, [.. all.Where(f => of(f) is not null).Select(f => new Sample([("sla_target", f.Target)], of(f)!.Value))]);
    }
}
