namespace SlaMonitor.Host.Watch.Rules;

/// <summary>The figures that alerts and dashboards share.</summary>
internal static class RecordedFigures
{
    private const string ByService = "sla_centre, sla_commitment, sla_service";
    private const string ByCommitment = "sla_centre, sla_commitment";

    /// <summary>Those of a centre, each after those it is made of.</summary>
    public static IEnumerable<RecordingRule> Of(string centre)
    {
        var matchers = $"sla_centre=\"{centre}\"";
        return
        [
            new(Promql.CommitmentNames, $"max by ({ByCommitment}, sla_name_en, sla_name_zh) (sla_commitment_info{{{matchers}}})"),
            new(Promql.ServiceNames, $"""
                max by (sla_centre, sla_service, sla_name_en, sla_name_zh) (
                    sla_service_info{"{"}{matchers}{"}"}
                  or
                    label_replace(sla_category_info{"{"}{matchers}{"}"}, "sla_service", "$1", "sla_category", "(.+)")
                )
                """),
            new(Promql.OpenByService, Promql.Told($"{ByService}, level", "sla_commitments_open", matchers)),
            new(Promql.Open, $"sum by ({ByCommitment}, level) ({Promql.OpenByService}{{{matchers}}})"),
            new(Promql.EscalatedByService, Promql.Told(ByService, "sla_commitments_escalated", matchers)),
            new(Promql.Escalated, $"sum by ({ByCommitment}) ({Promql.EscalatedByService}{{{matchers}}})"),
            new(Promql.Met, $"sum by ({ByCommitment}) ({Promql.Told(ByService, "sla_compliance_met", $"period=\"quarter\", {matchers}")})"),
            new(Promql.Settled, $"sum by ({ByCommitment}) ({Promql.Told(ByService, "sla_compliance_settled", $"period=\"quarter\", {matchers}")})"),
            new(Promql.Compliance, $"{Promql.Met}{{{matchers}}} / ({Promql.Settled}{{{matchers}}} > 0)"),
        ];
    }
}
