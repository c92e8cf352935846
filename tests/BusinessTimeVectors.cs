using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests;

/// <summary>Cases that peers' own test suites state (vectors/business-time.json, each with its source), in our terms.</summary>
internal static class BusinessTimeVectors
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static List<JsonElement> Core(string kind) => [.. All().Where(c => Kind(c) == kind && c.GetProperty("core").GetBoolean())];

    public static List<JsonElement> NotCore() => [.. All().Where(c => !c.GetProperty("core").GetBoolean())];

    public static string Kind(JsonElement vector) => vector.GetProperty("kind").GetString()!;

    public static string Id(JsonElement vector) => vector.GetProperty("id").GetString()!;

    public static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    public static Calendar ReadCalendar(JsonElement vector)
    {
        List<Fault> faults = [];
        var definition = CalendarJson.Read(JsonSerializer.SerializeToElement(CalendarOf(vector)), faults, "calendar");
        Assert.Empty(faults);
        return new Calendar(definition!);
    }

    /// <summary>In the vectors a holiday wins over a special day and breaks are cut out of the day's hours.</summary>
    public static JsonObject CalendarOf(JsonElement vector)
    {
        var holidays = Array(vector, "holidays").Select(h => h.GetString()!).ToHashSet();
        var firstYear = FirstYear(vector);
        foreach (var annual in Array(vector, "annual_holidays"))
        {
            for (var year = firstYear - 1; year < firstYear + 12; year++)
                holidays.Add($"{year}-{annual.GetString()}");
        }

        var week = vector.GetProperty("weekly_hours");
        var days = new JsonObject();
        foreach (var special in Members(vector, "special_days").Where(d => !holidays.Contains(d.Name)))
            days[special.Name] = Hours(Intervals(special.Value));
        foreach (var broken in Members(vector, "breaks").Where(d => !holidays.Contains(d.Name)))
        {
            var weekday = Weekdays[(int)LocalDatePattern.Iso.Parse(broken.Name).Value.DayOfWeek - 1];
            var hours = week.TryGetProperty(weekday, out var open) ? Intervals(open) : [];
            days[broken.Name] = Hours(Intervals(broken.Value).Aggregate(hours, Cut));
        }

        return new JsonObject
        {
            ["zone"] = vector.GetProperty("timezone").GetString(),
            ["week"] = new JsonObject(week.EnumerateObject().Select(d => KeyValuePair.Create(d.Name, (JsonNode?)Hours(Intervals(d.Value))))),
            ["holidays"] = new JsonArray([.. holidays.Order().Select(h => (JsonNode)h)]),
            ["days"] = days,
        };
    }

    private static List<(string From, string Until)> Cut(List<(string From, string Until)> hours, (string From, string Until) closed) =>
        [.. hours.SelectMany(h => new[] { (h.From, Until: Min(h.Until, closed.From)), (From: Max(h.From, closed.Until), h.Until) })
            .Where(h => string.CompareOrdinal(h.Item1, h.Item2) < 0)];

    private static string Min(string a, string b) => string.CompareOrdinal(a, b) < 0 ? a : b;

    private static string Max(string a, string b) => string.CompareOrdinal(a, b) > 0 ? a : b;

    private static List<(string From, string Until)> Intervals(JsonElement list) => [.. list.EnumerateArray().Select(i => (i[0].GetString()!, i[1].GetString()!))];

    private static JsonArray Hours(IEnumerable<(string From, string Until)> intervals) => [.. intervals.Select(i => (JsonNode)$"{i.From}-{i.Until}")];

    public static IEnumerable<JsonElement> Array(JsonElement vector, string name) => vector.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Members(JsonElement vector, string name) => vector.TryGetProperty(name, out var map) ? map.EnumerateObject() : [];

    public static Instant Parse(string text) => Timestamps.TryParse(text, out var instant) ? instant : throw new FormatException(text);

    private static int FirstYear(JsonElement vector) =>
        int.Parse(((string[])["start", "at", "date", "from", "start_date"]).Select(n => vector.TryGetProperty(n, out var given) ? given.GetString()! : null).First(t => t is not null)!.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<JsonElement> All() => SharedFolder.Json("vectors", "business-time.json").GetProperty("cases").EnumerateArray();
}
