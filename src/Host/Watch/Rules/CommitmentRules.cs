using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>The alerts about limits of cases and complaints: one for each kind of commitment a centre has, of which each commitment is an alert of its own.</summary>
/// <param name="catalogue">The centre's.</param>
/// <param name="links">What the alerts lead to.</param>
internal sealed class CommitmentRules(Catalogue catalogue, WatchLinks links)
{
    private const string DueSoon = "dueSoon";

    // Of one case the promise and the statutory limit run side by side; every other commitment is a matter of its own.
    private const string ItemFamily = "item";
    private const string OwnFamily = "{{ $labels.sla_commitment }}";

    private readonly string _centre = catalogue.Centre;
    private readonly (string En, string Zh) _name = (Promql.Escaped(catalogue.CentreNames.En), Promql.Escaped(catalogue.CentreNames.Zh));

    /// <summary>All of them, the worst first.</summary>
    public IEnumerable<AlertRule> All() =>
    [
        .. Rules(IsStatutory, (of, family) => Overdue("SlaStatutoryOverdue", of, family, urgent: true, tier: 1)),
        .. Rules(c => c.On is StreamKind.Case or StreamKind.Complaint && c.Levels.Any(l => !l.IsBeforeDue), Escalated),
        .. Rules(c => c.On == StreamKind.Case && !IsStatutory(c), (of, family) => Overdue("SlaOverdue", of, family, urgent: false, tier: 3)),
        .. Rules(c => c.On == StreamKind.Complaint, (of, family) => Overdue("SlaComplaintOverdue", of, family, urgent: false, tier: 3)),
        .. Rules(c => c.On == StreamKind.Case && Warns(c), (of, _) => InBulk(of)),
        .. Rules(c => c.On == StreamKind.Complaint && Warns(c), (of, _) => ComplaintDueSoon(of)),
        .. catalogue.Commitments.Any(c => c.Target is not null) ? [BelowTarget()] : Array.Empty<AlertRule>(),
    ];

    /// <summary>The law's own limit, or one whose passing the law gives an effect.</summary>
    private static bool IsStatutory(CommitmentDefinition commitment) => commitment.On == StreamKind.Case && (commitment.Limit is LimitSource.ItemStatutory || commitment.Deems);

    private static bool IsOfItem(CommitmentDefinition commitment) => commitment.Limit is LimitSource.ItemPromised or LimitSource.ItemStatutory;

    private static bool Warns(CommitmentDefinition commitment) => commitment.Levels.Any(l => l.Name == DueSoon);

    /// <summary>One rule for the commitments of the item's family and one for all others, of those that fit.</summary>
    private IEnumerable<AlertRule> Rules(Func<CommitmentDefinition, bool> fits, Func<string, string, AlertRule> rule) =>
        catalogue.Commitments.Where(fits).GroupBy(IsOfItem).OrderBy(g => !g.Key).Select(g => rule(Promql.OfCentre(_centre, g.Select(c => c.Id)), g.Key ? ItemFamily : OwnFamily));

    private AlertRule Overdue(string alert, string of, string family, bool urgent, int tier)
    {
        var (law, complaint) = (alert == "SlaStatutoryOverdue", alert == "SlaComplaintOverdue");
        return Rule(alert, $"sum by (sla_centre, sla_commitment) ({Promql.Open}{{{of}, level=\"overdue\"}}) > 0", urgent,
            new($$$"""{{{_name.En}}}: {{ $value }} {{{(law ? "past the statutory limit" : complaint ? "late with complaints" : "overdue")}}}: {{ $name }}""",
                $"Not done by their due: {{{{ $value }}}} of {OpenNow("en")}. Most in: {MostIn(Promql.OpenByService, "overdue", "en")}.{PromiseToo(law && family == ItemFamily, "en")}"),
            new($$$"""{{{_name.Zh}}}：{{ $value }} 件{{{(law ? "超过法定时限" : complaint ? "投诉处理逾期" : "逾期")}}}（{{ $name }}）""",
                $"在办 {OpenNow("zh")} 件，其中 {{{{ $value }}}} 件到期未办结。最多：{MostIn(Promql.OpenByService, "overdue", "zh")}。{PromiseToo(law && family == ItemFamily, "zh")}"),
            "overdue") with
        { Tier = tier, Family = family };
    }

