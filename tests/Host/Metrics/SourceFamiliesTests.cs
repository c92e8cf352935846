using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Tests.Host.Metrics;

/// <summary>Who was heard of, when last and on how many days, as metrics.</summary>
public class SourceFamiliesTests
{
    private const string Last = "sla_source_last_event_timestamp_seconds", Days = "sla_source_active_dates";

    [Fact]
    public async Task A_source_is_shown_from_its_first_event_until_it_has_been_silent_for_fourteen_days()
    {
        await using var server = await TestServer.StartAsync();
        var event1 = TestServer.Received("case/1", "2026-03-02T09:30:00+08:00");
        var event2 = TestServer.Received("case/2", "2026-03-02T09:30:00+08:00");
        event2["source"] = "a \"desk\" \\ 台\nupstairs";
        var (status, stored) = await server.PostAsync(event1, event2);
        Assert.True(status == 200, stored?.ToJsonString());
        await server.GetAsync($"/cases?centre=service-hall&wait={stored!["position"]}");
        var recorded = await server.ScalarAsync<DateTime>("SELECT max(timestamp) FROM public.mt_events WHERE type = 'case_received'");
        // The day after it was recorded, at noon.
        server.Clock.Now = Instant.FromDateTimeUtc(recorded.Date.AddDays(1).AddHours(12));
        string[] labels = ["{sla_centre=\"service-hall\",sla_source=\"a \\\"desk\\\" \\\\ 台\\nupstairs\"}", "{sla_centre=\"service-hall\",sla_source=\"test/desk\"}"];
        var lines = await LinesAsync(server, Last);
        Assert.Equal(labels.Select(l => Last + l), lines.Select(l => l[..l.LastIndexOf(' ')]));
        Assert.Equal((recorded - DateTime.UnixEpoch).TotalSeconds, double.Parse(lines[1].Split(' ')[^1], CultureInfo.InvariantCulture), 0.000_01);
        Assert.Equal(labels.Select(l => $"{Days}{l} 1"), await LinesAsync(server, Days));
        // Its day is the first of fourteen, and then of none.
        server.Clock.Now = Instant.FromDateTimeUtc(recorded.Date.AddDays(13).AddHours(12));
        Assert.Equal(labels.Select(l => $"{Days}{l} 1"), await LinesAsync(server, Days));
        server.Clock.Now = Instant.FromDateTimeUtc(recorded.Date.AddDays(14));
        Assert.Empty(await LinesAsync(server, Days));
        Assert.Empty(await LinesAsync(server, Last));
    }

    [Fact]
    public async Task Days_are_counted_and_of_very_many_sources_the_newest_are_shown()
    {
        await using var server = await TestServer.StartAsync(Instant.FromUtc(2026, 3, 20, 2, 0));
        // Sources 1 to 400: the n-th was heard of on every day of a month, n seconds before 01:00, or only on every second one.
        await server.StringsAsync("""
            INSERT INTO sla.source_day (tenant_id, source, day, last_recorded_at)
            SELECT 'service-hall', 's' || lpad(n::text, 3, '0'), (at AT TIME ZONE 'UTC')::date, at
            FROM generate_series(1, 400) n, generate_series(0, 30) d, LATERAL (SELECT '2026-03-20T01:00:00Z'::timestamptz - d * interval '1 day' - n * interval '1 second' AS at) a WHERE n % 2 = 1 OR d % 2 = 0
            RETURNING source
            """);
        var days = await LinesAsync(server, Days);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => $"{Days}{{sla_centre=\"service-hall\",sla_source=\"s{n:000}\"}} {(n % 2 == 1 ? 14 : 7)}"), days);
        var newest = Instant.FromUtc(2026, 3, 20, 1, 0) - Duration.FromSeconds(1);
        Assert.Equal($"{Last}{{sla_centre=\"service-hall\",sla_source=\"s001\"}} {newest.ToUnixTimeSeconds()}", (await LinesAsync(server, Last))[0]);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(TestServer server, string family)
    {
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        var written = ExpositionWriter.Write(server.Services.GetRequiredService<Snapshots>().Last!.Families.Where(f => f.Name == family));
        return [.. Encoding.UTF8.GetString(written.Plain(ExpositionFormat.Text).Span).Split('\n').Where(l => l.Length > 0 && l[0] != '#')];
    }
}
