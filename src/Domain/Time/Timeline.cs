using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// A calendar laid out over a range of dates as sorted arrays with running sums, so that every lookup is a search.
/// Days are numbered from 1970-01-01 = 0; ticks are instants. Local midnights and opening hours become instants by
/// NodaTime's lenient resolver: a time in a DST gap moves forward by the gap, an ambiguous one is the earlier.
/// Immutable.
/// </summary>
internal sealed class Timeline
{
    private static readonly LocalDate Epoch = new(1970, 1, 1);

    private readonly long[] _dayStart;
    private readonly int[] _firstInterval;
    private readonly int[] _workingBefore;
    private readonly int[] _workingDays;
    private readonly long[] _opens;
    private readonly long[] _closes;
    private readonly long[] _openBefore;

    public Timeline(CalendarDefinition calendar, int firstDay, int lastDay)
    {
        (FirstDay, LastDay) = (firstDay, lastDay);
        var days = lastDay - firstDay + 1;
        _dayStart = new long[days + 1];
        _firstInterval = new int[days + 1];
        _workingBefore = new int[days + 1];
        var resolver = new LocalTicks(calendar.Zone);
        for (var i = 0; i <= days; i++)
            _dayStart[i] = resolver.Resolve(firstDay + i, 0);

        List<long> opens = [], closes = [];
        List<int> working = [];
        for (var i = 0; i < days; i++)
        {
            _firstInterval[i] = opens.Count;
            _workingBefore[i] = working.Count;
            var hours = calendar.HoursOn(DateOf(firstDay + i)).Hours;
            AddDay(hours, resolver, i, opens, closes);
            if (opens.Count > _firstInterval[i])
                working.Add(firstDay + i);
        }

        _firstInterval[days] = opens.Count;
        _workingBefore[days] = working.Count;
        (_opens, _closes, _workingDays) = ([.. opens], [.. closes], [.. working]);
        _openBefore = new long[_opens.Length + 1];
        for (var i = 0; i < _opens.Length; i++)
            _openBefore[i + 1] = _openBefore[i] + _closes[i] - _opens[i];
    }

    public int FirstDay { get; }

    public int LastDay { get; }

    public static int DayNumber(LocalDate date) => Period.DaysBetween(Epoch, date);

    public static LocalDate DateOf(int day) => Epoch.PlusDays(day);

    public bool Covers(long tick) => tick >= _dayStart[0] && tick < _dayStart[^1];

    public bool CoversDay(int day) => day >= FirstDay && day <= LastDay;

    /// <summary>The local date a tick falls on.</summary>
    public int DayAt(long tick)
    {
        // A local day is 24 h but for DST, so the guess is off by at most a day or two.
        var i = (int)Math.Clamp((tick - _dayStart[0]) / Tick.PerStandardDay, 0, _dayStart.Length - 2);
        while (i > 0 && _dayStart[i] > tick)
            i--;
        while (i < _dayStart.Length - 2 && _dayStart[i + 1] <= tick)
            i++;
        return FirstDay + i;
    }

    /// <summary>The instant local midnight begins the day.</summary>
    public long StartOf(int day) => _dayStart[day - FirstDay];

    /// <summary>The instant the day ends: the next local midnight.</summary>
    public long EndOf(int day) => _dayStart[day - FirstDay + 1];

    public bool IsWorkingDay(int day) => _workingBefore[day - FirstDay + 1] > _workingBefore[day - FirstDay];

    /// <summary>Close of business of a working day; a closed day ends at its midnight.</summary>
    public long CloseOf(int day)
    {
        var i = day - FirstDay;
        return _firstInterval[i + 1] > _firstInterval[i] ? _closes[_firstInterval[i + 1] - 1] : _dayStart[i + 1];
    }

    /// <summary>Working days in (after, through]; 0 when through is not later.</summary>
    public int WorkingDaysBetween(int after, int through) =>
        through <= after ? 0 : _workingBefore[through - FirstDay + 1] - _workingBefore[after - FirstDay + 1];

    /// <summary>The n-th working day after a day, n ≥ 1; false when it lies beyond the range.</summary>
    public bool TryWorkingDayAfter(int day, int n, out int found) => TryWorkingDay((long)_workingBefore[day - FirstDay + 1] + n - 1, out found);

    /// <summary>The n-th working day before a day, n ≥ 1; false when it lies before the range.</summary>
    public bool TryWorkingDayBefore(int day, int n, out int found) => TryWorkingDay((long)_workingBefore[day - FirstDay] - n, out found);

    /// <summary>Open ticks from the start of the range to a tick.</summary>
    public long OpenBefore(long tick)
    {
        var i = IntervalAt(tick);
        return i < _opens.Length && tick > _opens[i] ? _openBefore[i] + tick - _opens[i] : _openBefore[i];
    }

