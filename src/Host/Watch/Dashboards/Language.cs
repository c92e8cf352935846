namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>One of the two languages that every dashboard is made in.</summary>
/// <param name="Chinese">Chinese, otherwise English.</param>
internal sealed record Language(bool Chinese)
{
    /// <summary>Both.</summary>
    public static IReadOnlyList<Language> Both { get; } = [new(false), new(true)];

    /// <summary>The folder of its dashboards, and what the pages of the host call it.</summary>
    public string Code => Chinese ? "zh" : "en";

    /// <summary>The label of names in it.</summary>
    public string Name => $"sla_name_{Code}";

    /// <summary>The other one.</summary>
    public Language Other => Both[Chinese ? 0 : 1];

    public string Of(string zh, string en) => Chinese ? zh : en;

    /// <summary>The uid of a dashboard in it.</summary>
    public string Uid(string id) => Chinese ? $"sla-{id}-zh" : $"sla-{id}";
}
