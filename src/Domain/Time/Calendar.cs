using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// Answers questions about opening time and working days of one <see cref="CalendarDefinition"/>. Lookups are searches
/// in arrays laid out for the years asked about, from 1900 to 2199; the layout grows when a question needs it, which no
/// caller can see. Safe for use by many threads. Questions outside those years, or about a calendar that never opens,
/// throw <see cref="CalendarRangeException"/>.
/// </summary>
public sealed class Calendar
{
    private static readonly int EarliestDay = Timeline.DayNumber(new LocalDate(1900, 1, 1));
    private static readonly int LatestDay = Timeline.DayNumber(new LocalDate(2199, 12, 31));
    private const int FirstSpanInDays = 3653;
    private static readonly long LatestTick = LatestDay * Tick.PerStandardDay;

    private readonly Lock _growth = new();
    private volatile Timeline? _timeline;

    /// <summary>A calendar over a definition; nothing is laid out until the first question.</summary>
    public Calendar(CalendarDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
    }

    /// <summary>What the calendar is made of.</summary>
    public CalendarDefinition Definition { get; }

    /// <summary>The zone whose wall clock the calendar is read on.</summary>
    public DateTimeZone Zone => Definition.Zone;

    /// <summary>The content's name, see <see cref="CalendarDefinition.Version"/>.</summary>
    public string Version => Definition.Version;

    /// <summary>The local date of an instant.</summary>
    public LocalDate DateOf(Instant instant) => instant.InZone(Zone).Date;

    /// <summary>True when the date has any opening time.</summary>
    public bool IsWorkingDay(LocalDate date)
    {
        var day = Timeline.DayNumber(date);
        return CoveringDay(day).IsWorkingDay(day);
    }

    /// <summary>True when the instant lies inside an opening interval; an opening belongs to it, a closing does not.</summary>
    public bool IsOpen(Instant instant)
    {
        var tick = Tick.Of(instant);
        var timeline = Covering(tick);
        return timeline.TryInterval(timeline.IntervalAt(tick), out var opens, out _) && opens <= tick;
    }

    /// <summary>Opening time in [from, until); zero when until is not later.</summary>
    public Duration OpenTimeBetween(Instant from, Instant until)
    {
        var (start, end) = (Tick.Of(from), Tick.Of(until));
        return end <= start ? Duration.Zero : Tick.ToDuration(OpenTicks(start, end));
    }

    /// <summary>The instant at which the given business time has passed since the start.</summary>
    public Instant Add(Instant start, Duration businessTime, Boundary boundary = Boundary.Close) =>
        Tick.ToInstant(AddOpenTicks(Tick.Of(start), Tick.Of(businessTime), boundary));

    /// <summary>The latest instant from which the given business time leads to another.</summary>
    public Instant Subtract(Instant end, Duration businessTime, Boundary boundary = Boundary.Open) =>
        Tick.ToInstant(SubtractOpenTicks(Tick.Of(end), Tick.Of(businessTime), boundary));

    /// <summary>The next instant that is open, the instant itself when it is.</summary>
    public Instant NextOpening(Instant instant) => Tick.ToInstant(AddOpenTicks(Tick.Of(instant), 0, Boundary.Open));

    /// <summary>The closing before an instant; the instant itself when it is open.</summary>
    public Instant OpenOrPreviousClosing(Instant instant) => IsOpen(instant) ? instant : Tick.ToInstant(SubtractOpenTicks(Tick.Of(instant), 0, Boundary.Close));

    /// <summary>Open intervals of [from, until) in order, clipped to it.</summary>
    public IEnumerable<Interval> OpenIntervals(Instant from, Instant until)
    {
        var (start, end) = (Tick.Of(from), Tick.Of(until));
        if (end <= start)
            yield break;
        var timeline = Covering(start, end);
        for (var i = timeline.IntervalAt(start); timeline.TryInterval(i, out var opens, out var closes) && opens < end; i++)
            yield return new Interval(Tick.ToInstant(Math.Max(opens, start)), Tick.ToInstant(Math.Min(closes, end)));
    }

