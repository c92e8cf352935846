using NodaTime;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>When a lived quarter is looked at.</summary>
/// <param name="From">Where it begins; everything before is there at once.</param>
/// <param name="Until">The last moment.</param>
/// <param name="Hourly">For how long before the end every hour, and every day before.</param>
internal sealed record LivedSteps(Instant From, Instant Until, Duration Hourly)
{
    /// <summary>Every hour of the quarter of a moment, up to it.</summary>
    public static LivedSteps QuarterUpTo(Instant until, DateTimeZone zone, Duration hourly)
    {
        var day = until.InZone(zone).Date;
        return new LivedSteps(new LocalDate(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1).AtMidnight().InZoneLeniently(zone).ToInstant(), until, hourly);
    }

    /// <summary>Its moments, the last of them the end.</summary>
    public IEnumerable<Instant> Moments()
    {
        var (back, hours) = (new List<Instant>(), Duration.Min(Hourly, Until - From));
        for (var at = Until; at > From; at -= at > Until - hours ? Duration.FromHours(1) : Duration.FromDays(1))
            back.Add(at);
        back.Reverse();
        return back;
    }
}
