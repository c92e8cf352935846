using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// One of the speeds at which an error budget is used that somebody is told of. The shares are those of the field for a budget of ninety days: 2 % of it within an hour, 5 % within six, 10 % within
/// three days; the speed follows from share, period and window. A tier that not even a total loss would reach is left out, and the first of those that are left is always urgent; none is slower than what is promised.
/// </summary>
/// <param name="Place">1 is the fastest that is left.</param>
/// <param name="Urgent">True: somebody is woken.</param>
/// <param name="Window">The window of <c>sla_error_budget_burn_rate</c>.</param>
/// <param name="Short">The window that has to show it too, so that it ends soon after the loss does; null: there is none so short, and what was lost in the last five minutes is looked at.</param>
/// <param name="Threshold">How many times faster than promised.</param>
internal sealed record BurnTier(int Place, bool Urgent, string Window, string? Short, decimal Threshold)
{
    private const decimal HoursOfWeek = 168;

    private static readonly (string Window, string? Short, decimal Hours, decimal Share, bool Urgent)[] All =
    [
        ("1h", null, 1, 0.02m, true),
        ("6h", "1h", 6, 0.05m, true),
        ("3d", "6h", 72, 0.10m, false),
    ];

    /// <summary>The tiers of a service; none where no availability is promised, or all of the time is.</summary>
    public static ImmutableArray<BurnTier> Of(ServiceTargets targets, CalendarDefinition hours)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Availability is not { } target || target >= 1)
            return [];
        var agreed = DaysOf(targets.Period) * 24 * OpenIn(hours, HoursOfWeek) / HoursOfWeek;
        if (agreed == 0)
            return [];
        var reachable = All.Select(t => (Tier: t, Threshold: Math.Max(1, RoundedUp(t.Share * agreed / OpenIn(hours, t.Hours))))).Where(t => t.Threshold * (1 - target) < 1).ToList();
        // Six hours of a night hold no service time: a tier of days would end each evening and begin anew each morning.
        return [.. reachable.Select((t, i) => new BurnTier(i + 1, i == 0 || t.Tier.Urgent, t.Tier.Window, t.Tier.Short == "6h" && !hours.IsAlwaysOpen ? "1d" : t.Tier.Short, t.Threshold))];
    }

    /// <summary>The days a period counts as: the shares are conventions, and a threshold must not change from month to month.</summary>
    private static decimal DaysOf(TargetPeriod period) => period switch
    {
        TargetPeriod.Month => 30,
        TargetPeriod.Quarter => 90,
        TargetPeriod.Year => 365,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Hundredths of a speed mean nothing, and none is reached earlier for having been rounded.</summary>
    private static decimal RoundedUp(decimal threshold) => Math.Ceiling(threshold * 100) / 100;

    /// <summary>The most agreed time, in hours, that a window of so many hours can hold in an ordinary week. It is held by a window that begins as an interval does, or ends as one does.</summary>
    private static decimal OpenIn(CalendarDefinition hours, decimal window)
    {
        var (week, length) = (7 * Tick.PerStandardDay, (long)(window * 3600 * Tick.PerSecond));
        // Three weeks in a row: no window reaches farther than one beyond the week in the middle.
        var open = Enumerable.Range(0, 21).SelectMany(day => hours.Week.GetValueOrDefault((IsoDayOfWeek)((day % 7) + 1), OpeningHours.Closed).Intervals.ToArray()
            .Select(i => (From: (day * Tick.PerStandardDay) + i.From, Until: (day * Tick.PerStandardDay) + i.Until))).ToList();
        var starts = open.Where(i => i.From >= week && i.From < 2 * week).SelectMany(i => (long[])[i.From, i.Until - length]);
        var most = starts.Select(s => open.Sum(i => Math.Max(0, Math.Min(i.Until, s + length) - Math.Max(i.From, s)))).DefaultIfEmpty(0).Max();
        return (decimal)most / Tick.PerSecond / 3600;
    }
}
