using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Outages;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host;

/// <summary>Payloads as Alertmanager sends them, by the mapping that is shipped.</summary>
public class AlertmanagerTests(AlertmanagerTests.AnyServer any) : IClassFixture<AlertmanagerTests.AnyServer>
{
    private const string None = "0001-01-01T00:00:00Z";

    [Fact]
    public async Task An_alert_that_fires_is_an_outage_whose_service_share_urgency_and_impact_its_labels_tell()
    {
        await using var server = await StartAsync();
        await TakenAsync(server, 1, Payload(Alert("09:00", null, ("sla_service", "mail"), ("severity", "critical"))));
        await TakenAsync(server, 1, Payload(Alert("09:00", null, ("sla_service", "queue-system"), ("sla_component", "printer"), ("sla_lost", "0.25"), ("sla_urgency", "low"), ("severity", "warning"))));
        await TakenAsync(server, 1, Payload(Alert("09:00", null, ("alertname", "ServiceDown"), ("job", "postgres"))));
        Assert.Equal(
            [
                """{"lost":0.25,"cause":"Down","impact":"medium","service":"queue-system","urgency":"low","component":"printer"}""",
                """{"lost":1,"cause":"Down","impact":"high","service":"mail","urgency":"high"}""",
                """{"lost":1,"cause":"ServiceDown","impact":"medium","service":"portal-database","urgency":"medium"}""",
            ], (await server.StringsAsync("SELECT (data -> 'data')::text FROM mt_events WHERE type = 'outage_started'")).Select(d => JsonNode.Parse(d)!.ToJsonString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("F9", "F9", "started@09:00")]
    [InlineData("F9|F9", "F9", "started@09:00")]
    [InlineData("F9 R9-10", "F9", "started@09:00 restored@10:00")]
    [InlineData("F9 R9-10|F9 R9-10|R9-10", "F9", "started@09:00 restored@10:00")]
    [InlineData("R9-10", "F9", "started@09:00 restored@10:00")]
    [InlineData("R9-10|F9", "F9", "started@09:00 restored@10:00")]
    [InlineData("F9|R9-10|F9", "F9", "started@09:00 restored@10:00")]
    [InlineData("R9-10,F11|F11", "F9", "started@09:00 restored@10:00")]
    [InlineData("F9|F11", "F9", "started@09:00 assumed@11:00")]
    [InlineData("F11|F9", "F9", "started@09:00 assumed@11:00")]
    [InlineData("F9,F11", "F9", "started@09:00 assumed@11:00")]
    [InlineData("F9|F11|F12", "F9", "started@09:00 assumed@11:00")]
    [InlineData("F9|F11|F12", "F11", "started@11:00 assumed@12:00")]
    [InlineData("F9|F11|F12", "F12", "started@12:00")]
    [InlineData("F9|F12|F11", "F9", "started@09:00 assumed@12:00")]
    [InlineData("F9|F12|F11", "F11", "started@11:00 assumed@12:00")]
    [InlineData("F9|F11|R9-10", "F9", "started@09:00 restored@10:00 assumed@11:00")]
    [InlineData("F9|R9-11,F11", "F9", "started@09:00 restored@11:00")]
    [InlineData("F9|R9-11,F11", "F11", "started@11:00")]
    // Two Alertmanagers that saw it begin at different moments: the end one of them tells is the end.
    [InlineData("F11|F9|R9-12", "F11", "started@11:00 assumed@12:00")]
    [InlineData("F9|F11|R9-12", "F11", "started@11:00 assumed@12:00")]
    [InlineData("F9|R9-12|F11", "F11", "started@11:00 assumed@12:00")]
    [InlineData("F9|F9b|F11b", "F9", "started@09:00")]
    [InlineData("F9,F9b|R9-10b", "F9b", "started@09:00 restored@10:00")]
    public async Task However_often_and_in_whatever_order_alerts_are_told_the_outage_is_the_same(string payloads, string asked, string facts)
    {
        var (server, row) = (any.Server, $"{payloads}/{asked}");
        foreach (var payload in payloads.Split('|'))
            Assert.Equal(200, (await PostAsync(server, Payload(Alerts(payload, row)))).Status);
        var stream = await server.Services.GetRequiredService<EventLog>().ReadStreamAsync("it-department", $"outage/{Number(asked, row)}");
        Assert.Equal(facts, string.Join(' ', stream.Select(e => EventJson.ReadFact(e.Type, e.Id, e.Data, e.Position, e.RecordedAt)).OrderBy(f => f.OccurredAt)
            .Select(f => $"{(f.Event is OutageEvent.Restored { Assumed: true } ? "assumed" : f.Type["outage_".Length..])}@{Timestamps.Format(f.OccurredAt)[11..16]}")));
        var before = await server.ScalarAsync<long>("SELECT count(*) FROM mt_events");
        foreach (var payload in payloads.Split('|'))
            await TakenAsync(server, 0, Payload(Alerts(payload, row)));
        Assert.Equal(before, await server.ScalarAsync<long>("SELECT count(*) FROM mt_events"));
    }

    [Fact]
    public async Task An_alert_that_cannot_be_taken_keeps_no_other_out_and_leaves_nothing_of_itself()
    {
        await using var server = await StartAsync();
        var unreadable = Alert("09:00", null, ("sla_service", "mail"), ("instance", "c"));
        unreadable["startsAt"] = "yesterday, 张三";
        var (status, answer) = await PostAsync(server, Payload(
            Alert("09:00", "10:00", ("sla_service", "no-such"), ("instance", "a")), Alert("09:00", "10:00", ("sla_service", "mail")), unreadable,
            Alert("09:00", null, ("alertname", "Watchdog"), ("severity", "none")), Alert("09:00", null, ("sla_service", "mail"), ("sla_lost", "much"), ("instance", "d")),
            Alert("09:00", null, ("sla_service", "mail"), ("sla_centre", "it-department"))));
        Assert.Equal((200, 2), (status, (int)answer!["appended"]!));
        Assert.Equal(["0 data.service", "2 item.fingerprint, item.startsAt", "4 item.labels.sla_lost"], answer["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["field"]}").Order(StringComparer.Ordinal));
        Assert.Contains("is not a service of catalogue", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("2 items are taken by no rule of the mapping; if they tell something that counts, add a rule. 3 items were not stored, or not whole; see errors.", (string)answer["note"]!);
        Assert.DoesNotContain("张三", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM mt_streams WHERE id LIKE 'outage/%'"));
    }

    [Fact]
    public async Task An_outage_that_was_told_by_another_mapping_before_keeps_what_was_told_and_gets_its_end()
    {
        await using var server = await StartAsync();
        var number = Number("F9");
        var told = TestServer.Event("outage_started", $"outage/{number}", "2026-03-02T09:00:00Z", new JsonObject { ["service"] = "hotline" }, $"outage/{number}/started");
        (told["centre"], told["source"]) = ("it-department", "alertmanager");
        var (status, _) = await server.PostAsync(told);
        Assert.Equal(200, status);
        var (taken, answer) = await PostAsync(server, Payload(Alert("R9-10")));
        Assert.Equal((200, 1, "id"), (taken, (int)answer!["appended"]!, (string)answer["errors"]![0]!["field"]!));
        Assert.Equal(2, (await server.Services.GetRequiredService<EventLog>().ReadStreamAsync("it-department", $"outage/{number}")).Count);
    }

    [Theory]
    [InlineData("{", 400, "is not JSON")]
    [InlineData("\"alerts\"", 200, "The document lists nothing.")]
    [InlineData("{}", 200, "The document lists nothing.")]
    [InlineData("""{"version":"4","alerts":[]}""", 200, "The document lists nothing.")]
    [InlineData("""{"version":"4","alerts":{}}""", 400, "alerts is not a list")]
    [InlineData("""{"alerts":[1,"x",null]}""", 400, "item.fingerprint, item.startsAt is missing, or cannot be written as the mapping asks; give the record its outage")]
    [InlineData("""{"alerts":[{"labels":{"sla_service":"mail"},"fingerprint":{},"startsAt":"2026-03-02T09:00:00Z"}]}""", 400, "item.fingerprint is an object or a list")]
    [InlineData("""{"truncatedAlerts":3,"alerts":[{"status":"firing","labels":{"sla_service":"mail"},"fingerprint":"f2","startsAt":"2026-03-02T09:00:00Z"}]}""", 200, "3 items were left out by the sender; have it send all of them.")]
    [InlineData("""{"alerts":[{"status":"firing","annotations":{"summary":"\u0000"},"labels":{"sla_service":"mail"},"fingerprint":"f1","startsAt":"2026-03-02T09:00:00Z"}]}""", 200, "\"appended\":1")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"sla_service":"mail"},"fingerprint":"f\u0000","startsAt":"2026-03-02T09:00:00Z"}]}""", 200, "1 item was not stored")]
    [InlineData("""{"alerts":[{"status":"resolved","labels":{"sla_service":"mail"},"fingerprint":"f3","startsAt":"2026-03-02T09:00:00.123456789+08:00","endsAt":"0001-01-01T00:00:00Z"}]}""", 200, "\"appended\":1")]
    public async Task A_body_is_answered_by_what_could_be_made_of_it(string body, int expected, string told)
    {
        var (status, answer) = await any.Server.PostAsync(body, "application/json", "/webhooks/alertmanager");
        Assert.Equal(expected, status);
        var text = string.Join('\n', (answer!["errors"]?.AsArray() ?? []).Select(e => $"{e!["field"]} {e["reason"]}").Append(answer.ToJsonString()));
        Assert.Contains(told, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alertmanager_sends_its_token_as_its_configuration_says()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Ingest, ["it-department"], ["alertmanager"]);
        var (refused, _) = await server.SendAsync(HttpMethod.Post, "/webhooks/alertmanager", null, Payload(Alert("F9")).ToJsonString());
        var (taken, body) = await server.SendAsync(HttpMethod.Post, "/webhooks/alertmanager", $"Bearer {token}", Payload(Alert("F9")).ToJsonString());
        Assert.Equal((401, 200), ((int)refused.StatusCode, (int)taken.StatusCode));
        Assert.Contains("\"appended\":1", body, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(Instant.FromUtc(2026, 3, 2, 15, 0));

    private static JsonObject[] Alerts(string words, string row) => [.. words.Split(',', ' ').Select(w => Alert(w, row))];

    /// <summary>F9: fires since 9; R9-10: fired at 9, resolved at 10; a letter behind: another alert. Those of a row are its own.</summary>
    private static JsonObject Alert(string word, string row = "")
    {
        var hours = word.Trim('F', 'R', 'b').Split('-').Select(h => $"{int.Parse(h, System.Globalization.CultureInfo.InvariantCulture):00}:00").ToList();
        return Alert(hours[0], hours.Count > 1 ? hours[1] : null, ("sla_service", "mail"), ("instance", (word.EndsWith('b') ? "b" : "a") + row));
    }

    private static string Number(string word, string row = "") => $"am-{(string)Alert(word, row)["fingerprint"]!}-20260302T{word.Trim('F', 'b').PadLeft(2, '0')}0000.000000Z";

    private static JsonObject Alert(string from, string? until, params (string Name, string Value)[] labels)
    {
        var all = labels.Any(l => l.Name == "alertname") ? labels : [("alertname", "Down"), .. labels];
        return new()
        {
            ["status"] = until is null ? "firing" : "resolved",
            ["labels"] = new JsonObject(all.Select(l => KeyValuePair.Create(l.Name, (JsonNode?)l.Value))),
            // Whatever changes from one sending to the next must not get into what is stored.
            ["annotations"] = new JsonObject { ["value"] = Guid.NewGuid().ToString() },
            ["startsAt"] = $"2026-03-02T{from}:00Z",
            ["endsAt"] = until is null ? None : $"2026-03-02T{until}:00Z",
            ["generatorURL"] = "http://prometheus.example/graph",
            ["fingerprint"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(',', all))))[..16],
        };
    }

    private static JsonObject Payload(params JsonObject[] alerts) => new()
    {
        ["version"] = "4",
        ["groupKey"] = "{}:{alertname=\"Down\"}",
        ["truncatedAlerts"] = 0,
        ["status"] = "firing",
        ["receiver"] = "sla",
        ["alerts"] = new JsonArray([.. alerts]),
    };

    private static Task<(int Status, JsonNode? Body)> PostAsync(TestServer server, JsonObject payload) => server.PostAsync(payload.ToJsonString(), "application/json", "/webhooks/alertmanager");

    private static async Task TakenAsync(TestServer server, int events, JsonObject payload)
    {
        var (status, answer) = await PostAsync(server, payload);
        Assert.True(status == 200 && answer!["errors"] is null, answer?.ToJsonString());
        Assert.Equal(events, (int)answer!["appended"]!);
    }

    /// <summary>One server for all rows whose alerts are their own.</summary>
    public sealed class AnyServer : IAsyncLifetime
    {
        internal TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