    /// <summary>Nobody is woken for a rating or a step.</summary>
    private AlertRule Escalated(string of, string family) => Rule("SlaEscalated", $"{Promql.Escalated}{{{of}}} > 0", urgent: family == ItemFamily,
        new($$$"""{{{_name.En}}}: {{ $value }} long overdue and still open: {{ $name }}""",
            $"Past the level of escalation the catalogue sets after their due: {{{{ $value }}}}. Most in: {Promql.MostIn(Promql.EscalatedByService, "", "en")}. The head of the centre decides what happens now."),
        new($$$"""{{{_name.Zh}}}：{{ $value }} 件严重逾期仍未办结（{{ $name }}）""",
            $"{{{{ $value }}}} 件已超过目录规定的逾期升级时点。最多：{Promql.MostIn(Promql.EscalatedByService, "", "zh")}。请中心负责人决定如何处理。"),
        "overdue") with
    { Tier = 2, Family = family };

    private AlertRule InBulk(string of) => Rule(
        "SlaDueSoonInBulk",
        $"""
        (
            sum by (sla_centre, sla_commitment) ({Promql.Open}{"{"}{of}, level="{DueSoon}"{"}"}) >= 10
          and
            sum by (sla_centre, sla_commitment) ({Promql.Open}{"{"}{of}, level="{DueSoon}"{"}"}) >= 0.2 * sum by (sla_centre, sla_commitment) ({Promql.Open}{"{"}{of}{"}"})
        )
        unless
          sum by (sla_centre, sla_commitment) ({Promql.Open}{"{"}{of}, level="{DueSoon}"{"}"}) <= 1.5 * sum by (sla_centre, sla_commitment) (avg_over_time({Promql.Open}{"{"}{of}, level="{DueSoon}"{"}"}[7d] offset 1h))
        """,
        urgent: false,
        new($$$"""{{{_name.En}}}: {{ $value }} due soon at once: {{ $name }}""",
            $"Due soon: {{{{ $value }}}} of {OpenNow("en")}, more than is usual here. Most in: {MostIn(Promql.OpenByService, DueSoon, "en")}.{NextDue("en")}"),
        new($$$"""{{{_name.Zh}}}：{{ $value }} 件集中到期（{{ $name }}）""",
            $"在办 {OpenNow("zh")} 件，其中 {{{{ $value }}}} 件即将到期，高于平时。最多：{MostIn(Promql.OpenByService, DueSoon, "zh")}。{NextDue("zh")}"),
        DueSoon) with
    { For = "10m" };

    private AlertRule ComplaintDueSoon(string of) => Rule("SlaComplaintDueSoon", $"sum by (sla_centre, sla_commitment) ({Promql.Open}{{{of}, level=\"{DueSoon}\"}}) > 0", urgent: false,
        new($$$"""{{{_name.En}}}: {{ $value }} due soon with complaints: {{ $name }}""",
            $"Due soon: {{{{ $value }}}} of {OpenNow("en")}. Most in: {MostIn(Promql.OpenByService, DueSoon, "en")}.{NextDue("en")}"),
        new($$$"""{{{_name.Zh}}}：{{ $value }} 件投诉即将到期（{{ $name }}）""",
            $"在办 {OpenNow("zh")} 件，其中 {{{{ $value }}}} 件即将到期。最多：{MostIn(Promql.OpenByService, DueSoon, "zh")}。{NextDue("zh")}"),
        DueSoon);

