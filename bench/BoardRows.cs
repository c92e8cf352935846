using System.Diagnostics;

namespace SlaMonitor.Bench;

/// <summary>What a person waits for the pages of a centre with a million clocks, from the request to the last byte of the answer.</summary>
internal sealed class BoardRows(HttpClient client)
{
    private const int Times = 60;

    private static readonly (string What, string Path)[] Pages =
    [
        ("board", "/?centre=million"), ("board of one window", "/?centre=million&window=W7"), ("board of one service by staff", "/?centre=million&item=s0042&by=staff"),
        ("list of what is overdue", "/board/cases?centre=million&state=overdue"), ("cases that broke a quarter", $"/board/cases?centre=million&commitment=c1&item=s0042&state=breached&period={DateTime.UtcNow.Year}-Q{((DateTime.UtcNow.Month - 1) / 3) + 1}"),
        ("compliance by service and quarter", "/board/compliance?centre=million"), ("contradictions", "/board/anomalies?centre=million"),
    ];

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        var rows = new List<BenchRow>();
        foreach (var (what, path) in Pages)
        {
            var times = new List<double>();
            for (var i = 0; i < Times; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync(path, ct);
                await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            times.Sort();
            rows.Add(new BenchRow($"page: {what}: p50 ms", times[Times / 2], null, null, "≤ 200"));
            rows.Add(new BenchRow($"page: {what}: p95 ms", times[Times * 95 / 100], null, null, "≤ 200"));
        }

        return rows;
    }
}
