using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Watch.Rules;
using SlaMonitor.Tests.EndToEnd.Monitoring;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>Whom Alertmanager tells of what, as amtool and an Alertmanager judge it.</summary>
public class AlertmanagerFileTests
{
    private const string Receivers = """
        global: { smtp_smarthost: 'mail.example:587', smtp_from: sla@example.com, smtp_auth_username: sla, smtp_auth_password_file: smtp-password }
        receivers:
          - name: page
            webhook_configs: [{ url: 'http://127.0.0.1:9/page' }]
          - name: ticket
            email_configs: [{ to: desk@example.com, html: '{{ template "sla.html" . }}', headers: { subject: '{{ template "sla.subject" . }}' } }]
          - name: page-it-department
            webhook_configs: [{ url: 'http://127.0.0.1:9/it' }]
          - name: outages
            webhook_configs: [{ url: 'http://127.0.0.1:9/webhooks/alertmanager' }]
        routes:
          - { receiver: outages, matchers: ['sla_service!=""', 'sla_centre=""'], group_wait: 1s }
        """;

    [Fact]
    public async Task The_committed_file_is_one_that_Alertmanager_takes() => Assert.Contains("1 templates", await MonitoringTool.PassesAsync("amtool", "check-config", Path.Combine(CommittedRules.Folder, "alertmanager", "alertmanager.yml")), StringComparison.Ordinal);

    [Theory]
    [InlineData("page", "severity=page", "sla_centre=service-hall")]
    [InlineData("page-it-department", "severity=page", "sla_centre=it-department")]
    [InlineData("page", "severity=page", "alertname=SlaHostDown")]
    [InlineData("ticket", "severity=ticket", "sla_centre=service-hall", "alertname=SlaOverdue")]
    [InlineData("ticket", "severity=ticket", "sla_centre=it-department", "alertname=SlaInterruptionsUsedUp")]
    [InlineData("ticket", "severity=ticket", "alertname=SlaNotificationsDead")]
    [InlineData("ticket", "alertname=SomebodyElses")]
    [InlineData("outages", "alertname=ServiceDown", "sla_service=mail", "severity=page")]
    public async Task An_alert_goes_to_the_receiver_of_its_severity_and_centre(string receiver, params string[] labels) =>
        await MonitoringTool.PassesAsync("amtool", ["config", "routes", "test", $"--config.file={CommittedRules.Alertmanager(Receivers)}", $"--verify.receivers={receiver}", .. labels]);

    [Theory]
    [InlineData("page", "severity=page", "sla_centre=it-department")]
    [InlineData("ticket", "severity=ticket", "sla_centre=service-hall")]
    public async Task Without_receivers_of_ones_own_there_are_the_two_that_send_to_nobody(string receiver, params string[] labels) =>
        await MonitoringTool.PassesAsync("amtool", ["config", "routes", "test", $"--config.file={Path.Combine(CommittedRules.Folder, "alertmanager", "alertmanager.yml")}", $"--verify.receivers={receiver}", .. labels]);

    [Fact]
    public void Only_tickets_wait_for_the_opening_hours_of_their_centre()
    {
        var route = Yaml.ReadFile(Path.Combine(CommittedRules.Folder, "alertmanager", "alertmanager.yml"))!["route"]!;
        foreach (var own in route["routes"]!.AsArray().Select(r => r!.AsObject()))
        {
            var matchers = own["matchers"]!.ToJsonString();
            var centre = CommittedRules.Catalogues.Select(c => c.Catalogue.Centre).SingleOrDefault(matchers.Contains);
            Assert.Equal(centre is not null, matchers.Contains("ticket", StringComparison.Ordinal));
            foreach (var at in own["routes"]?.AsArray().Select(r => r!.AsObject()).Prepend(own) ?? [own])
            {
                Assert.Equal(centre is null ? null : $"{centre}-open", (string?)at["active_time_intervals"]?[0]);
                Assert.Equal(centre is null ? null : $"{centre}-closed", (string?)at["mute_time_intervals"]?[0]);
            }
        }
    }

