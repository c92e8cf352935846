using System.Globalization;
using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>What an alert says: a line, and the figures. Both are templates of Prometheus.</summary>
/// <param name="Summary">What is the matter, in one line.</param>
/// <param name="Description">The figures, and what they are made of.</param>
internal sealed record AlertText(string Summary, string Description);

/// <summary>One rule that raises an alert.</summary>
/// <param name="Alert">Its name, which docs/alerts.md has a section of.</param>
/// <param name="Expression">The alert is there while this is not empty.</param>
/// <param name="Urgent">True: somebody is woken; false: it waits for opening hours.</param>
/// <param name="En">What it says.</param>
/// <param name="Zh">The same in Chinese.</param>
/// <param name="Dashboard">Where its history is drawn.</param>
/// <param name="Link">The page of the host that lists what it is about.</param>
internal sealed record AlertRule(string Alert, string Expression, bool Urgent, AlertText En, AlertText Zh, string Dashboard, string Link)
{
    /// <summary>How long it has to be so; null: at once, for a fact that was told is no noise.</summary>
    public string? For { get; init; }

    /// <summary>Its place among the alerts of a family: while one of a lower number fires, this one is not told of; null: it is in none.</summary>
    public int? Tier { get; init; }

    /// <summary>Which alerts are of one family with it, beside those of the same centre, service and host.</summary>
    public string? Family { get; init; }

    /// <summary>Further labels.</summary>
    public IReadOnlyList<(string Name, string Value)> More { get; init; } = [];

    /// <summary>As Prometheus reads it.</summary>
    public JsonObject ToJson(WatchLinks links)
    {
        var rule = new JsonObject { ["alert"] = Alert, ["expr"] = Expression };
        if (For is not null)
            rule["for"] = For;
        var labels = new JsonObject { ["severity"] = Urgent ? "page" : "ticket" };
        if (Family is not null)
            labels["sla_family"] = Family;
        if (Tier is { } tier)
            labels["sla_tier"] = tier.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in More)
            labels[name] = value;
        rule["labels"] = labels;
        rule["annotations"] = new JsonObject
        {
            ["summary"] = En.Summary,
            ["description"] = En.Description,
            ["summary_zh"] = Zh.Summary,
            ["description_zh"] = Zh.Description,
            ["runbook"] = links.Runbook(Alert),
            ["dashboard"] = Dashboard,
            ["link"] = Link,
        };
        return rule;
    }
}

/// <summary>One rule that keeps a figure under a name of its own: <c>level:metric:operations</c>.</summary>
/// <param name="Record">The name.</param>
/// <param name="Expression">The figure.</param>
internal sealed record RecordingRule(string Record, string Expression)
{
    /// <summary>As Prometheus reads it.</summary>
    public JsonObject ToJson() => new() { ["record"] = Record, ["expr"] = Expression };
}
