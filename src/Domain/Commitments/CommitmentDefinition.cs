using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A limit on the way from one event to another, as the catalogue defines it.</summary>
/// <param name="Id">Such as <c>case.promised</c>; the value of <c>sla_commitment</c> in metrics.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Start">The event that starts the clock.</param>
/// <param name="Stops">Events of which the first stops it.</param>
/// <param name="Voids">Events that end it without the promise applying.</param>
/// <param name="Pause">What stops the clock for a while; null: nothing does.</param>
/// <param name="Extend">What prolongs it; null: nothing does.</param>
/// <param name="Limit">Where the limit comes from.</param>
/// <param name="Calendar">The catalogue's calendar it counts on.</param>
/// <param name="Levels">Instants before and after due that people want to know of.</param>
public sealed record CommitmentDefinition(
    string Id,
    Names Names,
    string Start,
    ValueList<string> Stops,
    ValueList<string> Voids,
    PauseRule? Pause,
    ExtendRule? Extend,
    LimitSource Limit,
    string Calendar,
    ValueList<Level> Levels);

/// <summary>A name in Chinese and English.</summary>
public sealed record Names(string Zh, string En);

/// <summary>Events that pause and resume, matched by procedure, and the causes that count (Licensing Law 45 lists its own).</summary>
public sealed record PauseRule(string From, string Until, ValueList<string> Causes);

/// <summary>The event that prolongs and the most it may add in all.</summary>
public sealed record ExtendRule(string On, Limit? Max);

/// <summary>Where a commitment's limit comes from.</summary>
public abstract record LimitSource
{
    private LimitSource()
    {
    }

    /// <summary>The same for all.</summary>
    public sealed record Literal(Limit Limit) : LimitSource;

    /// <summary>The service item's promised limit (承诺办结时限).</summary>
    public sealed record ItemPromised : LimitSource;

    /// <summary>The service item's statutory limit (法定办结时限).</summary>
    public sealed record ItemStatutory : LimitSource;

    /// <summary>A field of the start event.</summary>
    public sealed record Given(string Field) : LimitSource;
}

/// <summary>A named instant before or after due; the level holds strictly after it.</summary>
/// <param name="Name">Such as <c>dueSoon</c>.</param>
/// <param name="Offset">How far from due, in working days, working time or wall time.</param>
/// <param name="Before">True: before due, false: after.</param>
public sealed record Level(string Name, Limit Offset, bool Before)
{
    /// <summary>
    /// The instant of the level. In working days it is the close of the day that many working days from the due day; so
    /// three working days after a due of Monday is the close of Thursday.
    /// </summary>
    public long TickFor(Calendar calendar, long due)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return Offset switch
        {
            Limit.WorkingDays days => WorkingDayFrom(calendar, due, days.Count),
            Limit.Elapsed elapsed => Before ? due - elapsed.Total : due + elapsed.Total,
            Limit.WorkingTime time => Before ? calendar.SubtractOpenTicks(due, time.Total) : calendar.AddOpenTicks(due, time.Total, Boundary.Close),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private long WorkingDayFrom(Calendar calendar, long due, int count)
    {
        // A due at the midnight that ends a day belongs to that day.
        var dueDay = calendar.Covering(due - 1).DayAt(due - 1);
        var day = count == 0 ? dueDay : Before ? calendar.WorkingDayBefore(dueDay, count) : calendar.WorkingDayAfter(dueDay, count);
        return calendar.CoveringDay(day).CloseOf(day);
    }
}
