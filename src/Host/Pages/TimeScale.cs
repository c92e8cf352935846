using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Pages;

/// <summary>
/// Where instants lie on a line over the working hours of a calendar. Opening time has its length; what is closed is pressed
/// together, to about a quarter of the line, so that a night does not take more room than the day's work.
/// </summary>
internal sealed class TimeScale
{
    private const double ShareOfClosed = 0.35;
    private readonly Calendar _calendar;
    private readonly double _width;
    private readonly double _closedWeight;
    private readonly double _total;

    /// <summary>A line of a width from an instant until a later one.</summary>
    public TimeScale(Calendar calendar, Instant from, Instant until, double width)
    {
        (_calendar, From, Until, _width) = (calendar, from, until, width);
        var (open, all) = (calendar.OpenTimeBetween(from, until).TotalSeconds, (until - from).TotalSeconds);
        var closed = all - open;
        _closedWeight = open <= 0 || closed <= 0 ? 1 : Math.Min(1, ShareOfClosed * open / closed);
        _total = open + (closed * _closedWeight);
    }

    public Instant From { get; }

    public Instant Until { get; }

    /// <summary>The place of an instant; one beyond an end lies at that end.</summary>
    public double At(Instant instant)
    {
        var at = Instant.Min(Instant.Max(instant, From), Until);
        var open = _calendar.OpenTimeBetween(From, at).TotalSeconds;
        return _width * (open + (((at - From).TotalSeconds - open) * _closedWeight)) / _total;
    }

    /// <summary>From where to where it is open; none when the bands would be too many to tell apart.</summary>
    public IReadOnlyList<(double From, double Until)> OpenBands(int most)
    {
        var bands = new List<(double, double)>();
        foreach (var open in _calendar.OpenIntervals(From, Until))
        {
            if (bands.Count == most)
                return [];
            bands.Add((At(open.Start), At(open.End)));
        }

        return bands;
    }

    /// <summary>Days to write at the line, each at least so far from the one before.</summary>
    public IEnumerable<(double At, LocalDate Day)> Days(double apart)
    {
        var last = double.NegativeInfinity;
        for (var (day, end) = (_calendar.DateOf(From), _calendar.DateOf(Until)); day <= end; day = day.PlusDays(1))
        {
            var at = At(_calendar.Zone.AtStartOfDay(day).ToInstant());
            if (at - last < apart || !_calendar.IsWorkingDay(day))
                continue;
            last = at;
            yield return (at, day);
        }
    }
}
