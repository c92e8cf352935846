using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Outages;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Tests.EndToEnd.Watch;
using SlaMonitor.Tests.Host;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Monitoring;

/// <summary>A service that is taken away, and what is known of it through blackbox exporter, Prometheus and Alertmanager, as Debian ships them and with the configuration that is committed.</summary>
public sealed class ProbeToOutageTests(ITestOutputHelper output)
{
    // Scrape, rule evaluation, and the longest a probe may take; a second each below.
    private static readonly Duration Seen = Duration.FromSeconds(3);

    [Fact]
    public async Task A_service_that_is_killed_and_restored_is_an_outage_of_that_time_and_monitors_that_forget_make_no_gap_in_it()
    {
        await using var server = await TestServer.StartAsync(SystemClock.Instance.GetCurrentInstant());
        await using var service = new ProbedService();
        await service.StartAsync();
        await using var blackbox = await MonitorProgram.BlackboxAsync(await File.ReadAllTextAsync(Path.Combine(CommittedWatch.Folder, "blackbox", "blackbox.yml")));
        var watched = SystemClock.Instance.GetCurrentInstant();
        var told = TestServer.Event("monitoring_started", "service/portal-database", Timestamps.Format(watched), new JsonObject { ["by"] = "prometheus" });
        told["centre"] = "it-department";
        Assert.Equal(200, (await server.PostAsync(told)).Status);
        Interval killed, restored, killedAgain;
        await using (var monitors = await Monitors.StartAsync(server, service, blackbox))
        {
            await Condition.HoldsAsync(async () => await monitors.SeesAsync("probe_success") == "1");
            killed = await service.KillAsync();
            await Condition.HoldsAsync(async () => (await OutagesAsync(server)).Count == 1);
            restored = await service.StartAsync();
            await Condition.HoldsAsync(async () => (await OutagesAsync(server)).SingleOrDefault()?.EndedAt is not null);
            killedAgain = await service.KillAsync();
            await Condition.HoldsAsync(async () => (await OutagesAsync(server)).Count == 2);
        }

        // Killed with all they knew: the alert fires anew from another instant on, and nobody tells the end of the one before.
        await using (await Monitors.StartAsync(server, service, blackbox))
        {
            await Condition.HoldsAsync(async () => await OutagesAsync(server) is [_, { EndedAt: not null }, { EndedAt: null }]);
            var restoredAgain = await service.StartAsync();
            await Condition.HoldsAsync(async () => await OutagesAsync(server) is [_, _, { EndedAt: not null }]);
            var outages = await OutagesAsync(server);
            Within(killed, outages[0].StartedAt, "first start");
            Within(restored, outages[0].EndedAt!.Value, "first end");
            Within(killedAgain, outages[1].StartedAt, "second start");
            Assert.Equal(outages[2].StartedAt, outages[1].EndedAt);
            Within(restoredAgain, outages[2].EndedAt!.Value, "second end");
            Assert.Equal([false, true, false], outages.Select(o => o.Assumed));
            // The second and the third touch, and are one interruption.
            await CountedAsync(server, watched, (outages[0].EndedAt!.Value - outages[0].StartedAt) + (outages[2].EndedAt!.Value - outages[1].StartedAt), interruptions: 2);
        }
    }

    /// <summary>What a reader is told of the service since it is watched, and what a scrape gets.</summary>
    private static async Task CountedAsync(TestServer server, Instant watched, Duration downtime, int interruptions)
    {
        server.Clock.Now = SystemClock.Instance.GetCurrentInstant();
        var position = await server.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        var (status, answer) = await server.GetAsync($"/services/portal-database/availability?centre=it-department&from={Timestamps.Format(watched)}&to={Timestamps.Format(server.Clock.Now)}&wait={position}");
        Assert.True(status == 200, answer?.ToJsonString());
        Assert.Equal((interruptions, (decimal)downtime.TotalSeconds), ((int)answer!["interruptions"]!, decimal.Parse(answer["downtimeSeconds"]!.ToString(), CultureInfo.InvariantCulture)));
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var scraped = await server.Client.GetStringAsync("/metrics");
        Assert.Contains(scraped.Split('\n'), l => l.StartsWith("sla_interruptions{", StringComparison.Ordinal) && l.Contains("\"portal-database\"", StringComparison.Ordinal) && l.EndsWith($" {interruptions}", StringComparison.Ordinal));
        Assert.DoesNotContain(scraped.Split('\n'), l => l.StartsWith("sla_outage_open{", StringComparison.Ordinal) && l.Contains("\"portal-database\"", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal));
    }

    private void Within(Interval done, Instant told, string what)
    {
        output.WriteLine($"{what}: told {(told - done.Start).TotalSeconds:0.000} s after it was begun, which took {done.Duration.TotalSeconds:0.000} s");
        Assert.InRange(told, done.Start, done.End + Seen);
    }

    /// <summary>The outages in the log, in the order of their starts.</summary>
    private static async Task<IReadOnlyList<KnownOutage>> OutagesAsync(TestServer server)
    {
        var log = server.Services.GetRequiredService<EventLog>();
        var outages = new List<KnownOutage>();
        foreach (var stream in await server.StringsAsync("SELECT id FROM mt_streams WHERE id LIKE 'outage/%'"))
        {
            var facts = (await log.ReadStreamAsync("it-department", stream)).Select(e => EventJson.ReadFact(e.Type, e.Id, e.Data, e.Position, e.RecordedAt)).OrderBy(f => f.OccurredAt).ToList();
            var end = facts.Find(f => f.Event is OutageEvent.Restored);
            outages.Add(new KnownOutage(facts.First(f => f.Event is OutageEvent.Started { Service: "portal-database" }).OccurredAt, end?.OccurredAt, end?.Event is OutageEvent.Restored { Assumed: true }));
        }

        return [.. outages.OrderBy(o => o.StartedAt)];
    }

    private sealed record KnownOutage(Instant StartedAt, Instant? EndedAt, bool Assumed);

    /// <summary>Prometheus and its Alertmanager.</summary>
    private sealed class Monitors(MonitorProgram prometheus, MonitorProgram alertmanager) : IAsyncDisposable
    {
        public static async Task<Monitors> StartAsync(TestServer server, ProbedService service, MonitorProgram blackbox)
        {
            var (_, token) = await server.TokenAsync(Roles.Ingest);
            var alertmanager = await MonitorProgram.AlertmanagerInAsync(await CommittedWatch.AlertmanagerAsync(server.Client.BaseAddress!, token));
            try
            {
                var folder = await CommittedWatch.PrometheusAsync(new Dictionary<string, string> { ["alertmanager"] = alertmanager.Address }, token);
                await File.WriteAllTextAsync(Path.Combine(folder, "targets", "probes.yml"), $"- targets: [\"{service.Url}\"]\n  labels: {{ __blackbox: \"{blackbox.Address}\", sla_service: portal-database }}\n");
                return new Monitors(await MonitorProgram.PrometheusInAsync(folder), alertmanager);
            }
            catch
            {
                await alertmanager.DisposeAsync();
                throw;
            }
        }

        /// <summary>The value of a metric; null: there is none yet.</summary>
        public async Task<string?> SeesAsync(string query) =>
            (string?)JsonNode.Parse(await prometheus.Client.GetStringAsync($"/api/v1/query?query={query}"))!["data"]!["result"]!.AsArray().SingleOrDefault()?["value"]![1];

        public async ValueTask DisposeAsync()
        {
            await prometheus.DisposeAsync();
            await alertmanager.DisposeAsync();
        }
    }
}
