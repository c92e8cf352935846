using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>What a collector is sent, and what becomes of the program when there is none.</summary>
public class OtlpTests
{
    private const string Secret = "PERSONAL-4711";

    [Fact]
    public async Task A_collector_gets_the_metrics_and_spans_and_nothing_personal()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await TestServer.StartAsync(null, new AccessRules(TokensRequired: true), null, Settings(collector.Url));
        var (_, token) = await server.TokenAsync(Roles.Admin);
        var (stored, body) = await server.SendAsync(HttpMethod.Post, "/events", $"Bearer {token}", TestServer.Received($"case/{Secret}", "2026-03-02T09:30:00+08:00").ToJsonString(), "application/cloudevents+json");
        Assert.True(stored.IsSuccessStatusCode, body);
        // In the path, in the query, in a message of the database, and where somebody puts a token that must not be there.
        foreach (var path in (string[])[$"/cases/{Secret}?centre=service-hall", $"/cases?centre=service-hall&commitment=case.promised&item={Secret}&after={Secret}&token={token}", $"/anomalies?centre={Secret}%00", $"/{Secret}?access_token={token}"])
            await server.SendAsync(HttpMethod.Get, path, $"Bearer {token}");
        await Condition.HoldsAsync(() => Task.FromResult(
            new[] { "POST /events", "GET /cases/{id}", "ingest", "projection page", "database" }.All(collector.Spans.Contains)
            && new[] { "sla_commitments_open", "sla_commitments_settled", "sla_ingest_events", "http.server.request.duration", "dotnet.gc.collections" }.All(collector.Metrics.Contains)));
        Assert.DoesNotContain("dotnet.thread_pool.thread.count", collector.Metrics);
        Assert.Contains("http.route", collector.Tags);
        foreach (var hidden in (string[])["url.path", "url.query", "url.full", "http.target", "db.statement", "db.query.text", "user_agent.original", "client.address"])
            Assert.DoesNotContain(hidden, collector.Tags);
        Assert.DoesNotContain(Secret, collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, collector.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("collector:4317")]
    [InlineData("ftp://collector:4317")]
    public async Task What_is_no_address_of_a_collector_is_refused_at_the_start(string endpoint)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(null, null, null, Settings(endpoint)));
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_vanished_from_the_data_vanishes_from_what_is_pushed()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await TestServer.StartAsync(null, null, null, Settings(collector.Url));
        var (_, stored) = await server.PostAsync(TestServer.Received("case/1", "2026-03-19T09:30:00+08:00"));
        await server.GetAsync($"/cases/1?centre=service-hall&wait={stored!["position"]}");
        await Condition.HoldsAsync(() => Task.FromResult(collector.PointsOf("sla_next_due_timestamp_seconds") > 0));
        await server.PostAsync(TestServer.Event("case_withdrawn", "case/1", "2026-03-19T10:30:00+08:00"));
        await Condition.HoldsAsync(() => Task.FromResult(collector.PointsOf("sla_next_due_timestamp_seconds") == 0));
    }

    [Fact]
    public async Task A_collector_that_never_answers_hurts_nobody()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var server = await TestServer.StartAsync(null, null, null, Settings($"http://{silent.LocalEndpoint}"));
        var (status, _) = await server.PostAsync(TestServer.Received("case/1", "2026-03-19T09:30:00+08:00"));
        Assert.Equal(200, status);
        var started = Stopwatch.GetTimestamp();
        await server.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    private static (string, string)[] Settings(string url) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "300"), ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];
}
