using System.Text.Json.Nodes;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Tests.Host;

/// <summary>The lines of <c>sla availability</c> and <c>POST /calculate/availability</c>.</summary>
public class AvailabilityCalculationTests
{
    private const string Office = """{"zone":"Europe/Berlin","week":{"mon":["08:00-18:00"],"tue":["08:00-18:00"]}}""";

    [Fact]
    public void A_line_is_answered_with_exact_seconds_and_ratios()
    {
        var answer = Ask("""
            {"id":"a","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{"from":"2026-03-02T08:00:00Z","until":"2026-03-02T08:00:00.000001Z","lost":0.000000001},
            {"from":"2026-03-02T10:00:00Z","until":"2026-03-02T12:00:00Z","lost":"0.25"}],"exclusions":[{"from":"2026-03-02T11:00:00Z","until":"2026-03-02T13:00:00Z","kind":"planned","treat":"left-out"}],"target":0.99}
            """);
        Assert.Equal(
            """{"id":"a","agreedSeconds":79200,"downtimeSeconds":900.000000000000001,"grossAgreedSeconds":86400,"grossDowntimeSeconds":1800.000000000000001,"availability":0.9886363636363636,"grossAvailability":0.9791666666666666,"coverage":1,"interruptions":2,"longestRestoreSeconds":3600,"budgetSeconds":792,"budgetLeftSeconds":-108.000000000000001}""",
            answer.ToJsonString());
    }

    [Fact]
    public void Nothing_agreed_is_null_and_not_a_number()
    {
        var answer = Ask("""{"id":1,"from":"2026-03-07T00:00:00Z","to":"2026-03-08T00:00:00Z","serviceHours":OFFICE,"outages":[{"from":"2026-03-07T08:00:00Z"}],"target":1}""");
        Assert.Equal(
            """{"id":1,"agreedSeconds":0,"downtimeSeconds":0,"grossAgreedSeconds":0,"grossDowntimeSeconds":0,"availability":null,"grossAvailability":null,"coverage":null,"interruptions":0,"longestRestoreSeconds":null,"budgetSeconds":0,"budgetLeftSeconds":0}""",
            answer.ToJsonString());
        Assert.Null(Ask("""{"id":1,"from":"2026-03-07T00:00:00Z","to":"2026-03-07T00:00:00Z"}""")["availability"]);
    }

    [Fact]
    public void What_is_asked_of_a_running_period_is_counted_to_the_instant_and_budgeted_for_the_whole()
    {
        var answer = Ask("""{"id":1,"from":"2026-03-02T00:00:00+01:00","to":"2026-03-04T00:00:00+01:00","at":"2026-03-02T13:00:00+01:00","serviceHours":OFFICE,"outages":[{"from":"2026-03-02T12:00:00+01:00"}],"target":0.9}""");
        Assert.Equal((18_000m, 3_600m, 1, 3_600m, 7_200m, 3_600m), ((decimal)answer["agreedSeconds"]!, (decimal)answer["downtimeSeconds"]!, (int)answer["interruptions"]!, (decimal)answer["longestRestoreSeconds"]!, (decimal)answer["budgetSeconds"]!, (decimal)answer["budgetLeftSeconds"]!));
    }

