using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>How the times of a column are written.</summary>
/// <param name="Patterns">Those that read what is without an offset, the commonest first.</param>
/// <param name="WithOffset">How many bear an offset.</param>
/// <param name="Local">How many do not.</param>
/// <param name="Unread">How many no pattern reads.</param>
/// <param name="DayOrMonth">True when no value shows whether the day or the month stands first.</param>
/// <param name="DatesOnly">True when none has a time of day.</param>
internal sealed record TimeShape(IReadOnlyList<string> Patterns, int WithOffset, int Local, int Unread, bool DayOrMonth, bool DatesOnly)
{
    private const double Enough = 0.9;
    private const int Probed = 40;

    /// <summary>Written as a number in a workbook.</summary>
    public const string Excel = "excel";

    private static readonly LocalDateTimePattern[] Known = [.. Written().Select(p => LocalDateTimePattern.Create(p, CultureInfo.InvariantCulture, new LocalDate(2000, 1, 1).AtMidnight()))];

    /// <summary>How the values of a column are written as times; null: they are none.</summary>
    /// <param name="name">The column, as plain numbers are times only where its name says so.</param>
    /// <param name="values">Those that are there.</param>
    /// <param name="workbook">Of a workbook, whose times can be numbers.</param>
    public static TimeShape? Of(string name, IReadOnlyCollection<string> values, bool workbook)
    {
        if (values.Count == 0)
            return null;
        var offset = values.Count(v => v.Length >= 16 && Timestamps.TryParse(v, out _));
        var local = values.Where(v => v.Length < 16 || !Timestamps.TryParse(v, out _)).ToList();
        if (NumbersOf(name, local, workbook) is { } numbers)
            return new TimeShape([numbers], offset, local.Count, 0, false, false);
        // All digits may be a date or a case number: the column's name decides.
        var patterns = ColumnWords.SpeaksOfTime(name) ? Known : Known.Where(p => !p.PatternText.StartsWith("uuuuMM", StringComparison.Ordinal)).ToArray();
        var (chosen, left, unclear) = Choose(local, patterns);
        if (offset + local.Count - left < values.Count * Enough)
            return null;
        return new TimeShape([.. chosen.Select(c => c.PatternText)], offset, local.Count, left, unclear, offset == 0 && chosen.Count > 0 && chosen.All(c => !c.PatternText.Contains('m', StringComparison.Ordinal)));
    }

    /// <summary>Takes the pattern that reads most of what is left, until nothing more is read.</summary>
    private static (List<LocalDateTimePattern> Chosen, int Left, bool DayOrMonth) Choose(List<string> values, LocalDateTimePattern[] patterns)
    {
        var (chosen, unclear) = (new List<LocalDateTimePattern>(), false);
        while (values.Count > 0)
        {
            // What reads none of the first values reads too few to be tried on all.
            var first = values.Take(Probed).ToList();
            var counted = patterns.Where(p => first.Exists(v => p.Parse(v).Success)).Select(p => (Pattern: p, Read: values.Count(v => p.Parse(v).Success))).Where(c => c.Read > 0).OrderByDescending(c => c.Read).ToList();
            if (counted.Count == 0)
                break;
            var (best, read) = counted[0];
            unclear |= Swapped(best.PatternText) is { } other && counted.Exists(c => c.Read == read && c.Pattern.PatternText == other);
            chosen.Add(best);
            values = [.. values.Where(v => !best.Parse(v).Success)];
        }

        return (chosen, values.Count, unclear);
    }

    /// <summary>The pattern with month and day the other way round.</summary>
    private static string? Swapped(string pattern) =>
        pattern.StartsWith("d/M", StringComparison.Ordinal) ? "M/d" + pattern[3..] : pattern.StartsWith("M/d", StringComparison.Ordinal) ? "d/M" + pattern[3..] : null;

    private static string? NumbersOf(string name, List<string> values, bool workbook)
    {
        if (values.Count == 0 || !ColumnWords.SpeaksOfTime(name))
            return null;
        (string Pattern, decimal From, decimal Until)[] kinds = [("unix", 631_152_000, 4_102_444_800), ("unixMilliseconds", 631_152_000_000, 4_102_444_800_000)];
        if (workbook)
            kinds = [(Excel, 20_000, 80_000), .. kinds];
        return kinds.FirstOrDefault(k => values.TrueForAll(v => decimal.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n >= k.From && n < k.Until)).Pattern;
    }

    /// <summary>Local times as exports write them. Where day and month could be either, the day comes first.</summary>
    private static IEnumerable<string> Written()
    {
        string[] dates = ["uuuu-MM-dd", "uuuu-M-d", "uuuu/M/d", "uuuu.M.d", "uuuu'年'M'月'd'日'", "d/M/uuuu", "M/d/uuuu", "d.M.uuuu", "d-M-uuuu"];
        string[] times = ["'T'HH:mm:ss", " HH:mm:ss", " HH:mm", " H:mm:ss", " H:mm", "'T'HH:mm", "'T'HH:mm:ss.FFFFFFF", " HH:mm:ss.FFFFFFF", " h:mm:ss tt", " h:mm tt", "H:mm:ss", "H:mm", " H'时'm'分'", "H'时'm'分'", ""];
        return dates.SelectMany(d => times.Select(t => d + t)).Concat(["uuuuMMddHHmmss", "uuuuMMddHHmm", "uuuuMMdd"]);
    }
}
