using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Tests.Host.Notifications;

/// <summary>The file of targets is read strictly, and no fault repeats what may be a secret.</summary>
public class NotificationFileTests
{
    private const string Good = "targets:\n  - { id: a, kind: webhook, url: http://127.0.0.1:9/x, language: en }\n";

    [Theory]
    [InlineData("", "(whole) must be an object, not nothing")]
    [InlineData("targets: []", "targets is missing, empty or longer than 100")]
    [InlineData("target: []\n" + Good, "notifications.yaml:1:1: target is not a field here; use publicUrl, timeout, retry, targets")]
    [InlineData("timeout: 10\n" + Good, "notifications.yaml:1:1: timeout must be a text")]
    [InlineData("timeout: PT10M\n" + Good, "timeout is not a time such as PT10S, from PT1S to PT1M")]
    [InlineData("retry: { first: PT1M, longest: PT5S }\n" + Good, "retry.longest is shorter than first")]
    [InlineData("publicUrl: ftp://s3cret\n" + Good, "publicUrl holds no http or https address")]
    [InlineData("targets:\n  - { id: a, kind: pigeon, language: en }", "targets[0].kind is not one of webhook, cloudevents, email, feishu, dingtalk, wecom, slack")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://me:s3cret@h/, language: en }", "targets[0].url holds no http or https address without user and fragment")]
    [InlineData("targets:\n  - { id: a, kind: webhook, language: en }", "targets[0].url is missing, or stands beside urlFile; give one of the two")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, urlFile: f, language: en }", "targets[0].url is missing, or stands beside urlFile")]
    [InlineData("targets:\n  - { id: a, kind: feishu, url: https://open/s3cret, language: zh }", "targets[0].url is not a field here")]
    [InlineData("targets:\n  - { id: a, kind: slack, language: en }", "targets[0].urlFile is missing; the address of a robot is a secret")]
    [InlineData("targets:\n  - { id: a, kind: slack, urlFile: none, language: en }", "targets[0].urlFile names a file that is not there or cannot be read")]
    [InlineData("targets:\n  - { id: a, kind: slack, urlFile: words, language: en }", "targets[0].urlFile holds no http or https address")]
    [InlineData("targets:\n  - { id: a, kind: slack, urlFile: lines, language: en }", "targets[0].urlFile names a file that does not hold one line of text")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, secretFile: words, language: en }", "targets[0].secretFile holds a key of less than 24 bytes")]
    [InlineData("targets:\n  - { id: a b, kind: webhook, url: http://h/, language: en }", "targets[0].id has other characters")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, language: fr }", "targets[0].language is not one of zh, en")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, language: en, notices: [late] }", "targets[0].notices holds what is none of due_soon, breached, escalated, retracted")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, language: en, template: '{person}' }", "targets[0].template names a place that no message fills; use {title}")]
    [InlineData("targets:\n  - { id: a, kind: webhook, url: http://h/, language: en, template: 'a } b' }", "targets[0].template has a } that belongs to no place")]
    [InlineData(Good + "  - { id: a, kind: webhook, url: http://h/, language: en }", "targets[1].id is that of another target")]
    [InlineData("targets:\n  - { id: a, kind: email, language: en, from: sla, to: [b@c.d], smtp: { host: h, tls: none } }", "targets[0].from is no mail address")]
    [InlineData("targets:\n  - { id: a, kind: email, language: en, from: a@b.c, to: [b@c.d], smtp: { host: h, tls: none, user: u, passwordFile: words } }", "targets[0].smtp.tls is none, and the password would go in clear")]
    [InlineData("targets:\n  - { id: a, kind: email, language: en, from: a@b.c, to: [b@c.d], smtp: { host: h, tls: starttls, user: u, password: s3cret } }", "targets[0].smtp.password is not a field here")]
    public void What_is_wrong_is_told_with_its_place_and_the_remedy(string yaml, string told)
    {
        var refused = Assert.Throws<NotificationFileException>(() => Notifying.Plan(yaml, ("words", "s3cret s3cret"), ("lines", "s3cret\ns3cret")));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("pipe")]
    [InlineData("long")]
    public async Task A_secret_that_never_ends_or_is_no_file_is_refused_at_once(string named)
    {
        var file = Notifying.Write($"targets:\n  - {{ id: a, kind: slack, urlFile: {named}, language: en }}\n", ("long", new string('a', 4097)));
        using (var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(Path.GetDirectoryName(file)!, "pipe")]))
            await made.WaitForExitAsync();
        var refused = await Assert.ThrowsAsync<NotificationFileException>(() => Task.Run(() => NotificationFile.Read(file)).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("targets[0].urlFile names a file that does not hold one line of text", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_said_is_as_documented()
    {
        var plan = Notifying.Plan(Good);
        Assert.Equal((TimeSpan.FromSeconds(10), RetrySchedule.Default, null), (plan.Timeout, plan.Retry, plan.PublicUrl));
        var target = Assert.Single(plan.Targets);
        Assert.True(target.Takes("any", "any", SlaMonitor.Domain.Commitments.NoticeKind.BreachRetracted));
        Assert.Null(target.PerMinute);
        Assert.Equal(18, Notifying.Plan("targets:\n  - { id: a, kind: dingtalk, urlFile: url, language: zh }\n", ("url", "https://h/")).Targets[0].PerMinute);
    }

    [Fact]
    public void The_file_of_the_documentation_can_be_used()
    {
        var text = File.ReadAllText(Path.Combine(HouseRulesTests.Root, "docs", "notifications.md"));
        var yaml = text[(text.IndexOf("```yaml\n", StringComparison.Ordinal) + 8)..];
        yaml = yaml[..yaml.IndexOf("```", StringComparison.Ordinal)];
        var plan = Notifying.Plan(yaml, ("itsm.key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), ("feishu.url", "https://open.feishu.cn/open-apis/bot/v2/hook/x"), ("feishu.key", "x"), ("smtp.password", "x"));
        Assert.Equal(["itsm", "hall-group", "leads"], plan.Targets.Select(t => t.Id));
    }

    [Fact]
    public async Task What_no_catalogue_knows_is_told_when_the_host_starts()
    {
        await using var server = await TestServer.StartAsync();
        var plan = Notifying.Plan("""
            targets:
              - { id: good, kind: webhook, url: http://h/, language: en, centres: [service-hall], commitments: [case.promised] }
              - { id: typo, kind: webhook, url: http://h/, language: en, centres: [service-hal], commitments: [case.promised] }
              - { id: other, kind: webhook, url: http://h/, language: en, centres: [it-department], commitments: [case.promised, outage.restore] }
            """);
        Assert.Equal(
            [
                "the target typo is told of the centre 'service-hal', which has no catalogue here; nothing will come of it until there is one",
                "the target typo is told of the commitment 'case.promised', which no catalogue of its centres knows; nothing will come of it until one does",
                "the target other is told of the commitment 'case.promised', which no catalogue of its centres knows; nothing will come of it until one does",
            ],
            await TargetCheck.UnknownAsync(plan, new Centres(server.Database.DataSource), default));
    }
}
