using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain;

/// <summary>Instants as they stand outside: ISO 8601 with an offset, to the microsecond.</summary>
public static class Timestamps
{
    /// <summary>What <see cref="TryParse"/> reads, for messages.</summary>
    public const string Expected = "a time in ISO 8601 with offset, such as 2026-03-02T09:00:00+08:00, from 1970 to 2199";

    private static readonly OffsetDateTimePattern Extended = OffsetDateTimePattern.ExtendedIso;
    private static readonly OffsetDateTimePattern Written = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFo<Z+HH:mm>");
    private static readonly OffsetDateTimePattern Minutes = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mmo<G>");

    private static readonly Instant Earliest = Instant.FromUtc(1900, 1, 4, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2199, 12, 28, 0, 0);

    /// <summary>
    /// Reads a time, truncated to the tick. A time without offset is refused, and one outside 1900 to 2199: some days are left
    /// at both ends, so that every calendar can be asked about it in every zone.
    /// </summary>
    public static bool TryParse(string text, out Instant instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A space for the T and lower-case letters are common in exports (RFC 3339, section 5.6).
        if (text.Length > 10 && text[10] is ' ' or 't')
            text = string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11));
        if (text.EndsWith('z'))
            text = string.Concat(text.AsSpan(0, text.Length - 1), "Z");
        var parsed = Extended.Parse(text) is { Success: true } whole ? whole : Minutes.Parse(text);
        instant = default;
        // The year first: an instant cannot be made of every year.
        if (!parsed.Success || parsed.Value.Year is < 1900 or > 2199)
            return false;
        return TryTake(parsed.Value.ToInstant(), out instant);
    }

    /// <summary>Truncates an instant to the tick; false when it lies outside 1900 to 2199.</summary>
    public static bool TryTake(Instant given, out Instant instant)
    {
        instant = Tick.Truncate(given);
        return instant >= Earliest && instant < Latest;
    }

    /// <summary>Writes an instant, truncated to the tick, on the wall clock of a zone, with its offset.</summary>
    public static string Format(Instant instant, DateTimeZone zone)
    {
        var local = Tick.Truncate(instant).InZone(zone).ToOffsetDateTime();
        // Before zones were standardised offsets had seconds, which RFC 3339 cannot write.
        return (local.Offset.Seconds % 60 == 0 ? Written : Extended).Format(local);
    }

    /// <summary>Writes an instant in UTC.</summary>
    public static string Format(Instant instant) => Format(instant, DateTimeZone.Utc);
}
