using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// Calendars as JSON (and, in catalogues, the same shape in YAML): <c>zone</c>, <c>week</c>, <c>holidays</c>,
/// <c>workdays</c>, <c>days</c> and, optionally, <c>published: {from, through}</c>, the years the arrangement is
/// official for.
/// </summary>
public static class CalendarJson
{
    private static readonly Dictionary<string, IsoDayOfWeek> Weekdays = new()
    {
        ["mon"] = IsoDayOfWeek.Monday,
        ["tue"] = IsoDayOfWeek.Tuesday,
        ["wed"] = IsoDayOfWeek.Wednesday,
        ["thu"] = IsoDayOfWeek.Thursday,
        ["fri"] = IsoDayOfWeek.Friday,
        ["sat"] = IsoDayOfWeek.Saturday,
        ["sun"] = IsoDayOfWeek.Sunday,
    };

    /// <summary>Reads a calendar; null and faults when it is none.</summary>
    public static CalendarDefinition? Read(JsonElement element, List<Fault> faults, string path)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var fields = new JsonFields(element, faults, path);
        if (faults.Count > before)
            return null;
        fields.RefuseOthers("zone", "week", "holidays", "workdays", "days", "published");
        var zoneId = fields.Text("zone");
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneId);
        if (zone is null && zoneId.Length > 0)
            fields.Refuse("zone", "is not an IANA time zone; give a name such as Asia/Shanghai");
        var definition = new CalendarDefinition
        {
            Zone = zone ?? DateTimeZone.Utc,
            Week = ReadWeek(fields),
            Holidays = [.. fields.Items("holidays").Select(i => ReadDate(i.Element, fields.Faults, i.Path)).OfType<LocalDate>()],
            Workdays = ReadWorkdays(fields),
            Days = ReadDays(fields),
            PublishedYears = ReadPublished(fields),
        };
        return faults.Count > before ? null : definition;
    }

    private static ImmutableDictionary<IsoDayOfWeek, OpeningHours> ReadWeek(JsonFields fields)
    {
        var week = ImmutableDictionary.CreateBuilder<IsoDayOfWeek, OpeningHours>();
        if (fields.Find("week") is null)
            fields.Refuse("week", "is missing; give opening hours by weekday, such as {\"mon\":[\"09:00-17:00\"]}");
        foreach (var (name, value, path) in fields.Members("week"))
        {
            if (!Weekdays.TryGetValue(name, out var day))
                fields.Faults.Add(new Fault(path, "is not a weekday; use mon, tue, wed, thu, fri, sat, sun"));
            else if (ReadHours(value, fields.Faults, path) is { } hours)
                week[day] = hours;
        }

        return week.ToImmutable();
    }

    private static ImmutableDictionary<LocalDate, IsoDayOfWeek> ReadWorkdays(JsonFields fields)
    {
        var workdays = ImmutableDictionary.CreateBuilder<LocalDate, IsoDayOfWeek>();
        foreach (var (element, path) in fields.Items("workdays"))
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                if (ReadDate(element, fields.Faults, path) is { } plain)
                    workdays[plain] = IsoDayOfWeek.Monday;
                continue;
            }

            var workday = new JsonFields(element, fields.Faults, path);
            var like = workday.OptionalChoice("like", [.. Weekdays.Select(d => (d.Key, d.Value))]) ?? IsoDayOfWeek.Monday;
            if (workday.Find("date") is not { } given)
                workday.Refuse("date", "is missing; give the make-up working day, such as 2026-02-14");
            else if (ReadDate(given, fields.Faults, workday.PathOf("date")) is { } date)
                workdays[date] = like;
        }

        return workdays.ToImmutable();
    }

    private static ImmutableDictionary<LocalDate, OpeningHours> ReadDays(JsonFields fields)
    {
        var days = ImmutableDictionary.CreateBuilder<LocalDate, OpeningHours>();
        foreach (var (name, value, path) in fields.Members("days"))
        {
            if (LocalDatePattern.Iso.Parse(name) is not { Success: true } date)
                fields.Faults.Add(new Fault(path, "is not a date; use one such as 2026-02-13"));
            else if (ReadHours(value, fields.Faults, path) is { } hours)
                days[date.Value] = hours;
        }

        return days.ToImmutable();
    }

    private static (int, int)? ReadPublished(JsonFields fields)
    {
        if (fields.Nested("published") is not { } published)
            return null;
        return (published.OptionalInteger("from", 1900, 2199) ?? 1900, published.OptionalInteger("through", 1900, 2199) ?? 2199);
    }

    private static LocalDate? ReadDate(JsonElement element, List<Fault> faults, string path)
    {
        if (element.ValueKind == JsonValueKind.String && LocalDatePattern.Iso.Parse(element.GetString()!) is { Success: true } date)
            return date.Value;
        faults.Add(new Fault(path, "is not a date; use one such as 2026-10-01"));
        return null;
    }

    private static OpeningHours? ReadHours(JsonElement element, List<Fault> faults, string path)
    {
        if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String))
        {
            try
            {
                return OpeningHours.Parse(element.EnumerateArray().Select(e => e.GetString()!));
            }
            catch (FormatException malformed)
            {
                faults.Add(new Fault(path, malformed.Message));
                return null;
            }
        }

        faults.Add(new Fault(path, "must be a list of opening hours, such as [\"09:00-12:00\",\"14:00-18:00\"]; an empty list is closed"));
        return null;
    }
}
