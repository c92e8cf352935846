using System.Globalization;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// The opening intervals of one local day, sorted and disjoint, half-open. Bounds are ticks since local midnight,
/// from 0 to 24:00, which is the next midnight. No intervals: closed.
/// </summary>
public sealed class OpeningHours : IEquatable<OpeningHours>
{
    private readonly (long From, long Until)[] _intervals;

    private OpeningHours((long From, long Until)[] intervals) => _intervals = intervals;

    /// <summary>A day without opening time.</summary>
    public static OpeningHours Closed { get; } = new([]);

    /// <summary>A day open from midnight to midnight.</summary>
    public static OpeningHours AllDay { get; } = new([(0, Tick.PerStandardDay)]);

    /// <summary>True when there is no opening time at all.</summary>
    public bool IsClosed => _intervals.Length == 0;

    /// <summary>The intervals in order.</summary>
    public ReadOnlySpan<(long From, long Until)> Intervals => _intervals;

    /// <summary>
    /// Reads intervals such as <c>09:00-12:00</c> or <c>14:00:00-24:00</c> in local time.
    /// </summary>
    /// <exception cref="FormatException">An interval is malformed, empty or overlaps another; the message names it.</exception>
    public static OpeningHours Parse(IEnumerable<string> intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        var parsed = intervals.Select(ParseInterval).OrderBy(i => i.From).ToArray();
        for (var i = 1; i < parsed.Length; i++)
        {
            if (parsed[i].From < parsed[i - 1].Until)
                throw new FormatException($"opening hours {Format(parsed[i - 1])} and {Format(parsed[i])} overlap; give disjoint intervals");
        }

        return parsed.Length == 0 ? Closed : new OpeningHours(parsed);
    }

    /// <inheritdoc/>
    public bool Equals(OpeningHours? other) => other is not null && _intervals.AsSpan().SequenceEqual(other._intervals);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OpeningHours);

    /// <inheritdoc/>
    public override int GetHashCode() => _intervals.Aggregate(17, (hash, i) => HashCode.Combine(hash, i));

    /// <summary>The intervals as they are read, separated by commas.</summary>
    public override string ToString() => string.Join(",", _intervals.Select(Format));

    private static (long From, long Until) ParseInterval(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            throw new FormatException($"'{text}' is not an interval; write opening hours as HH:mm-HH:mm");
        var (from, until) = (ParseTime(text[..dash], text), ParseTime(text[(dash + 1)..], text));
        if (from >= until)
            throw new FormatException($"'{text}' ends before it starts; split hours over midnight into two days, with 24:00 as the end of the first");
        return (from, until);
    }

    private static long ParseTime(string text, string interval)
    {
        var trimmed = text.Trim();
        if (trimmed is "24:00" or "24:00:00")
            return Tick.PerStandardDay;
        if (TimeOnly.TryParseExact(trimmed, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time.Ticks / 10;
        throw new FormatException($"'{trimmed}' in '{interval}' is not a time of day; write HH:mm, at most 24:00");
    }

    private static string Format((long From, long Until) interval) => $"{FormatTime(interval.From)}-{FormatTime(interval.Until)}";

    private static string FormatTime(long tick)
    {
        var seconds = tick / Tick.PerSecond;
        var text = $"{seconds / 3600:00}:{seconds / 60 % 60:00}";
        return seconds % 60 == 0 ? text : $"{text}:{seconds % 60:00}";
    }
}
