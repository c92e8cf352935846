using System.Globalization;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>One way a source writes its times.</summary>
internal abstract record TimeForm
{
    private TimeForm()
    {
    }

    /// <summary>Wall-clock time in a pattern of NodaTime.</summary>
    public sealed record Local(LocalDateTimePattern Pattern) : TimeForm;

    /// <summary>Wall-clock time with its offset, in a pattern of NodaTime.</summary>
    public sealed record WithOffset(OffsetDateTimePattern Pattern) : TimeForm;

    /// <summary>Days since Excel's epoch, wall-clock time.</summary>
    public sealed record Excel : TimeForm;

    /// <summary>A number since 1970-01-01T00:00:00Z, of which so many are a second.</summary>
    public sealed record Unix(int PerSecond) : TimeForm;
}

/// <summary>
/// How times are read: ISO 8601 with an offset first, then each form in turn. Wall-clock time is resolved by
/// <see cref="Resolvers.ReturnEarlier"/> where clocks were set back, and by <see cref="Resolvers.ReturnForwardShifted"/> where
/// they were set forward: 02:30 that never was becomes 03:30.
/// </summary>
/// <param name="Zone">Where the wall clock hangs.</param>
/// <param name="Forms">Tried in order.</param>
internal sealed record TimeForms(DateTimeZone? Zone, IReadOnlyList<TimeForm> Forms)
{
    private const decimal MostSeconds = 10_000_000_000;
    private const double LastDay = 110_000;

    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);
    private static readonly LocalDateTime Epoch1900 = new(1899, 12, 30, 0, 0);
    private static readonly LocalDateTime Epoch1904 = new(1904, 1, 1, 0, 0);

    /// <summary>ISO 8601 without offset: what a zone alone asks for.</summary>
    public static IReadOnlyList<TimeForm> Iso { get; } =
        [.. ((string[])["uuuu-MM-dd'T'HH:mm:ss.FFFFFFF", "uuuu-MM-dd HH:mm:ss.FFFFFFF", "uuuu-MM-dd'T'HH:mm", "uuuu-MM-dd HH:mm"]).Select(p => new TimeForm.Local(LocalDateTimePattern.CreateWithInvariantCulture(p)))];

    /// <summary>What is read, for messages.</summary>
    public string Expected => Forms.Count == 0 ? $"{Timestamps.Expected}; give the mapping zone and times for times written otherwise" : $"{Timestamps.Expected}, nor any of the mapping's times; add the form it has";

    /// <summary>True when a form needs the zone.</summary>
    public bool NeedsZone => Forms.Any(f => f is TimeForm.Local or TimeForm.Excel);

    /// <summary>Reads a time, truncated to the tick.</summary>
    public bool TryRead(string text, bool date1904, out Instant at)
    {
        if (Timestamps.TryParse(text, out at))
            return true;
        foreach (var form in Forms)
        {
            if (form is TimeForm.Unix unix ? TryUnix(text, unix.PerSecond, out at)
                : form is TimeForm.WithOffset offset ? TryOffset(text, offset, out _, out at)
                : TryLocal(form, text, date1904, out var local) && Timestamps.TryTake(local.InZone(Zone!, Resolver).ToInstant(), out at))
                return true;
        }

        return false;
    }

    /// <summary>Reads a date: as such, or the day a time is on where its wall clock hangs.</summary>
    public bool TryReadDate(string text, bool date1904, out LocalDate date)
    {
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out date))
            return true;
        if (Timestamps.TryParse(text, out var at))
            return Zone is null ? LocalDatePattern.Iso.Parse(text[..10]).TryGetValue(default, out date) : Dated(at, out date);
        foreach (var form in Forms)
        {
            if (form is TimeForm.Unix unix && TryUnix(text, unix.PerSecond, out at))
                return Dated(at, out date);
            if (form is TimeForm.WithOffset offset && TryOffset(text, offset, out date, out at))
                return Zone is null || Dated(at, out date);
            if (TryLocal(form, text, date1904, out var local))
            {
                date = local.Date;
                return true;
            }
        }

        return false;
    }

    private bool Dated(Instant at, out LocalDate date)
    {
        date = at.InZone(Zone ?? DateTimeZone.Utc).Date;
        return true;
    }

    private static bool TryOffset(string text, TimeForm.WithOffset form, out LocalDate date, out Instant at)
    {
        var read = form.Pattern.Parse(text).TryGetValue(default, out var written);
        (date, at) = (written.Date, default);
        return read && written.Year is >= 1900 and <= 2199 && Timestamps.TryTake(written.ToInstant(), out at);
    }

    private static bool TryLocal(TimeForm form, string text, bool date1904, out LocalDateTime local)
    {
        local = default;
        return (form is TimeForm.Local written ? written.Pattern.Parse(text).TryGetValue(default, out local) : form is TimeForm.Excel && TryExcel(text, date1904, out local))
            && local.Year is >= 1900 and <= 2199;
    }

    private static bool TryUnix(string text, int perSecond, out Instant at)
    {
        at = default;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number / perSecond) < MostSeconds
            && Timestamps.TryTake(Instant.FromUnixTimeTicks((long)decimal.Floor(number / perSecond * NodaConstants.TicksPerSecond)), out at);
    }

    /// <summary>A serial is a binary fraction of a day: what it means is the nearest millisecond. Day 60 of the system of 1900 is a 29 February that never was.</summary>
    private static bool TryExcel(string text, bool date1904, out LocalDateTime local)
    {
        local = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var serial) || !(serial >= 0 && serial < LastDay) || (!date1904 && (serial is < 1 or (>= 60 and < 61))))
            return false;
        var epoch = date1904 ? Epoch1904 : serial < 60 ? Epoch1900.PlusDays(1) : Epoch1900;
        local = epoch.PlusMilliseconds((long)Math.Round(serial * NodaConstants.MillisecondsPerDay));
        return true;
    }
}
