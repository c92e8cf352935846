using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>What robots of chats and mail servers are sent, over real conversations, and what their answers mean.</summary>
public class ChannelTests
{
    private static readonly Instant Now = Instant.FromUnixTimeSeconds(1_790_000_000);

    // By the services' own recipes, worked out by another program.
    private const string FeishuSign = "ELUZKjUQ5+xKjKU6rNpNl6bEaW3vGlZ33ZShcHyLRY4=";
    private const string DingTalkSign = "wzHS4V099ZmvaKrhS6tAVpKYHTsy0YFLPScQo34iJyM=";

    [Fact]
    public async Task A_robot_of_Feishu_gets_a_signed_text_in_which_no_tag_calls_anybody()
    {
        await using var receiver = await AnsweringAsync("""{"code":0,"msg":"success"}""");
        Assert.Null(await SendAsync(receiver, "feishu", "secretFile: secret", "case/<at user_id=\"all\">"));
        var body = JsonNode.Parse(receiver.All.Single().Body)!;
        Assert.Equal(("text", "1790000000", FeishuSign), ((string)body["msg_type"]!, (string)body["timestamp"]!, (string)body["sign"]!));
        var text = (string)body["content"]!["text"]!;
        Assert.StartsWith("【即将到期】承诺：办件 ＜at", text, StringComparison.Ordinal);
        Assert.DoesNotContain('<', text);
    }

