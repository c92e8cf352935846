using System.Diagnostics;
using System.Globalization;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Fuzz;
using SlaMonitor.Host;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Bench;

/// <summary>Any number of bad inputs, most of them in the process and one in twenty over HTTP into a log.</summary>
internal static class FuzzRun
{
    private const int HttpShare = 20;
    private const int MaxKinds = 20;

    /// <summary>Runs it and prints what was found.</summary>
    /// <param name="count">How many inputs.</param>
    /// <param name="seed">Which.</param>
    /// <param name="folder">Where the server may keep its data.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>1 when anything was found.</returns>
    public static async Task<int> RunAsync(long count, ulong seed, string folder, CancellationToken ct)
    {
        var (inputs, findings) = (new FuzzInputs(seed, lines: true), new Findings(MaxKinds));
        var overHttp = count / HttpShare;
        await Timed("in the process", count - overHttp, () => InProcessAsync(inputs, findings, count - overHttp, ct));
        await Timed("over HTTP", overHttp, () => OverHttpAsync(inputs, findings, count - overHttp, overHttp, folder, ct));
        Console.WriteLine(findings.AreNone ? "nothing was found" : findings.ToString());
        return findings.AreNone ? 0 : 1;
    }

    private static async Task InProcessAsync(FuzzInputs inputs, Findings findings, long count, CancellationToken ct)
    {
        var workers = Environment.ProcessorCount;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => new DoorFuzz(inputs, findings).RunAsync(count * worker / workers, (count * (worker + 1) / workers) - (count * worker / workers), ct), ct)));
    }

    private static async Task OverHttpAsync(FuzzInputs inputs, Findings findings, long first, long count, string folder, CancellationToken ct)
    {
        await using var server = await EmbeddedServer.StartAsync(folder + "-fuzz", ct: ct);
        await using var source = StoreConnection.CreateDataSource(server.ConnectionString);
        await Database.PrepareAsync(source, CatalogueFiles.Folder, ct);
        await using var app = Server.Build(source, new StandingClock(), "http://127.0.0.1:0", new AccessRules(TokensRequired: false), Webhooks.None);
        await app.StartAsync(ct);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await new HttpFuzz(client, source, inputs, findings).RunAsync(first, count, ct);
        await app.StopAsync(ct);
    }

    private static async Task Timed(string where, long count, Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{where}: {count:N0} inputs, {count / watch.Elapsed.TotalSeconds:N0}/s"));
    }

    /// <summary>The inputs depend on their number alone, so the clock they are judged by stands.</summary>
    private sealed class StandingClock : IClock
    {
        public Instant GetCurrentInstant() => SampleHall.Now;
    }
}
