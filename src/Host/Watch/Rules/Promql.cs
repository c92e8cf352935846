namespace SlaMonitor.Host.Watch.Rules;

/// <summary>The expressions and the pieces of text that several rules are made of.</summary>
internal static class Promql
{
    /// <summary>By level and service, whichever host tells.</summary>
    public const string OpenByService = "sla_centre_commitment_service:sla_commitments_open:max";

    /// <summary>By level.</summary>
    public const string Open = "sla_centre_commitment:sla_commitments_open:sum";

    /// <summary>Past the first level after due, by service.</summary>
    public const string EscalatedByService = "sla_centre_commitment_service:sla_commitments_escalated:max";

    /// <summary>Past the first level after due.</summary>
    public const string Escalated = "sla_centre_commitment:sla_commitments_escalated:sum";

    /// <summary>Met of those settled in the quarter.</summary>
    public const string Met = "sla_centre_commitment:sla_compliance_met:sum";

    /// <summary>Settled in the quarter.</summary>
    public const string Settled = "sla_centre_commitment:sla_compliance_settled:sum";

    /// <summary>The quarter's compliance, sums divided by sums.</summary>
    public const string Compliance = "sla_centre_commitment:sla_compliance:ratio";

    /// <summary>What commitments are called.</summary>
    public const string CommitmentNames = "sla_centre_commitment:sla_commitment_info:max";

    /// <summary>What services are called, and the categories of complaints, which are the services of their commitments.</summary>
    public const string ServiceNames = "sla_centre_service:sla_service_info:max";

    /// <summary>
    /// A gauge of the domain as several hosts tell it: the highest, so that two hosts are not twice the cases. What the last ten minutes said holds, so that a host which is started anew resolves no alert.
    /// </summary>
    public static string Told(string by, string metric, string matchers) => $"max by ({by}) (last_over_time({metric}{{{matchers}}}[10m]))";

    /// <summary>Matches a centre's commitments.</summary>
    public static string OfCentre(string centre, IEnumerable<string> commitments) => $"sla_centre=\"{centre}\", {Of("sla_commitment", commitments)}";

    /// <summary>Matches a label with one of several values.</summary>
    public static string Of(string label, IEnumerable<string> values) => values.ToList() is [var one] ? $"{label}={YamlText.Quoted(one)}" : $"{label}=~{YamlText.Quoted(string.Join('|', values.Select(System.Text.RegularExpressions.Regex.Escape)))}";

    /// <summary>Words from the catalogue as they stand in a template.</summary>
    public static string Escaped(string words) => words.Replace("{{", "{{ \"{{\" }}", StringComparison.Ordinal);

    /// <summary>Sets <c>$name</c> to what the alert's commitment is called; its id where nobody says.</summary>
    public static string CommitmentName(string language) => Name("sla_commitment", CommitmentNames, language);

    /// <summary>Sets <c>$name</c> to what the alert's service is called.</summary>
    public static string ServiceName(string language) => Name("sla_service", ServiceNames, language);

    /// <summary>The three services with the most of something, each with its count.</summary>
    public static string MostIn(string metric, string more, string language)
    {
        var (open, close, comma) = language == "en" ? (" (", ")", ", ") : ("（", "）", "、");
        return $$$"""{{ $most := printf `topk(3, sum by (sla_centre, sla_service) ({{{metric}}}{sla_centre=%q, sla_commitment=%q{{{more}}}}) > 0)` $labels.sla_centre $labels.sla_commitment }}{{ range $i, $s := printf `sort_desc(%s * on (sla_centre, sla_service) group_left (sla_name_{{{language}}}) {{{ServiceNames}}} or on (sla_centre, sla_service) %s)` $most $most | query }}{{ if $i }}{{{comma}}}{{ end }}{{ or $s.Labels.sla_name_{{{language}}} $s.Labels.sla_service }}{{{open}}}{{ $s.Value }}{{{close}}}{{ end }}""";
    }

    /// <summary>A figure of its own within a text; nothing where there is none. Its places (%q, which no quote in a label breaks) are filled with labels of the alert, or as they stand with what begins with a dollar or a quote.</summary>
    public static string Figure(string expression, IEnumerable<string> labels, string before, string format, string after) =>
        $$$"""{{ range printf `{{{expression}}}` {{{string.Join(' ', labels.Select(l => l[0] is '$' or '"' ? l : "$labels." + l))}}} | query }}{{{before}}}{{ .Value | {{{format}}} }}{{{after}}}{{ end }}""";

    private static string Name(string label, string metric, string language) =>
        $$$"""{{ $name := $labels.{{{label}}} }}{{ with printf `{{{metric}}}{sla_centre=%q, {{{label}}}=%q}` $labels.sla_centre $labels.{{{label}}} | query }}{{ $name = . | first | label "sla_name_{{{language}}}" }}{{ end }}""";
}