    /// <summary>
    /// p(t) − p(s) in working days: full ones between, and the shares of both days that have been open. Negative when until
    /// is earlier.
    /// </summary>
    public Fraction WorkingDaysElapsed(Instant from, Instant until) => PositionBetween(Tick.Of(from), Tick.Of(until));

    /// <summary>The instant at which p has grown by a number of working days; 10:00 leads to 10:00 where days are alike.</summary>
    public Instant AddWorkingDaysElapsed(Instant from, Fraction days, Boundary boundary = Boundary.Close) =>
        Tick.ToInstant(AddPosition(Tick.Of(from), days, boundary));

    /// <summary>A local time as an instant: in a DST gap it moves forward by the gap, an ambiguous one is the earlier. 24:00 is the next midnight.</summary>
    public Instant Resolve(LocalDate date, long tickOfDay) => tickOfDay == Tick.PerStandardDay
        ? date.PlusDays(1).AtMidnight().InZone(Zone, NodaTime.TimeZones.Resolvers.LenientResolver).ToInstant()
        : date.At(LocalTime.FromTicksSinceMidnight(tickOfDay * 10)).InZone(Zone, NodaTime.TimeZones.Resolvers.LenientResolver).ToInstant();

    /// <summary>Working days in (after, through]; 0 when through is not later.</summary>
    public int WorkingDaysBetween(LocalDate after, LocalDate through)
    {
        var (from, until) = (Timeline.DayNumber(after), Timeline.DayNumber(through));
        CoveringDay(from);
        return CoveringDay(until).WorkingDaysBetween(from, until);
    }

    /// <summary>The n-th working day after a date, n ≥ 1.</summary>
    public LocalDate WorkingDayAfter(LocalDate date, int n) => Timeline.DateOf(WorkingDayAfter(Timeline.DayNumber(date), n));

    /// <summary>The n-th working day before a date, n ≥ 1.</summary>
    public LocalDate WorkingDayBefore(LocalDate date, int n) => Timeline.DateOf(WorkingDayBefore(Timeline.DayNumber(date), n));

    /// <summary>Close of business of a working day; a closed day ends at its midnight.</summary>
    public Instant CloseOfBusiness(LocalDate date)
    {
        var day = Timeline.DayNumber(date);
        return Tick.ToInstant(CoveringDay(day).CloseOf(day));
    }

    /// <summary>
    /// D(t): the local date if it is a working day and the instant is at or before its close, else the next working day.
    /// </summary>
    public LocalDate BusinessDateOf(Instant instant) => Timeline.DateOf(BusinessDay(Tick.Of(instant)));

    /// <summary>True when the calendar answers for a year its official arrangement was not published for.</summary>
    public bool IsProvisional(LocalDate date) =>
        Definition.PublishedYears is var (from, through) && (date.Year < from || date.Year > through);

    /// <summary>A due that every question about it can still be answered for.</summary>
    internal static long Reachable(long due) => due < LatestTick ? due
        : throw new CalendarRangeException("the limit leads beyond 2199, the last year that is counted");

    internal Timeline Covering(long tick)
    {
        var timeline = _timeline;
        return timeline is not null && timeline.Covers(tick) ? timeline : GrowTo(ApproximateDay(tick));
    }

    /// <summary>One timeline that covers both ticks.</summary>
    internal Timeline Covering(long from, long until)
    {
        var timeline = Covering(from);
        return timeline.Covers(until) ? timeline : Covering(until);
    }

    internal int BusinessDay(long tick)
    {
        var timeline = Covering(tick);
        var day = timeline.DayAt(tick);
        return timeline.IsWorkingDay(day) && tick <= timeline.CloseOf(day) ? day : WorkingDayAfter(day, 1);
    }

    internal int WorkingDayAfter(int day, int n)
    {
        var timeline = CoveringDay(day);
        int found;
        while (!timeline.TryWorkingDayAfter(day, n, out found))
            timeline = GrowTo(timeline.LastDay + 1);
        return found;
    }

