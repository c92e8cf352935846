using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime.Text;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>
/// The business-time cases that peers' own test suites state (vectors/business-time.json, each with its source), asked
/// of the real <c>sla due</c>.
/// </summary>
public class DueVectorTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_core_due_case_of_the_vectors_is_answered_as_its_peer_does()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = BusinessTimeVectors.Core("due");
        var answers = await AskAsync(cases.Select(c => Question(c, c.GetProperty("limit_seconds").GetInt64())));
        var wrong = cases.Zip(answers, (c, a) => (Id: c.GetProperty("id").GetString(), Expected: BusinessTimeVectors.Parse(c.GetProperty("expected_due").GetString()!), Answer: a))
            .Where(c => c.Answer["dueAt"] is not { } due || BusinessTimeVectors.Parse(due.GetValue<string>()) != c.Expected)
            .Select(c => $"{c.Id}: expected {c.Expected}, answered {c.Answer.ToJsonString()}").ToList();
        Assert.Equal(128, cases.Count);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_core_elapsed_case_of_the_vectors_is_answered_as_its_peer_does()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = BusinessTimeVectors.Core("elapsed");
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
            ["calendar"] = BusinessTimeVectors.CalendarOf(vector),
            ["start"] = vector.GetProperty("start").GetString(),
            ["limit"] = new JsonObject { ["workingTime"] = string.Create(CultureInfo.InvariantCulture, $"PT{limitSeconds}S"), ["boundary"] = boundary },
            ["pauses"] = new JsonArray([.. BusinessTimeVectors.Array(vector, "pauses").Select(p => (JsonNode)new JsonObject { ["from"] = p[0].GetString(), ["until"] = p[1].GetString() })]),
        };
    }
}
