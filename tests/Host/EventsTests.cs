using System.Text.Json.Nodes;

namespace SlaMonitor.Tests.Host;

public class EventsTests
{
    [Fact]
    public async Task A_branch_too_long_for_a_key_is_refused_and_stops_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.PostAsync(TestServer.Event("case_branch_opened", "case/1", "2026-03-02T09:30:00+08:00", new JsonObject { ["branch"] = new string('消', 3_000), ["agency"] = "fire" }));
        Assert.Equal(400, status);
        Assert.Contains("is longer than 256 characters", problem!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_stored_once_however_often_it_is_sent()
    {
        await using var server = await TestServer.StartAsync();
        JsonObject[] batch = [TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T10:00:00+08:00")];
        var (status, first) = await server.PostAsync(batch);
        Assert.Equal((200, 2, 0), (status, (int)first!["appended"]!, (int)first["duplicates"]!));
        var (_, second) = await server.PostAsync([.. batch.Select(e => (JsonObject)e.DeepClone())]);
        Assert.Equal((0, 2, null), ((int)second!["appended"]!, (int)second["duplicates"]!, second["position"]));
    }

    [Fact]
    public async Task What_was_acknowledged_can_be_read_by_waiting_for_its_position()
    {
        await using var server = await TestServer.StartAsync();
        var (_, stored) = await server.PostAsync(TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T10:00:00+08:00"));
        var (status, read) = await server.GetAsync($"/cases/1?centre=service-hall&wait={stored!["position"]}");
        Assert.Equal(200, status);
        var promised = read!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "case.promised")!;
        Assert.Equal(("breached", "2026-03-09T18:00:00+08:00"), ((string)promised["state"]!, (string)promised["dueAt"]!));
    }

    [Fact]
    public async Task Every_fault_of_a_batch_is_listed_and_nothing_of_it_is_stored()
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.PostAsync(
            TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"),
            TestServer.Received("case/2", "2026-03-02T09:30:00", item: "no-such-item"),
            TestServer.Event("case_eaten", "case/3", "2026-03-02T09:30:00+08:00"),
            TestServer.Event("case_decided", "window/4", "2026-03-02T09:30:00+08:00", new JsonObject { ["outcome"] = "perhaps" }),
            TestServer.Event("case_closed", "case/5", "2026-03-22T09:30:00+08:00"));
        Assert.Equal(400, status);
        var errors = problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["field"]}").ToList();
        Assert.Equal(["1 time", "1 data.item", "2 type", "3 subject", "3 data.outcome", "4 time"], errors);
        Assert.Equal(0L, await CountAsync(server));
    }

    [Fact]
    public async Task An_unknown_item_and_an_unknown_window_are_named()
    {
        await using var server = await TestServer.StartAsync();
        var (_, problem) = await server.PostAsync(TestServer.Event("case_received", "case/1", "2026-03-02T09:30:00+08:00", new JsonObject { ["item"] = "x", ["window"] = "W9", ["channel"] = 5 }));
        Assert.Equal(["data.channel", "data.item", "data.window"], Fields(problem));
        (_, problem) = await server.PostAsync(TestServer.Event("case_received", "case/1", "2026-03-02T09:30:00+08:00", new JsonObject { ["item"] = "x", ["window"] = "W9" }));
        Assert.Equal(["data.item", "data.window"], Fields(problem));
    }

    [Theory]
    [InlineData("{", "application/cloudevents+json", 400)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("[]", "application/cloudevents+json", 400)]
    [InlineData("{}", "application/cloudevents-batch+json", 400)]
    [InlineData("{\"specversion\":\"1.0\",\"\\ud800\":1,\"id\":\"a\"}", "application/cloudevents+json", 400)]
    [InlineData("5", "application/json", 400)]
    [InlineData("[5,null,\"x\"]", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    public async Task A_body_that_is_no_event_is_refused(string body, string contentType, int status)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(status, (await server.PostAsync(body, contentType)).Status);
    }

    [Fact]
    public async Task An_empty_batch_is_acknowledged_as_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var (status, body) = await server.PostAsync("[]", "application/cloudevents-batch+json");
        Assert.Equal((200, 0), (status, (int)body!["appended"]!));
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_an_error_for_its_sender()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync(TestServer.Event("case_closed", "case/1", "2026-03-02T10:00:00+08:00", id: "a"));
        var (status, problem) = await server.PostAsync(TestServer.Event("case_closed", "case/1", "2026-03-02T11:00:00+08:00", id: "a"));
        Assert.Equal(409, status);
        Assert.Equal("id", Fields(problem).Single());
        Assert.Equal("a", (string)problem!["errors"]![0]!["id"]!);
        // The same instant written in another zone is the same content.
        Assert.Equal(200, (await server.PostAsync(TestServer.Event("case_closed", "case/1", "2026-03-02T02:00:00Z", id: "a"))).Status);
    }

