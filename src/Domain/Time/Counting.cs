using NodaTime.TimeZones;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// How each limit counts: what a running segment uses up, and when what is left runs out. The verdict and its
/// explanation both come from these two functions.
/// </summary>
internal static class Counting
{
    /// <summary>What the running segment [from, until) uses up, in the limit's unit.</summary>
    public static Fraction Used(Calendar calendar, Limit limit, long from, long until)
    {
        if (until <= from)
            return 0;
        return limit switch
        {
            Limit.WorkingDays => WorkingDaysUsed(calendar, from, until),
            Limit.ElapsedWorkingDays => calendar.PositionBetween(from, until),
            Limit.CalendarDays => CalendarDaysUsed(calendar, from, until),
            Limit.WorkingTime or Limit.SameDay => calendar.OpenTicks(from, until),
            Limit.Elapsed or Limit.Deadline or Limit.OnDate => until - from,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>
    /// The instant at which what is left of the limit has been used up, counting from <paramref name="from"/>, where the
    /// clock started or resumed. Never before <paramref name="from"/>, except for a deadline and a same-day limit.
    /// </summary>
    public static long DueAt(Calendar calendar, Limit limit, long start, long from, Fraction left) => limit switch
    {
        Limit.WorkingDays days => EndOf(calendar, WorkingDay(calendar, from, (int)left.Ceiling), days.Ends),
        Limit.CalendarDays days => CalendarDaysDue(calendar, days, start, from, (int)left.Ceiling),
        Limit.ElapsedWorkingDays days => calendar.AddPosition(from, left, days.Boundary),
        Limit.WorkingTime time => calendar.AddOpenTicks(from, left.Ceiling, time.Boundary),
        Limit.Elapsed => Calendar.Reachable(checked(from + left.Ceiling)),
        Limit.SameDay => EndOf(calendar, calendar.BusinessDay(start), DayEnd.CloseOfBusiness),
        Limit.Deadline deadline => Tick.Of(deadline.At),
        Limit.OnDate date => EndOf(calendar, OpenOn(calendar, Timeline.DayNumber(date.Date)), DayEnd.CloseOfBusiness),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static int WorkingDaysUsed(Calendar calendar, long from, long until)
    {
        var after = calendar.BusinessDay(from);
        var timeline = calendar.Covering(from, until - 1);
        var through = timeline.DayAt(until - 1);
        return through <= after ? 0 : calendar.CoveringDay(after).WorkingDaysBetween(after, through);
    }

    private static int CalendarDaysUsed(Calendar calendar, long from, long until)
    {
        var timeline = calendar.Covering(from, until - 1);
        return timeline.DayAt(until - 1) - timeline.DayAt(from);
    }

    private static int WorkingDay(Calendar calendar, long from, int left)
    {
        var day = calendar.BusinessDay(from);
        return left == 0 ? day : calendar.WorkingDayAfter(day, left);
    }

    private static long CalendarDaysDue(Calendar calendar, Limit.CalendarDays limit, long start, long from, int left)
    {
        var day = calendar.Covering(from).DayAt(from) + left;
        Calendar.Reachable(day * Tick.PerStandardDay);
        var due = End(day);
        // Resumed with nothing left after the end of that day: the next day's end, as D(t) does for working days.
        return due < from ? End(day + 1) : due;

        long End(int last)
        {
            if (limit.Roll)
                last = OpenOn(calendar, last);
            return limit.Ends == DayEnd.SameTime ? SameTime(calendar, start, last) : EndOf(calendar, last, limit.Ends);
        }
    }

    /// <summary>The day itself when it is a working day, else the next one.</summary>
    private static int OpenOn(Calendar calendar, int day) => calendar.CoveringDay(day).IsWorkingDay(day) ? day : calendar.WorkingDayAfter(day, 1);

    private static long SameTime(Calendar calendar, long start, int day)
    {
        var time = Tick.ToInstant(start).InZone(calendar.Zone).TimeOfDay;
        return Tick.Of(Timeline.DateOf(day).At(time).InZone(calendar.Zone, Resolvers.LenientResolver).ToInstant());
    }

    private static long EndOf(Calendar calendar, int day, DayEnd ends)
    {
        var timeline = calendar.CoveringDay(day);
        return ends == DayEnd.EndOfDay ? timeline.EndOf(day) : timeline.CloseOf(day);
    }
}
