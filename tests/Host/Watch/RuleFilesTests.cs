using System.Text.Json.Nodes;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Watch.Rules;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>The rules of Prometheus: as committed, as promtool judges them, and as they fire.</summary>
public class RuleFilesTests
{
    private static string TestOf(string ruleFile) => Path.Combine(HouseRulesTests.Root, "tests", "Host", "Watch", "promtool", Path.GetFileName(ruleFile).Replace(".rules.yml", ".test.yml", StringComparison.Ordinal));

    [Fact]
    public void What_is_committed_is_what_the_shipped_catalogues_make()
    {
        foreach (var (path, text) in new RuleFiles(CommittedRules.Links, null).Make(CommittedRules.Catalogues, ReceiversFile.Read(Path.Combine(CommittedRules.Folder, "alertmanager", "receivers.yml"), [.. CommittedRules.Catalogues.Select(c => c.Catalogue.Centre)])))
            Approved.CheckFile(Path.Combine(CommittedRules.Folder, path), text);
    }

    [Fact]
    public async Task Promtool_has_nothing_to_object_to_in_any_rule() => await MonitoringTool.PassesAsync("promtool", ["check", "rules", .. CommittedRules.Rules]);

    [Fact]
    public async Task Every_alert_fires_says_what_it_should_and_resolves() => await MonitoringTool.PassesAsync("promtool", ["test", "rules", .. CommittedRules.Rules.Select(TestOf)]);

    [Fact]
    public void Of_every_alert_there_is_a_test_that_it_fires_and_one_that_it_does_not()
    {
        Assert.Equal(4, CommittedRules.Rules.Count);
        foreach (var file in CommittedRules.Rules)
        {
            var tested = Yaml.ReadFile(TestOf(file))!["tests"]!.AsArray().SelectMany(t => t!["alert_rule_test"]!.AsArray()).Select(t => t!.AsObject()).ToList();
            Assert.Equal($"../../../../dashboards/prometheus/rules/{Path.GetFileName(file)}", (string?)Yaml.ReadFile(TestOf(file))!["rule_files"]![0]);
            foreach (var rule in CommittedRules.AlertsOf(file))
            {
                var fired = tested.Where(t => Text(t, "alertname") == Text(rule, "alert")).Select(t => t["exp_alerts"]!.AsArray()).ToList();
                Assert.True(fired.Any(f => f.Count == 0) && fired.Any(f => f.Any(a => Carries(a!["exp_labels"]!.AsObject(), rule["labels"]!.AsObject()))), $"{Path.GetFileName(file)}: {rule["alert"]} with {rule["labels"]!.ToJsonString()} is not tested");
            }
        }
    }

    [Fact]
    public void Every_alert_tells_how_urgent_it_is_what_is_the_matter_in_both_languages_and_where_to_look()
    {
        foreach (var rule in CommittedRules.Rules.SelectMany(CommittedRules.AlertsOf))
        {
            Assert.Contains(Text(rule["labels"]!, "severity"), (string[])["page", "ticket"]);
            Assert.Equal(["summary", "description", "summary_zh", "description_zh", "runbook", "dashboard", "link"], rule["annotations"]!.AsObject().Select(a => a.Key));
            Assert.All(rule["annotations"]!.AsObject(), a => Assert.False(string.IsNullOrWhiteSpace((string?)a.Value)));
        }
    }

