using System.Diagnostics;
using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Tests.EndToEnd.Watch;

namespace SlaMonitor.Tests;

/// <summary>What tests run in a process of its own: in order to kill it, or as another user, or in another environment; and what is made for whoever looks at pictures.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["hold-server", var folder, var major, var packages] => HoldServerAsync(folder, major, packages),
        // Whole seconds: the database's clock, which is set by it, knows no more than microseconds.
        ["live-quarter", var file] => LiveQuarterAsync(file, Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds()), 20_000, "127.0.0.1:5080"),
        ["live-quarter", var file, var until, var cases, var instance] =>
            LiveQuarterAsync(file, InstantPattern.ExtendedIso.Parse(until).Value, int.Parse(cases, CultureInfo.InvariantCulture), instance),
        _ => Task.FromResult(2),
    };

    private static async Task<int> HoldServerAsync(string folder, string major, string packages)
    {
        var options = new EmbeddedServerOptions { Major = int.Parse(major, CultureInfo.InvariantCulture) };
        if (packages.Length > 0)
            options = options with { Places = options.Places with { UpwardsFrom = [packages] } };
        await using var server = await EmbeddedServer.StartAsync(folder, options);
        Console.WriteLine(server.ProcessId);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Writes the metrics of a running quarter, hour by hour, as <c>promtool tsdb create-blocks-from openmetrics FILE DATA --max-block-duration=720h</c> reads them.</summary>
    private static async Task<int> LiveQuarterAsync(string file, Instant until, int cases, string instance)
    {
        var (zone, started) = (DateTimeZoneProviders.Tzdb["Asia/Shanghai"], Stopwatch.GetTimestamp());
        var steps = LivedSteps.QuarterUpTo(until, zone, Duration.FromDays(100));
        try
        {
            using var history = new ScrapedHistory($"instance=\"{instance}\",job=\"sla\"");
            await using var quarter = await LivedQuarter.BeginAsync(steps.From, DemoPlan.UpTo(until, zone, 1, cases));
            Console.WriteLine($"loaded in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            var moments = steps.Moments().ToList();
            foreach (var at in moments)
            {
                var (scraped, took) = await quarter.LiveAsync(at);
                history.Add(at, scraped, took);
            }

            await history.WriteAsync(file);
            Console.WriteLine($"{moments.Count} hours, {history.Samples} samples in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            return 0;
        }
        finally
        {
            await PostgresServers.StopAsync();
        }
    }
}