    /// <summary>
    /// p(t): full working days of the range before a tick, and the share of the tick's own working day that has been open by
    /// then, as open ticks and the day's total; of a closed day the share is 0 of 1.
    /// </summary>
    public (int Days, long Open, long Total) Position(long tick)
    {
        var i = DayAt(tick) - FirstDay;
        var before = _openBefore[_firstInterval[i]];
        var total = _openBefore[_firstInterval[i + 1]] - before;
        return total == 0 ? (_workingBefore[i], 0, 1) : (_workingBefore[i], OpenBefore(tick) - before, total);
    }

    /// <summary>
    /// The first (boundary close) or last (open) tick at which p equals a position, rounded up to the tick; false when it
    /// lies beyond the range.
    /// </summary>
    public bool TryPositionInverse(Fraction position, Boundary boundary, out long tick)
    {
        var index = position.Floor;
        tick = 0;
        // A whole number of days is reached at the close of the last of them, and held until the next opens.
        var atClose = position.IsWhole && boundary == Boundary.Close;
        if (atClose)
            index--;
        if (index < 0 || index >= _workingDays.Length)
            return false;
        var i = _workingDays[index] - FirstDay;
        var before = _openBefore[_firstInterval[i]];
        var total = _openBefore[_firstInterval[i + 1]] - before;
        var open = atClose ? total : position.ShareOf(total);
        return TryInverse(before + open, boundary, out tick);
    }

    /// <summary>
    /// The first tick at which <see cref="OpenBefore"/> equals the given sum (boundary close) or the last such tick
    /// (boundary open); false when it lies beyond the range.
    /// </summary>
    public bool TryInverse(long sum, Boundary boundary, out long tick)
    {
        var i = Array.BinarySearch(_openBefore, sum);
        i = i < 0 ? ~i - 1 : boundary == Boundary.Close ? i - 1 : i;
        tick = 0;
        if (i < 0 || i >= _opens.Length)
            return false;
        tick = _opens[i] + sum - _openBefore[i];
        return true;
    }

    /// <summary>Index of the interval that holds the tick, or of the next one.</summary>
    public int IntervalAt(long tick)
    {
        var i = _firstInterval[DayAt(tick) - FirstDay];
        while (i < _closes.Length && _closes[i] <= tick)
            i++;
        return i;
    }

    /// <summary>Interval by index; index may be one past the last, which gives false.</summary>
    public bool TryInterval(int index, out long opens, out long closes)
    {
        var inside = index >= 0 && index < _opens.Length;
        (opens, closes) = inside ? (_opens[index], _closes[index]) : (0, 0);
        return inside;
    }

    private bool TryWorkingDay(long index, out int found)
    {
        var inside = index >= 0 && index < _workingDays.Length;
        found = inside ? _workingDays[index] : 0;
        return inside;
    }

    private void AddDay(OpeningHours hours, LocalTicks resolver, int i, List<long> opens, List<long> closes)
    {
        // Clipped to the day, so that a date that a zone skipped is closed; a DST shift can push an interval into the
        // next one, so touching and overlapping ones of a day are united.
        var first = opens.Count;
        foreach (var (from, until) in hours.Intervals)
        {
            var open = Math.Max(resolver.Resolve(FirstDay + i, from), _dayStart[i]);
            var close = Math.Min(resolver.Resolve(FirstDay + i, until), _dayStart[i + 1]);
            if (open >= close)
                continue;
            if (opens.Count > first && open < closes[^1])
            {
                opens[^1] = Math.Min(opens[^1], open);
                closes[^1] = Math.Max(closes[^1], close);
            }
            else
            {
                opens.Add(open);
                closes.Add(close);
            }
        }
    }

    /// <summary>Local times to ticks; remembers the zone's current offset interval, as days come in order.</summary>
    private sealed class LocalTicks(DateTimeZone zone)
    {
        private long _localFrom = long.MaxValue;
        private long _localUntil = long.MinValue;
        private long _offset;

        public long Resolve(int day, long tickOfDay)
        {
            var local = (day * Tick.PerStandardDay) + tickOfDay;
            // Within a day of either end of the offset interval the local time may be skipped or ambiguous.
            if (local >= _localFrom && local < _localUntil)
                return local - _offset;
            return ResolveSlowly(day, tickOfDay);
        }

        private long ResolveSlowly(int day, long tickOfDay)
        {
            var extraDay = tickOfDay == Tick.PerStandardDay ? 1 : 0;
            var local = DateOf(day + extraDay).At(LocalTime.FromTicksSinceMidnight((tickOfDay - (extraDay * Tick.PerStandardDay)) * 10));
            var resolved = local.InZone(zone, NodaTime.TimeZones.Resolvers.LenientResolver);
            var interval = zone.GetZoneInterval(resolved.ToInstant());
            _offset = interval.WallOffset.Ticks / 10;
            _localFrom = interval.HasStart ? Tick.Of(interval.Start) + _offset + Tick.PerStandardDay : long.MinValue;
            _localUntil = interval.HasEnd ? Tick.Of(interval.End) + _offset - Tick.PerStandardDay : long.MaxValue;
            return Tick.Of(resolved.ToInstant());
        }
    }
}
