using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// What was agreed and lost of a service, over the terms of its life in order. Totals, days, interruptions and their explanation come of one sweep over the
/// same stretches. Facts without an end reach <c>at</c>, and nothing after it is counted.
/// </summary>
public static class ServiceAvailability
{
    /// <summary>Totals of [from, min(until, at)).</summary>
    public static AvailabilityTotals Totals(IReadOnlyList<TermsSpan> terms, Instant from, Instant until, Instant at) =>
        from < until ? ByBucket(terms, [from, until], at)[0] : default;

    /// <summary>
    /// Totals of each [b_i, b_i+1) between boundaries in order, as far as it is before an instant, in one sweep; together they are the totals of the whole.
    /// </summary>
    public static IReadOnlyList<AvailabilityTotals> ByBucket(IReadOnlyList<TermsSpan> terms, IReadOnlyList<Instant> boundaries, Instant at)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(boundaries);
        return ByBucket(terms, [.. boundaries.Select(Tick.Of)], Tick.Of(at), Tick.Of(at));
    }

    /// <summary>Every longest stretch of [from, min(until, at)), with what it counted for and why.</summary>
    public static IReadOnlyList<AvailabilitySegment> Segments(IReadOnlyList<TermsSpan> terms, Instant from, Instant until, Instant at) =>
        Segments(terms, from, until, at, int.MaxValue)!;

    /// <summary>
    /// The same for questions that strangers ask: where thousands overlap, each stretch names them all. Null when the stretches, before neighbours that are alike are joined,
    /// and what they name come to more than so many.
    /// </summary>
    public static IReadOnlyList<AvailabilitySegment>? Segments(IReadOnlyList<TermsSpan> terms, Instant from, Instant until, Instant at, int most)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (begin, horizon, fold) = (Tick.Of(from), Tick.Of(at), new SegmentFold(most));
        if (Math.Min(Tick.Of(until), horizon) is var end && begin < end)
            Sweep.Run(terms, begin, end, horizon, named: true, fold.Visit);
        return fold.IsCut ? null : fold.Segments;
    }

    /// <summary>
    /// The interruptions that start in [from, until) as they are at an instant, in order. Facts before the period decide where one starts, and facts up to the instant
    /// where it ends.
    /// </summary>
    public static IReadOnlyList<Interruption> Interruptions(IReadOnlyList<TermsSpan> terms, Instant from, Instant until, Instant at)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var (horizon, fold) = (Tick.Of(at), new InterruptionFold(Tick.Of(from), Tick.Of(until)));
        if (FirstOutage(terms) is var first && first < Math.Min(horizon, Tick.Of(until)))
        {
            Sweep.Run(terms, first, horizon, horizon, named: true, fold.Visit);
            // What was restored at the very instant asked has ended.
            Sweep.Run(terms, horizon, horizon + 1, horizon + 1, named: false, fold.VisitLast);
            fold.Close();
        }

        return fold.Found;
    }

    /// <summary>
    /// The budget of a target over the whole of [from, until), used up to an instant. Of the time after it, what is known already is taken away: exclusions approved
    /// ahead and time that is known to be unobserved.
    /// </summary>
    public static ErrorBudget Budget(IReadOnlyList<TermsSpan> terms, LostShare target, Instant from, Instant until, Instant at)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (until <= from)
            return default;
        var (begin, end, horizon) = (Tick.Of(from), Tick.Of(until), Tick.Of(at));
        var middle = Math.Clamp(horizon, begin, end);
        var halves = ByBucket(terms, [begin, middle, end], end, horizon);
        return ErrorBudget.Of(target, halves[0].Agreed + halves[1].Agreed, halves[0].Downtime);
    }

    /// <summary>What is agreed of [at, until), which is still to come: what lasts at the instant is not taken to go on.</summary>
    public static AvailabilityTotals Ahead(IReadOnlyList<TermsSpan> terms, Instant at, Instant until)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return until <= at ? default : ByBucket(terms, [Tick.Of(at), Tick.Of(until)], Tick.Of(until), Tick.Of(at))[0];
    }

    /// <summary>How fast the budget burns in each of <see cref="ErrorBudget.Windows"/> of wall time before an instant.</summary>
    public static IReadOnlyList<ExactRatio?> BurnRates(IReadOnlyList<TermsSpan> terms, LostShare target, Instant at) =>
        [.. ErrorBudget.Windows.Select(w => ErrorBudget.BurnRate(target, Totals(terms, at - w, at, at)))];

    private static AvailabilityTotals[] ByBucket(IReadOnlyList<TermsSpan> terms, long[] boundaries, long until, long at)
    {
        var fold = new TotalsFold(boundaries);
        if (boundaries.Length > 1 && Math.Min(boundaries[^1], until) is var end && boundaries[0] < end)
            Sweep.Run(terms, boundaries[0], end, at, named: false, fold.Visit);
        return fold.Finish();
    }

    /// <summary>The first tick at which a known outage takes something: before it nothing can be interrupted.</summary>
    private static long FirstOutage(IReadOnlyList<TermsSpan> terms)
    {
        var first = long.MaxValue;
        foreach (var span in terms)
        {
            List<FactReader> leaves = [];
            NodeReader.Of(span.Node, leaves);
            foreach (var outage in leaves.SelectMany(l => l.Own.Facts.Outages))
                first = Math.Min(first, Math.Max(Tick.Of(outage.From), Tick.Of(span.From)));
        }

        return first;
    }
}
