using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host;

/// <summary>Rule 51: each month a sample of the finished cases of each window is drawn, once.</summary>
public class SampleTests
{
    private const string Order = """{"centre":"counter","month":"2026-01","perWindow":3,"seed":"hat","by":"head"}""";

    [Fact]
    public async Task Rule_51_a_sample_is_drawn_once_and_drawing_it_again_draws_the_same_whatever_came_later()
    {
        await using var server = await StartAsync();
        var (status, drawn) = await server.PostAsync(Order, "application/json", "/samples");
        Assert.True(status == 200, $"{drawn}");
        Assert.Equal(["W1 8 3", "W2 2 2"], drawn!["windows"]!.AsArray().Select(w => $"{w!["window"]} {w["frame"]} {w["drawn"]!.AsArray().Count}"));
        Assert.Equal(409, (await server.PostAsync(Order, "application/json", "/samples")).Status);
        // Cases that come to be finished in the month, one that is not any more, and ratings of those drawn.
        var numbers = drawn["windows"]!.AsArray().SelectMany(w => w!["drawn"]!.AsArray()).Select(n => (string)n!).ToList();
        var at = Instant.FromUtc(2026, 1, 20, 3, 0);
        await AppendAsync(
            server,
            [.. Enumerable.Range(50, 30).SelectMany(i => Finished($"{i}", at, "W1")), Hall.Fact("case_reopened", numbers[0], at + Duration.FromDays(3), new() { ["reason"] = "error" }),
             CitizenFacts.Rated(numbers[1], at, 2), CitizenFacts.Rated(numbers[2], at, 5), CitizenFacts.Rated(numbers[3], at, 1, defaulted: true)]);
        var shown = await GetAsync(server, "/samples/2026-01?verify=true");
        Assert.True((bool)shown["same"]!);
        Assert.Equal("1 1 2 0.5 4", string.Join(' ', shown["satisfaction"]!["satisfied"], shown["satisfaction"]!["defaulted"], shown["satisfaction"]!["given"], shown["satisfaction"]!["satisfaction"], shown["satisfaction"]!["finished"]));
        Assert.Equal(["none", "given", "given"], shown["windows"]![0]!["cases"]!.AsArray().Select(c => (string)c!["rating"]!));
        Assert.Equal(["2026-01"], (await GetAsync(server, "/samples"))["samples"]!.AsArray().Select(m => (string)m!));
        // Somebody who changed what stands in the log is found out.
        await server.StringsAsync("UPDATE public.mt_events SET data = jsonb_set(data::jsonb, '{data,seed}', '\"other\"') WHERE type = 'sample_drawn' RETURNING type::text");
        Assert.False((bool)(await GetAsync(server, "/samples/2026-01?verify=true"))["same"]!);
    }

