namespace SlaMonitor.Host.Watch.Rules;

/// <summary>Where what an alert names can be opened; in the addresses stand templates of Prometheus.</summary>
/// <param name="Host">The address of SlaMonitor, without a slash at its end.</param>
/// <param name="Grafana">That of Grafana, in the same way.</param>
/// <param name="Runbooks">The document with a section for each alert.</param>
internal sealed record WatchLinks(string Host, string Grafana, string Runbooks)
{
    /// <summary>A label of the alert, as part of an address.</summary>
    public static string Label(string name) => $"{{{{ $labels.{name} | urlquery }}}}";

    /// <summary>What the catalogue says, as part of an address.</summary>
    public static string Part(string text) => Uri.EscapeDataString(text);

    /// <summary>A page of the host.</summary>
    public string Page(string path) => Host + path;

    /// <summary>A dashboard with its variables preselected.</summary>
    public string Dashboard(string uid, params IEnumerable<(string Variable, string Value)> preselected)
    {
        var query = string.Join('&', preselected.Select(p => $"var-{p.Variable}={p.Value}"));
        return $"{Grafana}/d/{uid}{(query.Length > 0 ? "?" : "")}{query}";
    }

    /// <summary>What to do about an alert. Headings are linked to in small letters.</summary>
    public string Runbook(string alert) => $"{Runbooks}#{alert.ToLowerInvariant()}";
}
