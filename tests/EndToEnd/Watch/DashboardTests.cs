using System.Diagnostics;
using NodaTime;
using SlaMonitor.Host.Demo;
using SlaMonitor.Tests.EndToEnd.Monitoring;
using SlaMonitor.Tests.Host.Notifications;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>Every dashboard in every language over days that were lived through: each expression of it is answered.</summary>
public sealed class DashboardTests(ITestOutputHelper output)
{
    private const int Cases = 3_000;

    // A working morning in the middle of a quarter, of a year whose holidays are known.
    private static readonly Instant At = Instant.FromUtc(2026, 11, 18, 3, 0);

    [Fact]
    public async Task Every_panel_and_every_variable_is_answered()
    {
        var started = Stopwatch.GetTimestamp();
        var folder = await CommittedWatch.PrometheusAsync(new Dictionary<string, string>(), "none");
        var file = Path.Combine(folder, "quarter.om");
        await LiveAsync(file);
        output.WriteLine($"lived after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        await BackfillAsync(file, Path.Combine(folder, "data"));
        output.WriteLine($"filled in after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        await using var prometheus = await MonitorProgram.PrometheusInAsync(folder, lookback: "90m");
        var (asked, faults) = (new AskedDashboard(prometheus.Client, At), new List<string>());
        Assert.NotEmpty(CommittedWatch.DashboardFiles);
        foreach (var dashboard in CommittedWatch.DashboardFiles)
            faults.AddRange(await asked.FaultsAsync(new DashboardFile(dashboard)));
        output.WriteLine($"asked after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>The last day hour by hour, and two weeks before it day by day; with a receiver of notices that is never there.</summary>
    private static async Task LiveAsync(string file)
    {
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var steps = new LivedSteps(At - Duration.FromDays(15), At, Duration.FromDays(1));
        using var history = new ScrapedHistory("instance=\"host:5080\",job=\"sla\"");
        await using var quarter = await LivedQuarter.BeginAsync(steps.From, DemoPlan.UpTo(At, zone, 1, Cases), Notifying.Plan($"{Notifying.Quick}targets:\n  - {{ id: desk, kind: webhook, url: '{MonitorProgram.FreeUrl()}/', language: en }}\n"));
        foreach (var at in steps.Moments())
        {
            // In the last hours something of everything is wrong.
            if (at == At - Duration.FromHours(3))
                await PlantedTrouble.TellAsync(quarter.Server, new PlantedTrouble(at).Cases().Complaints().Outages().Trouble);
            var (scraped, took) = await quarter.LiveAsync(at);
            history.Add(at, scraped + Alerts(at), took);
        }

        await history.WriteAsync(file);
    }

    // What Prometheus itself keeps of alerts; rules look at the present alone, and cannot be asked of a past.
    private static string Alerts(Instant since) => $$"""

        # TYPE ALERTS gauge
        ALERTS{alertname="SlaOverdue",alertstate="firing",severity="ticket",sla_centre="service-hall",sla_commitment="case.promised"} 1
        ALERTS{alertname="SlaBudgetBurn",alertstate="firing",severity="page",sla_centre="it-department",sla_service="portal-web",sla_tier="1"} 1
        ALERTS{alertname="SlaHostDown",alertstate="firing",severity="page"} 1
        # TYPE ALERTS_FOR_STATE gauge
        ALERTS_FOR_STATE{alertname="SlaOverdue",severity="ticket",sla_centre="service-hall",sla_commitment="case.promised"} {{since.ToUnixTimeSeconds()}}
        ALERTS_FOR_STATE{alertname="SlaBudgetBurn",severity="page",sla_centre="it-department",sla_service="portal-web",sla_tier="1"} {{since.ToUnixTimeSeconds()}}
        ALERTS_FOR_STATE{alertname="SlaHostDown",severity="page"} {{since.ToUnixTimeSeconds()}}
        """;

    private static async Task BackfillAsync(string file, string data)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=720h", "--quiet", file, data]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, faults) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, await said + await faults);
    }
}
