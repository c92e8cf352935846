using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>A committed dashboard as a reader of it asks Prometheus: every expression, with the variables as somebody has chosen them.</summary>
internal sealed partial class DashboardFile
{
    private readonly JsonNode _content;

    public DashboardFile(string file) => (Name, _content) = (Path.GetRelativePath(CommittedWatch.Folder, file), JsonNode.Parse(File.ReadAllText(file))!);

    public string Name { get; }

    /// <summary>The variables that are asked for, in their order, each with its query and the pattern by which its values are read.</summary>
    public IEnumerable<(string Name, string Query, string Pattern)> Variables => Listed("templating").Where(v => (string?)v["type"] == "query")
        .Select(v => ((string)v["name"]!, v["query"] is JsonObject of ? (string)of["query"]! : (string)v["query"]!, (string?)v["regex"] ?? ""));

    /// <summary>What can be chosen for "all" of a variable; null: it is one at a time.</summary>
    public string? AllOf(string variable) => Listed("templating").First(v => (string?)v["name"] == variable) is { } found && (bool?)found["includeAll"] == true ? (string?)found["allValue"] ?? ".*" : null;

    /// <summary>Every expression of panels, of rows' panels and of annotations, with where it stands.</summary>
    public IEnumerable<(string Place, string Expression)> Expressions => _content["panels"]!.AsArray().SelectMany(p => OfPanel(p!))
        .Concat(Listed("annotations").Where(a => a["expr"] is not null).Select(a => ($"{Name}: annotation {a["name"]}", (string)a["expr"]!)));

    /// <summary>An expression with values in place of the variables, and hours in place of what Grafana works out of the width of a panel.</summary>
    public static string With(string expression, IReadOnlyDictionary<string, string> values) => Reference().Replace(expression, match =>
    {
        var name = match.Groups["name"].Value;
        return name switch
        {
            "__rate_interval" => "4h",
            "__interval" => "1h",
            "__interval_ms" => "3600000",
            "__range" => "4d",
            "__range_s" => "345600",
            _ => values.TryGetValue(name, out var value) ? value : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the variable {name} is not known to this dashboard: {expression}")),
        };
    });

    private IEnumerable<JsonNode> Listed(string section) => _content[section]?["list"]?.AsArray().Select(v => v!) ?? [];

    private IEnumerable<(string Place, string Expression)> OfPanel(JsonNode panel) =>
        (panel["targets"]?.AsArray() ?? []).Select(t => ($"{Name}: panel {panel["id"]} {panel["title"]} {t!["refId"]}", (string)t["expr"]!)).Concat((panel["panels"]?.AsArray() ?? []).SelectMany(p => OfPanel(p!)));

    [GeneratedRegex(@"\$\{(?<name>\w+)(:\w+)?\}|\$(?<name>[A-Za-z_]\w*)|\[\[(?<name>\w+)\]\]")]
    private static partial Regex Reference();
}