    [Fact]
    public async Task A_request_is_stored_whole_or_not_at_all()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync(TestServer.Event("case_closed", "case/1", "2026-03-02T10:00:00+08:00", id: "a"));
        var before = await CountAsync(server);
        var many = Enumerable.Range(0, 2000).Select(i => TestServer.Event("case_closed", $"case/m{i}", "2026-03-02T10:00:00+08:00"));
        Assert.Equal(409, (await server.PostAsync([.. many, TestServer.Event("case_closed", "case/1", "2026-03-02T11:00:00+08:00", id: "a")])).Status);
        var elsewhere = TestServer.Event("case_closed", "case/2", "2026-03-02T10:00:00+08:00");
        elsewhere["centre"] = "permits-nl";
        var (status, problem) = await server.PostAsync(TestServer.Event("case_closed", "case/3", "2026-03-02T10:00:00+08:00"), elsewhere);
        Assert.Equal((400, "centre"), (status, Fields(problem).Single()));
        Assert.Equal(before, await CountAsync(server));
    }

    [Theory]
    [InlineData("1900-01-01T00:00:00+08:00")]
    [InlineData("9999-12-31T23:59:59-18:00")]
    [InlineData("2199-12-31T23:59:59-18:00")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-03-02T24:00:01Z")]
    public async Task A_time_that_could_not_be_counted_with_is_refused_at_the_door(string time)
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.PostAsync(TestServer.Event("case_closed", "case/1", time, id: "a"));
        Assert.Equal((400, "time"), (status, Fields(problem).Single()));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused_by_field()
    {
        await using var server = await TestServer.StartAsync();
        var json = TestServer.Event("case_closed", "case/1", "2026-03-02T10:00:00+08:00", new JsonObject { ["via"] = "caf?" }).ToJsonString();
        using var content = new ByteArrayContent([.. json.Select(c => c == '?' ? (byte)0xe9 : (byte)c)]);
        content.Headers.ContentType = new("application/cloudevents+json");
        using var response = await server.Client.PostAsync("/events", content);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("data.via", Fields(JsonNode.Parse(await response.Content.ReadAsStringAsync())).Single());
    }

    [Fact]
    public async Task Unknown_fields_are_kept_and_a_NUL_in_them_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(200, (await server.PostAsync(TestServer.Event("case_closed", "case/1", "2026-03-02T10:00:00+08:00", new JsonObject { ["colour"] = "绿色" }))).Status);
        await using var command = server.Database.DataSource.CreateCommand("SELECT data -> 'data' ->> 'colour' FROM mt_events WHERE stream_id = 'case/1'");
        Assert.Equal("绿色", await command.ExecuteScalarAsync());
        var (status, problem) = await server.PostAsync(TestServer.Event("case_closed", "case/2", "2026-03-02T10:00:00+08:00", new JsonObject { ["deep"] = new JsonArray("a\0b") }));
        Assert.Equal((400, "data.deep[0]"), (status, Fields(problem).Single()));
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""", "data.a")]
    [InlineData("""{"\ud800":1}""", "data")]
    [InlineData("""{"a":1e400000}""", "data.a")]
    [InlineData("""{"a":{"b":1,"b":2}}""", "data.a")]
    public async Task JSON_that_would_not_come_back_as_it_was_is_refused(string data, string field)
    {
        await using var server = await TestServer.StartAsync();
        var sent = TestServer.Event("case_closed", "case/1", "2026-03-02T10:00:00+08:00").ToJsonString().Replace("\"data\":{}", $"\"data\":{data}", StringComparison.Ordinal);
        var (status, problem) = await server.PostAsync(sent, "application/cloudevents+json");
        Assert.Equal((400, field), (status, Fields(problem).Single()));
    }

    [Fact]
    public async Task Values_never_stand_in_error_texts()
    {
        await using var server = await TestServer.StartAsync();
        var (_, problem) = await server.PostAsync(TestServer.Event("case_received", "case/1", "张三丰 13800000000", new JsonObject { ["item"] = 5, ["kind"] = "张三丰", ["given"] = "张三丰" }, id: "x"));
        Assert.DoesNotContain("张三", problem!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_two_centres_the_event_must_name_one()
    {
        await using var server = await TestServer.StartAsync();
        var unnamed = TestServer.Received("case/1", "2026-03-02T09:30:00+08:00");
        unnamed.Remove("centre");
        var (status, problem) = await server.PostAsync(unnamed);
        Assert.Equal((400, "centre"), (status, Fields(problem).Single()));
    }

    private static string[] Fields(JsonNode? problem) => [.. problem!["errors"]!.AsArray().Select(e => (string)e!["field"]!)];

    private static async Task<long> CountAsync(TestServer server)
    {
        await using var command = server.Database.DataSource.CreateCommand("SELECT count(*) FROM mt_events WHERE type <> 'catalogue_published'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
