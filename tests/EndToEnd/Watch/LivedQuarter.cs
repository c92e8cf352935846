using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>
/// A made-up hall and its IT department that live through a quarter as time goes by: what has come to be known is reported over HTTP, and the metrics are scraped over
/// HTTP, both at the time the clocks of the host and of its database are set to. What is before the quarter is there at once.
/// </summary>
internal sealed class LivedQuarter : IAsyncDisposable
{
    private const int MostEvents = 2_000;
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    private readonly ClockedDatabase _database;
    private readonly IEnumerator<DemoEvent>[] _ahead;

    private LivedQuarter(ClockedDatabase database, TestServer server, IEnumerator<DemoEvent>[] ahead) => (_database, Server, _ahead) = (database, server, ahead);

    /// <summary>Its host.</summary>
    public TestServer Server { get; }

    /// <summary>Loads what is before a moment.</summary>
    /// <param name="from">The moment.</param>
    /// <param name="plan">Which hall.</param>
    /// <param name="notifications">Who the host itself tells of notices; null: nobody.</param>
    public static async Task<LivedQuarter> BeginAsync(Instant from, DemoPlan plan, NotificationPlan? notifications = null)
    {
        var database = await ClockedDatabase.CreateAsync(from);
        var source = database.Database.DataSource;
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFiles.Folder, default);
        var catalogue = (await new Centres(source).CatalogueOfAsync(DemoPlan.Centre, default))!.Newest!;
        var department = (await new Centres(source).CatalogueOfAsync(OutagePlan.Centre, default))!.Newest!;
        var outages = new OutageDemo(department, OutagePlan.Beside(plan, department));
        await DemoLoad.RunAsync(source, catalogue, plan, outages, new DemoSealing(new EventSealing(source, new KeyTable(source, KeyFile.None))), from, (_, _) => { }, default);
        await new Rebuild(source, (_, _) => { }).RunAsync(default);
        var ahead = ((IEnumerable<DemoEvent>[])[new HallDemo(catalogue, plan).Events(plan.From), outages.Events(outages.Plan.From)])
            .Select(events => events.SkipWhile(e => e.RecordedAt <= from).GetEnumerator()).Where(e => e.MoveNext()).ToArray();
        return new LivedQuarter(database, await TestServer.StartOverAsync(database.Database, from, notifications: notifications), ahead);
    }

    /// <summary>Lives up to a moment, and gives what a scrape then gets.</summary>
    public async Task<(string Scraped, TimeSpan Took)> LiveAsync(Instant until)
    {
        await _database.SetAsync(until);
        Server.Clock.Now = until;
        foreach (var centre in Due(until).GroupBy(e => e.Centre))
        {
            foreach (var events in centre.Chunk(MostEvents))
                await ReportAsync(centre.Key, events);
        }

        var follower = Server.Services.GetRequiredService<Follower>();
        follower.Wake();
        await Condition.HoldsAsync(() => Task.FromResult(follower.LevelAt >= until && follower.Lag == 0));
        await Server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", OpenMetrics);
        var started = Stopwatch.GetTimestamp();
        using var response = await Server.Client.SendAsync(request);
        return (await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var events in _ahead)
            events.Dispose();
        await Server.DisposeAsync();
    }

    private IEnumerable<DemoEvent> Due(Instant until)
    {
        foreach (var events in _ahead)
        {
            for (var more = true; more && events.Current.RecordedAt <= until; more = events.MoveNext())
                yield return events.Current;
        }
    }

    private async Task ReportAsync(string centre, DemoEvent[] events)
    {
        if (events.Where(e => !EventTypes.Of(e.Type).IsDecided).Select(Reported).ToArray() is { Length: > 0 } reported)
        {
            var (status, answer) = await Server.PostAsync(new JsonArray(reported).ToJsonString(), "application/cloudevents-batch+json");
            if (status != 200)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the host answered {status}: {answer}"));
        }

        // What is decided here is reported by nobody.
        if (events.Where(e => EventTypes.Of(e.Type).IsDecided).Select(e => e.Arriving()).ToList() is { Count: > 0 } decided)
            await Server.Services.GetRequiredService<GroupCommit>().AppendAsync(centre, decided, default);
    }

    private static JsonNode Reported(DemoEvent told)
    {
        var stored = JsonNode.Parse(told.Json.Span)!;
        return new JsonObject
        {
            ["specversion"] = "1.0",
            ["type"] = told.Type,
            ["source"] = told.Source,
            ["id"] = told.SenderId,
            ["subject"] = told.Stream,
            ["time"] = (string)stored["occurredAt"]!,
            ["centre"] = told.Centre,
            ["data"] = stored["data"]!.DeepClone(),
        };
    }
}
