namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>Addresses that rows of tables lead to, with what the row is about chosen.</summary>
internal static class Ways
{
    /// <summary>Another dashboard.</summary>
    /// <param name="language">The language.</param>
    /// <param name="id">Which.</param>
    /// <param name="chosen">Variables and the labels of the row they take their value from.</param>
    public static string To(Language language, string id, params (string Variable, string Label)[] chosen) =>
        $"/d/{language.Uid(id)}?${{__url_time_range}}&${{datasource:queryparam}}&${{host:queryparam}}" + (chosen.Length == 0 ? "&${centre:queryparam}" : "") + string.Concat(chosen.Select(c => $"&var-{c.Variable}={Field(c.Label)}"));

    /// <summary>A page of the host.</summary>
    /// <param name="language">The language.</param>
    /// <param name="path">Its path.</param>
    /// <param name="query">Names and values; <see cref="Field"/> for those of the row.</param>
    public static string ToHost(Language language, string path, params (string Name, string Value)[] query) =>
        $"${{host:raw}}{path}?" + string.Concat(query.Select(q => $"{q.Name}={q.Value}&")) + $"lang={language.Code}";

    /// <summary>What the row holds in a label.</summary>
    public static string Field(string label) => $"${{__data.fields[\"{label}\"]:percentencode}}";
}
