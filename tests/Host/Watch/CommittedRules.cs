using System.Text.Json.Nodes;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Watch.Rules;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>The files that are committed, and what they are made of.</summary>
internal static class CommittedRules
{
    public static readonly WatchLinks Links = new("http://127.0.0.1:5080", "http://127.0.0.1:3000", "docs/alerts.md");

    public static string Folder => Path.Combine(HouseRulesTests.Root, "dashboards");

    /// <summary>The catalogues they are made from, in that order.</summary>
    public static IReadOnlyList<CatalogueFile> Catalogues { get; } = [Catalogue("service-hall.yaml"), Catalogue("it-services.yaml")];

    public static IReadOnlyList<string> Rules => [.. Directory.EnumerateFiles(Path.Combine(Folder, "prometheus", "rules"), "*.rules.yml").Order(StringComparer.Ordinal)];

    public static CatalogueFile Catalogue(string name) => CatalogueFiles.Read(Path.Combine(HouseRulesTests.Root, "catalogues", name));

    /// <summary>The rules of a file that raise alerts.</summary>
    public static IEnumerable<JsonObject> AlertsOf(string file) => Yaml.ReadFile(file)!["groups"]!.AsArray().SelectMany(g => g!["rules"]!.AsArray()).Select(r => r!.AsObject()).Where(r => r.ContainsKey("alert"));

    /// <summary>A file made anew with other receivers, in a folder of the test.</summary>
    public static string Alertmanager(string? receivers = null, IReadOnlyList<CatalogueFile>? catalogues = null)
    {
        var folder = TestFolders.New();
        var given = Path.Combine(folder, "receivers.yml");
        if (receivers is not null)
            File.WriteAllText(given, receivers);
        var of = catalogues ?? Catalogues;
        foreach (var (path, text) in new RuleFiles(Links, null).Make(of, receivers is null ? ReceiversFile.None : ReceiversFile.Read(given, [.. of.Select(c => c.Catalogue.Centre)])))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), text);
        }

        return Path.Combine(folder, "alertmanager", "alertmanager.yml");
    }
}
