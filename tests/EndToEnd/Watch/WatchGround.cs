using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Projections.Engine;
using SlaMonitor.Tests.EndToEnd.Monitoring;
using SlaMonitor.Tests.Host;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>
/// A host, Prometheus and Alertmanager with the committed configuration, and who is told. The centres' calendar is open day and night, so that it is all the same when the test runs: what the rules are made of, it does
/// not change.
/// </summary>
internal sealed class WatchGround : IAsyncDisposable
{
    private const string AlwaysOpen = """
        zone: Asia/Shanghai
        week: { mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"], sun: ["00:00-24:00"] }
        """;

    private readonly MonitorProgram _prometheus;
    private readonly MonitorProgram _alertmanager;
    private TestServer? _server;

    private readonly string _folder;

    private WatchGround(TestServer server, string folder, MonitorProgram prometheus, MonitorProgram alertmanager, AlertInbox inbox) =>
        (_server, _folder, _prometheus, _alertmanager, Inbox) = (server, folder, prometheus, alertmanager, inbox);

    public AlertInbox Inbox { get; }

    public TestServer Server => _server!;

    /// <summary>By how much the host's clock is behind.</summary>
    public Duration Behind { get; set; }

    /// <summary>What its clock shows.</summary>
    public Instant Now => SystemClock.Instance.GetCurrentInstant() - Behind;

    /// <summary>Starts all of it.</summary>
    /// <param name="notifications">Who the host itself tells of notices; null: nobody.</param>
    public static async Task<WatchGround> StartAsync(NotificationPlan? notifications = null)
    {
        var server = await StartHostAsync(notifications);
        var begun = new Stack<IAsyncDisposable>([server]);
        try
        {
            var (_, token) = await server.TokenAsync(Roles.Read);
            var inbox = await AlertInbox.StartAsync();
            begun.Push(inbox);
            var alertmanager = await MonitorProgram.AlertmanagerInAsync(await CommittedWatch.AlertmanagerAsync(server.Client.BaseAddress!, token, inbox.Url));
            begun.Push(alertmanager);
            var targets = new Dictionary<string, string> { ["sla"] = server.Client.BaseAddress!.Authority, ["alertmanager"] = alertmanager.Address };
            var folder = await CommittedWatch.PrometheusAsync(targets, token);
            return new WatchGround(server, folder, await MonitorProgram.PrometheusInAsync(folder), alertmanager, inbox);
        }
        catch
        {
            while (begun.TryPop(out var last))
                await last.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the host, centre by centre.</summary>
    public Task TellAsync(IEnumerable<JsonObject> events) => PlantedTrouble.TellAsync(Server, events);

    /// <summary>Stores what is said to have been recorded some time ago.</summary>
    public async Task RecordAsync(string centre, string source, string subject, string type, JsonObject data, Duration ago)
    {
        var at = SystemClock.Instance.GetCurrentInstant() - ago;
        var id = $"{subject}/{type}/{at.ToUnixTimeTicks()}";
        var stored = new JsonObject { ["occurredAt"] = Timestamps.Format(at), ["source"] = source, ["id"] = id, ["data"] = data };
        await Server.Services.GetRequiredService<EventLog>().AppendAsync(centre, [new EventToAppend(EventId.From(centre, source, id), subject, "case", type, null, System.Text.Encoding.UTF8.GetBytes(stored.ToJsonString())) { RecordedAt = at }]);
        Server.Services.GetRequiredService<Follower>().Wake();
    }

    /// <summary>Goes on, with a snapshot each time, until something holds.</summary>
    public Task UntilAsync(Func<Task<bool>> holds, string named) => Condition.HoldsAsync(
        async () =>
        {
            if (_server is { } server)
            {
                server.Clock.Now = Now;
                await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
            }

            return await holds();
        },
        named);

    /// <summary>What the rules that raise alerts say of themselves.</summary>
    public async Task<IReadOnlyList<AlertState>> AlertsAsync()
    {
        var answer = JsonNode.Parse(await _prometheus.Client.GetStringAsync("/api/v1/rules?type=alert"))!;
        return [.. answer["data"]!["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray())
            .Select(r => new AlertState((string)r!["name"]!, (string)r["query"]!, (string)r["state"]!, (string)r["health"]! == "ok" ? "" : (string?)r["lastError"] ?? (string)r["health"]!))];
    }

    /// <summary>Waits until somebody is told of an alert, or that it is over.</summary>
    public Task ToldAsync(string alert, string status) => UntilAsync(() => Task.FromResult(Inbox.Of(alert, status).Any()), $"somebody is told that {alert} is {status}");

    /// <summary>The value of an expression; null: nothing.</summary>
    public async Task<string?> AskAsync(string expression) =>
        (string?)JsonNode.Parse(await _prometheus.Client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}"))!["data"]!["result"]!.AsArray().FirstOrDefault()?["value"]![1];

    /// <summary>Takes the host away.</summary>
    public async Task KillHostAsync()
    {
        await Server.DisposeAsync();
        _server = null;
    }

    /// <summary>Puts another in its place.</summary>
    public async Task ReplaceHostAsync()
    {
        _server = await StartHostAsync(null);
        await File.WriteAllTextAsync(Path.Combine(_folder, "targets", "sla.yml"), $"- targets: [\"{Server.Client.BaseAddress!.Authority}\"]\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        await Inbox.DisposeAsync();
    }

    private static async Task<TestServer> StartHostAsync(NotificationPlan? notifications)
    {
        var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, await CataloguesAsync(), default);
        return await TestServer.StartOverAsync(database, SystemClock.Instance.GetCurrentInstant(), notifications: notifications);
    }

    private static async Task<string> CataloguesAsync()
    {
        var folder = TestFolders.New();
        foreach (var file in Directory.EnumerateFiles(CatalogueFiles.Folder, "*.yaml", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(CatalogueFiles.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllTextAsync(copy, Path.GetFileName(file) == "cn.yaml" ? AlwaysOpen : await File.ReadAllTextAsync(file));
        }

        return folder;
    }
}

/// <summary>How the rule of an alert stands.</summary>
/// <param name="Name">The alert.</param>
/// <param name="Expression">What it asks.</param>
/// <param name="State"><c>inactive</c>, <c>pending</c> or <c>firing</c>.</param>
/// <param name="Fault">Why it cannot be asked; empty: it can.</param>
internal sealed record AlertState(string Name, string Expression, string State, string Fault);
