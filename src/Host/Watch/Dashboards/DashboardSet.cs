namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>All dashboards, in both languages, as files.</summary>
internal static class DashboardSet
{
    /// <summary>What links lead to unless another address is given or typed.</summary>
    public const string DefaultHost = Server.DefaultUrl;

    /// <summary>The dashboards from the general to the special, with their titles.</summary>
    public static IReadOnlyList<(string Id, string Title)> Titles(Language language) =>
    [
        ("overview", language.Of("总览", "Overview")),
        ("service", language.Of("服务可用性", "Service")),
        ("commitment", language.Of("时限", "Commitment")),
        ("cases", language.Of("办件看板", "Cases board")),
        ("voices", language.Of("投诉与好差评", "Complaints and ratings")),
        ("pipeline", language.Of("系统运行", "Pipeline")),
    ];

    /// <summary>The files and their texts, by path below the folder of Grafana.</summary>
    public static IReadOnlyList<(string Path, string Text)> Files(string host = DefaultHost) =>
        [.. Language.Both.SelectMany(l => Of(l, host).Select(d => ($"dashboards/{l.Code}/{l.Uid(d.Id)}.json", d.Text)))];

    private static IEnumerable<Dashboard> Of(Language language, string host) =>
    [
        OverviewDashboard.Of(language, host), ServiceDashboard.Of(language, host), CommitmentDashboard.Of(language, host), CasesDashboard.Of(language, host), VoicesDashboard.Of(language, host), PipelineDashboard.Of(language, host),
    ];
}