    [Fact]
    public async Task A_robot_of_DingTalk_gets_its_signature_in_the_address()
    {
        await using var receiver = await AnsweringAsync("""{"errcode":0,"errmsg":"ok"}""");
        Assert.Null(await SendAsync(receiver, "dingtalk", "secretFile: secret"));
        var sent = receiver.All.Single();
        var query = QueryHelpers.ParseQuery(sent.Query);
        Assert.Equal(("t0ken", "1790000000000", DingTalkSign), ((string)query["access_token"]!, (string)query["timestamp"]!, (string)query["sign"]!));
        var body = JsonNode.Parse(sent.Body)!;
        Assert.Equal("text", (string)body["msgtype"]!);
        Assert.Contains("到期：2026-09-22 00:13 Asia/Shanghai\n剩余：还有 2 小时 0 分", (string)body["text"]!["content"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Robots_of_WeCom_and_Slack_get_a_text()
    {
        await using var receiver = await AnsweringAsync("""{"errcode":0}""");
        Assert.Null(await SendAsync(receiver, "wecom"));
        Assert.Contains("承诺", (string)JsonNode.Parse(receiver.All.Last().Body)!["text"]!["content"]!, StringComparison.Ordinal);
        Assert.Null(await SendAsync(receiver, "slack", "", "case/<!channel>"));
        Assert.Contains("&lt;!channel&gt;", (string)JsonNode.Parse(receiver.All.Last().Body)!["text"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feishu", """{"code":19021,"msg":"sign match fail"}""", "code 19021", false)]
    [InlineData("feishu", """{"code":11232,"msg":"too many"}""", "code 11232", true)]
    [InlineData("feishu", """{"StatusCode":0,"StatusMessage":"success"}""", null, false)]
    [InlineData("dingtalk", """{"errcode":310000,"errmsg":"keywords not in content"}""", "code 310000", false)]
    [InlineData("wecom", """{"errcode":45009,"errmsg":"api freq out of limit"}""", "code 45009", true)]
    [InlineData("wecom", "<html>a proxy's page</html>", "an answer without a code", false)]
    public async Task An_error_that_comes_with_status_200_is_none_the_less_one(string kind, string answer, string? refused, bool pauses)
    {
        await using var receiver = await AnsweringAsync(answer);
        var refusal = await SendAsync(receiver, kind);
        Assert.Equal((refused, pauses), (refusal?.Reason, refusal?.RetryAfter is not null));
    }

    [Fact]
    public async Task A_letter_says_what_happened_and_bears_the_same_id_each_time()
    {
        using var server = MailServerInTest.Start();
        var (target, message) = (Target($"smtp: {{ host: 127.0.0.1, port: {server.Port}, tls: none }}\n    from: SLA <sla@example.org>\n    to: [lead@example.org, 值班 <desk@example.org>]", "email"), Message());
        Assert.Null(await SendAsync(target, message));
        Assert.Null(await SendAsync(target, message));
        Assert.Equal(2, server.Letters.Count);
        var letter = MimeKit.MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(server.Letters.First())));
        Assert.Equal(("【即将到期】承诺：办件 2026-7", $"{message.Id}@example.org", "sla@example.org", 2), (letter.Subject, letter.MessageId, letter.From.Mailboxes.Single().Address, letter.To.Count));
        Assert.StartsWith("中心：大厅\n时限：承诺\n", letter.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Single(server.Letters.Select(l => MimeKit.MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(l))).MessageId).Distinct());
        server.Verdict = () => "451 later";
        Assert.Equal("smtp 451", (await SendAsync(target, message))!.Reason);
    }

    [Fact]
    public async Task A_letter_goes_to_those_whom_the_server_takes_and_the_others_are_counted()
    {
        using var server = MailServerInTest.Start();
        var target = Target($"smtp: {{ host: 127.0.0.1, port: {server.Port}, tls: none }}\n    from: sla@example.org\n    to: [gone@example.org, lead@example.org, desk@example.org]", "email");
        server.Recipient = line => line.Contains("gone@", StringComparison.Ordinal) ? "550 gone@example.org is not here" : "250 so";
        Assert.Equal(new Refusal("1 of 3 addresses refused", IsPartial: true), await SendAsync(target, Message()));
        Assert.Single(server.Letters);
        server.Recipient = _ => "452 full";
        Assert.Equal(new Refusal("smtp 452"), await SendAsync(target, Message()));
        Assert.Single(server.Letters);
    }

    [Theory]
    [InlineData("webhook")]
    [InlineData("cloudevents")]
    [InlineData("slack")]
    public async Task A_status_counts_although_the_body_never_ends(string kind)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (context, _) =>
        {
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        Assert.Null(await SendAsync(receiver, kind));
    }

    [Theory]
    [InlineData("case/@all", "@\u200Ball")]
    [InlineData("case/[pay](https://evil.example)", "［pay］(https:\u200B//evil.example)")]
    [InlineData("case/A_1_2 *b* `c` _d_", "A_1_2 ＊b＊ ｀c｀ ＿d＿")]
    public async Task In_Slack_and_Mattermost_a_number_calls_nobody_and_formats_nothing(string stream, string shown)
    {
        await using var receiver = await AnsweringAsync("ok");
        Assert.Null(await SendAsync(receiver, "slack", "", stream));
        Assert.Null(await SendAsync(receiver, "slack", "template: '@here {case}'", stream));
        Assert.Contains($"办件 {shown}\n", (string)JsonNode.Parse(receiver.All.First().Body)!["text"]!, StringComparison.Ordinal);
        Assert.Equal($"@here {shown}", (string)JsonNode.Parse(receiver.All.Last().Body)!["text"]!);
    }

    [Fact]
    public async Task A_password_is_said_to_no_server_that_nobody_vouches_for()
    {
        using var server = MailServerInTest.Start(startTls: true);
        var target = Target($"smtp: {{ host: 127.0.0.1, port: {server.Port}, tls: starttls, user: desk, passwordFile: secret }}\n    from: sla@example.org\n    to: [lead@example.org]", "email");
        Assert.Equal("no secure connection", (await SendAsync(target, Message()))!.Reason);
        Assert.DoesNotContain(server.Said, line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
        using var plain = MailServerInTest.Start();
        var asked = Target($"smtp: {{ host: 127.0.0.1, port: {plain.Port}, tls: starttls, user: desk, passwordFile: secret }}\n    from: sla@example.org\n    to: [lead@example.org]", "email");
        Assert.Equal("the server does not offer what is asked for", (await SendAsync(asked, Message()))!.Reason);
        Assert.DoesNotContain(plain.Said, line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<Receiver> AnsweringAsync(string answer)
    {
        var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) => context.Response.WriteAsync(answer);
        return receiver;
    }

    private static Task<Refusal?> SendAsync(Receiver receiver, string kind, string fields = "", string stream = "case/2026-7") =>
        SendAsync(Target($"urlFile: url\n    {fields}", kind, $"{receiver.Url}/robot?access_token=t0ken"), Message(stream));

    private static async Task<Refusal?> SendAsync((NotificationPlan Plan, NotificationTarget Target) to, NotificationMessage message)
    {
        using var http = new HttpSending(new ManualClock(Now));
        return await Sending.AttemptAsync(to.Target, to.Plan.Timeout, http, message, default);
    }

    private static (NotificationPlan Plan, NotificationTarget Target) Target(string fields, string kind, string url = "")
    {
        var plan = Notifying.Plan($"timeout: PT5S\ntargets:\n  - id: one\n    kind: {kind}\n    language: zh\n    {fields}\n", ("url", url), ("secret", "SEC000"));
        return (plan, plan.Targets[0]);
    }

    private static NotificationMessage Message(string stream = "case/2026-7")
    {
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var notice = new ClockNotice(new ClockId(stream, "case.promised", "", 1), NoticeKind.DueSoon, "dueSoon", 1, Now, Now + Duration.FromHours(2), Now, "1", "cn");
        return new NotificationMessage(Guid.NewGuid(), "hall", new Names("大厅", "Hall"), notice, new Names("承诺", "Promise"), "licence", null, null, null, zone, null);
    }
}
