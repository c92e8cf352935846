using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>The span of time a service's page is about: a day, month, quarter or year, or any two instants.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="Until">The first that is not part of it.</param>
/// <param name="Period">The day, month, quarter or year; null: it is none.</param>
/// <param name="Refused">What was asked for and cannot be shown; null: nothing.</param>
internal sealed record ShownSpan(Instant From, Instant Until, CalendarPeriod? Period, string? Refused)
{
    private static readonly Duration Longest = Duration.FromDays(3_700);

    /// <summary>The period before; null: there is none to name.</summary>
    public string? Previous => Period is { FirstDay.Year: > 1900 } p ? Containing(p.FirstDay.PlusDays(-1), p.Name) : null;

    /// <summary>The period after it.</summary>
    public string? Next => Period is { EndDay.Year: < 2198 } p ? Containing(p.EndDay, p.Name) : null;

    /// <summary>Reads a request; without anything asked for, the period that the availability is promised for.</summary>
    public static ShownSpan Of(HttpRequest request, PageFrame frame, TargetPeriod promised)
    {
        var (period, from, to) = (request.Query["period"].ToString(), request.Query["from"].ToString(), request.Query["to"].ToString());
        if (period.Length > 0)
            return Parse(period, frame.Zone) is { } named ? Named(named) : Current() with { Refused = period };
        if (from.Length + to.Length == 0)
            return Current();
        var end = frame.Now;
        return Timestamps.TryParse(from, out var begin) && (to.Length == 0 || Timestamps.TryParse(to, out end)) && begin < end && begin >= ServiceHistory.Earliest && end <= ServiceHistory.Latest && end - begin <= Longest
            ? new ShownSpan(begin, end, null, null)
            : Current() with { Refused = $"{from} – {to}" };

        ShownSpan Current() => Named(CalendarPeriod.Of(promised, frame.Now, frame.Zone));

        static ShownSpan Named(CalendarPeriod period) => new(period.From, period.Until, period, null);
    }

    /// <summary>Day, month, quarter and year to go to: those that hold the last moment of the span that has come.</summary>
    public IEnumerable<(string Kind, string Name)> Around(Instant now, DateTimeZone zone)
    {
        var last = now > From && now < Until ? now : Until - Duration.Epsilon;
        var day = last.InZone(zone).Date;
        return [("day", Text(day, "uuuu-MM-dd")), ("month", Text(day, "uuuu-MM")), ("quarter", Quarter(day)), ("year", Text(day, "uuuu"))];
    }

    private static CalendarPeriod? Parse(string text, DateTimeZone zone)
    {
        if (CalendarPeriod.Parse(text, zone) is { } period)
            return period;
        return LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 1900 and <= 2198 } day }
            ? new CalendarPeriod(Text(day, "uuuu-MM-dd"), day, day.PlusDays(1), ServiceHistory.StartOf(day, zone), ServiceHistory.StartOf(day.PlusDays(1), zone))
            : null;
    }

    /// <summary>The period that holds a day, as long as the one of a name.</summary>
    private static string Containing(LocalDate day, string like) => like.Length switch
    {
        4 => Text(day, "uuuu"),
        10 => Text(day, "uuuu-MM-dd"),
        _ => like.Contains('Q', StringComparison.Ordinal) ? Quarter(day) : Text(day, "uuuu-MM"),
    };

    private static string Quarter(LocalDate day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year:0000}-Q{((day.Month - 1) / 3) + 1}");

    private static string Text(LocalDate day, string pattern) => day.ToString(pattern, CultureInfo.InvariantCulture);
}
