using System.Globalization;
using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary>A year, quarter or month in a centre's zone: <c>2026</c>, <c>2026-Q3</c>, <c>2026-07</c>; half-open.</summary>
internal sealed record CalendarPeriod(string Name, LocalDate FirstDay, LocalDate EndDay, Instant From, Instant Until)
{
    /// <summary>What <see cref="Parse"/> reads, for messages.</summary>
    public const string Expected = "a period such as 2026, 2026-Q3 or 2026-07";

    public static CalendarPeriod? Parse(string text, DateTimeZone zone)
    {
        if (text.Length < 4 || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1900 or > 2198)
            return null;
        return text[4..] switch
        {
            "" => Months(text, year, 1, 12, zone),
            ['-', 'Q', >= '1' and <= '4' and var quarter] => Months(text, year, ((quarter - '1') * 3) + 1, 3, zone),
            ['-', var tens, var ones] when int.TryParse([tens, ones], NumberStyles.None, CultureInfo.InvariantCulture, out var month) && month is >= 1 and <= 12 => Months(text, year, month, 1, zone),
            _ => null,
        };
    }

    /// <summary>The month, quarter or year an instant falls in.</summary>
    public static CalendarPeriod Of(TargetPeriod period, Instant at, DateTimeZone zone)
    {
        var date = at.InZone(zone).Date;
        return period switch
        {
            TargetPeriod.Month => Parse(string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-{date.Month:00}"), zone)!,
            TargetPeriod.Quarter => QuarterOf(at, zone),
            TargetPeriod.Year => Parse(string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}"), zone)!,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The quarter an instant falls in.</summary>
    public static CalendarPeriod QuarterOf(Instant at, DateTimeZone zone)
    {
        var date = at.InZone(zone).Date;
        return Parse(string.Create(CultureInfo.InvariantCulture, $"{date.Year:0000}-Q{((date.Month - 1) / 3) + 1}"), zone)!;
    }

    private static CalendarPeriod Months(string name, int year, int first, int count, DateTimeZone zone)
    {
        var from = new LocalDate(year, first, 1);
        var end = from.PlusMonths(count);
        return new CalendarPeriod(name, from, end, zone.AtStartOfDay(from).ToInstant(), zone.AtStartOfDay(end).ToInstant());
    }
}