    [Fact]
    public async Task Of_one_thing_that_is_wrong_only_the_worst_is_told()
    {
        await using var alertmanager = await MonitorProgram.AlertmanagerAsync(await File.ReadAllTextAsync(CommittedRules.Alertmanager()));
        // What fires together, and what of it is told.
        (string Labels, bool Told)[] alerts =
        [
            .. CaseFamily("SlaStatutoryOverdue", "case.statutory", 1, true), .. CaseFamily("SlaEscalated", "case.promised", 2, false), .. CaseFamily("SlaOverdue", "case.promised", 3, false),
            ("alertname=SlaDueSoonInBulk,sla_centre=service-hall,sla_commitment=case.promised", true),
            ("alertname=SlaOverdue,sla_centre=service-hall,sla_commitment=case.delivery,sla_family=case.delivery,sla_tier=3", true),
            ("alertname=SlaOverdue,sla_centre=other-hall,sla_commitment=case.promised,sla_family=item,sla_tier=3", true),
            ("alertname=SlaBudgetBurn,sla_centre=it-department,sla_service=mail,sla_family=burn,sla_tier=1,sla_window=6h", true),
            ("alertname=SlaBudgetBurn,sla_centre=it-department,sla_service=mail,sla_family=burn,sla_tier=2,sla_window=3d", false),
            ("alertname=SlaBudgetBurn,sla_centre=it-department,sla_service=payment,sla_family=burn,sla_tier=2,sla_window=6h", true),
            ("alertname=SlaInterruptionsNearlyUsed,sla_centre=it-department,sla_service=mail,sla_family=interruptions,sla_tier=2", true),
            ("alertname=SlaEscalated,sla_centre=it-department,sla_service=mail,sla_commitment=outage.restore,sla_family=restore,sla_tier=1", true),
            ("alertname=SlaRestoreOverdue,sla_centre=it-department,sla_service=mail,sla_commitment=outage.restore,sla_family=restore,sla_tier=2", false),
            ("alertname=SlaRestoreDueSoon,sla_centre=it-department,sla_service=mail,sla_commitment=outage.restore", true),
            ("alertname=SlaHostDown,instance=a,sla_family=host,sla_tier=1", true),
            ("alertname=SlaSnapshotStale,instance=a,sla_family=host,sla_tier=2", false),
            ("alertname=SlaSnapshotStale,instance=b,sla_family=host,sla_tier=2", true),
            ("alertname=SlaStreamQuarantined,sla_centre=service-hall", true),
        ];
        foreach (var (labels, _) in alerts)
            (await alertmanager.Client.PostAsJsonAsync("/api/v2/alerts", new[] { new { labels = labels.Split(',').ToDictionary(l => l.Split('=')[0], l => l.Split('=')[1]) } })).EnsureSuccessStatusCode();
        foreach (var (labels, told) in alerts)
        {
            // The state is worked out when a group is looked at for the first time, which is after its wait.
            await Condition.HoldsAsync(async () => (await StatesAsync(alertmanager, labels)) is [var state] && state == (told ? "active" : "suppressed"), labels);
        }

        static IEnumerable<(string, bool)> CaseFamily(string alert, string commitment, int tier, bool told) =>
            [($"alertname={alert},sla_centre=service-hall,sla_commitment={commitment},sla_family=item,sla_tier={tier}", told)];
    }

