using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using NodaTime;

namespace SlaMonitor.Tests.Host;

public class ReadingTests
{
    [Fact]
    public async Task Passing_due_turns_a_running_clock_into_a_breach_without_any_event()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-09T09:00:00Z"));
        var position = await AcceptAsync(server, "1", "2026-03-02");
        Assert.Equal("running", await StateAsync(server, "1", position));
        // Due is 18:00 in Shanghai, 10:00 in UTC: at due it still runs.
        server.Clock.Now = At("2026-03-09T10:00:00Z");
        Assert.Equal("running", await StateAsync(server, "1", position));
        server.Clock.Now = At("2026-03-09T10:00:00.000001Z");
        Assert.Equal("breached", await StateAsync(server, "1", position));
    }

    [Fact]
    public async Task The_list_goes_by_due_page_by_page_and_loses_none()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-03T01:00:00Z"));
        long position = 0;
        for (var i = 0; i < 7; i++)
            position = await AcceptAsync(server, $"{i}", i % 2 == 0 ? "2026-03-02" : "2026-02-27");
        var seen = new List<(string Due, string Case)>();
        var next = "";
        do
        {
            var (_, page) = await server.GetAsync($"/cases?centre=service-hall&commitment=case.promised&state=open&limit=3&wait={position}{next}");
            seen.AddRange(page!["cases"]!.AsArray().Select(c => ((string)c!["clock"]!["dueAt"]!, (string)c["case"]!)));
            next = page["next"] is { } cursor ? $"&after={cursor}" : "";
        }
        while (next.Length > 0);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("paused")]
    public async Task Paging_keeps_its_place_at_a_clock_that_is_paused_for_a_granted_length(string state)
    {
        await using var server = await TestServer.StartAsync(At("2026-03-03T03:00:00Z"));
        long position = 0;
        for (var i = 0; i < 6; i++)
        {
            await AcceptAsync(server, $"{i}", "2026-03-02");
            var (_, stored) = await server.PostAsync(TestServer.Event(
                "case_special_procedure_started", $"case/{i}", $"2026-03-03T1{i / 2}:00:00+08:00",
                new JsonObject { ["procedure"] = "p", ["cause"] = i % 2 == 0 ? "hearing" : "other", ["granted"] = new JsonObject { ["workingDays"] = 1 + i } }));
            position = (long)stored!["position"]!;
        }

        var (_, whole) = await server.GetAsync($"/cases?centre=service-hall&commitment=case.promised&state={state}&limit=100&wait={position}");
        var all = whole!["cases"]!.AsArray().Select(c => (string)c!["case"]!).ToList();
        Assert.Equal(state == "open" ? 6 : 2, all.Count);
        var (seen, next) = (new List<string>(), "");
        do
        {
            var (_, page) = await server.GetAsync($"/cases?centre=service-hall&commitment=case.promised&state={state}&limit=1{next}");
            seen.AddRange(page!["cases"]!.AsArray().Select(c => (string)c!["case"]!));
            next = page["next"] is { } cursor ? $"&after={cursor}" : "";
        }
        while (next.Length > 0);
        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task Silence_shows_as_a_statutory_clock_only_once_it_has_lasted()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-09T10:00:00Z"));
        var (_, stored) = await server.PostAsync(TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"));
        Assert.Equal(["case.notification"], await CommitmentsAsync(server, (long)stored!["position"]!));
        server.Clock.Now = At("2026-03-09T10:00:00.000001Z");
        // The promise of five days has run out with the silence, and is to be explained.
        Assert.Equal(["case.notification", "case.overdue-explanation", "case.promised", "case.statutory"], await CommitmentsAsync(server, 0));
        var (_, explained) = await server.GetAsync("/cases/1/explain?centre=service-hall");
        var statutory = explained!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.statutory")!;
        Assert.Equal(("2026-03-30T18:00:00+08:00", "2026-03-09T18:00:00+08:00"), ((string)statutory["dueAt"]!, (string)statutory["deemedAfter"]!));
        Assert.Contains("Deemed accepted", await server.Client.GetStringAsync("/view/service-hall/1?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_number_may_hold_a_slash()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-03T01:00:00Z"));
        var position = await AcceptAsync(server, "2026/77", "2026-03-02");
        Assert.Equal(200, (await server.GetAsync($"/cases/2026%2F77?centre=service-hall&wait={position}")).Status);
        Assert.Equal(200, (await server.GetAsync("/cases/2026%2F77/explain?centre=service-hall")).Status);
        Assert.Equal(200, (await server.GetAsync("/find?centre=service-hall&case=2026/77")).Status);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_is_set_apart_with_its_reason_and_the_others_go_on()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-03T01:00:00Z"));
        await AcceptAsync(server, "good", "2026-03-02");
        await AcceptAsync(server, "bad", "2026-03-02");
        // As another program writing to the same tables might: an event of ours whose fields cannot be read.
        await new SlaMonitor.EventStore.EventLog(server.Database.DataSource).AppendAsync(
            "service-hall", [new(Guid.CreateVersion7(), "case/bad", "case", "case_decided", null, System.Text.Encoding.UTF8.GetBytes("""{"occurredAt":"2026-03-02T10:00:00Z","source":"x","id":"y","data":{"outcome":"eaten"}}"""))]);
        var position = await AcceptAsync(server, "after", "2026-03-02");
        var (status, problem) = await server.GetAsync($"/cases/bad?centre=service-hall&wait={position}");
        Assert.Equal(422, status);
        Assert.Contains("data.outcome", (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(422, (await server.GetAsync("/cases/bad/explain?centre=service-hall")).Status);
        Assert.Equal("running", await StateAsync(server, "after", position));
    }

    private static async Task<List<string>> CommitmentsAsync(TestServer server, long position)
    {
        var (_, read) = await server.GetAsync($"/cases/1?centre=service-hall&wait={position}");
        return [.. read!["clocks"]!.AsArray().Select(c => (string)c!["commitment"]!)];
    }

    [Fact]
    public async Task Compliance_counts_what_settled_in_the_period_and_is_null_when_nothing_did()
    {
        await using var server = await TestServer.StartAsync(At("2026-04-20T01:00:00Z"));
        await AcceptAsync(server, "met", "2026-03-02");
        await server.PostAsync(TestServer.Event("case_decided", "case/met", "2026-03-04T10:00:00+08:00", new JsonObject { ["outcome"] = "approved" }));
        await AcceptAsync(server, "late", "2026-03-02");
        await server.PostAsync(TestServer.Event("case_decided", "case/late", "2026-04-07T10:00:00+08:00", new JsonObject { ["outcome"] = "approved" }));
        await AcceptAsync(server, "withdrawn", "2026-03-02");
        await server.PostAsync(TestServer.Event("case_withdrawn", "case/withdrawn", "2026-03-03T10:00:00+08:00"));
        var position = await AcceptAsync(server, "open", "2026-03-02");
        var (_, quarter) = await server.GetAsync($"/compliance?centre=service-hall&period=2026-Q1&wait={position}");
        var promised = quarter!["rows"]!.AsArray().Single(r => (string)r!["commitment"]! == "case.promised")!;
        Assert.Equal((1, 2, 3, 1), ((int)promised["met"]!, (int)promised["breached"]!, (int)promised["dueInPeriod"]!, (int)promised["onTime"]!));
        Assert.Equal(1 / 3.0, (double)promised["compliance"]!);
        var (_, before) = await server.GetAsync("/compliance?centre=service-hall&period=2025-Q4");
        Assert.Empty(before!["rows"]!.AsArray());
    }

    [Fact]
    public async Task An_explanation_names_the_pause_its_days_and_its_versions()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-20T01:00:00Z"));
        await AcceptAsync(server, "1", "2026-03-02");
        await server.PostAsync(
            TestServer.Event("case_special_procedure_started", "case/1", "2026-03-03T10:00:00+08:00", new JsonObject { ["procedure"] = "p", ["cause"] = "expert-review" }),
            TestServer.Event("case_special_procedure_ended", "case/1", "2026-03-05T10:00:00+08:00", new JsonObject { ["procedure"] = "p" }));
        var (_, explained) = await server.GetAsync("/cases/1/explain?centre=service-hall");
        var clock = explained!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!;
        Assert.Equal("2026-03-11T18:00:00+08:00", (string)clock["dueAt"]!);
        Assert.Contains(clock["segments"]!.AsArray(), s => (string)s!["reason"]! == "paused" && (string)s["cause"]! == "expert-review" && !(bool)s["counted"]!);
        Assert.Equal("2026-4", (string)clock["catalogueVersion"]!);
    }

    [Fact]
    public async Task A_cause_that_is_not_on_the_list_does_not_stop_the_clock()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-20T01:00:00Z"));
        await AcceptAsync(server, "1", "2026-03-02");
        await server.PostAsync(TestServer.Event("case_special_procedure_started", "case/1", "2026-03-03T10:00:00+08:00", new JsonObject { ["procedure"] = "p", ["cause"] = "leader-absent" }));
        var (_, explained) = await server.GetAsync("/cases/1/explain?centre=service-hall");
        Assert.Equal("2026-03-09T18:00:00+08:00", (string)explained!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!["dueAt"]!);
    }

    [Theory]
    [InlineData("/cases?centre=nowhere", 400)]
    [InlineData("/cases?centre=service-hall&state=lost", 400)]
    [InlineData("/cases?centre=service-hall&commitment=x", 400)]
    [InlineData("/cases?centre=service-hall&after=zzzz", 400)]
    [InlineData("/cases?centre=service-hall&limit=0", 400)]
    [InlineData("/cases?centre=service-hall&limit=x", 400)]
    [InlineData("/cases/none?centre=service-hall", 404)]
    [InlineData("/cases/none/explain?centre=service-hall", 404)]
    [InlineData("/cases/none/explain?centre=service-hall&at=yesterday", 400)]
    [InlineData("/compliance?centre=service-hall&period=2026-Q5", 400)]
    [InlineData("/compliance?centre=service-hall&by=colour", 400)]
    [InlineData("/cases?centre=service-hall&wait=x", 400)]
    [InlineData("/view/service-hall/none", 404)]
    [InlineData("/?centre=nowhere", 404)]
    [InlineData("/nothing-here", 404)]
    [InlineData("/healthz", 200)]
    public async Task Questions_that_cannot_be_answered_are_refused_and_others_are_not(string path, int status)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(status, (await server.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Ready_is_said_once_the_read_models_have_caught_up()
    {
        await using var server = await TestServer.StartAsync();
        await Condition.HoldsAsync(async () => (await server.GetAsync("/readyz")).Status == 200);
    }

    [Fact]
    public async Task Calculate_due_answers_line_by_line_and_an_unreadable_line_in_its_place()
    {
        await using var server = await TestServer.StartAsync();
        var lines = """
            {"id":"a","calendar":"cn","start":"2026-02-13T17:30:00+08:00","limit":{"workingDays":5}}
            nonsense
            {"id":"b","calendar":"xx","start":"2026-02-13","limit":{"workingDays":5}}
            """;
        using var content = new StringContent(lines);
        var answers = (await (await server.Client.PostAsync("/calculate/due", content)).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(a => JsonNode.Parse(a)!).ToList();
        Assert.Equal("2026-02-27T18:00:00+08:00", (string)answers[0]["dueAt"]!);
        Assert.NotNull(answers[1]["error"]);
        Assert.Contains("calendar", (string)answers[2]["error"]!, StringComparison.Ordinal);
        Assert.Contains("start", (string)answers[2]["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_show_each_case_with_its_state_and_escape_what_senders_wrote()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-03T01:00:00Z"));
        await server.PostAsync(TestServer.Event("case_stage_entered", "case/<b>&1", "2026-03-02T11:00:00+08:00", new JsonObject { ["stage"] = "<script>alert(1)</script>" }));
        var position = await AcceptAsync(server, "<b>&1", "2026-03-02");
        var list = new HtmlParser().ParseDocument(await server.Client.GetStringAsync($"/?centre=service-hall&lang=en&wait={position}"));
        var row = list.QuerySelector("#next tbody tr")!;
        Assert.Equal(("<b>&1", "running"), (row.QuerySelector("a")!.TextContent, row.ClassName));
        var page = new HtmlParser().ParseDocument(await server.Client.GetStringAsync(row.QuerySelector("a")!.GetAttribute("href")!));
        Assert.Equal("<b>&1", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("/page.js", Assert.Single(page.QuerySelectorAll("script")).GetAttribute("src"));
        Assert.Equal(3, page.QuerySelectorAll("svg.timeline a").Length);
        Assert.Equal(3, page.QuerySelectorAll("section.clock").Length);
        foreach (var path in (string[])["/?centre=service-hall", "/view/service-hall/none", "/page.js"])
        {
            using var answer = await server.Client.GetAsync(path);
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        var chinese = new HtmlParser().ParseDocument(await server.Client.GetStringAsync("/?centre=service-hall&lang=zh"));
        Assert.Equal("政务服务中心", chinese.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task Metrics_hold_the_ten_first_families_and_no_series_twice()
    {
        await using var server = await TestServer.StartAsync(At("2026-03-20T01:00:00Z"));
        await AcceptAsync(server, "1", "2026-03-02");
        var text = "";
        // The snapshot is renewed every few seconds; the first one after the event shows it.
        await Condition.HoldsAsync(async () =>
        {
            var (_, body) = await server.GetAsync("/metrics");
            text = body!.ToString();
            return text.Contains("sla_commitments_open{level=\"overdue\",sla_centre=\"service-hall\",sla_commitment=\"case.promised\",sla_service=\"food-business-licence\"} 1\n", StringComparison.Ordinal);
        });
        foreach (var family in (string[])["sla_build_info", "sla_cases_open", "sla_commitments_open", "sla_commitments_settled_total", "sla_next_due_timestamp_seconds", "sla_compliance_ratio", "sla_anomalies_open", "sla_ingest_events_total", "sla_projection_lag_events", "sla_projection_lag_seconds", "sla_snapshot_timestamp_seconds"])
            Assert.Contains($"# TYPE {family} ", text, StringComparison.Ordinal);
        var series = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l[..l.LastIndexOf(' ')]).ToList();
        Assert.Equal(series.Count, series.Distinct().Count());
        Assert.DoesNotContain("case/", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    private static async Task<long> AcceptAsync(TestServer server, string number, string date)
    {
        var (_, stored) = await server.PostAsync(TestServer.Received($"case/{number}", $"{date}T09:30:00+08:00"), TestServer.Event("case_accepted", $"case/{number}", $"{date}T10:00:00+08:00"));
        return (long)stored!["position"]!;
    }

    private static async Task<string> StateAsync(TestServer server, string number, long position)
    {
        var (_, read) = await server.GetAsync($"/cases/{number}?centre=service-hall&wait={position}");
        return (string)read!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!["state"]!;
    }

    private static Instant At(string utc) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(utc).Value;
}
