using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Tests.Host;

/// <summary>The description of the API says what the program does: its examples are sent, and its answers are those that come.</summary>
public class OpenApiTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_example_is_taken_and_every_example_of_an_answer_is_what_comes()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DocumentAsync(server);
        var wait = 0L;
        foreach (var (contentType, body) in document["paths"]!["/events"]!["post"]!["requestBody"]!["content"]!.AsObject())
        {
            var example = body!["example"]!;
            var (status, stored) = await server.PostAsync(example is JsonValue lines ? (string)lines! : example.ToJsonString(), contentType);
            Assert.Equal(200, status);
            wait = (long)stored!["position"]!;
            if (contentType == "application/x-ndjson")
                Check("stored.json", stored);
        }

        await CataloguePublishing.PublishAsync(server.Database.DataSource, [CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", "it-desk.yaml"))], default);
        Check("webhook-stored.json", (await server.PostAsync(Example("webhook.json"), "application/json", "/webhooks/jira")).Body!);
        Check("malformed.json", (await server.PostAsync(Example("malformed.ndjson"), "application/x-ndjson")).Body!);
        Check("conflict-answer.json", (await server.PostAsync(Example("conflict.json"), "application/cloudevents+json")).Body!);
        await PlantComplaintAsync(server);
        await PlantPersonAsync(server);
        var (drawn, sample) = await server.PostAsync(Example("sample-order.json"), "application/json", "/samples");
        Assert.True(drawn == 200, $"{sample}");
        Check("sample-answer.json", sample!);
        wait = await PlantOutageAsync(server);
        await PlantNotificationAsync(server);
        await server.GetAsync($"/cases/2026-000123?centre=service-hall&wait={wait}");
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is { } get)
                await CheckAsync(server, path, get);
        }

        Check("notifications-decision-answer.json", (await server.PostAsync(Example("notifications-decision.json"), "application/json", "/notifications/replay")).Body!);
        Check("recalculation-answer.json", (await server.PostAsync(Example("recalculation.json"), "application/json", "/recalculations")).Body!);
        foreach (var calculation in (string[])["due", "availability"])
        {
            var asked = document["paths"]![$"/calculate/{calculation}"]!["post"]!["requestBody"]!["content"]!["application/x-ndjson"]!["example"]!;
            using var answers = await server.Client.PostAsync($"/calculate/{calculation}", new StringContent((string)asked!));
            Approved.CheckFile(FileOf($"{calculation}-answers.ndjson"), await answers.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Every_route_is_described_but_for_the_pages()
    {
        await using var server = await TestServer.StartAsync();
        var described = (await DocumentAsync(server))["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}"));
        var routes = Routes(server).SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));
        string[] pages = ["GET /", "GET /board/anomalies", "GET /board/cases", "GET /board/complaints", "GET /board/complaints/{id}", "GET /board/compliance", "GET /board/satisfaction", "GET /board/services", "GET /board/services/{service}", "GET /board/outages/{id}", "GET /board/notifications", "GET /style.css", "GET /page.js", "GET /view/{centre}/{id}", "GET /find", "GET /openapi/{documentName}.json"];
        Assert.Equal(routes.Except(pages).Order(), described.Order());
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_for_and_every_parameter_what_it_means()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var operation in (await DocumentAsync(server))["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!))
        {
            Assert.NotNull(operation["summary"]);
            Assert.NotNull(operation["operationId"]);
            Assert.All(operation["parameters"]?.AsArray() ?? [], p => Assert.NotNull(p!["description"]));
        }
    }

    /// <summary>A complaint and a rating that tell of people, the one read before and the other erased.</summary>
    private static async Task PlantPersonAsync(TestServer server)
    {
        var (about, complained, rated) = (new JsonObject { ["name"] = "王芳", ["phone"] = "13800138000" }, new JsonObject { ["text"] = "窗口排队两小时，没有人解释" }, new JsonObject { ["score"] = 4, ["channel"] = 3, ["text"] = "材料交了三次" });
        complained["person"] = about;
        Assert.Equal(200, (await server.PostAsync(TestServer.Event("complaint_review_requested", "complaint/2026-000123", "2026-03-18T10:00:00+08:00", complained, "c-1"), TestServer.Event("case_rated", "case/2026-000123", "2026-03-13T10:00:00+08:00", rated, "r-1"))).Status);
        Assert.Equal(200, (await server.PostAsync(TestServer.Event("complaint_closed", "complaint/2026-000124", "2026-03-18T10:00:00+08:00"))).Status);
        Check("erasure-answer.json", (await server.PostAsync(Example("erasure.json"), "application/json", "/complaints/2026-000124/erase")).Body!);
    }

    /// <summary>A complaint about the case of the examples, and what was found.</summary>
    private static async Task PlantComplaintAsync(TestServer server)
    {
        var (status, stored) = await server.PostAsync(
            TestServer.Event("complaint_registered", "complaint/2026-000123", "2026-03-04T10:00:00+08:00", new JsonObject { ["channel"] = "phone", ["category"] = "conduct", ["case"] = "2026-000123", ["window"] = "W1", ["staff"] = "W1-01" }),
            TestServer.Event("complaint_responded", "complaint/2026-000123", "2026-03-09T15:00:00+08:00", new JsonObject { ["copied"] = true }),
            TestServer.Event("complaint_substantiated", "complaint/2026-000123", "2026-03-10T10:00:00+08:00"),
            TestServer.Event("complaint_registered", "complaint/2026-000124", "2026-03-11T10:00:00+08:00", new JsonObject { ["channel"] = "online", ["category"] = "attitude", ["staff"] = "W1-01" }),
            TestServer.Event("complaint_substantiated", "complaint/2026-000124", "2026-03-12T10:00:00+08:00"),
            TestServer.Event("case_received", "case/2026-000090", "2026-02-02T10:00:00+08:00", new JsonObject { ["item"] = "food-business-licence", ["window"] = "W1" }),
            TestServer.Event("case_accepted", "case/2026-000090", "2026-02-02T10:05:00+08:00"),
            TestServer.Event("case_decided", "case/2026-000090", "2026-02-04T10:00:00+08:00", new JsonObject { ["outcome"] = "approved" }));
        Assert.Equal(200, status);
        // A sample is drawn of what has been read.
        await server.GetAsync($"/cases?centre=service-hall&wait={stored!["position"]}");
    }

    /// <summary>A notification that arrived, and one that did not.</summary>
    private static async Task PlantNotificationAsync(TestServer server)
    {
        await using var insert = server.Database.DataSource.CreateCommand("""
            INSERT INTO sla.notification (tenant_id, id, target, event_id, position, notice, clock, stream_id, commitment, item, window_id, state, attempts, next_attempt_at, last_attempt_at, last_error, created_at, delivered_at)
            SELECT 'service-hall', id::uuid, 'on-call', id::uuid, 1, 'commitment_due_soon', 'clock/2026-000123/case.promised/1', 'case/2026-000123', 'case.promised', 'food-business-licence', 'W1', state, attempts, NULL,
                   '2026-03-11T01:00:07Z', error, '2026-03-11T01:00:00Z', delivered
            FROM (VALUES ('6b1f7d0e-5a52-5c1c-9a43-0d6f6d6f3a11', 'delivered', 2, NULL, timestamptz '2026-03-11T01:00:07Z'), ('0c7e7a52-5a52-5c1c-9a43-0d6f6d6f3a12', 'dead', 158, 'status 503', NULL)) v (id, state, attempts, error, delivered)
            """);
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>An outage with a force majeure, of which the examples of services tell.</summary>
    private static async Task<long> PlantOutageAsync(TestServer server)
    {
        JsonObject Event(string type, string subject, string time, JsonObject data)
        {
            var sent = TestServer.Event(type, subject, time, data);
            sent["centre"] = "it-department";
            return sent;
        }

        Assert.Equal(200, (await server.PostAsync(
            Event("outage_started", "outage/2026-000123", "2026-03-05T10:00:00+08:00", new JsonObject { ["service"] = "queue-system", ["component"] = "printer", ["lost"] = 0.5, ["urgency"] = "high", ["impact"] = "medium" }),
            Event("outage_restored", "outage/2026-000123", "2026-03-05T10:40:00+08:00", []),
            Event("outage_started", "outage/2026-000124", "2026-03-20T09:30:00+08:00", new JsonObject { ["service"] = "queue-system", ["urgency"] = "high", ["impact"] = "high" }))).Status);
        var (status, proposed) = await server.PostAsync(Example("exclusion.json"), "application/json", "/exclusions");
        Assert.Equal(200, status);
        Check("exclusion-answer.json", proposed!);
        var (approved, position) = await server.PostAsync("""{"centre":"it-department","decision":"approve","outage":"2026-000123","exclusion":"x1","by":"service-level manager"}""", "application/json", "/exclusions");
        Assert.Equal(200, approved);
        return (long)position!["position"]!;
    }

    private static async Task CheckAsync(TestServer server, string route, JsonNode get)
    {
        var path = route;
        var query = new List<string>();
        foreach (var parameter in get["parameters"]?.AsArray() ?? [])
        {
            if (parameter!["example"] is not { } example)
                continue;
            if ((string)parameter["in"]! == "path")
                path = path.Replace($"{{{parameter["name"]}}}", (string)example!, StringComparison.Ordinal);
            else
                query.Add($"{parameter["name"]}={Uri.EscapeDataString(example.ToString())}");
        }

        using var response = await server.Client.GetAsync($"{path}?{string.Join('&', query)}");
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        var content = get["responses"]!["200"]!["content"]!.AsObject().Single();
        Assert.Equal(content.Key, response.Content.Headers.ContentType!.MediaType);
        var file = Routes(server).Single(r => r.RoutePattern.RawText == route && r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET")).Metadata.OfType<ResponseExample>().Single(r => r.Status == 200).File;
        if (file is null)
            return;
        var answer = await response.Content.ReadAsStringAsync();
        if (content.Key == "application/json")
            Check(file, JsonNode.Parse(answer)!);
        else
            Approved.CheckFile(FileOf(file), answer);
    }

    private static IEnumerable<RouteEndpoint> Routes(TestServer server) => server.Endpoints.OfType<RouteEndpoint>();

    private static void Check(string file, JsonNode answer) => Approved.CheckFile(FileOf(file), Settled(answer.ToJsonString(Readable)) + "\n");

    /// <summary>What is drawn anew at each run, such as when a fact was recorded, as a value that stays.</summary>
    private static string Settled(string json)
    {
        json = Regex.Replace(json, "(\"recordedAt\": )\"[^\"]*\"", "$1\"2026-03-20T10:00:00+08:00\"");
        json = Regex.Replace(json, "(\"(?:position|framePosition|checkpoint)\": )\\d+", "${1}42");
        json = Regex.Replace(json, "(\"lag\": )\\d+", "${1}0");
        return Regex.Replace(json, "(\"traceId\": )\"[^\"]*\"", "$1\"00-0\"");
    }

    private static async Task<JsonNode> DocumentAsync(TestServer server)
    {
        var (status, document) = await server.GetAsync("/openapi/v1.json");
        Assert.Equal(200, status);
        return document!;
    }

    private static string Example(string file) => File.ReadAllText(FileOf(file));

    private static string FileOf(string file, [CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "src", "Host", "OpenApi", "Examples", file);
}
