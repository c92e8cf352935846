using System.Text.RegularExpressions;
using SlaMonitor.Host.Watch.Dashboards;
using YamlDotNet.RepresentationModel;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>What holds for every dashboard, judged by the files that Grafana is given. No Grafana reads them here.</summary>
public partial class DashboardTests
{
    private static readonly IReadOnlyList<DashboardFile> All = DashboardFile.All;

    [Fact]
    public void The_committed_files_are_what_the_program_writes_and_there_are_no_others()
    {
        var files = DashboardSet.Files();
        Assert.All(files, f => Assert.True(File.ReadAllText(Path.Combine(DashboardFile.Folder, f.Path)) == f.Text, $"{f.Path} differs from what the program makes; write it anew with sla dashboards"));
        Assert.Equal(files.Select(f => Path.Combine(DashboardFile.Folder, f.Path)).Order(StringComparer.Ordinal), All.Select(d => d.Path));
        Assert.Equal(files, DashboardSet.Files());
    }

    [Fact]
    public void There_are_six_in_each_language_under_fixed_uids_and_nobody_edits_them_in_the_browser()
    {
        string[] uids = ["sla-cases", "sla-commitment", "sla-overview", "sla-pipeline", "sla-service", "sla-voices"];
        Assert.Equal(uids, All.Where(d => d.Language == "en").Select(d => d.Uid));
        Assert.Equal(uids.Select(u => u + "-zh"), All.Where(d => d.Language == "zh").Select(d => d.Uid));
        Assert.All(All, d =>
        {
            Assert.Equal(d.Uid + ".json", Path.GetFileName(d.Path));
            Assert.False((bool)d.Json["editable"]!);
            Assert.InRange((int)d.Json["schemaVersion"]!, 39, 41);
            Assert.NotEmpty((string)d.Json["description"]!);
            Assert.Contains("now/fQ", d.Json["timepicker"]!["quick_ranges"]!.AsArray().Select(r => (string)r!["from"]!));
            Assert.DoesNotContain("libraryPanel", d.Json.ToJsonString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_panel_says_what_it_shows_in_which_unit_and_what_when_there_is_nothing()
    {
        Assert.All(All.SelectMany(d => d.Shown.Select(p => (d, p))), x =>
        {
            var (where, defaults) = ($"{x.d.Uid}: {x.p["title"]}", x.p["fieldConfig"]!["defaults"]!);
            Assert.True(((string)x.p["title"]!).Length > 0 && ((string)x.p["description"]!).Length > 5 && ((string)defaults["unit"]!).Length > 0 && ((string)defaults["noValue"]!).Length > 0, where);
            Assert.Equal("null+nan", (string)defaults["mappings"]![0]!["options"]!["match"]!);
            Assert.Equal("text", (string)defaults["mappings"]![0]!["options"]!["result"]!["color"]!);
            Assert.Null(defaults["thresholds"]!["steps"]![0]!["value"]);
            // The fifth colour of the palette is red.
            Assert.True((string)x.p["type"]! != "timeseries" || !x.p["targets"]!.AsArray().Any(t => ((string)t!["expr"]!).Contains("topk(5", StringComparison.Ordinal)), where);
        });
    }

    [Fact]
    public void Panels_have_ids_of_their_own_and_lie_beside_each_other()
    {
        Assert.All(All, d =>
        {
            Assert.Equal(d.Panels.Count, d.Panels.Select(p => (int)p["id"]!).Distinct().Count());
            var taken = new HashSet<(int, int)>();
            Assert.All(d.Panels.Select(p => p["gridPos"]!), g =>
            {
                Assert.InRange((int)g["x"]! + (int)g["w"]!, 1, 24);
                for (var x = (int)g["x"]!; x < (int)g["x"]! + (int)g["w"]!; x++)
                {
                    for (var y = (int)g["y"]!; y < (int)g["y"]! + (int)g["h"]!; y++)
                        Assert.True(taken.Add((x, y)), $"{d.Uid} has two panels at {x}, {y}");
                }
            });
            // Nothing hangs loose: each line is filled to its end.
            Assert.All(taken.GroupBy(t => t.Item2), line => Assert.Equal(24, line.Count()));
        });
    }

    [Fact]
    public void One_variable_chooses_the_data_source_and_all_ask_it()
    {
        Assert.All(All, d =>
        {
            Assert.Single(d.Variables, v => (string)v["type"]! == "datasource");
            Assert.All(d.Variables.Where(v => (string)v["type"]! == "query"), v =>
            {
                Assert.Equal("${datasource}", (string)v["datasource"]!["uid"]!);
                Assert.Equal(2, (int)v["refresh"]!);
            });
            Assert.All(d.Shown, p => Assert.All(p["targets"]!.AsArray().Select(t => t!["datasource"]).Append(p["datasource"]), s => Assert.Equal("${datasource}", (string)s!["uid"]!)));
            Assert.All(d.Marks, m => Assert.Equal("${datasource}", (string)m["datasource"]!["uid"]!));
            Assert.All(d.Variables.Select(v => (string)v["name"]!), name => Assert.Matches($@"\$\{{?{name}\b", d.Json.ToJsonString()));
        });
    }

    [Fact]
    public void Rates_are_taken_over_the_interval_that_Grafana_works_out()
    {
        var ranges = All.SelectMany(d => d.Queries).SelectMany(q => Range().Matches(q.Expression)).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(ranges);
        Assert.All(ranges, r => Assert.Equal("$__rate_interval", r));
    }

    [Fact]
    public void No_dashboard_knows_a_centre_by_name() =>
        Assert.All(All, d => Assert.DoesNotMatch("service-hall|it-department|permits-nl", d.Json.ToJsonString()));

    [Fact]
    public void What_is_said_of_a_column_or_a_series_is_said_of_one_that_is_there()
    {
        Assert.All(All.SelectMany(d => d.Shown.Select(p => (d, p))), x =>
        {
            var names = x.p["fieldConfig"]!["overrides"]!.AsArray().Where(o => (string)o!["matcher"]!["id"]! == "byName").Select(o => (string)o!["matcher"]!["options"]!).ToList();
            var expressions = string.Concat(x.p["targets"]!.AsArray().Select(t => (string)t!["expr"]!));
            var there = (string)x.p["type"]! == "table"
                ? x.p["transformations"]![2]!["options"]!["renameByName"]!.AsObject().Select(r => (string)r.Value!).ToList()
                : [.. x.p["targets"]!.AsArray().Select(t => (string)t!["legendFormat"]!)];
            // Series named by a label, and labels that rows carry for their links.
            Assert.All(names.Except(there), n => Assert.True(there.Contains("{{window}}") || there.Contains("{{result}}") || expressions.Contains(n, StringComparison.Ordinal), $"{x.d.Uid}: {x.p["title"]} has no {n}"));
            Assert.Equal(names.Count, names.Distinct().Count());
        });
    }

    [Fact]
    public void Every_link_leads_to_a_dashboard_there_is_with_variables_it_has()
    {
        Assert.All(All.SelectMany(d => d.Links.Select(l => (From: d, l.Panel, l.Address, l.Carries))).Where(l => l.Address.StartsWith("/d/", StringComparison.Ordinal)), l =>
        {
            var (uid, query) = (l.Address[3..].Split('?')[0], l.Address.Contains('?', StringComparison.Ordinal) ? l.Address.Split('?')[1] : "");
            var to = Assert.Single(All, d => d.Uid == uid);
            Assert.True(l.Carries || (query.Contains("${__url_time_range}", StringComparison.Ordinal) && query.Contains("${datasource:queryparam}", StringComparison.Ordinal) && query.Contains("${host:queryparam}", StringComparison.Ordinal)), l.Address);
            Assert.All(Chosen().Matches(query).Select(m => m.Groups[1].Value), name => Assert.Contains(name, to.Variables.Select(v => (string)v["name"]!)));
            Assert.True(l.Carries || query.Contains("centre", StringComparison.Ordinal), l.Address);
            // In the same language, but for the way to the twin.
            Assert.True(to.Language == l.From.Language || uid.Replace("-zh", "", StringComparison.Ordinal) == l.From.Uid.Replace("-zh", "", StringComparison.Ordinal));
        });
        // From the general to the special: each detail is reached from a row that chooses it.
        foreach (var (from, to, variable) in new[] { ("sla-overview", "sla-commitment", "commitment"), ("sla-overview", "sla-service", "service"), ("sla-commitment", "sla-cases", "service") })
            Assert.Contains(All.Single(d => d.Uid == from).Links, l => l.Panel is not null && l.Address.StartsWith($"/d/{to}?", StringComparison.Ordinal) && l.Address.Contains($"&var-{variable}=${{__data.fields[", StringComparison.Ordinal));
        Assert.Contains(All.Single(d => d.Uid == "sla-cases").Links, l => l.Address.StartsWith("${host:raw}/board/cases?centre=${__data.fields[", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_link_takes_from_a_row_is_in_the_row()
    {
        Assert.All(All.SelectMany(d => d.Links).Where(l => l.Panel is not null), l =>
        {
            var first = (string)l.Panel!["targets"]![0]!["expr"]!;
            Assert.All(Field().Matches(l.Address).Select(m => m.Groups[1].Value), label => Assert.Contains(label, first, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Twins_differ_in_words_only()
    {
        Assert.All(All.Where(d => d.Language == "en"), d =>
        {
            var twin = Assert.Single(All, t => t.Uid == d.Uid + "-zh");
            Assert.Equal(d.Queries.Select(q => q.Expression), twin.Queries.Select(q => q.Expression.Replace("sla_name_zh", "sla_name_en", StringComparison.Ordinal)));
            Assert.Equal(d.Panels.Select(p => (string)p["type"]! + p["gridPos"]), twin.Panels.Select(p => (string)p["type"]! + p["gridPos"]));
            Assert.All(twin.Panels.SelectMany(p => new[] { (string?)p["title"], (string?)p["description"] }).OfType<string>().Append((string)twin.Json["title"]!), text => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", text));
            Assert.All(d.Panels.SelectMany(p => new[] { (string?)p["title"], (string?)p["description"] }).OfType<string>(), text => Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", text));
        });
    }

    [Fact]
    public void Grafana_is_given_one_Prometheus_and_a_folder_a_language()
    {
        var source = Assert.IsType<YamlMappingNode>(Assert.Single(Assert.IsType<YamlSequenceNode>(Read("datasources/prometheus.yml")["datasources"])));
        Assert.Equal(("prometheus", "prometheus", "true"), (source["uid"].ToString(), source["type"].ToString(), source["isDefault"].ToString()));
        var providers = Assert.IsType<YamlSequenceNode>(Read("dashboards/sla.yml")["providers"]);
        Assert.Equal(["en", "zh"], providers.Select(p => p["options"]["path"].ToString().Split('/')[^1]));
        Assert.All(providers, p => Assert.Equal("false", p["allowUiUpdates"].ToString()));

        static YamlNode Read(string file)
        {
            var stream = new YamlStream();
            using var reader = File.OpenText(Path.Combine(DashboardFile.Folder, "provisioning", file));
            stream.Load(reader);
            return stream.Documents[0].RootNode;
        }
    }

    [GeneratedRegex(@"(?:rate|increase)\([^\[]*\[([^\]]+)\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"&var-([a-z]+)=")]
    private static partial Regex Chosen();

    [GeneratedRegex("""__data\.fields\["([a-z_]+)"\]""")]
    private static partial Regex Field();
}
