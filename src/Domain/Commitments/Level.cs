using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A named instant before or after due; the level holds strictly after it.</summary>
/// <param name="Name">Such as <c>dueSoon</c>.</param>
/// <param name="Point">Where it lies.</param>
public sealed record Level(string Name, LevelPoint Point)
{
    /// <summary>True when it lies before due.</summary>
    public bool IsBeforeDue => Point is LevelPoint.Before or LevelPoint.Share;

    /// <summary>The instant of the level for a clock; null while it has no due, or for a share of a limit that has no length.</summary>
    public Instant? InstantFor(in ClockFacts facts, in Reckoning reckoning)
    {
        if (reckoning.DueAt is not { } due)
            return null;
        return Point switch
        {
            LevelPoint.Before before => Tick.ToInstant(From(facts.Calendar, Tick.Of(due), before.Offset, -1)),
            LevelPoint.After after => Tick.ToInstant(From(facts.Calendar, Tick.Of(due), after.Offset, 1)),
            LevelPoint.Share share => ShareOf(facts, reckoning, share.Of),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>
    /// A tick that far from due. In working days it is the close of the day that many working days from the due day, so three
    /// after a due of Monday is the close of Thursday; counted as elapsed, the same time of day.
    /// </summary>
    public static long From(Calendar calendar, long due, Limit offset, int sign)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return offset switch
        {
            Limit.WorkingDays days => WorkingDayFrom(calendar, due, sign * days.Count),
            Limit.ElapsedWorkingDays days => calendar.AddPosition(due, sign * days.Count, days.Boundary),
            Limit.Elapsed elapsed => due + (sign * Tick.Of(elapsed.Length)),
            Limit.WorkingTime time when time.Length == Duration.Zero => due,
            Limit.WorkingTime time => sign < 0 ? calendar.SubtractOpenTicks(due, Tick.Of(time.Length), Boundary.Open) : calendar.AddOpenTicks(due, Tick.Of(time.Length), time.Boundary),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Instant? ShareOf(in ClockFacts facts, in Reckoning reckoning, Fraction share)
    {
        if (!facts.Limit.CanPause)
            return null;
        var extended = reckoning.Used.Value + reckoning.Remaining.Value;
        // Rounded up to a whole unit of the limit: a day, or a tick.
        var part = facts.Limit.WithTotal((extended * share).Ceiling);
        return Reckoning.Of(facts with { Limit = part, Extensions = null, Stop = null }).DueAt;
    }

    private static long WorkingDayFrom(Calendar calendar, long due, int count)
    {
        // A due at the midnight that ends a day belongs to that day.
        var dueDay = calendar.Covering(due - 1).DayAt(due - 1);
        var day = count switch
        {
            0 => dueDay,
            < 0 => calendar.WorkingDayBefore(dueDay, -count),
            > 0 => calendar.WorkingDayAfter(dueDay, count),
        };
        return calendar.CoveringDay(day).CloseOf(day);
    }
}

/// <summary>Where a level lies.</summary>
public abstract record LevelPoint
{
    private LevelPoint()
    {
    }

    /// <summary>That far before due.</summary>
    public sealed record Before(Limit Offset) : LevelPoint;

    /// <summary>That far after due.</summary>
    public sealed record After(Limit Offset) : LevelPoint;

    /// <summary>Where that share of the limit is used up, rounded up to a whole unit of it.</summary>
    public sealed record Share(Fraction Of) : LevelPoint;
}
