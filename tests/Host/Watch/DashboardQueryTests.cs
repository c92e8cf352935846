using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Watch.Dashboards;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>What the dashboards ask for, judged by promtool and by a running host.</summary>
public partial class DashboardQueryTests
{
    /// <summary>What a host tells once there is such a thing: targets of notices, a sender turned away.</summary>
    private static readonly string[] Elsewhere = ["sla_notifications_pending", "sla_notifications_dead", "sla_notifications_oldest_pending_timestamp_seconds", "sla_notification_attempts_total", "sla_ingest_busy_total"];

    private static readonly string[] Labels = ["sla_centre", "sla_commitment", "sla_service", "sla_category", "sla_kind", "sla_priority", "sla_source", "sla_target", "sla_name_en", "sla_name_zh"];

    [Fact]
    public async Task Promtool_reads_every_query()
    {
        var queries = DashboardFile.All.SelectMany(d => d.Queries).DistinctBy(q => q.Expression).ToList();
        var file = Path.Combine(TestFolders.New(), "queries.yml");
        await File.WriteAllLinesAsync(file, queries.Select((q, number) => $"  - {{ record: \"r{number}\", expr: {System.Text.Json.JsonSerializer.Serialize(Substituted(q.Expression))} }}").Prepend("groups: [{ name: queries, rules: [").Select(l => l.StartsWith("  - ", StringComparison.Ordinal) ? l[4..] + "," : l).Append("]}]"));
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "rules", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, await output + await errors);
        Assert.Contains($"SUCCESS: {queries.Count} rules found", await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_that_is_asked_for_is_one_that_a_host_tells_with_these_labels()
    {
        await using var server = await TestServer.StartAsync();
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var scrape = await server.Client.GetStringAsync("/metrics");
        // The route of the scrape itself is there from the second one on.
        scrape += await server.Client.GetStringAsync("/metrics");
        var told = Family().Matches(scrape).SelectMany(m => m.Groups[2].Value == "histogram" ? [m.Groups[1].Value + "_bucket", m.Groups[1].Value + "_count"] : new[] { m.Groups[1].Value }).Concat(Elsewhere).ToHashSet();
        Assert.All(DashboardFile.All.SelectMany(d => d.Queries), q => Assert.All(Name().Matches(q.Expression).Select(m => m.Value).Except(Labels), name => Assert.True(told.Contains(name), $"{q.Where} asks for {name}")));
        Assert.All(Series().Matches(scrape).Select(m => (Metric: m.Groups[1].Value, Labels: Label().Matches(m.Groups[2].Value).Select(l => l.Groups[1].Value).ToList())).Where(s => MetricLabels.Knows(s.Metric)),
            s => Assert.Equal(MetricLabels.Of(s.Metric), s.Labels));
    }

    [Fact]
    public async Task Links_to_the_host_lead_to_pages_it_has()
    {
        await using var server = await TestServer.StartAsync();
        var routes = server.Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText).ToHashSet();
        var paths = DashboardFile.All.SelectMany(d => d.Links).Where(l => l.Address.StartsWith("${host", StringComparison.Ordinal)).Select(l => l.Address["${host:raw}".Length..].Split('?')[0]).Distinct().ToList();
        Assert.Contains("/board/cases", paths);
        Assert.All(paths, p => Assert.Contains(p.Replace("${service:percentencode}", "{service}", StringComparison.Ordinal), routes));
    }

    private static string Substituted(string expression) =>
        expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$centre", ".+", StringComparison.Ordinal).Replace("$commitment", "case.promised", StringComparison.Ordinal).Replace("$service", "mail", StringComparison.Ordinal);

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Family();

    [GeneratedRegex(@"^(sla_[a-z_]+)\{(.*)\} ", RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex(@"\b(?:sla|dotnet|http_server)_[a-z_]+\b")]
    private static partial Regex Name();
}
