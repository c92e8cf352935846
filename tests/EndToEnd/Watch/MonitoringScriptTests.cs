using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SlaMonitor.Tests.EndToEnd.Monitoring;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>What <c>./run --with-monitoring</c> does once the program is built.</summary>
public sealed class MonitoringScriptTests
{
    [Fact]
    public async Task A_host_is_scraped_with_a_token_by_a_Prometheus_that_knows_its_rules_and_its_Alertmanager_until_it_is_told_to_stop()
    {
        var (host, prometheus, alertmanager, blackbox) = (MonitorProgram.FreeUrl(), MonitorProgram.FreeUrl(), MonitorProgram.FreeUrl(), MonitorProgram.FreeUrl());
        var start = SlaProgram.StartInfo("run", "--url", host, "--data", Path.Combine(TestFolders.New(), "data"));
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = Path.Combine(HouseRulesTests.Root, "deploy", "monitoring");
        foreach (var (name, value) in ((string, string)[])[("PROMETHEUS_PORT", PortOf(prometheus)), ("ALERTMANAGER_PORT", PortOf(alertmanager)), ("BLACKBOX_PORT", PortOf(blackbox)), ("MONITORING_DATA", TestFolders.New())])
            start.Environment[name] = value;
        using var script = Process.Start(start)!;
        var (output, errors) = (script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        using var client = new HttpClient { BaseAddress = new Uri(prometheus) };
        try
        {
            await Condition.HoldsAsync(async () => script.HasExited || await LastAsync(client, "up{job=\"sla\"}") == "1");
            Assert.False(script.HasExited, script.HasExited ? await output + await errors : "");
            Assert.Equal("1", await LastAsync(client, "sla_build_info"));
            var managers = await AskAsync(client, "/api/v1/alertmanagers");
            Assert.Equal($"{alertmanager}/api/v2/alerts", managers!["data"]!["activeAlertmanagers"]!.AsArray().Single()!["url"]!.ToString());
            Assert.NotEmpty((await AskAsync(client, "/api/v1/rules"))!["data"]!["groups"]!.AsArray());
        }
        finally
        {
            using var told = Process.Start("kill", ["-TERM", script.Id.ToString(CultureInfo.InvariantCulture)]);
            await script.WaitForExitAsync();
        }

        foreach (var url in (string[])[host, prometheus, alertmanager, blackbox])
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url));
    }

    private static string PortOf(string url) => new Uri(url).Port.ToString(CultureInfo.InvariantCulture);

    private static async Task<string?> LastAsync(HttpClient client, string query) =>
        (await AskAsync(client, $"/api/v1/query?query={Uri.EscapeDataString(query)}"))?["data"]!["result"]!.AsArray().FirstOrDefault()?["value"]![1]!.ToString();

    /// <summary>Null: it does not answer yet.</summary>
    private static async Task<JsonNode?> AskAsync(HttpClient client, string path)
    {
        try
        {
            return JsonNode.Parse(await client.GetStringAsync(path));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