    [Fact]
    public void The_agreement_says_what_unobserved_time_and_short_losses_are()
    {
        const string Unobserved = """{"id":1,"from":"2026-03-02T00:00:00Z","to":"2026-03-02T04:00:00Z","unobserved":[{"from":"2026-03-02T00:00:00Z","until":"2026-03-02T01:00:00Z"}],"unobservedAs":"AS"}""";
        Assert.Equal([(10_800m, 0m, 0.75), (14_400m, 0m, 0.75), (14_400m, 3_600m, 0.75)], new[] { "left-out", "up", "down" }.Select(w => Ask(Unobserved.Replace("AS\"}", $"{w}\"}}", StringComparison.Ordinal)))
            .Select(a => ((decimal)a["agreedSeconds"]!, (decimal)a["downtimeSeconds"]!, (double)a["coverage"]!)));
        const string Two = """{"id":1,"from":"2026-03-02T00:00:00Z","to":"2026-03-02T04:00:00Z","outages":[{"from":"2026-03-02T00:00:00Z","until":"2026-03-02T01:00:00Z","lost":0.5},{"from":"2026-03-02T00:30:00Z","until":"2026-03-02T01:00:00Z","lost":0.5},{"from":"2026-03-02T01:05:00Z","until":"2026-03-02T02:00:00Z"}] MORE}""";
        Assert.Equal((2, 5_100m), Counted(Ask(Two.Replace("MORE", "", StringComparison.Ordinal))));
        Assert.Equal((1, 5_100m), Counted(Ask(Two.Replace("MORE", ",\"mergeGap\":\"PT5M\"", StringComparison.Ordinal))));
        Assert.Equal((1, 5_100m), Counted(Ask(Two.Replace("MORE", ",\"interruptionFrom\":0.75", StringComparison.Ordinal))));
        Assert.Equal((2, 6_000m), Counted(Ask(Two.Replace("MORE", ",\"combine\":\"sum\"", StringComparison.Ordinal))));
        Assert.Equal((2, 5_550m), Counted(Ask(Two.Replace("MORE", ",\"combine\":\"independent\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void Segments_explain_every_stretch_on_the_wall_clock_of_the_hours()
    {
        var answer = Ask("""{"id":1,"from":"2026-03-02T00:00:00+01:00","to":"2026-03-02T12:00:00+01:00","serviceHours":OFFICE,"outages":[{"id":"o1","from":"2026-03-02T09:00:00Z"}],"exclusions":[{"id":"x1","from":"2026-03-02T10:00:00Z","until":"2026-03-02T20:00:00Z","treat":"up"}],"segments":true}""");
        Assert.Equal(
            """[{"from":"2026-03-02T00:00:00+01:00","until":"2026-03-02T08:00:00+01:00","agreed":false,"reason":"outsideHours"},{"from":"2026-03-02T08:00:00+01:00","until":"2026-03-02T10:00:00+01:00","agreed":true,"reason":"up"},{"from":"2026-03-02T10:00:00+01:00","until":"2026-03-02T11:00:00+01:00","agreed":true,"reason":"down","lost":1,"grossLost":1,"outages":["o1"]},{"from":"2026-03-02T11:00:00+01:00","until":"2026-03-02T12:00:00+01:00","agreed":true,"reason":"upByExclusion","lost":0,"grossLost":1,"outages":["o1"],"exclusions":["x1"]}]""",
            answer["segments"]!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("""{"id":7}""", "from: is missing", "to: is missing")]
    [InlineData("""{"id":7,"from":"2026-03-03T00:00:00Z","to":"2026-03-02T00:00:00Z"}""", "to: is before from")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","serviceHours":"mars"}""", "serviceHours: is not known by that name")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","serviceHours":{"zone":"Mars"}}""", "serviceHours.zone: is not an IANA time zone")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{"from":"2026-03-02T00:00:00Z","lost":1.5}]}""", "outages[0].lost: is out of bounds")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{"from":"2026-03-02T00:00:00Z","lost":0}]}""", "outages[0].lost: is out of bounds")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{"from":"2026-03-02T00:00:00Z","end":"x"}]}""", "outages[0].end: is not a field here")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{"until":"2026-03-02T00:00:00Z"},{"from":"2026-03-02T02:00:00Z","until":"2026-03-02T00:00:00Z"}]}""", "outages[0].from: is missing", "outages[1].until: is before from")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","exclusions":[{"from":"2026-03-02T00:00:00Z","until":"2026-03-02T01:00:00Z"}]}""", "exclusions[0].treat: is missing")]
    [InlineData("""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","target":0.9999999999,"mergeGap":"5 min","combine":"worst","unobservedAs":"x","uptime":1}""", "target: ", "mergeGap: ", "combine: ", "unobservedAs: ", "uptime: is not a field here")]
    [InlineData("nonsense", "is not JSON")]
    public void A_line_that_cannot_be_used_is_answered_with_every_fault(string line, params string[] faults)
    {
        var (answer, ok) = new AvailabilityCalculation().Answer(line);
        Assert.False(ok);
        Assert.All(faults, f => Assert.Contains(f, (string)JsonNode.Parse(answer)!["error"]!, StringComparison.Ordinal));
        if (line[0] == '{')
            Assert.Equal(7, (int)JsonNode.Parse(answer)!["id"]!);
    }

    [Fact]
    public void Where_thousands_overlap_they_are_counted_and_not_all_named_in_every_stretch()
    {
        var outages = string.Join(',', Enumerable.Range(0, 3_000).Select(i => $$"""{"id":"{{i}}","from":"2026-03-02T{{i / 200:00}}:{{i / 4 % 50:00}}:{{i % 4:00}}Z"}"""));
        var line = $$"""{"id":7,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","outages":[{{outages}}]""";
        Assert.Equal(86_400, (int)Ask(line + "}")["downtimeSeconds"]!);
        var (answer, ok) = new AvailabilityCalculation().Answer(line + ",\"segments\":true}");
        Assert.False(ok);
        Assert.StartsWith("{\"id\":7,\"error\":\"segments: would be more than", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_and_the_route_answer_line_by_line_in_order()
    {
        const string Lines = """
            {"id":"a","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","serviceHours":"cn"}
            nonsense
            {"id":"b","from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","serviceHours":"24x7"}
            """;
        var (code, output, errors) = await SlaProgram.RunAsync(Lines, "availability");
        Assert.Equal((1, ""), (code, errors));
        await using var server = await TestServer.StartAsync();
        using var content = new StringContent(Lines);
        using var response = await server.Client.PostAsync("/calculate/availability", content);
        Assert.Equal(output, await response.Content.ReadAsStringAsync());
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(a => JsonNode.Parse(a)!).ToList();
        Assert.Equal((25_200, 86_400), ((int)answers[0]["agreedSeconds"]!, (int)answers[2]["agreedSeconds"]!));
        Assert.NotNull(answers[1]["error"]);
        Assert.Equal(0, (await SlaProgram.RunAsync(Lines.Split('\n')[0], "availability")).ExitCode);
    }

    private static (int, decimal) Counted(JsonNode answer) => ((int)answer["interruptions"]!, (decimal)answer["downtimeSeconds"]!);

    private static JsonNode Ask(string line)
    {
        var (answer, ok) = new AvailabilityCalculation().Answer(line.Replace("OFFICE", Office, StringComparison.Ordinal));
        Assert.True(ok, answer);
        return JsonNode.Parse(answer)!;
    }
}
