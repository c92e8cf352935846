using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Demo;

/// <summary>The hall's opening hours as its people think of them: days, and moments of a day. Whole seconds throughout.</summary>
internal sealed class HallTime(Calendar calendar)
{
    /// <summary>The hours that a catalogue's first promise is counted in.</summary>
    public static HallTime Of(Catalogue catalogue) => new(catalogue.Calendars[catalogue.Commitments[0].Calendar]);

    /// <summary>The zone of its clocks.</summary>
    public DateTimeZone Zone => calendar.Zone;

    /// <summary>The day something counts to that happens then.</summary>
    public LocalDate DayOf(Instant at) => calendar.BusinessDateOf(at);

    /// <summary>True when it opens that day.</summary>
    public bool IsWorkingDay(LocalDate day) => calendar.IsWorkingDay(day);

    /// <summary>The n-th working day after a day; itself for 0.</summary>
    public LocalDate After(LocalDate day, int n) => n <= 0 ? day : calendar.WorkingDayAfter(day, n);

    /// <summary>Working days after one day, through another.</summary>
    public int Days(LocalDate after, LocalDate through) => calendar.WorkingDaysBetween(after, through);

    /// <summary>When a day ends.</summary>
    public Instant Close(LocalDate day) => calendar.CloseOfBusiness(day);

    /// <summary>When a day begins.</summary>
    public Instant Open(LocalDate day) => calendar.NextOpening(calendar.Resolve(day, 0));

    /// <summary>A time of the clock on a day.</summary>
    public Instant At(LocalDate day, int secondOfDay) => calendar.Resolve(day, secondOfDay * 1_000_000L);

    /// <summary>The moment at which a share of a working day's opening time has gone by.</summary>
    public Instant Share(LocalDate day, int part, int of)
    {
        var opens = Open(day);
        var open = (long)calendar.OpenTimeBetween(opens, Close(day)).TotalSeconds;
        return calendar.Add(opens, Duration.FromSeconds(open * part / of), Boundary.Open);
    }

    /// <summary>A moment of a working day, not before another, while it is open.</summary>
    public Instant Within(LocalDate day, Instant notBefore, DemoRandom random)
    {
        var (opens, closes) = (Open(day), Close(day));
        var from = notBefore > opens ? notBefore : opens;
        var open = (int)calendar.OpenTimeBetween(from, closes).TotalSeconds;
        return open < 2 ? from + Duration.FromSeconds(1) : calendar.Add(from, Duration.FromSeconds(1 + random.Next(open - 1)));
    }

    /// <summary>A moment between two others while it is open; right after the first when there is no such.</summary>
    public Instant Between(Instant from, Instant until, DemoRandom random)
    {
        var open = (int)Math.Min(calendar.OpenTimeBetween(from, until).TotalSeconds, int.MaxValue / 2);
        return open < 3 ? from + Duration.FromSeconds(1) : calendar.Add(from, Duration.FromSeconds(1 + random.Next(open - 2)));
    }

    /// <summary>A moment some opening time later.</summary>
    public Instant Later(Instant from, int minutes, DemoRandom random) => calendar.Add(from, Duration.FromSeconds((minutes * 60) + random.Between(1, 59)), Boundary.Open);

    /// <summary>Some minutes later for somebody who stands there: not interrupted by lunch, and never after the hall has closed.</summary>
    public Instant Standing(Instant from, int seconds)
    {
        var at = from + Duration.FromSeconds(seconds);
        var close = Close(DayOf(from));
        return at < close || from >= close ? at : from + Duration.FromSeconds(Math.Max(1, (int)(close - from).TotalSeconds / 2));
    }

    /// <summary>Days in a row without opening that end before a day.</summary>
    public int ClosedBefore(LocalDate day) => Closed(day, -1);

    /// <summary>Days in a row without opening that follow a day.</summary>
    public int ClosedAfter(LocalDate day) => Closed(day, 1);

    private int Closed(LocalDate day, int step)
    {
        var count = 0;
        while (count < 30 && !calendar.IsWorkingDay(day.PlusDays(step * (count + 1))))
            count++;
        return count;
    }
}
