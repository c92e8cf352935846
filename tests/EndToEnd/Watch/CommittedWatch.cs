using System.Text.RegularExpressions;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>
/// The committed configuration of Prometheus and Alertmanager, laid out for a test: with targets of its own, in seconds where there are minutes, and otherwise as it is.
/// </summary>
internal static partial class CommittedWatch
{
    /// <summary>Where it is.</summary>
    public static string Folder { get; } = Path.Combine(HouseRulesTests.Root, "dashboards");

    /// <summary>The files of dashboards, in both languages.</summary>
    public static IReadOnlyList<string> DashboardFiles => [.. Directory.EnumerateFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Makes a folder for a Prometheus.</summary>
    /// <param name="targets">By the name of a file of targets without its ending: their addresses. All other files of targets are empty.</param>
    /// <param name="token">What the host lets in.</param>
    public static async Task<string> PrometheusAsync(IReadOnlyDictionary<string, string> targets, string token)
    {
        var folder = await CopyAsync("prometheus");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "targets"), "*.yml"))
            await File.WriteAllTextAsync(file, targets.TryGetValue(Path.GetFileNameWithoutExtension(file), out var address) ? $"- targets: [\"{address}\"]\n" : "[]\n");
        Directory.CreateDirectory(Path.Combine(folder, "secrets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "secrets", "metrics-token"), token);
        await RewriteAsync(Path.Combine(folder, "prometheus.yml"), text => Pace().Replace(text, "$1: 1s"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "rules")))
            await RewriteAsync(file, text => Interval().Replace(Lasting().Replace(text, "$1for: 1s"), ""));
        return folder;
    }

    /// <summary>Makes a folder for an Alertmanager that tells at any hour and at once.</summary>
    /// <param name="host">Who is told of outages.</param>
    /// <param name="token">What it lets in.</param>
    /// <param name="inbox">Where whoever is paged, or finds a ticket, is told; null: nobody is.</param>
    public static async Task<string> AlertmanagerAsync(Uri host, string token, string? inbox = null)
    {
        var folder = await CopyAsync("alertmanager");
        Directory.CreateDirectory(Path.Combine(folder, "secrets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "secrets", "outages-token"), token);
        await RewriteAsync(Path.Combine(folder, "alertmanager.yml"), text =>
        {
            text = GroupInterval().Replace(GroupWait().Replace(Hours().Replace(text, ""), "group_wait: 100ms"), "group_interval: 1s").Replace("http://host:5080", $"http://{host.Authority}", StringComparison.Ordinal);
            return inbox is null ? text : Receiver().Replace(text, $"$1\n    webhook_configs: [{{ url: '{inbox}', send_resolved: true }}]");
        });
        return folder;
    }

    /// <summary>A copy of one of its folders.</summary>
    private static async Task<string> CopyAsync(string name)
    {
        var (from, folder) = (Path.Combine(Folder, name), TestFolders.New());
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllTextAsync(copy, await File.ReadAllTextAsync(file));
        }

        return folder;
    }

    private static async Task RewriteAsync(string file, Func<string, string> change) => await File.WriteAllTextAsync(file, change(await File.ReadAllTextAsync(file)));

    [GeneratedRegex(@"\b(scrape_interval|scrape_timeout|evaluation_interval): *\w+")]
    private static partial Regex Pace();

    // How long it has to last is tested by promtool.
    [GeneratedRegex(@"^( *)for: *\w+$", RegexOptions.Multiline)]
    private static partial Regex Lasting();

    [GeneratedRegex(@"^ *(active|mute)_time_intervals:.*\n", RegexOptions.Multiline)]
    private static partial Regex Hours();

    [GeneratedRegex(@"group_wait: \w+")]
    private static partial Regex GroupWait();

    [GeneratedRegex(@"group_interval: \w+")]
    private static partial Regex GroupInterval();

    [GeneratedRegex(@"^( *- name: (page|ticket))$", RegexOptions.Multiline)]
    private static partial Regex Receiver();

    [GeneratedRegex(@"^ *interval: *\w+\n", RegexOptions.Multiline)]
    private static partial Regex Interval();
}
