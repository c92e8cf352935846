using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NodaTime;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>From the fact to the receiver, over real HTTP.</summary>
public class SendingTests
{
    private const string Secret = "a secret of thirty-two characters";

    [Fact]
    public async Task A_breach_reaches_its_targets_signed_with_names_figures_and_a_link()
    {
        await using var hall = await Hall.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var following = new Following(hall);
        const string template = "{case} {left} {{x}}";
        var plan = Notifying.Plan($$"""
            publicUrl: https://sla.example.org/hall/
            {{Notifying.Quick}}
            targets:
              - { id: ours, kind: webhook, url: "{{receiver.Url}}/ours?k=1", secretFile: key, tokenFile: token, language: zh, commitments: [job.deadline] }
              - { id: events, kind: cloudevents, urlFile: url, language: en, commitments: [job.deadline], template: "{{template}}" }
            """, ("key", Secret + "\n"), ("token", "abc"), ("url", $"{receiver.Url}/events"));
        await using var notifying = await Notifying.StartAsync(hall, plan);
        var now = await hall.NowAsync();
        var due = now - Duration.FromMinutes(65) - Duration.FromSeconds(1);
        await hall.AppendAsync(Hall.Received("2026-7", now - Duration.FromHours(5), due));
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'delivered'") == 4);
        var ours = receiver.All.First(r => r.Path == "/ours" && r.Body.Contains("commitment_breached", StringComparison.Ordinal));
        Assert.Equal(("?k=1", "Bearer abc", "application/json; charset=utf-8"), (ours.Query, ours.Headers["Authorization"], ours.ContentType));
        Assert.Equal(Signature(ours), ours.Headers["webhook-signature"]);
        var (body, data) = (JsonNode.Parse(ours.Body)!, JsonNode.Parse(ours.Body)!["data"]!);
        Assert.Equal((ours.Id, "commitment_breached", "case/2026-7", "W1", "Deadline", "https://sla.example.org/hall/view/counter/2026-7"), ((string)body["id"]!, (string)body["type"]!, (string)data["subject"]!, (string)data["window"]!["id"]!, (string)data["commitment"]!["en"]!, (string)data["link"]!));
        Assert.InRange((long)data["secondsLeft"]!, -3960, -3901);
        Assert.Contains("【已超期】期限：办件 2026-7\n中心：柜台\n时限：期限\n事项：事项\n窗口：一号窗口\n到期：", (string)data["text"]!, StringComparison.Ordinal);
        Assert.Contains("剩余：已超 1 小时 5 分\nhttps://", (string)data["text"]!, StringComparison.Ordinal);

        var events = receiver.All.First(r => r.Path == "/events" && r.Body.Contains("commitment_escalated", StringComparison.Ordinal));
        var cloud = JsonNode.Parse(events.Body)!;
        Assert.Equal(("1.0", "sla/notices", "case/2026-7", "counter", "application/cloudevents+json; charset=utf-8"), ((string)cloud["specversion"]!, (string)cloud["source"]!, (string)cloud["subject"]!, (string)cloud["centre"]!, events.ContentType));
        Assert.EndsWith("2026-7 1 h 5 min late {x}", (string)cloud["data"]!["text"]!, StringComparison.Ordinal);
        Assert.False(events.Headers.ContainsKey("webhook-signature") || events.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task A_receiver_that_refuses_breaks_off_or_sends_elsewhere_gets_all_of_it_later_and_in_order()
    {
        await using var hall = await Hall.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var following = new Following(hall);
        var answers = new Queue<Action<HttpContext>>(
        [
            c => c.Response.StatusCode = 503, c => c.Response.Redirect($"{receiver.Url}/elsewhere"), c => c.Abort(), c => c.Response.StatusCode = 404,
            c => (c.Response.StatusCode, c.Response.Headers.RetryAfter) = (429, "1"),
        ]);
        receiver.Answer = (context, _) =>
        {
            lock (answers)
            {
                if (answers.TryDequeue(out var answer))
                    answer(context);
            }

            return Task.CompletedTask;
        };
        await using var notifying = await Notifying.StartAsync(hall, Notifying.Plan($"{Notifying.Quick}targets:\n  - {{ id: one, kind: webhook, url: \"{receiver.Url}/\", language: en, commitments: [job.deadline] }}\n"));
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", now - Duration.FromHours(5), now - Duration.FromMinutes(65)));
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'delivered'") == 2);
        Assert.Equal(["(commitment_breached,6,)", "(commitment_escalated,1,)"], await hall.RowsAsync("SELECT notice, attempts, last_error FROM sla.notification"));
        Assert.Equal([.. Enumerable.Repeat("commitment_breached", 6), "commitment_escalated"], receiver.All.Select(r => (string)JsonNode.Parse(r.Body)!["type"]!));
        Assert.Equal(2, receiver.All.Select(r => r.Id).Distinct().Count());
        Assert.DoesNotContain(receiver.All, r => r.Path == "/elsewhere");
    }

    [Fact]
    public async Task A_target_that_never_answers_keeps_no_other_waiting_and_is_given_up_without_a_word_of_its_address()
    {
        await using var hall = await Hall.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var following = new Following(hall);
        receiver.Answer = (context, received) => received.Path == "/silent-s3cret" ? Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default) : Task.CompletedTask;
        var plan = Notifying.Plan($$"""
            timeout: PT1S
            retry: { first: PT0.1S, longest: PT0.1S, giveUp: PT5S }
            targets:
              - { id: silent, kind: webhook, url: "{{receiver.Url}}/silent-s3cret", language: en, commitments: [job.deadline] }
              - { id: nobody, kind: webhook, url: "http://127.0.0.1:1/s3cret", language: en, commitments: [job.deadline] }
              - { id: quick, kind: webhook, url: "{{receiver.Url}}/quick", language: en, commitments: [job.deadline] }
            """);
        await using var notifying = await Notifying.StartAsync(hall, plan);
        var now = await hall.NowAsync();
        await hall.AppendAsync(Enumerable.Range(0, 12).Select(n => Hall.Received($"c{n}", now - Duration.FromHours(5), now - Duration.FromMinutes(1))));
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE target <> 'quick' AND state = 'dead'") == 24);
        Assert.True(await hall.ScalarAsync<bool>("SELECT count(*) = 12 AND max(delivered_at) < (SELECT max(last_attempt_at) FROM sla.notification WHERE target = 'silent') FROM sla.notification WHERE target = 'quick' AND state = 'delivered'"));
        Assert.Equal(["(nobody,\"no connection\")", "(silent,\"no answer in time\")"], await hall.RowsAsync("SELECT DISTINCT target, last_error FROM sla.notification WHERE state = 'dead'"));
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification n WHERE n::text LIKE '%s3cret%'"));
    }

    private static string Signature(Received received)
    {
        var signed = $"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.{received.Body}";
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)));
    }
}
