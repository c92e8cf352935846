using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>What peers' own tests, a function of a peer and a peer's arithmetic give, asked of the real <c>sla availability</c>.</summary>
public class AvailabilityVectorTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Icinga_s_own_cases_come_out_to_four_decimals()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = OfKind("availability").Where(c => c.TryGetProperty("expected_percent", out _)).ToList();
        Assert.Equal(32, cases.Count);
        await AgreeAsync(cases.Select(c => (AvailabilityVectors.Icinga(c, c.GetProperty("object").GetString() == "host"), c.GetProperty("expected_percent").GetDecimal())));
    }

    [Fact]
    public async Task A_period_that_ends_before_it_begins_is_refused_and_an_empty_one_has_no_availability()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = OfKind("availability").Where(c => c.TryGetProperty("expected_error", out _)).ToList();
        var (code, answers) = await AskAsync(cases.Select(c => AvailabilityVectors.Icinga(c, host: true)));
        Assert.Equal((2, 1), (cases.Count, code));
        foreach (var (asked, answer) in cases.Zip(answers))
            Assert.True(asked.GetProperty("start").GetInt64() == asked.GetProperty("end").GetInt64() ? answer["availability"] is null && answer["error"] is null : answer["error"] is not null, answer.ToJsonString());
    }

    [Fact]
    public async Task Random_histories_come_out_as_Icinga_s_function_says_but_for_its_known_quirk()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = AvailabilityVectors.Cases("availability-random.json");
        var quirks = cases.Where(c => c.GetProperty("quirk").GetBoolean()).ToList();
        Assert.Equal((60, 4), (cases.Count, quirks.Count));
        // Where the function misjudges, a plain model is the judge.
        await AgreeAsync(cases.SelectMany(c => new[] { "host", "service" }.Select(o => (
            AvailabilityVectors.Icinga(c, o == "host"),
            decimal.Parse(c.GetProperty(c.GetProperty("quirk").GetBoolean() ? $"clean_model_{o}" : $"expected_percent_{o}").GetString()!, CultureInfo.InvariantCulture)))));
    }

    [Fact]
    public async Task OpenNMS_s_mean_over_members_comes_out()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = OfKind("composite_availability");
        Assert.Equal(5, cases.Count);
        await AgreeAsync(cases.Select(c => (AvailabilityVectors.Composite(c), c.GetProperty("expected_percent").GetDecimal())));
    }

    [Fact]
    public async Task Zabbix_s_budgets_come_out_by_exact_arithmetic()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var cases = OfKind("sli_error_budget");
        Assert.Equal((5, 44), (cases.Count, AvailabilityVectors.Cases("availability.json").Count));
        var (_, answers) = await AskAsync(cases.Select(AvailabilityVectors.Zabbix));
        foreach (var (asked, answer) in cases.Zip(answers))
        {
            var expected = asked.GetProperty("expected");
            decimal Expected(string name) => expected.GetProperty(name).GetDecimal();
            Assert.Equal(
                (Expected("scheduled"), Expected("downtime"), Expected("sli"), Expected("error_budget_exact_arithmetic")),
                ((decimal)answer["agreedSeconds"]!, (decimal)answer["downtimeSeconds"]!, decimal.Round(100 * (decimal)answer["availability"]!, 6), (decimal)answer["budgetLeftSeconds"]!));
        }
    }

    private static List<JsonElement> OfKind(string kind) => [.. AvailabilityVectors.Cases("availability.json").Where(c => c.GetProperty("kind").GetString() == kind)];

    private static async Task AgreeAsync(IEnumerable<(JsonObject Question, decimal Percent)> cases)
    {
        var asked = cases.ToList();
        var (_, answers) = await AskAsync(asked.Select(c => c.Question));
        Assert.Equal(asked.Count, answers.Count);
        Assert.Empty(asked.Zip(answers)
            .Where(c => c.Second["availability"] is not { } found || decimal.Round(100 * (decimal)found, 4, MidpointRounding.AwayFromZero) != c.First.Percent)
            .Select(c => $"{c.First.Question.ToJsonString()}: expected {c.First.Percent}, answered {c.Second.ToJsonString()}"));
    }

    private static async Task<(int Code, List<JsonNode> Answers)> AskAsync(IEnumerable<JsonObject> questions)
    {
        var (code, answers, errors) = await SlaProgram.RunAsync(string.Join('\n', questions.Select(q => q.ToJsonString())), "availability");
        Assert.Equal("", errors);
        return (code, [.. answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(a => JsonNode.Parse(a)!)]);
    }
}