    [Fact]
    public void Every_alert_has_a_section_of_the_runbook_and_every_section_an_alert()
    {
        var sections = File.ReadLines(Path.Combine(HouseRulesTests.Root, "docs", "alerts.md")).Where(l => l.StartsWith("## Sla", StringComparison.Ordinal)).Select(l => l[3..]).ToList();
        Assert.Equal(CommittedRules.Rules.SelectMany(CommittedRules.AlertsOf).Select(r => Text(r, "alert")!).Distinct().Order(StringComparer.Ordinal), sections.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_shipped_catalogue_and_every_example_makes_rules_that_promtool_takes()
    {
        var folder = TestFolders.New();
        var catalogues = Directory.EnumerateFiles(Path.Combine(HouseRulesTests.Root, "catalogues"), "*.yaml").Concat(Directory.EnumerateFiles(Path.Combine(HouseRulesTests.Root, "catalogues", "examples"), "*.yaml")).Order(StringComparer.Ordinal).Select(CatalogueFiles.Read).ToList();
        var written = new List<string>();
        foreach (var catalogue in catalogues)
        {
            var file = Path.Combine(folder, $"{catalogue.Name}.rules.yml");
            await File.WriteAllTextAsync(file, new RuleFiles(CommittedRules.Links, null).Make([catalogue], ReceiversFile.None)[0].Text);
            written.Add(file);
            await MonitoringTool.PassesAsync("amtool", "check-config", CommittedRules.Alertmanager(catalogues: [catalogue]));
        }

        Assert.True(written.Count > 5);
        await MonitoringTool.PassesAsync("promtool", ["check", "rules", .. written]);
    }

    [Fact]
    public async Task The_command_writes_them_and_tells_of_those_that_differ()
    {
        var folder = TestFolders.New();
        var (missing, _, said) = await SlaProgram.RunAsync("", "rules", "--out", folder, "--check");
        Assert.Equal(1, missing);
        Assert.Contains("pipeline.rules.yml is not there; write it with sla rules", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal(0, (await SlaProgram.RunAsync("", "rules", "--out", folder)).ExitCode);
        Assert.Equal(0, (await SlaProgram.RunAsync("", "rules", "--out", folder, "--check")).ExitCode);
        var changed = Path.Combine(folder, "prometheus", "rules", "service-hall.rules.yml");
        await File.AppendAllTextAsync(changed, "# by hand\n");
        var (exit, _, errors) = await SlaProgram.RunAsync("", "rules", "--out", folder, "--check");
        Assert.Equal(1, exit);
        Assert.Equal($"sla rules: {changed} is not as it would be written; write it with sla rules", errors.Trim());
        var other = await SlaProgram.RunAsync("", "rules", "--out", folder, "--check", "--url", "https://sla.example", "--grafana", "https://grafana.example/", "--runbooks", "https://wiki.example/alerts");
        Assert.Contains("pipeline.rules.yml", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_for_a_centre_that_is_not_given_any_more_is_named_and_removed_and_what_others_wrote_stays()
    {
        var folder = TestFolders.New();
        Assert.Equal(0, (await SlaProgram.RunAsync("", "rules", "--out", folder)).ExitCode);
        var (left, own) = (Path.Combine(folder, "prometheus", "rules", "it-department.rules.yml"), Path.Combine(folder, "prometheus", "rules", "own.rules.yml"));
        await File.WriteAllTextAsync(own, "groups: []\n");
        string[] one = ["rules", Path.Combine(HouseRulesTests.Root, "catalogues", "service-hall.yaml"), "--out", folder];
        var (exit, _, errors) = await SlaProgram.RunAsync("", [.. one, "--check"]);
        Assert.Equal(1, exit);
        Assert.Contains($"{left} is left over", errors, StringComparison.Ordinal);
        Assert.Equal(0, (await SlaProgram.RunAsync("", one)).ExitCode);
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(own));
        Assert.Equal(0, (await SlaProgram.RunAsync("", [.. one, "--check"])).ExitCode);
    }

    [Theory]
    [InlineData("pipeline")]
    [InlineData("Probes")]
    [InlineData("../../hall")]
    [InlineData("my hall/one")]
    [InlineData(".hall")]
    [InlineData("ha\"ll")]
    public void A_centre_whose_id_is_no_name_of_a_file_of_its_own_is_refused(string centre)
    {
        var refused = Assert.Throws<ArgumentException>(() => new RuleFiles(CommittedRules.Links, null).Make([Odd(("id: it-department", $"id: '{centre}'"))], ReceiversFile.None));
        Assert.Contains("it-services.yaml: centre.id", refused.Message, StringComparison.Ordinal);
        Assert.Contains("give an id of", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_and_names_that_mean_something_in_queries_and_templates_break_no_file()
    {
        const string Commitment = "c\"a\\s`e{{ .Value }}%s";
        var made = new RuleFiles(CommittedRules.Links, null).Make(
            [Odd(("outage.restore", $"'{Commitment}'"), ("en: IT department", "en: '{{ template \"x\" }} `IT` \"dep\"'"))], ReceiversFile.None);
        var folder = TestFolders.New();
        foreach (var (path, text) in made)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder, path), text);
        }

        Assert.Contains("sla_commitment", made[0].Text, StringComparison.Ordinal);
        await MonitoringTool.PassesAsync("promtool", "check", "rules", Path.Combine(folder, made[0].Path));
        await MonitoringTool.PassesAsync("amtool", "check-config", Path.Combine(folder, "alertmanager", "alertmanager.yml"));
    }

    [Theory]
    [InlineData("rules", "--url", "http://x/{{ foo }}")]
    [InlineData("rules", "--url", "nonsense")]
    [InlineData("rules", "--grafana", "javascript:alert(1)")]
    [InlineData("rules", "--runbooks", "{{ x }}")]
    [InlineData("rules", "--year", "99999")]
    [InlineData("dashboards", "--url", "javascript:alert(1)")]
    public async Task What_links_cannot_begin_with_is_refused_before_anything_is_written(string command, string option, string value)
    {
        var folder = TestFolders.New();
        var (exit, _, errors) = await SlaProgram.RunAsync("", command, "--out", folder, option, value);
        Assert.NotEqual(0, exit);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    /// <summary>The department's catalogue with other words in it.</summary>
    private static CatalogueFile Odd(params (string Old, string New)[] words)
    {
        var folder = TestFolders.New();
        Directory.CreateDirectory(Path.Combine(folder, "calendars"));
        File.Copy(Path.Combine(HouseRulesTests.Root, "catalogues", "calendars", "cn.yaml"), Path.Combine(folder, "calendars", "cn.yaml"));
        var text = File.ReadAllText(Path.Combine(HouseRulesTests.Root, "catalogues", "it-services.yaml"));
        foreach (var (old, given) in words)
            text = text.Replace(old, given, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "it-services.yaml"), text);
        return CatalogueFiles.Read(Path.Combine(folder, "it-services.yaml"));
    }

    private static string? Text(JsonNode of, string field) => (string?)of[field];

    /// <summary>True when an alert has the labels of a rule; what the rule fills in of the series is left out.</summary>
    private static bool Carries(JsonObject alert, JsonObject rule) => rule.All(l => ((string)l.Value!).Contains("{{", StringComparison.Ordinal) || (string?)alert[l.Key] == (string?)l.Value);
}
