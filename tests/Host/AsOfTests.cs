using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.Host;

/// <summary>What readers are told who ask about the past.</summary>
public class AsOfTests
{
    [Theory]
    [InlineData("yesterday", "neither a log position nor a time")]
    [InlineData("-1", "neither a log position nor a time")]
    [InlineData("2026-03-02T09:00:00", "with offset")]
    [InlineData("2026-03-02T09:00:00+08:00", "written %2B")]
    [InlineData("2199-01-01T00:00:00Z", "in the future")]
    [InlineData("99999999", "wait=99999999")]
    [InlineData("99999999999999999999", "neither a log position nor a time")]
    public async Task A_past_that_cannot_be_told_is_refused_by_every_reader_with_the_reason(string asOf, string reason)
    {
        await using var server = await TestServer.StartAsync();
        foreach (var path in (string[])["/cases/1", "/cases/1/explain", "/cases", "/compliance"])
        {
            var (status, problem) = await server.GetAsync($"{path}?centre=service-hall&asOf={asOf}");
            Assert.Equal(400, status);
            Assert.StartsWith("asOf ", (string)problem!["detail"]!, StringComparison.Ordinal);
            Assert.Contains(reason, (string)problem["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_reader_says_what_was_known_then_and_of_when_its_answer_is()
    {
        await using var server = await TestServer.StartAsync();
        var now = await NowAsync(server);
        var known = await AcceptAsync(server, "1", now - Duration.FromMinutes(2));
        var between = await NowAsync(server);
        var (_, stored) = await server.PostAsync(Decided("1", now - Duration.FromMinutes(1)));
        var last = (long)stored!["position"]!;
        Assert.Equal("met", State(await ReadAsync(server, $"/cases/1?centre=service-hall&wait={last}")));
        Assert.Equal("met", State(await ReadAsync(server, $"/cases/1?centre=service-hall&asOf={last}")));

        foreach (var asOf in (string[])[$"{known}", Timestamps.Format(between)])
        {
            var (read, explained) = (await ReadAsync(server, $"/cases/1?centre=service-hall&asOf={asOf}"), await ReadAsync(server, $"/cases/1/explain?centre=service-hall&asOf={asOf}"));
            Assert.Equal(("running", "running"), (State(read), State(explained)));
            Assert.Equal(2, explained["events"]!.AsArray().Count);
            var list = await ReadAsync(server, $"/cases?centre=service-hall&commitment=case.promised&state=open&asOf={asOf}");
            Assert.Equal("1", (string)Assert.Single(list["cases"]!.AsArray())!["case"]!);
            var compliance = await ReadAsync(server, $"/compliance?centre=service-hall&period={now.InUtc().Year}&by=none&asOf={asOf}");
            Assert.Equal((0, 0), Promised(compliance));
            foreach (var answer in (JsonNode[])[read, explained, list, compliance])
                Assert.Equal(known, (long)answer["asOf"]!["position"]!);
            Assert.Equal((string)read["asOf"]!["at"]!, (string)compliance["at"]!);
        }

        Assert.Equal((1, 0), Promised(await ReadAsync(server, $"/compliance?centre=service-hall&period={now.InUtc().Year}&by=none&asOf={last}")));
        Assert.Null((await ReadAsync(server, "/cases/1?centre=service-hall"))["asOf"]);
    }

    [Fact]
    public async Task A_case_that_was_not_known_then_is_not_found_then()
    {
        await using var server = await TestServer.StartAsync();
        var now = await NowAsync(server);
        var before = await AcceptAsync(server, "1", now);
        var after = await AcceptAsync(server, "2", now);
        Assert.Equal(200, (await server.GetAsync($"/cases/2?centre=service-hall&wait={after}&asOf={after}")).Status);
        foreach (var path in (string[])["/cases/2", "/cases/2/explain", "/cases/none", "/cases/none/explain"])
        {
            var (status, problem) = await server.GetAsync($"{path}?centre=service-hall&asOf={before}");
            Assert.Equal(404, status);
            Assert.Contains($"as of position {before}", (string)problem!["detail"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("2001-01-01T00:00:00Z")]
    public async Task Before_the_first_event_there_was_nothing(string asOf)
    {
        await using var server = await TestServer.StartAsync();
        var position = await AcceptAsync(server, "1", await NowAsync(server));
        var list = await ReadAsync(server, $"/cases?centre=service-hall&wait={position}&asOf={asOf}");
        Assert.Empty(list["cases"]!.AsArray());
        Assert.Equal(0, (long)list["asOf"]!["position"]!);
        Assert.Empty((await ReadAsync(server, $"/compliance?centre=service-hall&asOf={asOf}"))["rows"]!.AsArray());
        Assert.Equal(404, (await server.GetAsync($"/cases/1?centre=service-hall&asOf={asOf}")).Status);
        Assert.Equal(404, (await server.GetAsync($"/cases/1/explain?centre=service-hall&asOf={asOf}")).Status);
    }

    [Fact]
    public async Task Pages_go_on_in_the_past_of_the_first_whatever_comes_meanwhile()
    {
        await using var server = await TestServer.StartAsync();
        var (now, position) = (await NowAsync(server), 0L);
        for (var i = 0; i < 7; i++)
            position = await AcceptAsync(server, $"{i}", now - Duration.FromMinutes(10 + i));
        var first = await ReadAsync(server, $"/cases?centre=service-hall&commitment=case.promised&state=open&limit=3&wait={position}&asOf={position}");
        var (seen, page) = (new List<string>(), first);
        for (var i = 0; ; i++)
        {
            seen.AddRange(page["cases"]!.AsArray().Select(c => (string)c!["case"]!));
            if (page["next"] is not { } next)
                break;
            await server.PostAsync(Decided($"{i}", now));
            var later = await AcceptAsync(server, $"later-{i}", now - Duration.FromMinutes(9));
            page = await ReadAsync(server, $"/cases?centre=service-hall&commitment=case.promised&state=open&limit=3&wait={later}&after={next}{(i == 0 ? "" : $"&asOf={position}")}");
            Assert.Equal(first["asOf"]!.ToJsonString(), page["asOf"]!.ToJsonString());
            Assert.Equal(400, (await server.GetAsync($"/cases?centre=service-hall&after={next}&asOf={position - 1}")).Status);
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{i}"), seen.Order());
    }

    [Fact]
    public async Task An_explanation_takes_what_was_known_then_of_what_had_happened_by_there()
    {
        await using var server = await TestServer.StartAsync();
        var now = await NowAsync(server);
        await AcceptAsync(server, "1", now - Duration.FromHours(3));
        var (_, stored) = await server.PostAsync(Decided("1", now - Duration.FromHours(1)));
        var decided = (long)stored!["position"]!;
        // Told late: it had happened before the decision.
        (_, stored) = await server.PostAsync(TestServer.Event("case_withdrawn", "case/1", Timestamps.Format(now - Duration.FromHours(2))));
        var (at, address) = (Timestamps.Format(now - Duration.FromMinutes(90)), $"/cases/1/explain?centre=service-hall&wait={stored!["position"]}");
        Assert.Equal("void", State(await ReadAsync(server, $"{address}&at={at}")));
        Assert.Equal("running", State(await ReadAsync(server, $"{address}&at={at}&asOf={decided}")));
        Assert.Equal("met", State(await ReadAsync(server, $"{address}&asOf={decided}")));
    }

    [Fact]
    public async Task A_case_in_quarantine_now_shows_what_was_known_before()
    {
        await using var server = await TestServer.StartAsync();
        var known = await AcceptAsync(server, "bad", await NowAsync(server));
        await new EventLog(server.Database.DataSource).AppendAsync(
            "service-hall", [new(Guid.CreateVersion7(), "case/bad", "case", "case_decided", null, System.Text.Encoding.UTF8.GetBytes("""{"occurredAt":"2026-03-02T10:00:00Z","source":"x","id":"y","data":{"outcome":"eaten"}}"""))]);
        var after = await AcceptAsync(server, "after", await NowAsync(server));
        Assert.Equal(422, (await server.GetAsync($"/cases/bad?centre=service-hall&wait={after}&asOf={after}")).Status);
        Assert.Equal("running", State(await ReadAsync(server, $"/cases/bad?centre=service-hall&asOf={known}")));
        Assert.Equal("running", State(await ReadAsync(server, $"/cases/bad/explain?centre=service-hall&asOf={known}")));
    }

    private static async Task<JsonNode> ReadAsync(TestServer server, string path)
    {
        var (status, body) = await server.GetAsync(path);
        Assert.True(status == 200, $"{status}: {body?.ToJsonString()}");
        return body!;
    }

    private static string State(JsonNode read) => (string)read["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!["state"]!;

    private static (int Met, int Breached) Promised(JsonNode compliance) =>
        compliance["rows"]!.AsArray().SingleOrDefault(r => (string)r!["commitment"]! == "case.promised") is { } row ? ((int)row["met"]!, (int)row["breached"]!) : (0, 0);

    private static async Task<long> AcceptAsync(TestServer server, string number, Instant at)
    {
        var (_, stored) = await server.PostAsync(TestServer.Received($"case/{number}", Timestamps.Format(at)), TestServer.Event("case_accepted", $"case/{number}", Timestamps.Format(at + Duration.FromSeconds(1))));
        return (long)stored!["position"]!;
    }

    private static JsonObject Decided(string number, Instant at) => TestServer.Event("case_decided", $"case/{number}", Timestamps.Format(at), new JsonObject { ["outcome"] = "approved" });

    /// <summary>By the database's clock, which says what is recorded when; the host's is put right by it.</summary>
    private static async Task<Instant> NowAsync(TestServer server)
    {
        await using var select = server.Database.DataSource.CreateCommand("SELECT clock_timestamp()");
        return server.Clock.Now = Instant.FromDateTimeUtc((DateTime)(await select.ExecuteScalarAsync())!);
    }
}