    /// <summary>One rule for all: which targets there are the metric says, as the newest catalogue does.</summary>
    private AlertRule BelowTarget()
    {
        var of = $"sla_centre=\"{_centre}\"";
        const string One = "{sla_centre=%q, sla_commitment=%q}";
        string[] labels = ["sla_centre", "sla_commitment"];
        return Rule(
            "SlaComplianceBelowTarget",
            $"""
              {Promql.Compliance}{"{"}{of}{"}"} < on (sla_centre, sla_commitment) {Promql.Told("sla_centre, sla_commitment", "sla_compliance_target_ratio", of)}
            and
              {Promql.Settled}{"{"}{of}{"}"} >= 20
            and
              {Promql.Settled}{"{"}{of}{"}"} - {Promql.Met}{"{"}{of}{"}"} > 1
            """,
            urgent: false,
            new($$$"""{{{_name.En}}}: {{ $value | humanizePercentage }} in time this quarter, below the target: {{ $name }}""",
                $"{Promql.Figure(Promql.Met + One, labels, "", "printf \"%.0f\"", "")} of {Promql.Figure(Promql.Settled + One, labels, "", "printf \"%.0f\"", "")} settled this quarter were met, {{{{ $value | humanizePercentage }}}}.{Promql.Figure($"max(sla_compliance_target_ratio{One})", labels, " The target is ", "humanizePercentage", ".")}"),
            new($$$"""{{{_name.Zh}}}：本季度按时率 {{ $value | humanizePercentage }}，低于目标（{{ $name }}）""",
                $"本季度应办结 {Promql.Figure(Promql.Settled + One, labels, "", "printf \"%.0f\"", "")} 件，按时 {Promql.Figure(Promql.Met + One, labels, "", "printf \"%.0f\"", "")} 件，按时率 {{{{ $value | humanizePercentage }}}}。{Promql.Figure($"max(sla_compliance_target_ratio{One})", labels, "目标 ", "humanizePercentage", "。")}"),
            "breached") with
        { For = "15m", Link = links.Page($"/board/compliance?centre={WatchLinks.Part(_centre)}&commitment={WatchLinks.Label("sla_commitment")}") };
    }

    private AlertRule Rule(string alert, string expression, bool urgent, AlertText en, AlertText zh, string state) => new(
        alert, expression, urgent,
        en with { Summary = Promql.CommitmentName("en") + en.Summary },
        zh with { Summary = Promql.CommitmentName("zh") + zh.Summary },
        links.Dashboard("sla-commitment", ("centre", WatchLinks.Part(_centre)), ("commitment", WatchLinks.Label("sla_commitment"))),
        links.Page($"/board/cases?centre={WatchLinks.Part(_centre)}&commitment={WatchLinks.Label("sla_commitment")}&state={state}"));

    private static string OpenNow(string language) => Promql.Figure($"sum({Promql.Open}{{sla_centre=%q, sla_commitment=%q}})", ["sla_centre", "sla_commitment"], "", "printf \"%.0f\"", language == "en" ? " open" : "");

    private static string MostIn(string metric, string level, string language) => Promql.MostIn(metric, $", level=\"{level}\"", language);

    private static string NextDue(string language) => Promql.Figure(
        "min(sla_next_due_timestamp_seconds{sla_centre=%q, sla_commitment=%q}) - time() > 0", ["sla_centre", "sla_commitment"],
        language == "en" ? " The next falls due in " : "最近一件还有 ", "humanizeDuration", language == "en" ? "." : "到期。");

    /// <summary>While the statutory limit is told of, the promise is not: so its figure stands here.</summary>
    private string PromiseToo(bool told, string language) => told && catalogue.Commitments.FirstOrDefault(c => c.Limit is LimitSource.ItemPromised) is { } promise
        ? Promql.Figure($"sum({Promql.Open}{{sla_centre=%q, sla_commitment=%q, level=\"overdue\"}}) > 0", ["sla_centre", YamlText.Quoted(promise.Id)],
            language == "en" ? " Past the promised limit: " : "超过承诺时限：", "printf \"%.0f\"", language == "en" ? "." : " 件。")
        : "";
}
