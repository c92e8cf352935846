using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>What a clock says at one instant.</summary>
/// <param name="State">Running, paused, met or breached; never void, which is decided by events, not by time.</param>
/// <param name="DueAt">Null while paused without having fallen due before.</param>
/// <param name="Used">Used up to the stop or the instant asked; zero when neither is given.</param>
/// <param name="Remaining">Total less used, negative once overrun.</param>
/// <param name="PausedAt">When the last pause known at that instant began; null: never paused.</param>
/// <param name="ResumesAt">When that pause ended or its granted length ends it; null: not known.</param>
public readonly record struct Reckoning(ClockState State, Instant? DueAt, Amount Used, Amount Remaining, Instant? PausedAt, Instant? ResumesAt)
{
    private const int PausesOnStack = 32;

    /// <summary>
    /// Works out the verdict. Late means after due: at due is on time. A paused clock never falls due.
    /// </summary>
    /// <param name="facts">What happened.</param>
    /// <param name="at">The instant to judge at; later facts are left out. Default: the stop; with neither, pauses are
    /// taken as listed and only the due instant is meaningful.</param>
    /// <param name="refused">Receives the extensions that did not count in full.</param>
    /// <param name="trace">Receives the running and paused segments the verdict was made from.</param>
    /// <exception cref="CalendarRangeException">The limit cannot be reached within the calendar.</exception>
    public static Reckoning Of(in ClockFacts facts, Instant? at = null, List<RefusedExtension>? refused = null, List<TracedSegment>? trace = null)
    {
        var start = Tick.Of(facts.Start);
        var stop = facts.Stop is { } s ? Tick.Of(s) : long.MaxValue;
        var judged = Math.Min(stop, at is { } a ? Tick.Of(a) : long.MaxValue);
        if (stop < start)
            return StoppedBeforeStart(facts, start);

        var count = facts.Limit.CanPause ? facts.Pauses?.Count ?? 0 : 0;
        Span<Closed> pauses = count <= PausesOnStack ? stackalloc Closed[count] : new Closed[count];
        pauses = UnitePauses(facts, start, judged, pauses);
        var limit = facts.Extensions is { Count: > 0 } ? Extend(facts, start, judged, pauses, refused) : facts.Limit;
        var (due, used) = Run(facts.Calendar, limit, start, judged, pauses, trace);

        var state = due is { } d && judged != long.MaxValue && d < judged ? ClockState.Breached
            : judged == stop && stop != long.MaxValue ? ClockState.Met
            : due is null ? ClockState.Paused
            : ClockState.Running;
        var total = limit is Limit.Deadline or Limit.OnDate or Limit.SameDay && due is { } end ? Counting.Used(facts.Calendar, limit, start, end) : limit.Total;
        return new Reckoning(
            state,
            due is { } dueTick ? Tick.ToInstant(dueTick) : null,
            new Amount(limit.Unit, used),
            new Amount(limit.Unit, total - used),
            pauses.Length > 0 ? Tick.ToInstant(pauses[^1].From) : null,
            pauses.Length > 0 && pauses[^1].Until != long.MaxValue ? Tick.ToInstant(pauses[^1].Until) : null);
    }

    private static Reckoning StoppedBeforeStart(in ClockFacts facts, long start)
    {
        var due = Counting.DueAt(facts.Calendar, facts.Limit, start, start, facts.Limit.Total);
        return new Reckoning(ClockState.Met, Tick.ToInstant(due), new Amount(facts.Limit.Unit, 0L), new Amount(facts.Limit.Unit, facts.Limit.Total), null, null);
    }

    /// <summary>
    /// The one pass both the verdict and its explanation come from: over the running segments between the pauses, count
    /// what is used; the clock falls due in the first segment that what is left does not outlast.
    /// </summary>
    private static (long? Due, Fraction Used) Run(
        Calendar calendar, Limit limit, long start, long judged, ReadOnlySpan<Closed> pauses, List<TracedSegment>? trace)
    {
        var (due, used, from) = ((long?)null, (Fraction)0, start);
        foreach (var pause in pauses)
        {
            var left = Left(limit, used);
            if (due is null && Counting.DueAt(calendar, limit, start, from, left) is var candidate && candidate < pause.From)
                due = candidate;
            Count(pause.From);
            var until = Math.Min(pause.Until, judged);
            trace?.Add(new TracedSegment(pause.From, until, pause.Index, used));
            if (pause.Until > judged || pause.Until == long.MaxValue)
                return (due, used);
            from = pause.Until;
        }

        due ??= Counting.DueAt(calendar, limit, start, from, Left(limit, used));
        Count(judged == long.MaxValue ? from : judged);
        return (due, used);

        void Count(long until)
        {
            if (until <= from)
                return;
            trace?.Add(new TracedSegment(from, until, TracedSegment.Running, used));
            used += Counting.Used(calendar, limit, from, until);
        }
    }

    private static Fraction Left(Limit limit, Fraction used) => used < limit.Total ? limit.Total - used : 0;

    /// <summary>Clipped, without what was not yet known at the instant judged at, sorted and united.</summary>
    private static Span<Closed> UnitePauses(in ClockFacts facts, long start, long judged, Span<Closed> buffer)
    {
        var count = 0;
        for (var i = 0; i < buffer.Length; i++)
        {
            var pause = facts.Pauses![i];
            var from = Math.Max(Tick.Of(pause.From), start);
            var until = EndOf(facts.Calendar, pause);
            if (until > from && from <= judged)
                buffer[count++] = new Closed(from, until, i);
        }

        buffer = buffer[..count];
        buffer.Sort(static (a, b) => a.From != b.From ? a.From.CompareTo(b.From) : a.Index.CompareTo(b.Index));
        var united = 0;
        for (var i = 0; i < buffer.Length; i++)
        {
            if (united > 0 && buffer[i].From <= buffer[united - 1].Until)
                buffer[united - 1] = buffer[united - 1] with { Until = Math.Max(buffer[united - 1].Until, buffer[i].Until) };
            else
                buffer[united++] = buffer[i];
        }

        return buffer[..united];
    }

    private static long EndOf(Calendar calendar, Pause pause)
    {
        var until = pause.Until is { } end ? Tick.Of(end) : long.MaxValue;
        if (pause.Granted is not { } granted)
            return until;
        try
        {
            var from = Tick.Of(pause.From);
            return Math.Min(until, Counting.DueAt(calendar, granted, from, from, granted.Total));
        }
        catch (CalendarRangeException)
        {
            // Granted for longer than anybody counts: it ends when it is said to end.
            return until;
        }
    }

    /// <summary>Adds the extensions that were in time, in the order they happened.</summary>
    private static Limit Extend(in ClockFacts facts, long start, long judged, ReadOnlySpan<Closed> pauses, List<RefusedExtension>? refused)
    {
        var limit = facts.Limit;
        foreach (var extension in facts.Extensions!.OrderBy(e => e.At))
        {
            var at = Tick.Of(extension.At);
            if (at > judged)
                break;
            if (extension.Add.Unit != limit.Unit || !limit.CanPause)
            {
                refused?.Add(new RefusedExtension(extension, ExtensionRefusal.OtherUnit));
                continue;
            }

            var due = Run(facts.Calendar, limit, start, judged, pauses, null).Due;
            if (due < at)
            {
                refused?.Add(new RefusedExtension(extension, ExtensionRefusal.AfterDue));
                continue;
            }

            if (extension.RecordedAt is { } recorded && due < Tick.Of(recorded))
                refused?.Add(new RefusedExtension(extension, ExtensionRefusal.Backdated));

            var add = extension.Add.Total;
            if (facts.ExtensionCap is { } cap && limit.Total - facts.Limit.Total + add > cap)
            {
                refused?.Add(new RefusedExtension(extension, ExtensionRefusal.OverCap));
                add = cap - (limit.Total - facts.Limit.Total);
            }

            if (Longer(facts, limit, add, start, judged, pauses) is { } longer)
                limit = longer;
            else
                refused?.Add(new RefusedExtension(extension, ExtensionRefusal.OverCap));
        }

        return limit;
    }

    /// <summary>The limit with more; null when nobody could count to its end: each of many extensions may be short.</summary>
    private static Limit? Longer(in ClockFacts facts, Limit limit, Fraction add, long start, long judged, ReadOnlySpan<Closed> pauses)
    {
        try
        {
            var longer = limit.WithTotal(limit.Total + add);
            Run(facts.Calendar, longer, start, judged, pauses, null);
            return longer;
        }
        catch (Exception endless) when (endless is CalendarRangeException or OverflowException)
        {
            return null;
        }
    }

    private readonly record struct Closed(long From, long Until, int Index);
}

/// <summary>
/// A stretch of a clock's life, in ticks: running, or paused by the pause of that index. UsedBefore is the running total
/// at its beginning.
/// </summary>
public readonly record struct TracedSegment(long From, long Until, int PauseIndex, Fraction UsedBefore)
{
    /// <summary>The index of a segment that counts.</summary>
    public const int Running = -1;
}
