using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// Interruptions of a span of time: how many began in it, how many of these have ended, agreed time until these were restored, in microseconds, in all and at most, and how many
/// were, or were not, restored within their limit. One without a limit, or that may still be restored in time, is neither.
/// </summary>
internal readonly record struct InterruptionFigures(long Count, long Ended, long Restore, long Longest, long Within, long Late)
{
    /// <summary>Mean time to restore service, of those that have ended; null: none has.</summary>
    public Duration? MeanRestore => Ended == 0 ? null : Duration.FromNanoseconds((Int128)Restore * 1000 / Ended);

    /// <summary>Mean time between failures: agreed time in which the service was up, by interruption; null: there was none.</summary>
    public Duration? MeanBetween(AvailabilityTotals totals) => Count == 0 ? null : Duration.FromNanoseconds((((Int128)totals.Agreed * LostShare.Scale) - totals.Downtime) * 1000 / LostShare.Scale / Count);

    /// <summary>Mean time between system incidents: the sum of both; null where one of them is.</summary>
    public Duration? MeanBetweenIncidents(AvailabilityTotals totals) => MeanRestore + MeanBetween(totals);

    /// <summary>可靠度 as a share: restored within the limit, of those of which that can be said; null: of none.</summary>
    public double? ShareWithin => Within + Late == 0 ? null : (double)Within / (Within + Late);
}

/// <summary>An outage that has not ended.</summary>
internal sealed record OpenOutage(string Stream, int Ordinal, Instant StartedAt, LostShare Lost, string? Priority, Instant? DueAt);

/// <summary>An interruption that has not ended; DueAt null: no limit is promised.</summary>
internal sealed record OpenInterruption(Instant From, Instant? DueAt);

/// <summary>How a service stands at an instant, over the period its availability is promised for.</summary>
/// <param name="Span">What holds for it now: definition, agreement, targets.</param>
/// <param name="Period">The period, of which <paramref name="Totals"/> are what has passed.</param>
/// <param name="Totals">Agreed and lost.</param>
/// <param name="Budget">What may be lost in the whole period, and what has been; null: no availability is promised.</param>
/// <param name="SinceNewYear">Agreed and lost since the calendar year began.</param>
/// <param name="InPeriod">Interruptions that began in the period.</param>
/// <param name="InYear">Interruptions that began in the year that counts for the promise.</param>
/// <param name="YearFrom">When that year began.</param>
/// <param name="Burn">How fast the budget burns, by <see cref="ErrorBudget.Windows"/>; empty: there is none.</param>
/// <param name="Open">Outages that have not ended, of the service itself.</param>
internal sealed record ServiceStanding(
    ServiceSpan Span, CalendarPeriod Period, AvailabilityTotals Totals, ErrorBudget? Budget, AvailabilityTotals SinceNewYear, InterruptionFigures InPeriod, long InYear, Instant YearFrom,
    IReadOnlyList<ExactRatio?> Burn, IReadOnlyList<OpenOutage> Open)
{
    public string Service => Span.Service.Id;

    /// <summary>What the last moment before the instant counted for; null: nothing is known of it.</summary>
    public AvailabilitySegment? Current { get; init; }

    /// <summary>The interruption that has not ended: since when, and when by its limit it is to be restored; null: there is none, or it began before the period and the year that count.</summary>
    public OpenInterruption? Interruption { get; init; }

    public ServiceTargets Targets => Span.Targets;

    /// <summary>Whether the availability promised is kept so far; null: nothing is promised, or nothing can be said.</summary>
    public bool? KeepsAvailability => Targets.Availability is { } target && LostShare.FromDecimal(target) is { } share ? Totals.Availability?.IsAtLeast(share) : null;

    /// <summary>Whether no more interruptions than promised have been; null: nothing is promised.</summary>
    public bool? KeepsInterruptions => Targets.InterruptionsPerYear is { } most ? InYear <= most : null;
}