    [Fact]
    public async Task What_receivers_are_told_has_the_figures_and_the_links_in_both_languages()
    {
        var glob = Path.Combine(CommittedRules.Folder, "alertmanager", "templates", "*.tmpl");
        var data = Path.Combine(TestFolders.New(), "data.json");
        await File.WriteAllTextAsync(data, Payload().ToJsonString());
        Assert.Equal("[1 firing] Hall: 5 overdue: Promised limit (+1)", await RenderAsync("text", "sla.subject"));
        Assert.Equal("【1 项告警】大厅：5 件逾期（承诺时限）（另 1 项）", await RenderAsync("text", "sla.title.zh"));
        Assert.Equal("""
            Hall: 5 overdue: Promised limit
            5 of 25 open.
            Details: http://host/board
            Dashboard: http://grafana/d
            What to do: docs/alerts.md#slaoverdue

            [resolved] Hall: 1 overdue: Delivery
            1 of 9 open.
            """, await RenderAsync("text", "sla.text"));
        Assert.StartsWith("大厅：5 件逾期（承诺时限）\n在办 25 件。\n明细：http://host/board\n看板：http://grafana/d\n处理办法：docs/alerts.md#slaoverdue", await RenderAsync("text", "sla.text.zh"), StringComparison.Ordinal);
        var html = await RenderAsync("html", "sla.html");
        Assert.Contains("<strong>大厅：5 件逾期（承诺时限）</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"http://host/board\">", html, StringComparison.Ordinal);
        Assert.Contains("已恢复 · Resolved: ", html, StringComparison.Ordinal);

        async Task<string> RenderAsync(string type, string template) => (await MonitoringTool.PassesAsync("amtool", "template", "render", $"--template.glob={glob}", $"--template.type={type}", $"--template.data={data}", $"--template.text={{{{ template \"{template}\" . }}}}")).Trim();
    }

    [Theory]
    [InlineData("receivers: [{ name: page-hall }]", "receivers[0].name is no receiver that anything is sent to; known are page, page-it-department, page-service-hall, ticket, ticket-it-department, ticket-service-hall")]
    [InlineData("receivers: [{ nome: page }]", "receivers must be a list of Alertmanager's receivers, each with a name")]
    [InlineData("receivers: []", "receivers must be a list")]
    [InlineData("[page]", "is not a mapping with receivers")]
    [InlineData("route: {}\nreceivers: [{ name: page }]", "route is not known; give receivers, global and routes")]
    [InlineData("routes: page\nreceivers: [{ name: page }]", "routes must be a list of Alertmanager's routes")]
    public async Task Receivers_that_cannot_be_used_are_named(string text, string fault)
    {
        var file = Path.Combine(TestFolders.New(), "mine.yml");
        await File.WriteAllTextAsync(file, text);
        Assert.Contains(fault, Assert.Throws<CatalogueFileException>(() => ReceiversFile.Read(file, [.. CommittedRules.Catalogues.Select(c => c.Catalogue.Centre)])).Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(MonitorProgram alertmanager, string labels)
    {
        var filter = string.Join('&', labels.Split(',').Select(l => "filter=" + Uri.EscapeDataString($"{l.Split('=')[0]}=\"{l.Split('=')[1]}\"")));
        return [.. (await alertmanager.Client.GetFromJsonAsync<JsonArray>($"/api/v2/alerts?{filter}"))!.Select(a => (string)a!["status"]!["state"]!)];
    }

    private static JsonObject Payload() => new()
    {
        ["receiver"] = "page",
        ["status"] = "firing",
        ["alerts"] = new JsonArray(
            Alert("firing", ("summary", "Hall: 5 overdue: Promised limit"), ("description", "5 of 25 open."), ("summary_zh", "大厅：5 件逾期（承诺时限）"), ("description_zh", "在办 25 件。"), ("link", "http://host/board"), ("dashboard", "http://grafana/d"), ("runbook", "docs/alerts.md#slaoverdue")),
            Alert("resolved", ("summary", "Hall: 1 overdue: Delivery"), ("description", "1 of 9 open."), ("summary_zh", "大厅：1 件逾期（送达）"), ("description_zh", "在办 9 件。"))),
    };

    private static JsonObject Alert(string status, params (string Name, string Value)[] annotations) => new()
    {
        ["status"] = status,
        ["labels"] = new JsonObject { ["severity"] = "page" },
        ["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))),
    };
}
