using System.Text.Json.Nodes;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Host;

/// <summary>The field's figures, anomalies and restatements over HTTP.</summary>
public class IndicatorTests
{
    [Fact]
    public async Task Indicators_of_a_quarter_name_what_was_divided_by_what()
    {
        // 2026-04-02, a month after the cases below; every promise is five working days of a law of twenty.
        await using var server = await TestServer.StartAsync(NodaTime.Instant.FromUtc(2026, 4, 2, 2, 0));
        await DecideAsync(server, "fast", "2026-03-03T10:00:00+08:00", channel: 2);
        await DecideAsync(server, "atDue", "2026-03-09T18:00:00+08:00", channel: 1);
        await DecideAsync(server, "late", "2026-03-11T10:00:00+08:00", channel: 3);
        var position = await DecideAsync(server, "open", null, channel: null);
        await server.PostAsync(TestServer.Event("case_supplement_requested", "case/fast", "2026-03-02T09:40:00+08:00", new() { ["items"] = new JsonArray("m") }));
        var (_, extended) = await server.PostAsync(TestServer.Event("case_extension_granted", "case/open", "2026-03-04T10:00:00+08:00", new() { ["add"] = new JsonObject { ["workingDays"] = 1 }, ["reason"] = "r", ["approver"] = "agency-head" }));
        position = (long)extended!["position"]!;

        var (status, read) = await server.GetAsync($"/indicators?centre=service-hall&period=2026-Q1&wait={position}");
        Assert.Equal(200, status);
        var promised = read!["commitments"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!;
        Assert.Equal([(2m, 4m), (3m, 4m), (1m, 3m)], new[] { "onTimeClosingRate", "closingRate", "earlyFinishRate" }.Select(name => Pair(promised[name]!)));
        // Used 1, 5 and 7 of 5 days each: ratio of sums, overruns included.
        Assert.Equal((2m, 15m), Pair(promised["speedUp"]!));
        Assert.Equal([(1m, 4m), (0m, 4m), (2m, 3m)], new[] { "extensionRate", "reworkRate", "onceDoneRate" }.Select(name => Pair(promised[name]!)));
        Assert.Equal((0m, 4m), Pair(read["received"]!["instantRate"]!));
        Assert.Equal((2m, 3m), Pair(read["received"]!["onlineRate"]!));
        Assert.Equal((8m, 40m), Pair(read["catalogue"]!["instantItemRate"]!));
        var (_, empty) = await server.GetAsync("/indicators?centre=service-hall&period=2025-Q1");
        Assert.Empty(empty!["commitments"]!.AsArray());
        Assert.Null(empty["received"]!["instantRate"]!["ratio"]);
    }

    [Fact]
    public async Task Anomalies_come_with_their_evidence_by_kind_and_in_pages()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 3; i++)
            await server.PostAsync(TestServer.Received($"case/{i}", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_special_procedure_ended", $"case/{i}", "2026-03-03T09:30:00+08:00", new() { ["procedure"] = "p" }));
        var (_, stored) = await server.PostAsync(TestServer.Event("case_decided", "case/3", "2026-03-03T09:30:00+08:00", new() { ["outcome"] = "approved" }));
        var (_, first) = await server.GetAsync($"/anomalies?centre=service-hall&kind=endWithoutPause&limit=2&wait={stored!["position"]}");
        var (_, second) = await server.GetAsync($"/anomalies?centre=service-hall&kind=endWithoutPause&limit=2&after={first!["next"]}");
        Assert.Equal(["0", "1", "2"], first["anomalies"]!.AsArray().Concat(second!["anomalies"]!.AsArray()).Select(a => (string)a!["case"]!));
        Assert.Null(second["next"]);
        var evidence = first["anomalies"]![0]!["events"]!.AsArray().Single()!;
        Assert.Equal(("case_special_procedure_ended", "2026-03-03T09:30:00+08:00", "test/desk"), ((string)evidence["type"]!, (string)evidence["occurredAt"]!, (string)evidence["source"]!));
        var (_, all) = await server.GetAsync("/anomalies?centre=service-hall");
        Assert.Contains(all!["anomalies"]!.AsArray(), a => (string)a!["case"]! == "3" && (string)a["kind"]! == "stopWithoutStart");
    }

    [Theory]
    [InlineData("/anomalies?centre=service-hall&kind=odd", "kind is not one of secondStart")]
    [InlineData("/anomalies?centre=service-hall&limit=0", "limit is not from 1 to 1000")]
    [InlineData("/anomalies?centre=service-hall&after=x", "after is no cursor")]
    [InlineData("/restatements?centre=service-hall&period=then", "period is not a period such as")]
    [InlineData("/restatements?centre=service-hall&after=W10", "after is no cursor")]
    [InlineData("/anomalies?centre=service-hall&after=WyJhXHUwMDAwIiwgIiIsICIiLCAiIiwgIiIsICIxIl0", "after is no cursor")]
    [InlineData("/indicators?centre=service-hall&period=2026-Q9", "period is not a period such as")]
    public async Task A_question_that_cannot_be_answered_names_the_parameter_and_the_remedy(string path, string reason)
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.GetAsync(path);
        Assert.Equal(400, status);
        Assert.Contains(reason, (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restatement_is_served_with_old_new_and_cause_and_by_the_periods_it_touches()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync(TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T10:00:00+08:00"));
        // As if that had been told when it happened; what the worker remembers of it goes with the tables it worked on.
        await using (var past = server.Database.DataSource.CreateCommand("UPDATE mt_events SET timestamp = (data->>'occurredAt')::timestamptz WHERE stream_id = 'case/1'"))
            await past.ExecuteNonQueryAsync();
        await new Rebuild(server.Database.DataSource, (_, _) => { }).RunAsync(default);
        var (_, stored) = await server.PostAsync(TestServer.Event("case_decided", "case/1", "2026-03-09T10:00:00+08:00", new() { ["outcome"] = "approved" }));
        var (_, read) = await server.GetAsync($"/restatements?centre=service-hall&period=2026-Q1&wait={stored!["position"]}");
        var restatement = read!["restatements"]!.AsArray().Single(r => (string)r!["commitment"]! == "case.promised")!;
        Assert.Equal(("1", "breached", "met", "case_decided"), ((string)restatement["case"]!, (string)restatement["old"]!["state"]!, (string)restatement["new"]!["state"]!, (string)restatement["cause"]!["type"]!));
        var (_, other) = await server.GetAsync("/restatements?centre=service-hall&period=2026-Q2");
        Assert.DoesNotContain(other!["restatements"]!.AsArray(), r => (string)r!["commitment"]! == "case.promised");
    }

    private static (decimal Of, decimal By) Pair(JsonNode ratio) => ((decimal)ratio["of"]!, (decimal)ratio["by"]!);

    private static async Task<long> DecideAsync(TestServer server, string number, string? at, int? channel)
    {
        var received = TestServer.Received($"case/{number}", "2026-03-02T09:30:00+08:00");
        received["data"]!["channel"] = channel;
        var accepted = TestServer.Event("case_accepted", $"case/{number}", "2026-03-02T10:00:00+08:00");
        var (_, stored) = at is null
            ? await server.PostAsync(received, accepted)
            : await server.PostAsync(received, accepted, TestServer.Event("case_decided", $"case/{number}", at, new() { ["outcome"] = "approved" }));
        return (long)stored!["position"]!;
    }
}
