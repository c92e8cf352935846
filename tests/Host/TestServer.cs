using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Tests.Host;

/// <summary>The real server on a free port over a database of its own, with a clock the test sets.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    // Where it is sent on to is an answer, too.
    private readonly HttpClient _exact;

    private TestServer(TestDatabase database, WebApplication app, ManualClock clock)
    {
        (Database, _app, Clock) = (database, app, clock);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        _exact = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Client.BaseAddress };
    }

    public TestDatabase Database { get; }

    public ManualClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; }

    /// <summary>All routes of the running program.</summary>
    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public static Task<TestServer> StartAsync(Instant? now = null, AccessRules? rules = null, Action<WebApplication>? add = null, params (string Key, string Value)[] settings) =>
        StartAsync(now, rules, add, null, settings);

    /// <summary>A server of today that tells of notices.</summary>
    public static Task<TestServer> StartNotifyingAsync(NotificationPlan plan) => StartAsync(SystemClock.Instance.GetCurrentInstant(), null, null, plan, []);

    private static async Task<TestServer> StartAsync(Instant? now, AccessRules? rules, Action<WebApplication>? add, NotificationPlan? notifications, (string Key, string Value)[] settings)
    {
        var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, CatalogueFiles.Folder, default);
        return await StartOverAsync(database, now ?? Instant.FromUtc(2026, 3, 20, 2, 0), rules, add, notifications, settings);
    }

    /// <summary>A server over a database that is prepared, and ends with it.</summary>
    public static async Task<TestServer> StartOverAsync(TestDatabase database, Instant now, AccessRules? rules = null, Action<WebApplication>? add = null, NotificationPlan? notifications = null, params (string Key, string Value)[] settings)
    {
        var clock = new ManualClock(now);
        var app = Server.Build(database.DataSource, clock, "http://127.0.0.1:0", rules ?? new AccessRules(TokensRequired: false), Webhooks.Read(CatalogueFiles.Folder), settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)), settings.Any(s => s.Key == "VAULT_KEYS") ? null : new KeyFile(Path.Combine(TestFolders.New(), KeyFile.DefaultName), mayMake: true), notifications);
        add?.Invoke(app);
        await app.StartAsync();
        return new TestServer(database, app, clock);
    }

    /// <summary>A server that requires tokens.</summary>
    public static Task<TestServer> StartGuardedAsync(int failuresPerMinute = AccessRules.DefaultFailuresPerMinute, Action<WebApplication>? add = null) =>
        StartAsync(rules: new AccessRules(TokensRequired: true, failuresPerMinute), add: add);

    /// <summary>Makes a token.</summary>
    public async Task<(AccessToken Token, string Text)> TokenAsync(string role, string[]? centres = null, string[]? sources = null, Instant? expiresAt = null, string? name = null) =>
        await new AccessTokens(Database.DataSource).CreateAsync(name ?? $"{role} desk", [role], centres, sources, Clock.Now, "tests", expiresAt, default);

    /// <summary>Sends a request with an Authorization header, none when it is null.</summary>
    public async Task<(HttpResponseMessage Response, string Body)> SendAsync(HttpMethod method, string path, string? authorization, string? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        var response = await _exact.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A case event of the sample hall as a CloudEvent.</summary>
    public static JsonObject Event(string type, string subject, string time, JsonObject? data = null, string? id = null) => new()
    {
        ["specversion"] = "1.0",
        ["type"] = type,
        ["source"] = "test/desk",
        ["id"] = id ?? $"{subject}/{type}/{time}",
        ["subject"] = subject,
        ["time"] = time,
        ["centre"] = "service-hall",
        ["data"] = data ?? [],
    };

    public static JsonObject Received(string subject, string time, string item = "food-business-licence") =>
        Event("case_received", subject, time, new JsonObject { ["item"] = item, ["window"] = "W1", ["staff"] = "W1-01" });

    public async Task<(int Status, JsonNode? Body)> PostAsync(params JsonObject[] events)
    {
        var body = events.Length == 1 ? events[0].ToJsonString() : new JsonArray([.. events.Select(e => (JsonNode)e)]).ToJsonString();
        return await PostAsync(body, events.Length == 1 ? "application/cloudevents+json" : "application/cloudevents-batch+json");
    }

    public async Task<(int Status, JsonNode? Body)> PostAsync(string body, string contentType, string path = "/events")
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var response = await Client.PostAsync(path, content);
        return ((int)response.StatusCode, Parse(await response.Content.ReadAsStringAsync()));
    }

    public async Task<(int Status, JsonNode? Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return ((int)response.StatusCode, Parse(await response.Content.ReadAsStringAsync()));
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> StringsAsync(string sql)
    {
        var strings = new List<string>();
        await using var command = Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            strings.Add(reader.GetString(0));
        return strings;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _exact.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return JsonValue.Create(body);
        }
    }
}
