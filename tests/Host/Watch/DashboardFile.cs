using System.Text.Json.Nodes;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>A dashboard as it is committed.</summary>
internal sealed record DashboardFile(string Language, string Path, JsonObject Json)
{
    public static string Folder => System.IO.Path.Combine(HouseRulesTests.Root, "dashboards", "grafana");

    public static IReadOnlyList<DashboardFile> All { get; } =
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Folder, "dashboards"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => new DashboardFile(System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(f)!), f, JsonNode.Parse(File.ReadAllText(f))!.AsObject())),
    ];

    public string Uid => (string)Json["uid"]!;

    public IReadOnlyList<JsonObject> Panels => [.. Json["panels"]!.AsArray().Select(p => p!.AsObject())];

    /// <summary>All but the titles of sections.</summary>
    public IEnumerable<JsonObject> Shown => Panels.Where(p => (string)p["type"]! != "row");

    public IReadOnlyList<JsonObject> Variables => [.. Json["templating"]!["list"]!.AsArray().Select(v => v!.AsObject())];

    public IEnumerable<JsonObject> Marks => Json["annotations"]!["list"]!.AsArray().Select(a => a!.AsObject()).Where(a => a["expr"] is not null);

    /// <summary>Every query, with where it stands.</summary>
    public IEnumerable<(string Where, string Expression)> Queries =>
        Shown.SelectMany(p => p["targets"]!.AsArray().Select(t => ($"{Uid}: {p["title"]} {t!["refId"]}", (string)t["expr"]!)))
            .Concat(Variables.Where(v => (string)v["type"]! == "query").Select(v => ($"{Uid}: ${v["name"]}", ((string)v["query"]!["query"]!)["query_result(".Length..^1])))
            .Concat(Marks.Select(m => ($"{Uid}: {m["name"]}", (string)m["expr"]!)));

    /// <summary>Every address, with the panel it stands in; null: above all panels.</summary>
    public IEnumerable<(JsonObject? Panel, string Address, bool Carries)> Links =>
        Json["links"]!.AsArray().Select(l => ((JsonObject?)null, (string)l!["url"]!, (bool)l["includeVars"]!))
            .Concat(Shown.SelectMany(p => Under(p).Where(o => o.ContainsKey("url")).Select(o => ((JsonObject?)p, (string)o["url"]!, false))));

    private static IEnumerable<JsonObject> Under(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Under(p.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Under),
        _ => [],
    };
}
