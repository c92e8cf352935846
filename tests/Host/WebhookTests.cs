using System.Text.Json.Nodes;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Host;

/// <summary>Bodies as Jira and ServiceNow send them, by the mappings that are shipped.</summary>
public class WebhookTests
{
    private static readonly string ItDesk = Path.Combine(CatalogueFiles.Folder, "examples", "it-desk.yaml");

    [Fact]
    public async Task An_issue_of_Jira_is_followed_from_creation_to_resolution()
    {
        await using var server = await StartAsync();
        await TakenAsync(server, "jira", 1, Jira("jira:issue_created", "2026-03-02T09:30:00+08:00"));
        await TakenAsync(server, "jira", 3, Jira("jira:issue_updated", "2026-03-02T10:00:00+08:00", ("status", "Open", "In Progress"), ("priority", "High", "Low")));
        await TakenAsync(server, "jira", 2, Jira("jira:issue_updated", "2026-03-02T11:00:00+08:00", ("status", "In Progress", "Waiting for customer")));
        await TakenAsync(server, "jira", 2, Jira("jira:issue_updated", "2026-03-04T11:00:00+08:00", ("status", "Waiting for customer", "In review"), ("summary", "a", "b")));
        var last = await TakenAsync(server, "jira", 2, Jira("jira:issue_updated", "2026-03-05T17:00:00+08:00", ("resolution", "", "Done"), ("status", "In review", "Done")));
        // 09:30-11:00 on Monday, 11:00-12:00 and 14:00-18:00 on Wednesday, and Thursday until 17:00: 12 h 30 min of 24 h.
        await IsAsync(server, "HELP-17", "desk.resolution", "met", "PT12H30M", last);
        await IsAsync(server, "HELP-17", "desk.response", "met", "PT30M", last);
    }

    [Fact]
    public async Task A_body_that_comes_twice_adds_nothing_and_one_that_tells_nothing_is_taken()
    {
        await using var server = await StartAsync();
        var created = Jira("jira:issue_created", "2026-03-02T09:30:00+08:00");
        await TakenAsync(server, "jira", 1, created);
        await TakenAsync(server, "jira", 0, created);
        await TakenAsync(server, "jira", 0, new JsonObject { ["webhookEvent"] = "comment_created", ["issue"] = new JsonObject { ["key"] = "HELP-17" } });
    }

    [Fact]
    public async Task A_document_that_no_rule_takes_says_so_and_a_bare_issue_is_a_request()
    {
        await using var server = await StartAsync();
        var (_, answer) = await server.PostAsync("""{"webhookEvent":"comment_created","issue":{"key":"HELP-17"}}""", "application/json", "/webhooks/jira");
        Assert.StartsWith("No rule of the mapping takes this document", (string)answer!["note"]!, StringComparison.Ordinal);
        var last = await TakenAsync(server, "jira", 1, new JsonObject { ["webhookEvent"] = "jira:issue_created", ["issue"] = new JsonObject { ["key"] = "HELP-18", ["fields"] = new JsonObject { ["created"] = "2026-03-02T09:30:00.000+0800" } } });
        var (_, found) = await server.GetAsync($"/cases/HELP-18?centre=it-desk&wait={last}");
        Assert.Equal(("request", "3"), ((string)found!["item"]!, (string)found["priority"]!));
        last = await TakenAsync(server, "jira", 1, Jira("jira:issue_deleted", "2026-03-02T10:00:00+08:00"));
        Assert.Equal(404, (await server.GetAsync($"/cases/HELP-17?centre=it-desk&wait={last}")).Status);
    }

