namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>
/// PromQL over our metrics, narrowed by a dashboard's variables. Several hosts over one database tell the same figures, so each series is taken once, by <c>max</c> over its own labels, before
/// anything is summed.
/// </summary>
/// <param name="filters">A label and what is asked of it, such as <c>sla_centre=~"$centre"</c>; holds for the metrics that have the label.</param>
internal sealed class Scope(params (string Label, string Filter)[] filters)
{
    /// <summary>Narrowed by the centre only.</summary>
    public static (string Label, string Filter) Centre => ("sla_centre", "sla_centre=~\"$centre\"");

    /// <summary>The alerts of ours that fire, those without a centre too.</summary>
    /// <param name="severity">Of this severity only; null: of any.</param>
    public static string Firing(string? severity = null) => $"ALERTS{{alertname=~\"Sla.+\",alertstate=\"firing\",sla_centre=~\"$centre|\"{(severity is null ? "" : $",severity=\"{severity}\"")}}}";

    /// <summary>One sample of each series, however many hosts tell it.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="more">A filter besides those of the scope.</param>
    /// <param name="at">What follows the selector, such as <c> offset 1d</c>.</param>
    public string Each(string metric, string more = "", string at = "")
    {
        var labels = MetricLabels.Of(metric);
        var asked = filters.Where(f => labels.Contains(f.Label)).Select(f => f.Filter).Prepend(more).Where(f => f.Length > 0);
        var selector = $"{metric}{{{string.Join(",", asked)}}}{at}";
        return labels.Count == 0 ? $"max({selector})" : $"max by ({string.Join(", ", labels)}) ({selector})";
    }

    /// <summary>The sum over all labels but some.</summary>
    public string Sum(string metric, string by = "", string more = "", string at = "") => by.Length == 0 ? $"sum({Each(metric, more, at)})" : $"sum by ({by}) ({Each(metric, more, at)})";

    /// <summary>The greatest over all labels but some.</summary>
    public string Max(string metric, string by, string more = "", string at = "") => $"max by ({by}) ({Each(metric, more, at)})";

    /// <summary>Met by settled, as sums divided; nothing where nothing settled.</summary>
    public string Achieved(string by, string at = "") => $"{Sum("sla_compliance_met", by, at: at)} / ({Sum("sla_compliance_settled", by, at: at)} > 0)";

    /// <summary>How many of what settled this quarter were missed.</summary>
    public string Missed(string by, string at = "") => $"{Sum("sla_compliance_settled", by, at: at)} - {Sum("sla_compliance_met", by, at: at)}";

    /// <summary>Open clocks of a level.</summary>
    public string Open(string level, string by = "", string at = "") => Sum("sla_commitments_open", by, $"level=\"{level}\"", at);

    /// <summary>By how much a counter grew in the day before. Not <c>increase()</c>: corrections can make these fall, which it takes for a restart from 0 and counts the whole anew.</summary>
    public string InDay(string metric, string by, string more = "") => $"clamp_min({Sum(metric, by, more)} - {Sum(metric, by, more, " offset 1d")}, 0)";

    /// <summary>Puts the name of what a series is about beside its id; the id where no name is told.</summary>
    public string Named(string expression, Language language, params Subject[] subjects) =>
        subjects.Aggregate($"({expression})", (named, s) => $"{named} * on ({s.Keys}) group_left ({s.Label}) {NamesOf(s, language)}");

    /// <summary>The same for series of which some have no such label: they keep an empty name.</summary>
    public string NamedIfAny(string expression, Language language, params Subject[] subjects) =>
        subjects.Aggregate($"({expression})", (named, s) => $"{named} * on ({s.Keys}) group_left ({s.Label}) ({NamesOf(s, language)} or on ({s.Keys}) group by (sla_centre) (sla_quarantined_streams{{{Filters("")}}}) or on ({s.Keys}) vector(1))");

    /// <summary>A series for each thing there is, with its id and its name in the label of the subject.</summary>
    public string NamesOf(Subject subject, Language language)
    {
        // As of the end of what is shown: a name that changed half-way would make two lines of one. And one name of each, should two hosts differ for a while.
        var told = string.Join(" or ", subject.Told.Select(t => Renamed(t, subject.Id, $"max by (sla_centre, {t.Id}, {language.Name}) ({t.Metric}{{{Filters(t.Id)}}} @ end())")));
        var known = string.Join(" or ", subject.Known.Select(k => Renamed(k, subject.Id, $"group by (sla_centre{(k.Id == "sla_centre" ? "" : $", {k.Id}")}) ({k.Metric}{{{Filters(k.Id)}}})")));
        return $"label_replace(topk by ({subject.Keys}) (1, {told}) or on ({subject.Keys}) label_replace({known}, \"{language.Name}\", \"$1\", \"{subject.Id}\", \"(.*)\"), \"{subject.Label}\", \"$1\", \"{language.Name}\", \"(.*)\")";
    }

    private string Filters(string id) => string.Join(",", filters.Where(f => f.Label == "sla_centre" || f.Label == id).Select(f => f.Filter));

    private static string Renamed((string Metric, string Id) from, string id, string expression) =>
        from.Id == id ? expression : $"label_replace({expression}, \"{id}\", \"$1\", \"{from.Id}\", \"(.*)\")";
}
