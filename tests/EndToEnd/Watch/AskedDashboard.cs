using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>What a Prometheus with a history answers a dashboard that is looked at, at a moment of that history.</summary>
internal sealed class AskedDashboard(HttpClient prometheus, Instant at)
{
    private const int MostChoices = 200;

    /// <summary>What of a dashboard is answered by nothing, or not at all, whatever is chosen.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(DashboardFile dashboard)
    {
        var faults = new List<string>();
        var choices = await ChoicesAsync(dashboard, faults);
        foreach (var (place, expression) in dashboard.Expressions)
        {
            var (found, fault) = (false, "");
            foreach (var chosen in choices)
            {
                (found, fault) = await AnswersAsync(DashboardFile.With(expression, chosen));
                if (found || fault.Length > 0)
                    break;
            }

            if (!found)
                faults.Add($"{place}: {(fault.Length > 0 ? fault : "nothing")}: {expression}");
        }

        return faults;
    }

    /// <summary>Whatever can be chosen of all variables together; "all" where a variable has that.</summary>
    private async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ChoicesAsync(DashboardFile dashboard, List<string> faults)
    {
        var choices = new List<Dictionary<string, string>> { new() { ["host"] = "http://127.0.0.1:5080", ["datasource"] = "prometheus" } };
        foreach (var (name, query, pattern) in dashboard.Variables)
        {
            var next = new List<Dictionary<string, string>>();
            foreach (var chosen in choices)
            {
                var values = await ValuesAsync(DashboardFile.With(query, chosen), pattern);
                if (dashboard.AllOf(name) is { } all && values.Count > 0)
                    values = [all];
                next.AddRange(values.Select(v => new Dictionary<string, string>(chosen) { [name] = v }));
            }

            if (next.Count == 0)
                faults.Add($"{dashboard.Name}: variable {name} has no value: {query}");
            choices = [.. next.Take(MostChoices)];
        }

        return choices;
    }

    /// <summary>The values of <c>query_result(…)</c>, read as Grafana reads them: by a pattern, of each series as it is written.</summary>
    private async Task<IReadOnlyList<string>> ValuesAsync(string query, string pattern)
    {
        Assert.StartsWith("query_result(", query, StringComparison.Ordinal);
        var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query["query_result(".Length..^1])}&time={at.ToUnixTimeSeconds()}");
        var reader = new Regex(pattern.Trim('/'), RegexOptions.None, TimeSpan.FromSeconds(1));
        return [.. answer["data"]!["result"]!.AsArray().Select(s => reader.Match(Written(s!))).Where(m => m.Success).Select(m => m.Groups["value"].Value).Distinct()];
    }

    private static string Written(JsonNode series) =>
        $"{{{string.Join(',', series["metric"]!.AsObject().OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}=\"{l.Value}\""))}}} {series["value"]![1]} {series["value"]![0]}";

    /// <summary>Whether an expression is answered by a series within the last days, and what is wrong with it.</summary>
    private async Task<(bool Found, string Fault)> AnswersAsync(string expression)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"start={(at - Duration.FromDays(3)).ToUnixTimeSeconds()}&end={at.ToUnixTimeSeconds()}&step=3600");
        var answer = await AskAsync($"/api/v1/query_range?query={Uri.EscapeDataString(expression)}&{range}");
        return (string?)answer["status"] == "success" ? (answer["data"]!["result"]!.AsArray().Count > 0, "") : (false, (string)answer["error"]!);
    }

    private async Task<JsonNode> AskAsync(string path)
    {
        using var response = await prometheus.GetAsync(path);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
