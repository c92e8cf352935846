using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SlaMonitor.Bench;

/// <summary>Scrapes of a host over a million clocks, while it renews its snapshot: plain text as a person would ask for it, and OpenMetrics with gzip as Prometheus does.</summary>
internal sealed class ScrapeRows(NpgsqlDataSource source, int clocks, TimeSpan lasting, string folder)
{
    // Scrapers come every few seconds, not one after the other; in between the snapshots are made.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        Console.Error.WriteLine($"making {clocks} clocks");
        var million = new MillionClocks(source, folder);
        await million.MakeAsync(clocks, DateTime.UtcNow, ct);
        await using var host = HostProcess.Start(source.ConnectionString, "run", "--url", "http://127.0.0.1:0", "--catalogues", million.CatalogueFolder());
        var said = await host.LineWithAsync("SlaMonitor is at", ct);
        using var client = new HttpClient { BaseAddress = new Uri(said.Split(' ').First(w => w.StartsWith("http", StringComparison.Ordinal))) };
        while (!(await client.GetAsync("/metrics", ct)).IsSuccessStatusCode)
            await Task.Delay(Pause, ct);
        var (plain, zipped, snapshots, oldest, series) = (new List<double>(), new List<double>(), new List<double>(), 0.0, 0);
        var until = Stopwatch.GetTimestamp() + (long)(lasting.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
        {
            var (text, took) = await ScrapeAsync(client, "text/plain", null, ct);
            plain.Add(took);
            series = text.Split('\n').Count(l => l.Length > 0 && l[0] != '#');
            snapshots.Add(ValueOf(text, "sla_snapshot_duration_seconds"));
            oldest = Math.Max(oldest, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0 - ValueOf(text, "sla_snapshot_timestamp_seconds"));
            await Task.Delay(Pause, ct);
            zipped.Add((await ScrapeAsync(client, "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "gzip", ct)).Milliseconds);
            await Task.Delay(Pause, ct);
        }

        var what = string.Create(CultureInfo.InvariantCulture, $"scrape, {clocks:N0} clocks, {series:N0} series");
        return
        [
            .. Rows($"{what}, OpenMetrics with gzip", zipped),
            .. Rows($"{what}, plain text", plain),
            new("snapshot of these: median ms", BenchRow.Median(snapshots) * 1000, null, null, "≤ 1,000"),
            new("oldest snapshot served: ms", oldest * 1000, null, null, "≤ 5,000"),
            .. await new BoardRows(client).MeasureAsync(ct),
            new("resident memory of the scraped host, peak MB", await host.PeakAsync(ct), null, null, "≤ 600"),
        ];
    }

    private static IEnumerable<BenchRow> Rows(string what, List<double> times)
    {
        times.Sort();
        return [new BenchRow($"{what}: p50 ms", times[times.Count / 2], null, null, "—"), new BenchRow($"{what}: p99 ms", times[times.Count * 99 / 100], null, null, "≤ 50")];
    }

    private static async Task<(string Text, double Milliseconds)> ScrapeAsync(HttpClient client, string accept, string? coding, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (coding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        var started = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, ct);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return (coding is null ? System.Text.Encoding.UTF8.GetString(body) : "", took);
    }

    private static double ValueOf(string text, string name)
    {
        var start = text.IndexOf($"\n{name} ", StringComparison.Ordinal) + name.Length + 2;
        return double.Parse(text.AsSpan(start, text.IndexOf('\n', start) - start), CultureInfo.InvariantCulture);
    }
}
