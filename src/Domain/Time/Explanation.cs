using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>Why a segment counts or does not.</summary>
public enum SegmentReason
{
    /// <summary>Opening time, working days, or wall time, by the limit.</summary>
    Counted,

    /// <summary>A make-up working day.</summary>
    MakeUpDay,

    /// <summary>The day a limit in days starts, which is not counted.</summary>
    StartDay,

    /// <summary>The day a limit in days resumes after a pause, which is not counted again.</summary>
    ResumeDay,

    /// <summary>Outside opening hours of a day that opens, or a weekday that never opens.</summary>
    Closed,

    /// <summary>A holiday.</summary>
    Holiday,

    /// <summary>A date whose own hours leave it closed.</summary>
    OwnHours,

    /// <summary>A pause.</summary>
    Paused,
}

/// <summary>One line of an explanation: [From, Until), what it did, and the total used at its end in the limit's unit.</summary>
public sealed record ExplainedSegment(Instant From, Instant Until, bool Counted, SegmentReason Reason, string? Cause, Amount Total);

/// <summary>A verdict together with the segments it is the sum of. The segments tile [start, stop or instant asked).</summary>
public sealed record Explanation(Reckoning Reckoning, IReadOnlyList<ExplainedSegment> Segments, IReadOnlyList<RefusedExtension> RefusedExtensions)
{
    /// <summary>
    /// Explains a clock at an instant. The verdict is the same call that gives verdicts elsewhere; each running total is
    /// the counting function of the verdict, asked at the end of the segment.
    /// </summary>
    public static Explanation Of(in ClockFacts facts, Instant at)
    {
        List<TracedSegment> trace = [];
        List<RefusedExtension> refused = [];
        var reckoning = Reckoning.Of(facts, at, refused, trace);
        var segments = new List<ExplainedSegment>();
        foreach (var traced in trace)
        {
            if (traced.PauseIndex == TracedSegment.Running)
                AddRunning(segments, facts, traced, reckoning.DueAt is { } due ? Tick.Of(due) : long.MaxValue);
            else if (traced.Until > traced.From)
                segments.Add(new ExplainedSegment(Tick.ToInstant(traced.From), Tick.ToInstant(traced.Until), false, SegmentReason.Paused, facts.Pauses![traced.PauseIndex].Reason, new Amount(facts.Limit.Unit, traced.UsedBefore)));
        }

        return new Explanation(reckoning, segments, refused);
    }

    private static void AddRunning(List<ExplainedSegment> segments, in ClockFacts facts, TracedSegment traced, long due)
    {
        var first = segments.Count;
        foreach (var (until, counted, reason) in CutAt(due, traced.From, Parts(facts.Calendar, facts.Limit, traced.From, traced.Until, first == 0 ? SegmentReason.StartDay : SegmentReason.ResumeDay)))
        {
            var total = new Amount(facts.Limit.Unit, traced.UsedBefore + Counting.Used(facts.Calendar, facts.Limit, traced.From, until));
            var from = segments.Count > first ? segments[^1].Until : Tick.ToInstant(traced.From);
            if (segments.Count > first && segments[^1].Counted == counted && segments[^1].Reason == reason && Tick.Of(from) != due)
                segments[^1] = segments[^1] with { Until = Tick.ToInstant(until), Total = total };
            else
                segments.Add(new ExplainedSegment(from, Tick.ToInstant(until), counted, reason, null, total));
        }
    }

    /// <summary>A segment ends where the clock falls due, so that the total there can be read off.</summary>
    private static IEnumerable<(long Until, bool Counted, SegmentReason Reason)> CutAt(long due, long from, IEnumerable<(long Until, bool Counted, SegmentReason Reason)> parts)
    {
        foreach (var part in parts)
        {
            if (from < due && due < part.Until)
                yield return part with { Until = due };
            yield return part;
            from = part.Until;
        }
    }

    /// <summary>Cuts a running segment where its reason may change: the end of each part, whether it counts, and why.</summary>
    private static IEnumerable<(long Until, bool Counted, SegmentReason Reason)> Parts(Calendar calendar, Limit limit, long from, long until, SegmentReason firstDay) => limit switch
    {
        Limit.WorkingDays => DayParts(calendar, from, until, calendar.BusinessDay(from), firstDay, closedDaysCount: false),
        Limit.CalendarDays => DayParts(calendar, from, until, calendar.Covering(from).DayAt(from), firstDay, closedDaysCount: true),
        Limit.WorkingTime or Limit.SameDay or Limit.ElapsedWorkingDays => OpeningParts(calendar, from, until),
        _ => [(until, true, SegmentReason.Counted)],
    };

    private static IEnumerable<(long Until, bool Counted, SegmentReason Reason)> DayParts(Calendar calendar, long from, long until, int startDay, SegmentReason firstDay, bool closedDaysCount)
    {
        var timeline = calendar.Covering(from, until);
        for (var day = timeline.DayAt(from); from < until; day++)
        {
            from = Math.Min(timeline.EndOf(day), until);
            var works = timeline.IsWorkingDay(day);
            var counted = day > startDay && (closedDaysCount || works);
            yield return (from, counted, day == startDay ? firstDay : Reason(calendar, day, counted));
        }
    }

    private static IEnumerable<(long Until, bool Counted, SegmentReason Reason)> OpeningParts(Calendar calendar, long from, long until)
    {
        var timeline = calendar.Covering(from, until);
        for (var i = timeline.IntervalAt(from); from < until; i++)
        {
            if (!timeline.TryInterval(i, out var opens, out var closes))
                (opens, closes) = (until, until);
            while (from < Math.Min(opens, until))
            {
                var day = timeline.DayAt(from);
                from = Math.Min(Math.Min(opens, until), timeline.EndOf(day));
                yield return (from, false, Reason(calendar, day, counted: false));
            }

            if (from < until)
            {
                var day = timeline.DayAt(from);
                from = Math.Min(closes, until);
                yield return (from, true, Reason(calendar, day, counted: true));
            }
        }
    }

    private static SegmentReason Reason(Calendar calendar, int day, bool counted)
    {
        var kind = calendar.Definition.HoursOn(Timeline.DateOf(day)).Kind;
        return counted
            ? kind == DayKind.MakeUp ? SegmentReason.MakeUpDay : SegmentReason.Counted
            : kind switch { DayKind.Holiday => SegmentReason.Holiday, DayKind.OwnHours => SegmentReason.OwnHours, _ => SegmentReason.Closed };
    }
}
