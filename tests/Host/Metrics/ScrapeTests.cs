using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Tests.EndToEnd.Monitoring;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>What the running program exposes, as judged by those who read it: Prometheus' own client library, promtool, and a Prometheus.</summary>
public class ScrapeTests
{
    private const string Overdue = "sla_commitments_open{level=\"overdue\",sla_centre=\"service-hall\",sla_commitment=\"case.promised\",sla_service=\"food-business-licence\"} 3\n";

    // Strict where Prometheus is not: families interleaved, buckets that are missing, names that do not fit their type.
    private const string Parse = """
        import sys
        text = sys.stdin.buffer.read().decode("utf-8")
        if sys.argv[1] == "open":
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
        else:
            from prometheus_client.parser import text_string_to_metric_families as parse
        families = list(parse(text))
        series = [(s.name, tuple(sorted(s.labels.items()))) for f in families for s in f.samples]
        assert len({f.name for f in families}) == len(families), "a family stands twice"
        assert len(set(series)) == len(series), "a series stands twice"
        assert all(f.documentation and f.type != "unknown" for f in families), "a family has no help or no type"
        print(len(series))
        """;

    [Theory]
    [InlineData("text/plain", "text", "")]
    [InlineData("application/openmetrics-text;version=1.0.0", "open", "# EOF\n")]
    public async Task The_strict_parsers_of_the_client_library_read_both_formats(string accept, string parser, string end)
    {
        await using var server = await WithCasesAsync();
        var (response, body) = await GetAsync(server, accept);
        Assert.StartsWith(accept.Split(';')[0], response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["Accept", "Accept-Encoding"], response.Headers.Vary);
        Assert.Contains(Overdue, body, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", body, StringComparison.Ordinal);
        Assert.EndsWith("\n" + end, body, StringComparison.Ordinal);
        Assert.Equal(1, body.Split("# EOF").Length - (end.Length > 0 ? 1 : 0));
        var (exit, output) = await RunAsync("/usr/bin/python3", body, "-c", Parse, parser);
        Assert.True(exit == 0, output);
        Assert.Equal(Samples(body), int.Parse(output, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Promtool_has_nothing_to_complain_of()
    {
        await using var server = await WithCasesAsync();
        var (exit, output) = await RunAsync("promtool", (await GetAsync(server, "text/plain")).Body, "check", "metrics");
        Assert.Equal((0, ""), (exit, output));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text")]
    public async Task Gzip_holds_the_same(string accept)
    {
        await using var server = await WithCasesAsync();
        var plain = (await GetAsync(server, accept)).Body;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        var (exit, unzipped) = await RunAsync("gzip", await response.Content.ReadAsByteArrayAsync(), "-dc");
        Assert.True(exit == 0, unzipped);
        // Figures of the process have moved on; what is of the snapshot has not.
        Assert.Equal(plain.Split("\n# HELP sla_snapshot_duration")[0], unzipped.Split("\n# HELP sla_snapshot_duration")[0]);
        Assert.EndsWith(plain[^6..], unzipped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limited_caller_reads_a_whole_document_in_both_formats()
    {
        await using var server = await TestServer.StartGuardedAsync();
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var (_, token) = await server.TokenAsync(Roles.Read, ["service-hall"]);
        foreach (var (accept, parser) in new[] { ("text/plain", "text"), ("application/openmetrics-text", "open") })
        {
            var (_, body) = await GetAsync(server, accept, token);
            Assert.DoesNotContain("permits-nl", body, StringComparison.Ordinal);
            Assert.DoesNotContain("dotnet_", body, StringComparison.Ordinal);
            var (exit, output) = await RunAsync("/usr/bin/python3", body, "-c", Parse, parser);
            Assert.True(exit == 0, output);
        }
    }

    [Fact]
    public async Task Prometheus_scrapes_as_many_samples_as_there_are_and_answers_with_their_values()
    {
        await using var server = await WithCasesAsync();
        // The route of the scrape itself and of its faults is there from then on.
        var counted = 0;
        await Condition.HoldsAsync(async () => counted == (counted = Samples((await GetAsync(server, "text/plain")).Body)) && counted > 0);
        await using var prometheus = await StartPrometheusAsync(server.Client.BaseAddress!);
        // Each scrape makes series of its own where it is the first of its kind, so what counts is the last of several.
        await Condition.HoldsAsync(async () => await QueryAsync(prometheus, "count_over_time(scrape_samples_scraped[1h])") > 2);
        Assert.Equal(Samples((await GetAsync(server, "application/openmetrics-text")).Body), await QueryAsync(prometheus, "scrape_samples_scraped"));
        Assert.Equal(1, await QueryAsync(prometheus, "up"));
        Assert.Equal(3, await QueryAsync(prometheus, "sum(sla_commitments_open{sla_centre=\"service-hall\",sla_commitment=\"case.promised\",level=\"overdue\"})"));
        Assert.Equal(0, await QueryAsync(prometheus, "sum(sla_compliance_met{sla_commitment=\"case.promised\"}) / sum(sla_compliance_settled{sla_commitment=\"case.promised\"})"));
    }

    /// <summary>Three cases of one service that are overdue, as the last snapshot shows.</summary>
    private static async Task<TestServer> WithCasesAsync()
    {
        var server = await TestServer.StartAsync(Instant.FromUtc(2026, 3, 20, 1, 0));
        for (var number = 1; number <= 3; number++)
        {
            // Senders choose what they are called.
            var received = TestServer.Received($"case/{number}", "2026-03-02T09:30:00+08:00");
            received["source"] = $"desk \"{number}\" \\ {{台}}\r\nupstairs";
            var (status, stored) = await server.PostAsync(received, TestServer.Event("case_accepted", $"case/{number}", "2026-03-02T10:00:00+08:00"));
            Assert.Equal(200, status);
            await server.GetAsync($"/cases/{number}?centre=service-hall&wait={stored!["position"]}");
        }

        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        await Condition.HoldsAsync(async () => (await GetAsync(server, "text/plain")).Body.Contains(Overdue, StringComparison.Ordinal));
        return server;
    }

    private static async Task<(HttpResponseMessage Response, string Body)> GetAsync(TestServer server, string accept, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (response, await response.Content.ReadAsStringAsync());
    }

    private static int Samples(string body) => body.Split('\n').Count(l => l.Length > 0 && l[0] != '#');

    private static Task<(int Exit, string Output)> RunAsync(string program, string input, params string[] arguments) => RunAsync(program, System.Text.Encoding.UTF8.GetBytes(input), arguments);

    private static async Task<(int Exit, string Output)> RunAsync(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static Task<MonitorProgram> StartPrometheusAsync(Uri server) => MonitorProgram.PrometheusAsync($$"""
        global: { scrape_interval: 500ms, scrape_timeout: 500ms }
        scrape_configs:
          - job_name: sla
            static_configs: [{ targets: ["{{server.Authority}}"] }]
        """);

    private static async Task<double> QueryAsync(MonitorProgram prometheus, string query)
    {
        var answer = JsonNode.Parse(await prometheus.Client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"))!;
        return answer["data"]!["result"]!.AsArray() is [{ } only] ? double.Parse((string)only["value"]![1]!, CultureInfo.InvariantCulture) : double.NaN;
    }
}
