using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>The figures of <c>/metrics</c> are those that counting all clocks gives, at any instant.</summary>
public partial class FiguresTests
{
    // Everything by the clocks alone, none of it by a sum that is kept.
    private const string Recount = """
        WITH c AS (
            SELECT *, CASE WHEN state <> 'open' THEN state
                           WHEN paused_at <= $1 AND (resumes_at IS NULL OR $1 < resumes_at) AND (due_at IS NULL OR due_at >= paused_at) THEN 'paused'
                           WHEN due_at < $1 THEN 'overdue' WHEN due_soon_at < $1 THEN 'dueSoon' ELSE 'running' END AS level,
                      ',sla_centre="' || tenant_id || '",sla_commitment="' || commitment || '",sla_service="' || coalesce(item, '') || '"' AS labels
            FROM sla.commitment_clock WHERE appears_at IS NULL OR appears_at < $1),
        s AS (SELECT labels, CASE WHEN level = 'met' THEN 'met' ELSE 'breached' END AS verdict, date_trunc('quarter', coalesce(settled_on, due_on)::timestamp) = date_trunc('quarter', $1 AT TIME ZONE 'UTC') AS now
              FROM c WHERE level IN ('met', 'breached', 'overdue'))
        SELECT 'sla_commitments_open{level="' || level || '"' || labels || '}', count(*)::float8 FROM c WHERE state = 'open' GROUP BY 1
        UNION ALL SELECT 'sla_commitments_escalated{' || substr(labels, 2) || '}', count(*) FROM c WHERE level = 'overdue' AND commitment = 'job.deadline' AND due_at + interval '1 hour' < $1 GROUP BY 1
        UNION ALL SELECT 'sla_commitments_settled_total{' || substr(labels, 2) || ',verdict="' || verdict || '"}', count(*) FROM s GROUP BY 1
        UNION ALL SELECT 'sla_next_due_timestamp_seconds{' || substr(labels, 2) || '}', extract(epoch FROM min(due_at))::float8 FROM c WHERE level IN ('running', 'dueSoon') AND due_at IS NOT NULL GROUP BY 1
        UNION ALL SELECT 'sla_compliance_met{period="quarter"' || labels || '}', count(*) FROM s WHERE now AND verdict = 'met' GROUP BY 1
        UNION ALL SELECT 'sla_compliance_settled{period="quarter"' || labels || '}', count(*) FROM s WHERE now GROUP BY 1
        UNION ALL SELECT 'sla_compliance_ratio{period="quarter"' || labels || '}', count(*) FILTER (WHERE verdict = 'met')::float8 / count(*) FROM s WHERE now GROUP BY 1
        UNION ALL SELECT 'sla_cases_open{sla_centre="' || tenant_id || '",sla_service="' || coalesce(item, '') || '"}', count(DISTINCT stream_id) FROM sla.commitment_clock WHERE case_open GROUP BY tenant_id, item
        UNION ALL SELECT 'sla_anomalies_open{sla_centre="' || tenant_id || '",sla_kind="' || lower(left(kind, 1)) || substr(kind, 2) || '"}', count(*) FROM sla.anomaly GROUP BY tenant_id, kind
        """;

    private static readonly string[] Families =
        ["sla_commitments_open", "sla_commitments_escalated", "sla_commitments_settled_total", "sla_next_due_timestamp_seconds", "sla_compliance_met", "sla_compliance_settled", "sla_compliance_ratio", "sla_cases_open", "sla_anomalies_open"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Figures_are_those_of_a_recount_at_any_instant(int seed)
    {
        await using var server = await TestServer.StartAsync();
        await SlaMonitor.Host.Catalogues.CataloguePublishing.PublishAsync(server.Database.DataSource, [Hall.Read("1", "00:00-24:00")], default);
        var log = new EventLog(server.Database.DataSource);
        var facts = new RandomFacts(seed, 200, Instant.FromUtc(2026, 3, 22, 1, 0)).Take(2_000).ToList();
        long last = 0;
        // In parts, so that days, months and totals are recomputed and not only made.
        foreach (var part in facts.Chunk(300))
        {
            last = (await log.AppendAllAsync(Hall.Centre, part)).LastPosition ?? last;
            await server.GetAsync($"/anomalies?centre={Hall.Centre}&wait={last}");
        }

        var bounds = await server.ScalarAsync<DateTime[]>("SELECT ARRAY[min(started_at), max(coalesce(due_at, started_at))] FROM sla.commitment_clock");
        foreach (var share in (double[])[0, 0.3, 0.6, 0.9, 1.1])
        {
            server.Clock.Now = Instant.FromDateTimeUtc(bounds[0]) + Duration.FromTimeSpan((bounds[1] - bounds[0]) * share);
            await CompareAsync(server);
        }
    }

    private static async Task CompareAsync(TestServer server)
    {
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var exposed = new Dictionary<string, double>();
        foreach (var family in server.Services.GetRequiredService<Snapshots>().Last!.Families.Where(f => Families.Contains(f.SampleName)))
        {
            foreach (var sample in family.Samples.Where(s => s.Value != 0))
                exposed.Add(family.SampleName + "{" + string.Join(",", sample.Labels.Select(l => $"{l.Name}=\"{l.Value}\"")) + "}", sample.Value);
        }

        var counted = new Dictionary<string, double>();
        await using var command = server.Database.DataSource.CreateCommand(Recount);
        command.Parameters.Add(new() { Value = server.Clock.Now.ToDateTimeUtc() });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetDouble(1) != 0)
                counted.Add(reader.GetString(0), reader.GetDouble(1));
        }