    [Fact]
    public async Task Two_who_draw_at_once_have_one_sample_and_a_seed_nobody_knew_is_drawn_where_none_is_given()
    {
        await using var server = await StartAsync();
        var order = """{"centre":"counter","month":"2026-01","perWindow":2,"by":"head"}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.PostAsync(order, "application/json", "/samples")));
        var (_, drawn) = Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal(409, a.Status));
        Assert.Equal(32, ((string)drawn!["seed"]!).Length);
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT count(*) FROM public.mt_events WHERE type = 'sample_drawn'"));
    }

    [Theory]
    [InlineData("""{"month":"2026-02","perWindow":3,"by":"head"}""", 409)]
    [InlineData("""{"month":"2026-Q1","perWindow":3,"by":"head"}""", 400)]
    [InlineData("""{"month":"2026","perWindow":3,"by":"head"}""", 400)]
    [InlineData("""{"month":"2026-13","perWindow":3,"by":"head"}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":0,"by":"head"}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":2.5,"by":"head"}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":3,"by":" "}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":3,"by":"head","seed":""}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":3,"by":"head","more":1}""", 400)]
    [InlineData("""{"month":"2026-01","perWindow":3}""", 400)]
    [InlineData("""{"month":""", 400)]
    public async Task What_cannot_be_drawn_is_refused_and_nothing_stands_in_the_log(string order, int expected)
    {
        await using var server = await StartAsync();
        var (status, body) = await server.PostAsync(order.Replace("{\"month\"", "{\"centre\":\"counter\",\"month\"", StringComparison.Ordinal), "application/json", "/samples");
        Assert.True(status == expected, $"{status} {body}");
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT count(*) FROM public.mt_events WHERE type = 'sample_drawn'"));
        Assert.Equal(415, (await server.PostAsync(order, "text/plain", "/samples")).Status);
    }

    [Fact]
    public async Task Metrics_of_complaints_and_ratings_are_what_SQL_counts()
    {
        await using var server = await StartAsync();
        await AppendAsync(server, [.. new CitizenFacts(9).Take(500)]);
        server.Clock.Now = Instant.FromUtc(2026, 3, 30, 2, 0);
        foreach (var (name, labels, sql) in ((string, string, string)[])[
            ("sla_complaints_open", "sla_category=\"conduct\",", "SELECT count(*) FROM sla.complaint WHERE closed_at IS NULL AND category = 'conduct'"),
            ("sla_complaints_registered", "period=\"quarter\",", "SELECT count(*) FROM sla.complaint WHERE registered_at >= '2025-12-31T16:00Z' AND registered_at < '2026-03-31T16:00Z'"),
            ("sla_complaints_substantiated", "period=\"quarter\",", "SELECT count(*) FROM sla.complaint WHERE registered_at >= '2025-12-31T16:00Z' AND registered_at < '2026-03-31T16:00Z' AND finding = 'substantiated'"),
            ("sla_cases_finished", "period=\"quarter\",", "SELECT count(*) FROM sla.case_rating WHERE finished_at >= '2025-12-31T16:00Z' AND finished_at < '2026-03-31T16:00Z'"),
            ("sla_ratings", "period=\"quarter\",score=\"4\",", "SELECT count(*) FROM sla.case_rating WHERE finished_at >= '2025-12-31T16:00Z' AND finished_at < '2026-03-31T16:00Z' AND score = 4 AND NOT defaulted"),
            ("sla_ratings_defaulted", "period=\"quarter\",", "SELECT count(*) FROM sla.case_rating WHERE finished_at >= '2025-12-31T16:00Z' AND finished_at < '2026-03-31T16:00Z' AND defaulted AND score IS NOT NULL")])
        {
            var sample = $"{name}{{{labels}sla_centre=\"counter\"}} {await server.ScalarAsync<long>(sql)}\n";
            await Condition.HoldsAsync(async () => (await server.Client.GetStringAsync("/metrics")).Contains(sample, StringComparison.Ordinal));
        }

        var body = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("sla_satisfaction_ratio{period=\"quarter\",sla_centre=\"counter\"} 0.", body, StringComparison.Ordinal);
        // A ratio of nothing is absent.
        Assert.DoesNotContain("sla_satisfaction_ratio{period=\"quarter\",sla_centre=\"service-hall\"}", body, StringComparison.Ordinal);
        var series = body.Split('\n').Where(l => l.StartsWith("sla_", StringComparison.Ordinal)).Select(l => l[..l.LastIndexOf(' ')]).ToList();
        Assert.Equal(series.Count, series.Distinct().Count());
    }

    private static IEnumerable<EventToAppend> Finished(string number, Instant at, string window) =>
    [
        Hall.Fact("case_received", number, at - Duration.FromDays(1), new() { ["item"] = "job", ["window"] = window }), Hall.Fact("case_closed", number, at),
    ];

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Instant.FromUtc(2026, 2, 10, 2, 0));
        await CataloguePublishing.PublishAsync(server.Database.DataSource, [Hall.Read("1", "09:00-17:00", "Asia/Shanghai")], default);
        var at = Instant.FromUtc(2026, 1, 12, 3, 0);
        // The last of January in UTC is the first of February in Shanghai, and one withdrawn is not finished.
        await AppendAsync(server, [
            .. Enumerable.Range(0, 8).SelectMany(i => Finished($"a{i}", at, "W1")), .. Enumerable.Range(0, 2).SelectMany(i => Finished($"b{i}", at, "W2")),
            .. Finished("late", Instant.FromUtc(2026, 1, 31, 17, 0), "W1"), .. Finished("gone", at, "W1"), Hall.Fact("case_withdrawn", "gone", at + Duration.FromHours(1))]);
        return server;
    }

    private static async Task AppendAsync(TestServer server, EventToAppend[] facts)
    {
        await new EventLog(server.Database.DataSource).AppendAllAsync(Hall.Centre, facts);
        await GetAsync(server, "/complaints");
    }

    private static async Task<JsonNode> GetAsync(TestServer server, string path)
    {
        var (status, body) = await server.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre={Hall.Centre}&wait={await server.ScalarAsync<long>("SELECT max(seq_id) FROM public.mt_events")}");
        Assert.True(status == 200, $"{status} {body}");
        return body!;
    }
}