    [Fact]
    public async Task A_mapping_whose_centre_has_no_catalogue_is_told_to_whoever_set_it_up()
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.PostAsync(Jira("jira:issue_created", "2026-03-02T09:30:00+08:00").ToJsonString(), "application/json", "/webhooks/jira");
        Assert.Equal((409, "No such centre"), (status, (string)problem!["title"]!));
    }

    [Fact]
    public async Task An_incident_of_ServiceNow_is_followed_from_opening_to_closing()
    {
        await using var server = await StartAsync();
        await TakenAsync(server, "servicenow", 1, Incident("insert", 0, "2026-03-02 01:30:00", "1", "2"));
        await TakenAsync(server, "servicenow", 1, Incident("update", 2, "2026-03-02 02:00:00", "2", "2", ("state", "1")));
        await TakenAsync(server, "servicenow", 1, Incident("update", 5, "2026-03-02 02:30:00", "2", "3", ("priority", "2")));
        await TakenAsync(server, "servicenow", 1, Incident("update", 6, "2026-03-02 03:00:00", "6", "3", ("state", "2")));
        await TakenAsync(server, "servicenow", 2, Incident("update", 8, "2026-03-03 01:00:00", "2", "3", ("state", "6")), also: Incident("update", 9, "2026-03-03 02:00:00", "6", "3", ("state", "2")));
        var last = await TakenAsync(server, "servicenow", 1, Incident("update", 10, "2026-03-10 02:00:00", "7", "3", ("state", "6")));
        await IsAsync(server, "INC0010023", "desk.response", "met", "PT30M", last);
        var (_, explained) = await server.GetAsync($"/cases/INC0010023/explain?centre=it-desk&wait={last}");
        Assert.Equal(["case_received", "case_accepted", "case_priority_changed", "case_decided", "case_reopened", "case_decided", "case_closed"], explained!["events"]!.AsArray().Select(e => (string)e!["type"]!));
    }

    [Theory]
    [InlineData("jira", "{", "application/json", 400, "is not JSON")]
    [InlineData("jira", "[]", "application/json", 400, "issue.key is missing")]
    [InlineData("jira", "{\"issue\":{\"key\":\"A-1\",\"fields\":{}},\"webhookEvent\":\"jira:issue_created\",\"\\ud800\":1}", "application/json", 400, "name is not valid text")]
    [InlineData("jira", "{\"issue\":{\"key\":\"A-1\",\"fields\":{\"created\":\"张三 13800000000\"}},\"webhookEvent\":\"jira:issue_created\"}", "application/json", 400, "issue.fields.created is not a time")]
    [InlineData("jira", "{\"issue\":{\"key\":[\"A-1\"]}}", "application/json", 400, "issue.key is an object or a list")]
    [InlineData("jira", "{}", "text/plain", 415, "Content-Type must be")]
    [InlineData("no-such", "{}", "application/json", 404, "there are: alertmanager, jira, servicenow")]
    public async Task A_body_that_cannot_be_used_is_told_what_is_wrong_with_it(string name, string body, string contentType, int expected, string told)
    {
        await using var server = await StartAsync();
        var (status, problem) = await server.PostAsync(body, contentType, $"/webhooks/{name}");
        Assert.Equal(expected, status);
        var text = string.Join('\n', (problem!["errors"]?.AsArray() ?? []).Select(e => $"{e!["field"]} {e["reason"]}").Append((string)problem["detail"]!));
        Assert.Contains(told, text, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_of_a_hidden_centre_is_answered_as_one_that_is_not_there()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, hall) = await server.TokenAsync(Roles.Ingest, ["service-hall"]);
        var (_, desk) = await server.TokenAsync(Roles.Ingest, ["it-desk"]);
        foreach (var name in new[] { "jira", "no-such" })
        {
            var (response, body) = await server.SendAsync(HttpMethod.Post, $"/webhooks/{name}", $"Bearer {hall}", "{}");
            Assert.Equal((System.Net.HttpStatusCode.NotFound, "No mapping has that name; there are: none."), (response.StatusCode, (string?)JsonNode.Parse(body)!["detail"]));
        }

        Assert.Contains("there are: jira, servicenow", (await server.SendAsync(HttpMethod.Post, "/webhooks/no-such", $"Bearer {desk}", "{}")).Body, StringComparison.Ordinal);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        await CataloguePublishing.PublishAsync(server.Database.DataSource, [CatalogueFiles.Read(ItDesk)], default);
        return server;
    }

    private static JsonObject Jira(string kind, string at, params (string Field, string From, string To)[] changes)
    {
        var time = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var body = new JsonObject
        {
            ["timestamp"] = time.ToUnixTimeMilliseconds(),
            ["webhookEvent"] = kind,
            ["user"] = new JsonObject { ["displayName"] = "张三" },
            ["issue"] = new JsonObject
            {
                ["key"] = "HELP-17",
                ["fields"] = new JsonObject { ["created"] = "2026-03-02T09:30:00.000+0800", ["issuetype"] = new JsonObject { ["name"] = "Incident" }, ["priority"] = new JsonObject { ["name"] = "High" } },
            },
        };
        if (changes.Length > 0)
            body["changelog"] = new JsonObject { ["id"] = $"{time.ToUnixTimeSeconds()}", ["items"] = new JsonArray([.. changes.Select(c => (JsonNode)new JsonObject { ["field"] = c.Field, ["fromString"] = c.From, ["toString"] = c.To })]) };
        return body;
    }

    private static JsonObject Incident(string operation, int count, string at, string state, string priority, params (string Field, string Before)[] changes) => new()
    {
        ["operation"] = operation,
        ["number"] = "INC0010023",
        ["sys_mod_count"] = count,
        ["sys_updated_on"] = at,
        ["opened_at"] = "2026-03-02 01:30:00",
        ["resolved_at"] = state == "6" ? at : "",
        ["closed_at"] = state == "7" ? at : "",
        ["priority"] = priority,
        ["state"] = state,
        ["previous"] = new JsonObject(changes.Select(c => KeyValuePair.Create(c.Field, (JsonNode?)c.Before))),
    };

    private static async Task<long> TakenAsync(TestServer server, string name, int events, JsonObject body, JsonObject? also = null)
    {
        var (appended, position) = (0, 0L);
        foreach (var sent in new[] { body, also }.OfType<JsonObject>())
        {
            var (status, answer) = await server.PostAsync(sent.ToJsonString(), "application/json", $"/webhooks/{name}");
            Assert.True(status == 200, answer?.ToJsonString());
            appended += (int)answer!["appended"]!;
            position = (long?)answer["position"] ?? position;
        }

        Assert.Equal(events, appended);
        return position;
    }

    private static async Task IsAsync(TestServer server, string number, string commitment, string state, string used, long position)
    {
        var (_, found) = await server.GetAsync($"/cases/{number}?centre=it-desk&wait={position}");
        var clock = found!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == commitment)!;
        Assert.Equal((state, used), ((string)clock["state"]!, (string)clock["used"]!["workingTime"]!));
    }
}