        Assert.NotEmpty(counted);
        Assert.Equal(counted.OrderBy(c => c.Key, StringComparer.Ordinal).Select(Shown), exposed.OrderBy(c => c.Key, StringComparer.Ordinal).Select(Shown));
    }

    private static string Shown(KeyValuePair<string, double> series) => string.Create(CultureInfo.InvariantCulture, $"{series.Key} {series.Value}");

    [Fact]
    public async Task Anomalies_are_those_that_are_listed()
    {
        await using var server = await TestServer.StartAsync();
        // The stop of a case of which nothing else is known, and a second start.
        var (_, stored) = await server.PostAsync(
            TestServer.Event("case_closed", "case/1", "2026-03-02T09:30:00+08:00"), TestServer.Received("case/2", "2026-03-02T09:30:00+08:00"),
            TestServer.Event("case_accepted", "case/2", "2026-03-02T10:00:00+08:00"), TestServer.Event("case_accepted", "case/2", "2026-03-03T10:00:00+08:00"));
        var (_, listed) = await server.GetAsync($"/anomalies?centre=service-hall&limit=1000&wait={stored!["position"]}");
        var kinds = listed!["anomalies"]!.AsArray().CountBy(a => (string)a!["kind"]!).ToDictionary(k => k.Key, k => (double)k.Value);
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var family = server.Services.GetRequiredService<Snapshots>().Last!.Families.Single(f => f.Name == "sla_anomalies_open");
        Assert.NotEmpty(kinds);
        Assert.Equal(kinds, family.Samples.Where(s => s.Labels[0].Value == "service-hall" && s.Value > 0).ToDictionary(s => s.Labels[1].Value, s => s.Value));
    }

    [Fact]
    public async Task A_clock_is_escalated_from_the_end_of_the_third_working_day_after_due_until_it_stops()
    {
        await using var server = await TestServer.StartAsync();
        // Five working days are promised, so it falls due on Monday the 9th at 18:00, and is escalated on Thursday at 18:00.
        var (_, stored) = await server.PostAsync(TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T10:00:00+08:00"));
        await server.GetAsync($"/cases/1?centre=service-hall&wait={stored!["position"]}");
        var end = Instant.FromUtc(2026, 3, 12, 10, 0);
        Assert.Equal((1, 0), await EscalatedAsync(server, end));
        Assert.Equal((1, 1), await EscalatedAsync(server, end + Duration.FromMilliseconds(1)));
        (_, stored) = await server.PostAsync(TestServer.Event("case_decided", "case/1", "2026-03-13T10:00:00+08:00", new() { ["outcome"] = "approved" }));
        await server.GetAsync($"/cases/1?centre=service-hall&wait={stored!["position"]}");
        Assert.Equal((0, 0), await EscalatedAsync(server, end + Duration.FromDays(2)));
    }

    private static async Task<(double Overdue, double Escalated)> EscalatedAsync(TestServer server, Instant now)
    {
        server.Clock.Now = now;
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var families = server.Services.GetRequiredService<Snapshots>().Last!.Families;
        return (Of("sla_commitments_open", ("level", "overdue")), Of("sla_commitments_escalated", ("sla_commitment", "case.promised")));

        double Of(string name, (string, string) label) => families.Single(f => f.Name == name).Samples
            .Where(s => s.Labels.Contains(label) && s.Labels.Contains(("sla_commitment", "case.promised"))).Sum(s => s.Value);
    }

    [Fact]
    public async Task A_count_that_falls_to_nothing_is_0_and_a_ratio_of_nothing_is_absent()
    {
        await using var server = await TestServer.StartAsync();
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var (_, body) = await server.GetAsync("/metrics");
        var text = body!.ToString();
        foreach (var series in (string[])["sla_commitments_open{level=\"overdue\",sla_centre=\"service-hall\",sla_commitment=\"case.promised\",sla_service=\"clinic-licence\"}", "sla_compliance_settled{period=\"quarter\",sla_centre=\"service-hall\",sla_commitment=\"case.promised\",sla_service=\"clinic-licence\"}", "sla_anomalies_open{sla_centre=\"service-hall\",sla_kind=\"secondStart\"}", "sla_quarantined_streams{sla_centre=\"service-hall\"}"])
            Assert.Contains($"\n{series} 0\n", text, StringComparison.Ordinal);
        Assert.Matches(CountedSoFar(), text);
        Assert.DoesNotContain("\nsla_compliance_ratio{", text, StringComparison.Ordinal);
        Assert.Contains("\nsla_compliance_target_ratio{sla_centre=\"service-hall\",sla_commitment=\"case.promised\"} 0.95\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nsla_compliance_target_ratio{sla_centre=\"service-hall\",sla_commitment=\"case.joint\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nsla_next_due_timestamp_seconds{", text, StringComparison.Ordinal);
    }

    // Of other tests in this process too.
    [GeneratedRegex("\nsla_ingest_events_total\\{result=\"appended\"\\} [0-9]+\n")]
    private static partial Regex CountedSoFar();
}
