using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host;

/// <summary>Two weeks of the sample IT department in October 2026: watched and not, up, down and excluded, with parts of which some are down.</summary>
internal static class ServiceHallEvents
{
    public const string Centre = "it-department";

    /// <summary>What somebody gave as a cause, which nothing may take for more than text.</summary>
    public const string Cause = "<b id=\"planted\">disk</b> & \"磁盘\"";

    /// <summary>Thursday 2026-10-15, 15:00 in the department.</summary>
    public static Instant Now { get; } = Instant.FromUtc(2026, 10, 15, 7, 0);

    /// <summary>A server that knows of them, and a snapshot taken since.</summary>
    public static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync(Now);
        var (status, stored) = await server.PostAsync([.. Events()]);
        Assert.True(status == 200, stored?.ToJsonString());
        var position = (long)stored!["position"]!;
        foreach (var (decision, by) in new[] { ("propose", "operator"), ("approve", "service-manager") })
        {
            var request = new JsonObject { ["centre"] = Centre, ["decision"] = decision, ["maintenance"] = "M1", ["exclusion"] = "x1", ["by"] = by };
            if (decision == "propose")
                (request["kind"], request["evidence"]) = ("plannedMaintenance", "change record 17");
            var (answered, decided) = await server.PostAsync(request.ToJsonString(), "application/json", "/exclusions");
            Assert.True(answered == 200, decided?.ToJsonString());
            position = (long)decided!["position"]!;
        }

        await server.GetAsync($"/services?centre={Centre}&wait={position}");
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        return server;
    }

    private static IEnumerable<JsonObject> Events()
    {
        foreach (var watched in (string[])["portal-web", "portal-database", "identity", "payment", "kiosk-1", "kiosk-2", "kiosk-3"])
            yield return Event("monitoring_started", $"service/{watched}", "2026-07-01T00:00:00+08:00", new() { ["by"] = "probe" });
        yield return Event("monitoring_stopped", "service/identity", "2026-10-08T09:00:00+08:00", new() { ["by"] = "probe" });
        yield return Event("monitoring_started", "service/identity", "2026-10-09T11:30:00+08:00", new() { ["by"] = "probe" });
        yield return Event("maintenance_planned", "maintenance/M1", "2026-09-20T10:00:00+08:00", new() { ["service"] = "permits-online", ["from"] = "2026-10-10T00:00:00+08:00", ["until"] = "2026-10-10T02:00:00+08:00", ["noticeAt"] = "2026-09-20T10:00:00+08:00" });
        foreach (var one in (IEnumerable<JsonObject>)
        [
            .. Outage("WEB-1", "portal-web", "2026-10-05T10:00:00+08:00", "2026-10-05T13:00:00+08:00", 1, "high", Cause), .. Outage("DB-1", "portal-database", "2026-10-10T01:00:00+08:00", "2026-10-10T03:00:00+08:00", 0.5m, "medium"),
            .. Outage("Q-1", "queue-system", "2026-10-12T10:00:00+08:00", "2026-10-12T10:03:00+08:00", 0.4m, "low"), .. Outage("K-1", "kiosk-1", "2026-10-14T09:00:00+08:00", null, 1, "low"), .. Outage("H-1", "hotline", "2026-10-15T10:00:00+08:00", null, 1, "high"),
        ])
            yield return one;
    }

    private static IEnumerable<JsonObject> Outage(string id, string service, string from, string? until, decimal lost, string urgency, string? cause = null)
    {
        yield return Event("outage_started", $"outage/{id}", from, new() { ["service"] = service, ["lost"] = lost, ["urgency"] = urgency, ["impact"] = urgency, ["cause"] = cause });
        if (until is not null)
            yield return Event("outage_restored", $"outage/{id}", until, []);
    }

    private static JsonObject Event(string type, string subject, string time, JsonObject data)
    {
        var one = TestServer.Event(type, subject, time, data);
        one["centre"] = Centre;
        return one;
    }
}
