using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// A calendar as Alertmanager's time intervals: when it is open, by the week and on the dates that are other than their weekday, and when it is closed in spite of the week. What is to wait for opening hours is active in the
/// one and muted in the other. Minutes are the finest there is: hours that end within one last until it is over.
/// </summary>
/// <param name="name">The name of the centre.</param>
/// <param name="calendar">Its calendar.</param>
/// <param name="firstYear">Dates of earlier years are left out.</param>
internal sealed class QuietHours(string name, CalendarDefinition calendar, int firstYear)
{
    private const long Minute = 60 * Tick.PerSecond;
    private readonly List<(LocalDate Date, OpeningHours Hours)> _dates = [.. calendar.Holidays.Concat(calendar.Workdays.Keys).Concat(calendar.Days.Keys).Where(d => d.Year >= firstYear).Distinct().Order()
        .Select(d => (d, calendar.HoursOn(d).Hours)).Where(d => d.Hours != Weekly(calendar, d.d.DayOfWeek))];

    /// <summary>True when there is nothing to wait for.</summary>
    public bool Never => calendar.IsAlwaysOpen;

    /// <summary>The name of the intervals it is open in.</summary>
    public string Open => $"{name}-open";

    /// <summary>The name of those it is closed in although the week says otherwise; null: there are none.</summary>
    public string? Closed => _dates.Any(InSpiteOfWeek) ? $"{name}-closed" : null;

    /// <summary>The last year whose dates are known: the last the arrangement was published for, else the last of a date; null: the week is all there is.</summary>
    public static int? LastYear(CalendarDefinition calendar) => calendar.PublishedYears?.Through
        ?? calendar.Holidays.Concat(calendar.Workdays.Keys).Concat(calendar.Days.Keys).Select(d => (int?)d.Year).Max();

    /// <summary>The entries of <c>time_intervals</c>.</summary>
    public IEnumerable<JsonObject> ToJson()
    {
        if (Never)
            yield break;
        var week = Enumerable.Range(1, 7).Select(d => (Day: (IsoDayOfWeek)d, Hours: Weekly(calendar, (IsoDayOfWeek)d))).Where(d => !d.Hours.IsClosed).GroupBy(d => d.Hours)
            .Select(g => At(TimesOf(g.Key.Intervals.ToArray()), ("weekdays", g.Select(d => d.Day.ToString().ToLowerInvariant()))));
        yield return Interval(Open, week.Concat(Dated(d => d.Intervals.ToArray(), _dates)));
        if (Closed is { } closed)
            yield return Interval(closed, Dated(Complement, _dates.Where(InSpiteOfWeek)));
    }

    /// <summary>On other weekdays there is nothing to be closed.</summary>
    private bool InSpiteOfWeek((LocalDate Date, OpeningHours Hours) date) => !Weekly(calendar, date.Date.DayOfWeek).IsClosed;

    private static JsonObject Interval(string name, IEnumerable<JsonObject> entries) => new() { ["name"] = name, ["time_intervals"] = new JsonArray([.. entries]) };

    /// <summary>The special dates, those of a month with the same times together.</summary>
    private IEnumerable<JsonObject> Dated(Func<OpeningHours, IReadOnlyList<(long From, long Until)>> times, IEnumerable<(LocalDate Date, OpeningHours Hours)> dates) => dates
        .Select(d => (d.Date, Times: TimesOf(times(d.Hours)))).Where(d => d.Times.Count > 0)
        .GroupBy(d => (d.Date.Year, d.Date.Month, string.Join(',', d.Times)))
        .Select(g => At(g.First().Times, ("years", [Text(g.Key.Year)]), ("months", [Text(g.Key.Month)]), ("days_of_month", Runs([.. g.Select(d => d.Date.Day)]))));

    private JsonObject At(List<(string From, string Until)> times, params IEnumerable<(string Field, IEnumerable<string> Values)> fields)
    {
        var entry = new JsonObject();
        foreach (var (field, values) in fields)
            entry[field] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        if (times is not [("00:00", "24:00")])
            entry["times"] = new JsonArray([.. times.Select(t => new JsonObject { ["start_time"] = t.From, ["end_time"] = t.Until })]);
        entry["location"] = calendar.Zone.Id;
        return entry;
    }

    /// <summary>Days in a row as from:to.</summary>
    private static IEnumerable<string> Runs(List<int> days)
    {
        for (var i = 0; i < days.Count;)
        {
            var last = i;
            while (last + 1 < days.Count && days[last + 1] == days[last] + 1)
                last++;
            yield return last == i ? Text(days[i]) : $"{Text(days[i])}:{Text(days[last])}";
            i = last + 1;
        }
    }

    private static List<(long From, long Until)> Complement(OpeningHours hours)
    {
        var (closed, from) = (new List<(long, long)>(), 0L);
        foreach (var (opens, closes) in hours.Intervals)
        {
            if (opens > from)
                closed.Add((from, opens));
            from = closes;
        }

        if (from < Tick.PerStandardDay)
            closed.Add((from, Tick.PerStandardDay));
        return closed;
    }

    private static List<(string From, string Until)> TimesOf(IReadOnlyList<(long From, long Until)> times) =>
        [.. times.Select(t => (Time(t.From / Minute), Time((t.Until + Minute - 1) / Minute)))];

    private static string Time(long minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static OpeningHours Weekly(CalendarDefinition calendar, IsoDayOfWeek day) => calendar.Week.GetValueOrDefault(day, OpeningHours.Closed);
}
