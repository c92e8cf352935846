using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>An IT service, which is up or down; beside the items, which are what citizens apply for.</summary>
/// <param name="Id">The value of <c>sla_service</c> in metrics; no item has the same.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Hours">The catalogue's calendar that is its service hours (服务时间).</param>
/// <param name="From">From this date it is offered, in the centre's zone; null: always was.</param>
/// <param name="Until">From this date it is not offered any more; null: no end is known.</param>
/// <param name="Observed">How it is known that it is up.</param>
/// <param name="Components">What an outage may name as the component; empty: anything.</param>
/// <param name="Of">What it is made of; null: it is no composite.</param>
/// <param name="Combine">What overlapping outages take away together.</param>
/// <param name="MergeGap">Interruptions with no more service time than this between them are one.</param>
/// <param name="InterruptionFrom">A smaller loss is downtime, and no interruption; none: every loss is one.</param>
/// <param name="Targets">What is promised of it wherever no agreement says otherwise.</param>
public sealed record ItService(
    string Id, Names Names, string Hours, LocalDate? From, LocalDate? Until, Observed Observed, ValueList<string> Components, ServicePart? Of,
    Combine Combine, Duration MergeGap, LostShare InterruptionFrom, ServiceTargets Targets)
{
    /// <summary>The id of the calendar that is open all the time, in the centre's zone; there without being defined.</summary>
    public const string AlwaysOpen = "24x7";

    /// <summary>True when it is offered on a date.</summary>
    public bool HoldsOn(LocalDate date) => !(date < From) && !(date >= Until);
}

/// <summary>How it is known that a service is up.</summary>
public enum Observed
{
    /// <summary>By a monitor that says when it begins and ceases to watch; at other times nothing is known.</summary>
    ByMonitor,

    /// <summary>People report outages: silence means up.</summary>
    Always,
}

/// <summary>What is promised of a service (服务目标): 可用率, 稳定度 and 可靠度.</summary>
/// <param name="Availability">可用率, above 0 and at most 1; null: nothing.</param>
/// <param name="Period">What span the availability is promised for.</param>
/// <param name="InterruptionsPerYear">稳定度: interruptions in a year, at most; null: nothing.</param>
/// <param name="Restore">可靠度: how soon it is restored, by priority, the highest first; null: nothing.</param>
public sealed record ServiceTargets(decimal? Availability, TargetPeriod Period, int? InterruptionsPerYear, LimitTable? Restore)
{
    /// <summary>Nothing is promised.</summary>
    public static ServiceTargets None { get; } = new(null, TargetPeriod.Quarter, null, null);

    /// <summary>True when something is promised.</summary>
    public bool Any => Availability is not null || InterruptionsPerYear is not null || Restore is not null;

    /// <summary>The highest of some priorities, by the order of the restore limits; where none of them has a limit, the first by name. Null: there are none.</summary>
    public string? HighestOf(IReadOnlyCollection<string> priorities) =>
        (Restore?.Rows ?? []).Select(r => r.Priority).FirstOrDefault(p => p is not null && priorities.Contains(p)) ?? priorities.Min(StringComparer.Ordinal);

    /// <summary>The limit of an interruption whose outages had these priorities: that of the highest. Null: none is promised for any of them.</summary>
    public Limit? RestoreFor(IReadOnlyCollection<string?> priorities)
    {
        foreach (var row in Restore?.Rows ?? [])
        {
            if (row.Priority is null || priorities.Contains(row.Priority))
                return row.Limit;
        }

        return null;
    }
}

/// <summary>The span an availability is promised for.</summary>
public enum TargetPeriod
{
    /// <summary>Each month.</summary>
    Month,

    /// <summary>Each quarter.</summary>
    Quarter,

    /// <summary>Each year.</summary>
    Year,
}
