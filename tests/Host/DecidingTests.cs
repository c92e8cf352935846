using System.Net;
using System.Text.Json.Nodes;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host;

/// <summary>What is decided over HTTP, and by whom: recalculations, and tokens that are revoked.</summary>
public class DecidingTests
{
    [Fact]
    public async Task A_recalculation_stands_in_the_log_under_the_tokens_name_and_a_dry_run_does_not()
    {
        await using var server = await TestServer.StartGuardedAsync();
        await server.SendAsync(HttpMethod.Post, "/events", $"Bearer {(await server.TokenAsync(Roles.Ingest)).Text}", new JsonArray(
            TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T09:40:00+08:00"),
            TestServer.Event("case_decided", "case/1", "2026-03-03T09:30:00+08:00", new() { ["outcome"] = "approved" })).ToJsonString(), "application/cloudevents-batch+json");
        await server.SendAsync(HttpMethod.Get, $"/cases?centre=service-hall&wait={await server.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events")}", $"Bearer {(await server.TokenAsync(Roles.Read)).Text}");
        var (token, text) = await server.TokenAsync(Roles.Decide, ["service-hall"], name: "head of the hall");
        var (status, tried) = await DecideAsync(server, text, AccessTests.Recalculation(dryRun: true));
        Assert.Equal((HttpStatusCode.OK, 0, 0L), (status, (int)tried["changed"]!, await OrdersAsync(server)));
        Assert.Null(tried["position"]);
        Assert.True((int)tried["settled"]! > 0);
        var (_, ordered) = await DecideAsync(server, text, AccessTests.Recalculation(dryRun: false));
        Assert.Equal(1L, await OrdersAsync(server));
        Assert.Equal($"head of the hall|{token.Id}|a holiday was entered wrongly", await server.ScalarAsync<string>($"SELECT concat_ws('|', data->'data'->>'by', data->'data'->>'token', data->'data'->>'reason') FROM mt_events WHERE seq_id = {ordered["position"]}"));
    }

    [Fact]
    public async Task Without_a_token_who_orders_must_say_so_and_with_one_may_not()
    {
        await using var server = await TestServer.StartAsync();
        var (_, text) = await server.TokenAsync(Roles.Decide);
        Assert.Contains("by is missing", await RefusedAsync(server, null, AccessTests.Recalculation(dryRun: false)), StringComparison.Ordinal);
        Assert.Contains("by is the token's name and not yours to give", await RefusedAsync(server, text, AccessTests.Recalculation(dryRun: false, by: "me")), StringComparison.Ordinal);
        var (status, ordered) = await DecideAsync(server, null, AccessTests.Recalculation(dryRun: false, by: "me"));
        Assert.Equal((HttpStatusCode.OK, "me"), (status, await server.ScalarAsync<string>($"SELECT data->'data'->>'by' FROM mt_events WHERE seq_id = {ordered["position"]}")));
    }

    [Theory]
    [InlineData("""{"from":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z","reason":"r","centre":"service-hall","dryrun":true}""", "dryrun is not a field here")]
    [InlineData("""{"from":"2026-03-02T00:00:00Z","until":"2026-03-02T00:00:00Z","reason":"r","centre":"service-hall"}""", "until is not after from")]
    [InlineData("""{"from":"2026-03-02T00:00:00Z","until":"2026-05-02T00:00:00Z","reason":"r","centre":"service-hall"}""", "until is to come")]
    [InlineData("""{"from":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z","reason":" ","centre":"service-hall"}""", "reason is blank")]
    [InlineData("""{"from":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z","reason":"r","centre":"service-hall","commitment":"no"}""", "commitment is not one of")]
    [InlineData("""{"from":"2026-03-01T00:00:00Z","until":"2026-03-02T00:00:00Z","reason":"r"}""", "centre is missing; give one of it-department, permits-nl, service-hall")]
    [InlineData("{", "(whole) is not JSON")]
    [InlineData("[]", "(whole) must be an object")]
    public async Task A_recalculation_that_cannot_be_is_refused_with_field_and_remedy(string body, string reason)
    {
        await using var server = await TestServer.StartGuardedAsync();
        Assert.Contains(reason, await RefusedAsync(server, (await server.TokenAsync(Roles.Decide)).Text, body), StringComparison.Ordinal);
        Assert.Equal(0, await OrdersAsync(server));
    }

    [Fact]
    public async Task What_a_page_of_elsewhere_can_have_a_browser_send_orders_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var (response, _) = await server.SendAsync(HttpMethod.Post, "/recalculations", null, AccessTests.Recalculation(dryRun: false, by: "me"), "text/plain");
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, 0L), (response.StatusCode, await OrdersAsync(server)));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_here_at_once_and_who_revoked_it_is_kept()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var ((_, admin), (used, text)) = (await server.TokenAsync(Roles.Admin, name: "keeper"), await server.TokenAsync(Roles.Read));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/style.css", $"Bearer {text}")).Response.StatusCode);
        for (var again = 0; again < 2; again++)
            Assert.Equal(HttpStatusCode.NoContent, (await server.SendAsync(HttpMethod.Delete, $"/tokens/{used.Id}", $"Bearer {admin}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "/style.css", $"Bearer {text}")).Response.StatusCode);
        var listed = await ListedAsync(server, admin);
        Assert.Equal(("revoked", "keeper"), ((string)listed[used.Id]["state"]!, (string)listed[used.Id]["revokedBy"]!));
    }

    [Fact]
    public async Task An_admin_limited_to_centres_sees_and_revokes_tokens_limited_to_some_of_them()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (admin, text) = await server.TokenAsync(Roles.Admin, ["service-hall", "annexe"]);
        var (part, _) = await server.TokenAsync(Roles.Read, ["annexe"]);
        var (more, _) = await server.TokenAsync(Roles.Read, ["annexe", "permits-nl"]);
        var (all, _) = await server.TokenAsync(Roles.Read);
        Assert.Equal(new[] { admin.Id, part.Id }.Order(), (await ListedAsync(server, text)).Keys.Order());
        foreach (var (id, status) in new[] { (part.Id, 204), (more.Id, 404), (all.Id, 404), ("no-such-id", 404) })
            Assert.Equal(status, (int)(await server.SendAsync(HttpMethod.Delete, $"/tokens/{id}", $"Bearer {text}")).Response.StatusCode);
        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM sla.access_token WHERE revoked_at IS NOT NULL"));
    }

    private static Task<long> OrdersAsync(TestServer server) => server.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'catalogue_recalculation_ordered'");

    private static async Task<(HttpStatusCode Status, JsonNode Body)> DecideAsync(TestServer server, string? token, string body)
    {
        var (response, answer) = await server.SendAsync(HttpMethod.Post, "/recalculations", token is null ? null : $"Bearer {token}", body);
        return (response.StatusCode, JsonNode.Parse(answer)!);
    }

    private static async Task<string> RefusedAsync(TestServer server, string? token, string body)
    {
        var (status, problem) = await DecideAsync(server, token, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        return (string)problem["detail"]!;
    }

    private static async Task<Dictionary<string, JsonNode>> ListedAsync(TestServer server, string token) =>
        JsonNode.Parse((await server.SendAsync(HttpMethod.Get, "/tokens", $"Bearer {token}")).Body)!["tokens"]!.AsArray().ToDictionary(t => (string)t!["id"]!, t => t!);
}