    internal int WorkingDayBefore(int day, int n)
    {
        var timeline = CoveringDay(day);
        int found;
        while (!timeline.TryWorkingDayBefore(day, n, out found))
            timeline = GrowTo(timeline.FirstDay - 1);
        return found;
    }

    internal Timeline CoveringDay(int day)
    {
        var timeline = _timeline;
        return timeline is not null && timeline.CoversDay(day) ? timeline : GrowTo(day);
    }

    internal long OpenTicks(long from, long until)
    {
        var timeline = Covering(from, until);
        return timeline.OpenBefore(until) - timeline.OpenBefore(from);
    }

    internal long AddOpenTicks(long from, long ticks, Boundary boundary)
    {
        // Nothing to add at boundary close: the start itself, open or not.
        if (ticks == 0 && boundary == Boundary.Close)
            return from;
        var timeline = Covering(from);
        long found;
        while (!timeline.TryInverse(timeline.OpenBefore(from) + ticks, boundary, out found))
            timeline = GrowTo(timeline.LastDay + 1);
        return found;
    }

    /// <summary>A tick from which the given open ticks lead to this one: the latest (open) or the earliest (close).</summary>
    internal long SubtractOpenTicks(long from, long ticks, Boundary boundary)
    {
        var timeline = Covering(from);
        long found;
        while (!timeline.TryInverse(timeline.OpenBefore(from) - ticks, boundary, out found))
            timeline = GrowTo(timeline.FirstDay - 1);
        return found;
    }

    /// <summary>p(until) − p(from).</summary>
    internal Fraction PositionBetween(long from, long until)
    {
        var timeline = Covering(from, until);
        var (start, end) = (timeline.Position(from), timeline.Position(until));
        var days = end.Days - start.Days;
        return end.Total == start.Total
            ? days + Fraction.Of(end.Open - start.Open, end.Total)
            : days + Fraction.Of(end.Open, end.Total) - Fraction.Of(start.Open, start.Total);
    }

    /// <summary>The tick at which p has grown by a number of working days since another, by which days may be negative.</summary>
    internal long AddPosition(long from, Fraction days, Boundary boundary)
    {
        if (days == 0 && boundary == Boundary.Close)
            return from;
        var timeline = Covering(from);
        while (true)
        {
            var (whole, open, total) = timeline.Position(from);
            if (timeline.TryPositionInverse(whole + Fraction.Of(open, total) + days, boundary, out var found))
                return found;
            timeline = GrowTo(days >= 0 ? timeline.LastDay + 1 : timeline.FirstDay - 1);
        }
    }

    private static int ApproximateDay(long tick) =>
        (int)Math.Clamp(tick / Tick.PerStandardDay, EarliestDay - 2L, LatestDay + 2L);

    private Timeline GrowTo(int day)
    {
        lock (_growth)
        {
            var old = _timeline;
            // A tick is placed by its UTC day, so a margin of two days covers every zone.
            if (day - 2 < EarliestDay || day + 2 > LatestDay)
                throw new CalendarRangeException($"the calendar of {Zone.Id} is asked about {Timeline.DateOf(day):uuuu-MM-dd}; it answers from 1900 to 2199, and a limit must be reachable within its opening hours");
            if (old is not null && old.CoversDay(day - 2) && old.CoversDay(day + 2))
                return old;
            var span = Math.Max(FirstSpanInDays, old is null ? 0 : old.LastDay - old.FirstDay);
            var first = old is null ? day - 366 : day - 2 < old.FirstDay ? Math.Min(day - 2, old.FirstDay - span) : old.FirstDay;
            var last = old is null ? first + span : day + 2 > old.LastDay ? Math.Max(day + 2, old.LastDay + span) : old.LastDay;
            return _timeline = new Timeline(Definition, Math.Max(first, EarliestDay), Math.Min(last, LatestDay));
        }
    }
}

/// <summary>A date a calendar cannot answer for, or a limit that its opening hours never use up.</summary>
public sealed class CalendarRangeException(string message) : Exception(message);
