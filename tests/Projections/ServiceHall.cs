using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Tests.Projections;

/// <summary>A centre with services of every make: by its hours, watched by a monitor, with agreements, and made of others.</summary>
internal static class ServiceHall
{
    public const string Zone = "Europe/Berlin";

    public static async Task<Hall> CreateAsync()
    {
        var hall = await Hall.EmptyAsync();
        await PublishAsync(hall, "1", "08:00-18:00");
        return hall;
    }

    /// <summary>Publishes a version whose only difference is in the office's hours.</summary>
    public static Task PublishAsync(Hall hall, string version, string hours) => CataloguePublishing.PublishAsync(hall.DataSource, [Read(version, hours)], default);

    public static EventToAppend Fact(string type, string stream, Instant at, JsonObject? data = null, string? id = null) => EventCheck.ToAppend(Hall.Centre, new ReportedEvent(
        type, stream, Hall.Source, id ?? string.Create(CultureInfo.InvariantCulture, $"{stream}/{type}/{at.ToUnixTimeTicks()}"), at, null, JsonSerializer.SerializeToElement(data ?? [])));

    public static EventToAppend Started(string id, string service, Instant at, decimal lost = 1, string? urgency = null) =>
        Fact("outage_started", $"outage/{id}", at, new JsonObject { ["service"] = service, ["lost"] = lost, ["urgency"] = urgency, ["impact"] = urgency });

    public static EventToAppend Restored(string id, Instant at) => Fact("outage_restored", $"outage/{id}", at);

    private static CatalogueFile Read(string version, string hours)
    {
        var folder = Directory.CreateTempSubdirectory("sla-services");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "counter.yaml"), Catalogue(version, hours));
            return CatalogueFiles.ReadAll(folder.FullName).Single();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Catalogue(string version, string hours) => $$"""
        version: "{{version}}"
        effectiveFrom: 2026-01-01
        centre: { id: counter, names: { zh: 柜台, en: Counter }, calendar: office }
        calendars:
          office:
            zone: {{Zone}}
            week: { mon: ["{{hours}}"], tue: ["{{hours}}"], wed: ["{{hours}}"], thu: ["{{hours}}"], fri: ["{{hours}}"] }
        priorities: { high: { high: P1, low: P2 }, low: { high: P2, low: P3 } }
        services:
          - id: desk
            names: { zh: 前台, en: Desk }
            hours: office
            observed: always
            mergeGap: PT30M
            targets:
              availability: 0.99
              interruptionsPerYear: 6
              restore: [{ priority: P1, limit: { workingTime: PT2H } }, { limit: { workingTime: PT8H } }]
          - id: web
            names: { zh: 网站, en: Web }
            hours: 24x7
            combine: independent
            from: 2026-02-10
            targets: { availability: 0.995, restore: [{ limit: { elapsed: PT4H } }] }
          - id: site
            names: { zh: 门户, en: Site }
            hours: office
            of: { weighted: [{ part: desk, weight: 0.25 }, { part: web, weight: 0.75 }] }
            targets: { availability: 0.98 }
        agreements:
          - id: sla
            kind: SLA
            names: { zh: 协议, en: Agreement }
            provider: it
            customer: hall
            from: 2026-01-01
            services: [desk, web, site]
            exclusions: { forceMajeure: { treat: left-out }, plannedMaintenance: { treat: up } }
            unobserved: left-out
            review: P6M
        commitments:
          - id: outage.restore
            names: { zh: 恢复, en: Restore }
            on: outage
            start: outage_started
            stop: { any: [outage_restored] }
            void: [outage_voided]
            limit: service.restore
            levels: [{ name: dueSoon, before: { fraction: 0.5 } }]
        """;
}
