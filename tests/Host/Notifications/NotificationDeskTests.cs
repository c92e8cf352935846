using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>What was sent, seen and decided upon, in the running program.</summary>
public class NotificationDeskTests
{
    private const string Secret = "s3cret-of-the-address";

    [Fact]
    public async Task What_waits_and_what_was_given_up_is_listed_shown_and_measured_without_a_word_of_its_address()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) => Task.FromResult(context.Response.StatusCode = 500);
        await using var server = await StartAsync(receiver, "PT0.5S");
        var said = await DeadAsync(server);
        Assert.Equal(("status 500", "breached", "2026-000777", "job", "W1"), ((string)said["lastError"]!, (string)said["notice"]!, (string)said["case"]!, (string)said["service"]!, (string)said["window"]!));
        Assert.True((int)said["attempts"]! > 1);
        await Condition.HoldsAsync(async () => (await TextAsync(server, "/metrics")).Contains("sla_notifications_dead{sla_target=\"on-call\"} 2", StringComparison.Ordinal));
        var metrics = await TextAsync(server, "/metrics");
        Assert.Contains("sla_notifications_pending{sla_target=\"on-call\"} 0", metrics, StringComparison.Ordinal);
        Assert.Matches("sla_notification_attempts_total\\{outcome=\"refused\",sla_target=\"on-call\"\\} [1-9]", metrics);
        Assert.Contains("sla_notification_attempts_total{outcome=\"delivered\",sla_target=\"on-call\"} 0", metrics, StringComparison.Ordinal);
        var page = await TextAsync(server, "/board/notifications?centre=counter&lang=en&state=dead");
        var rows = new HtmlParser().ParseDocument(page).QuerySelectorAll("tbody tr");
        Assert.Equal(2, rows.Length);
        Assert.Contains("status 500", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("/view/counter/2026-000777?lang=en", rows.Select(r => r.QuerySelector("a")!.GetAttribute("href")));
        Assert.Contains("已放弃 2", await TextAsync(server, "/board/notifications?centre=counter&lang=zh"), StringComparison.Ordinal);
        Assert.Contains("/board/notifications", await TextAsync(server, "/?centre=counter"), StringComparison.Ordinal);
        foreach (var path in (string[])["/notifications?centre=counter", "/notifications?centre=counter&format=csv", "/board/notifications?centre=counter", "/metrics"])
            Assert.DoesNotContain(Secret, await TextAsync(server, path), StringComparison.Ordinal);
        Assert.Equal(0, await server.ScalarAsync<long>($"SELECT count(*) FROM sla.notification n WHERE n::text LIKE '%{Secret}%'"));
    }

    [Fact]
    public async Task What_was_given_up_is_sent_again_or_dismissed_by_who_may_decide_and_the_row_says_who()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) => Task.FromResult(context.Response.StatusCode = 500);
        await using var server = await StartAsync(receiver, "PT0.5S");
        var first = await DeadAsync(server);
        Assert.Equal(400, (await server.PostAsync("""{"centre":"counter"}""", "application/json", $"/notifications/{first["id"]}/dismiss")).Status);
        Assert.Equal(200, (await server.PostAsync("""{"centre":"counter","by":"lead"}""", "application/json", $"/notifications/{first["id"]}/dismiss")).Status);
        Assert.Equal(409, (await server.PostAsync("""{"centre":"counter","by":"lead"}""", "application/json", $"/notifications/{first["id"]}/dismiss")).Status);
        Assert.Equal(404, (await server.PostAsync("""{"centre":"it-department","by":"lead"}""", "application/json", $"/notifications/{first["id"]}/replay")).Status);
        receiver.Answer = (_, _) => Task.CompletedTask;
        var (status, answer) = await server.PostAsync("""{"centre":"counter","target":"on-call","by":"lead"}""", "application/json", "/notifications/replay");
        Assert.Equal((200, 1), (status, (int)answer!["count"]!));
        await Condition.HoldsAsync(async () => (await ListAsync(server, "delivered")).Count == 1);
        Assert.Equal(200, (await server.PostAsync("""{"centre":"counter","by":"chief"}""", "application/json", $"/notifications/{first["id"]}/replay")).Status);
        await Condition.HoldsAsync(async () => (await ListAsync(server, "delivered")).Count == 2);
        Assert.Equal(["chief", "lead"], (await ListAsync(server, "delivered")).Select(n => (string)n!["decidedBy"]!).Order(StringComparer.Ordinal));
        Assert.Equal(2, receiver.All.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task The_list_is_paged_by_key_and_filtered_by_target_and_state()
    {
        await using var server = await TestServer.StartAsync();
        await server.Database.DataSource.CreateCommand("""
            INSERT INTO sla.notification (tenant_id, id, target, event_id, position, notice, clock, stream_id, commitment)
            SELECT 'service-hall', gen_random_uuid(), CASE WHEN n % 3 = 0 THEN 'b' ELSE 'a' END, gen_random_uuid(), n, 'commitment_breached', 'clock/' || n, 'case/' || n, 'case.promised' FROM generate_series(1, 25) n
            """).ExecuteNonQueryAsync();
        var (found, after) = (new List<string>(), "");
        do
        {
            var (_, page) = await server.GetAsync($"/notifications?centre=service-hall&target=a&limit=5{(after.Length > 0 ? $"&after={after}" : "")}");
            found.AddRange(page!["notifications"]!.AsArray().Select(n => (string)n!["id"]!));
            after = (string?)page["next"] ?? "";
        }
        while (after.Length > 0);
        Assert.Equal((17, 17), (found.Count, found.Distinct().Count()));
        Assert.Equal(26, (await TextAsync(server, "/notifications?centre=service-hall&format=csv")).TrimEnd().Split('\n').Length);
        Assert.Equal(400, (await server.GetAsync("/notifications?centre=service-hall&state=lost")).Status);
        Assert.Equal(400, (await server.GetAsync("/notifications?centre=service-hall&after=abc")).Status);
    }

    [Fact]
    public async Task A_reader_sees_the_list_and_decides_nothing()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, reader) = await server.TokenAsync(Roles.Read);
        var (_, decider) = await server.TokenAsync(Roles.Decide);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/notifications?centre=service-hall", $"Bearer {reader}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Post, "/notifications/replay", $"Bearer {reader}", """{"centre":"service-hall","target":"a"}""")).Response.StatusCode);
        var (_, body) = await server.SendAsync(HttpMethod.Post, "/notifications/replay", $"Bearer {decider}", """{"centre":"service-hall","target":"a"}""");
        Assert.Equal("decide desk", (string)JsonNode.Parse(body)!["by"]!);
    }

    private static async Task<TestServer> StartAsync(Receiver receiver, string giveUp)
    {
        var plan = Notifying.Plan($"timeout: PT2S\nretry: {{ first: PT0.1S, longest: PT0.1S, giveUp: {giveUp} }}\ntargets:\n  - {{ id: on-call, kind: webhook, url: \"{receiver.Url}/{Secret}\", language: zh, centres: [counter], commitments: [job.deadline], notices: [breached] }}\n");
        var server = await TestServer.StartNotifyingAsync(plan);
        await CataloguePublishing.PublishAsync(server.Database.DataSource, [Hall.Read("1", "00:00-24:00")], default);
        await Condition.HoldsAsync(async () => await server.ScalarAsync<long>("SELECT count(*) FROM mt_event_progression WHERE name = 'sla:notifications:on-call'") == 1);
        return server;
    }

    /// <summary>Has two clocks fall due, waits until telling of both was given up, and answers the list's first.</summary>
    private static async Task<JsonNode> DeadAsync(TestServer server)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        foreach (var (number, minutes) in new[] { ("2026-000777", 1), ("2026-000778", 2) })
        {
            var received = TestServer.Received($"case/{number}", Timestamps.Format(now - Duration.FromHours(3)), "job");
            (received["centre"], received["data"]!["given"]) = (Hall.Centre, new JsonObject { ["deadline"] = Timestamps.Format(now - Duration.FromMinutes(minutes)) });
            Assert.Equal(200, (await server.PostAsync(received)).Status);
        }

        await Condition.HoldsAsync(async () => (await ListAsync(server, "dead")).Count >= 2);
        return (await ListAsync(server, "dead")).First(n => (string)n!["case"]! == "2026-000777")!;
    }

    private static async Task<JsonArray> ListAsync(TestServer server, string state) => (await server.GetAsync($"/notifications?centre=counter&state={state}")).Body!["notifications"]!.AsArray();

    private static async Task<string> TextAsync(TestServer server, string path) => WebUtility.HtmlDecode(await server.Client.GetStringAsync(path));
}
