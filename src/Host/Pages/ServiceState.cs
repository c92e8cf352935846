using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>How a service is at a moment, the worst first.</summary>
internal enum ServiceCondition
{
    /// <summary>All of it is lost.</summary>
    Down,

    /// <summary>A share of it is lost.</summary>
    Reduced,

    /// <summary>It is lost, and would be closed anyway.</summary>
    LostOutsideHours,

    /// <summary>Nobody watches.</summary>
    Unobserved,

    /// <summary>An approved exclusion is on.</summary>
    Excluded,

    /// <summary>Up.</summary>
    Up,

    /// <summary>Outside its hours.</summary>
    Closed,
}

/// <summary>A service that stands somewhere, with what is open of it and of its parts.</summary>
public sealed class ServiceState
{
    private const int NearlyUsed = 5;

    private ServiceState(ServiceStanding standing, IReadOnlyList<(string Service, OpenOutage Outage)> open) => (Standing, Condition, Open) = (standing, ConditionOf(standing), open);

    /// <summary>Its figures.</summary>
    internal ServiceStanding Standing { get; }

    /// <summary>How it is.</summary>
    internal ServiceCondition Condition { get; }

    /// <summary>Outages that have not ended, of itself and of what it is made of.</summary>
    internal IReadOnlyList<(string Service, OpenOutage Outage)> Open { get; }

    /// <summary>All of a centre, the worst first: lost now, a promise broken, its budget nearly used up, then by what is left of it.</summary>
    internal static IReadOnlyList<ServiceState> OfAll(CatalogueLog log, IReadOnlyList<ServiceStanding> standings)
    {
        var open = standings.SelectMany(s => s.Open, (s, o) => (s.Service, Outage: o)).ToLookup(o => o.Service);
        return
        [
            .. standings.Select(s => new ServiceState(s, [.. ServiceLife.PartsOf(log, s.Service).SelectMany(p => open[p]).OrderBy(o => o.Outage.StartedAt)]))
                .OrderBy(s => s.Rank).ThenByDescending(s => s.Standing.Current?.Lost ?? LostShare.None).ThenBy(s => s.LeftShare ?? 2).ThenBy(s => s.Standing.Service, StringComparer.Ordinal),
        ];
    }

    /// <summary>True when something is lost now, within the service's hours.</summary>
    internal bool IsLost => Condition is ServiceCondition.Down or ServiceCondition.Reduced;

    /// <summary>True when a promise is broken so far.</summary>
    internal bool Misses => Standing.KeepsAvailability == false || Standing.KeepsInterruptions == false || Standing.Budget is { Left: var left } && left < 0;

    /// <summary>True when little is left of a budget.</summary>
    internal bool IsNearlyUsed => Standing.Budget is { } b && b.Left >= 0 && b.Left * NearlyUsed < b.Allowed;

    /// <summary>What is left of the budget, of 1; null: there is none.</summary>
    internal double? LeftShare => Standing.Budget is { } budget && budget.Allowed > 0 ? (double)budget.Left / (double)budget.Allowed : null;

    /// <summary>Since when it is lost; null: it is not.</summary>
    internal Instant? Since => !IsLost && Condition != ServiceCondition.LostOutsideHours ? null : Standing.Interruption?.From ?? (Open.Count > 0 ? Open[0].Outage.StartedAt : null);

    /// <summary>By when it is to be restored; null: no limit.</summary>
    internal Instant? DueAt => Since is null ? null : Standing.Interruption?.DueAt ?? Standing.Open.Select(o => o.DueAt).Min();

    private int Rank => IsLost ? 0 : Condition == ServiceCondition.LostOutsideHours ? 1 : Misses ? 2 : IsNearlyUsed ? 3 : Condition == ServiceCondition.Unobserved ? 4 : 5;

    private static ServiceCondition ConditionOf(ServiceStanding standing) => standing.Current switch
    {
        { Reason: AvailabilityReason.Down, Lost: var lost } => lost == LostShare.Whole ? ServiceCondition.Down : ServiceCondition.Reduced,
        { Reason: AvailabilityReason.UnobservedLeftOut or AvailabilityReason.UnobservedUp or AvailabilityReason.UnobservedDown } => ServiceCondition.Unobserved,
        { Reason: AvailabilityReason.LeftOut or AvailabilityReason.UpByExclusion } => ServiceCondition.Excluded,
        { Reason: AvailabilityReason.Up } => ServiceCondition.Up,
        _ => standing.Open.Count > 0 ? ServiceCondition.LostOutsideHours : ServiceCondition.Closed,
    };
}
