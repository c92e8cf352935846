using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>
/// The business-time cases that peers' own test suites state (vectors/business-time.json, each with its source), asked
/// of the real <c>sla due</c>.
/// </summary>
public class DueVectorTests(ITestOutputHelper output)
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    [Fact]
    public async Task Every_core_due_case_of_the_vectors_is_answered_as_its_peer_does()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = Cases("due");
        var answers = await AskAsync(cases.Select(c => Question(c, c.GetProperty("limit_seconds").GetInt64())));
        var wrong = cases.Zip(answers, (c, a) => (Id: c.GetProperty("id").GetString(), Expected: Parse(c.GetProperty("expected_due").GetString()!), Answer: a))
            .Where(c => c.Answer["dueAt"] is not { } due || Parse(due.GetValue<string>()) != c.Expected)
            .Select(c => $"{c.Id}: expected {c.Expected}, answered {c.Answer.ToJsonString()}").ToList();
        Assert.Equal(128, cases.Count);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_core_elapsed_case_of_the_vectors_is_answered_as_its_peer_does()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = Cases("elapsed");
        var answers = await AskAsync(cases.Select(c =>
        {
            var question = Question(c, c.TryGetProperty("limit_seconds", out var limit) ? limit.GetInt64() : 3600);
            question["stop"] = c.GetProperty("end").GetString();
            return question;
        }));
        var wrong = cases.Zip(answers, (c, a) => (Case: c, Answer: a)).Where(c => !Agrees(c.Case, c.Answer))
            .Select(c => $"{c.Case.GetRawText()}: answered {c.Answer.ToJsonString()}").ToList();
        Assert.Equal(110, cases.Count);
        Assert.Empty(wrong);
    }

    private static bool Agrees(JsonElement expected, JsonNode answer) =>
        Seconds(answer, "used") == expected.GetProperty("expected_elapsed_seconds").GetDecimal()
        && (!expected.TryGetProperty("expected_remaining_seconds", out var remaining) || Seconds(answer, "remaining") == remaining.GetDecimal());

    private static decimal? Seconds(JsonNode answer, string name)
    {
        if (answer[name]?["workingTime"]?.GetValue<string>() is not { } text)
            return null;
        var length = PeriodPattern.NormalizingIso.Parse(text.TrimStart('-')).Value.ToDuration();
        return (text.StartsWith('-') ? -1 : 1) * (decimal)length.BclCompatibleTicks / 10_000_000;
    }

    private static List<JsonElement> Cases(string kind) =>
        [.. SharedFolder.Json("vectors", "business-time.json").GetProperty("cases").EnumerateArray()
            .Where(c => c.GetProperty("kind").GetString() == kind && c.GetProperty("core").GetBoolean())];

    private static async Task<List<JsonNode>> AskAsync(IEnumerable<JsonNode> questions)
    {
        var (_, answers, errors) = await SlaProgram.RunAsync(string.Join('\n', questions.Select(q => q.ToJsonString())), "due");
        Assert.Equal("", errors);
        return [.. answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(a => JsonNode.Parse(a)!)];
    }

    private static JsonObject Question(JsonElement vector, long limitSeconds)
    {
        var boundary = vector.TryGetProperty("boundary", out var given) && given.GetString() == "open" ? "open" : "close";
        return new JsonObject
        {
            ["id"] = vector.GetProperty("id").GetString(),
            ["calendar"] = Calendar(vector),
            ["start"] = vector.GetProperty("start").GetString(),
            ["limit"] = new JsonObject { ["workingTime"] = string.Create(CultureInfo.InvariantCulture, $"PT{limitSeconds}S"), ["boundary"] = boundary },
            ["pauses"] = new JsonArray([.. Array(vector, "pauses").Select(p => (JsonNode)new JsonObject { ["from"] = p[0].GetString(), ["until"] = p[1].GetString() })]),
        };
    }

    /// <summary>In the vectors a holiday wins over a special day and breaks are cut out of the day's hours.</summary>
    private static JsonObject Calendar(JsonElement vector)
    {
        var holidays = Array(vector, "holidays").Select(h => h.GetString()!).ToHashSet();
        var firstYear = Parse(vector.GetProperty("start").GetString()!).InUtc().Year;
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

    private static IEnumerable<JsonElement> Array(JsonElement vector, string name) => vector.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Members(JsonElement vector, string name) => vector.TryGetProperty(name, out var map) ? map.EnumerateObject() : [];

    private static Instant Parse(string text) => Timestamps.TryParse(text, out var instant) ? instant : throw new FormatException(text);
}
