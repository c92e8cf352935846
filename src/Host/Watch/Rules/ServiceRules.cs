using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>The alerts about services: restore limits, interruptions of the year, and how fast their error budgets are used.</summary>
/// <param name="catalogue">The centre's.</param>
/// <param name="links">What the alerts lead to.</param>
/// <param name="on">The targets in force at this instant are those that burn rates are measured by.</param>
internal sealed class ServiceRules(Catalogue catalogue, WatchLinks links, Instant on)
{
    private const string Series = "{sla_centre=%q, sla_service=%q}";
    private static readonly string[] Labels = ["sla_centre", "sla_service"];
    private readonly string _centre = catalogue.Centre;

    /// <summary>All of them, the worst first.</summary>
    public IEnumerable<AlertRule> All() => catalogue.Services.Count == 0 ? [] : [.. Restore(), UsedUp(), NearlyUsed(), .. Burn()];

    private IEnumerable<AlertRule> Restore()
    {
        var commitments = catalogue.Commitments.Where(c => c.On == StreamKind.Outage).ToList();
        if (commitments.Count == 0)
            yield break;
        var of = Promql.OfCentre(_centre, commitments.Select(c => c.Id));
        if (commitments.Any(c => c.Levels.Any(l => !l.IsBeforeDue)))
        {
            yield return Rule("SlaEscalated", $"{Promql.EscalatedByService}{{{of}}} > 0", urgent: true,
                new("{{ $name }}: long past the limit to restore it", "The outage goes on past the level of escalation the catalogue sets after the restore limit. Outages concerned: {{ $value }}."),
                new("{{ $name }}：严重超过恢复时限", "故障仍在持续，已超过目录规定的升级时点。涉及故障 {{ $value }} 起。")) with
            { Tier = 1, Family = "restore" };
        }

        yield return Rule("SlaRestoreOverdue", $"sum by (sla_centre, sla_commitment, sla_service) ({Promql.OpenByService}{{{of}, level=\"overdue\"}}) > 0", urgent: true,
            new("{{ $name }}: not restored within the limit", "Outages past their restore limit: {{ $value }}." + DueAgo("en")),
            new("{{ $name }}：超过恢复时限仍未恢复", "超过恢复时限的故障 {{ $value }} 起。" + DueAgo("zh"))) with
        { Tier = 2, Family = "restore" };
        if (commitments.Any(c => c.Levels.Any(l => l.Name == "dueSoon")))
        {
            yield return Rule("SlaRestoreDueSoon", $"sum by (sla_centre, sla_commitment, sla_service) ({Promql.OpenByService}{{{of}, level=\"dueSoon\"}}) > 0", urgent: false,
                new("{{ $name }}: the limit to restore it is near", "Outages near their restore limit: {{ $value }}." + DueIn("en")),
                new("{{ $name }}：恢复时限将到", "临近恢复时限的故障 {{ $value }} 起。" + DueIn("zh")));
        }
    }

    private AlertRule UsedUp() => Rule("SlaInterruptionsUsedUp",
        $"{Told("sla_interruptions")} > on (sla_centre, sla_service) {Told("sla_interruptions_limit")}", urgent: false,
        new("{{ $name }}: more interruptions this year than promised, {{ $value }}", "Begun this year: {{ $value }}; promised are at most " + Limit() + "."),
        new("{{ $name }}：本年中断 {{ $value }} 次，超过承诺", "承诺每年不超过 " + Limit() + " 次，已发生 {{ $value }} 次。")) with
    { For = "5m", Tier = 1, Family = "interruptions" };

    private AlertRule NearlyUsed() => Rule("SlaInterruptionsNearlyUsed",
        $"""
        (
            {Told("sla_interruptions")} >= on (sla_centre, sla_service) 0.8 * {Told("sla_interruptions_limit")}
          or
            {Told("sla_interruptions")} >= on (sla_centre, sla_service) {Told("sla_interruptions_limit")} - 1
        ) > 0
        unless on (sla_centre, sla_service)
          {Told("sla_interruptions")} > on (sla_centre, sla_service) {Told("sla_interruptions_limit")}
        """, urgent: false,
        new("{{ $name }}: interruptions of the year nearly used, {{ $value }} of " + Limit(), "Begun this year: {{ $value }}; promised are at most " + Limit() + ". One more than promised is a breach that nothing makes good until the year ends."),
        new("{{ $name }}：本年中断 {{ $value }} 次，承诺上限 " + Limit() + " 次", "承诺每年不超过 " + Limit() + " 次，已发生 {{ $value }} 次；一旦超过，本年度内无法补救。")) with
    { For = "5m", Tier = 2, Family = "interruptions" };

    /// <summary>A rule for each tier, window and period, of all services with their own thresholds.</summary>
    private IEnumerable<AlertRule> Burn() => catalogue.Services.Values.OrderBy(s => s.Id, StringComparer.Ordinal)
        .Select(s => (Service: s.Id, Targets: catalogue.TargetsOf(s.Id, on), Hours: catalogue.Calendars[s.Hours].Definition))
        .SelectMany(s => BurnTier.Of(s.Targets, s.Hours).Select(t => (s.Service, s.Targets, Tier: t)))
        .GroupBy(s => (s.Tier.Place, s.Tier.Urgent, s.Tier.Window, s.Targets.Period))
        .OrderBy(g => g.Key.Place).ThenBy(g => g.Key.Period).ThenBy(g => g.Key.Window, StringComparer.Ordinal)
        .Select(g => Burn(g.First().Tier, g.Key.Period, g.GroupBy(s => (s.Tier.Threshold, s.Tier.Short, Lost: s.Tier.Short is null ? 1 - s.Targets.Availability!.Value : 0)).Select(t => Condition(t.First().Tier, t.Key.Lost, t.Select(s => s.Service)))));

    private string Condition(BurnTier tier, decimal lost, IEnumerable<string> services)
    {
        var of = Promql.Of("sla_service", services);
        var soon = tier.Short is { } window
            ? $"{Rate(of, window)} > {Number(tier.Threshold)}"
            : $"max by (sla_centre, sla_service) (delta(sla_downtime_seconds_total{{sla_centre=\"{_centre}\", {of}}}[5m])) > {Number(tier.Threshold * lost * 300)}";
        return $"  {Rate(of, tier.Window)} > {Number(tier.Threshold)}\nand\n  {soon}";
    }

    private AlertRule Burn(BurnTier tier, TargetPeriod period, IEnumerable<string> conditions)
    {
        var (window, of) = (Words(tier.Window), Words(period));
        return Rule("SlaBudgetBurn", string.Join("\nor\n", conditions), tier.Urgent,
            new("{{ $name }}: time is lost {{ $value | printf \"%.1f\" }} times as fast as promised",
                $"That is over {window.En}; what may be lost is promised for {of.En}.{Left("en")}{Exhausted("en")}"),
            new("{{ $name }}：误差预算消耗过快，为允许速度的 {{ $value | printf \"%.1f\" }} 倍",
                $"统计窗口为{window.Zh}，预算周期为{of.Zh}。{Left("zh")}{Exhausted("zh")}"))
            with
        { For = tier.Window switch { "1h" => "3m", "6h" => "5m", _ => "15m" }, Tier = tier.Place, Family = "burn", More = [("sla_window", tier.Window), ("sla_period", of.Label)] };
    }

    private AlertRule Rule(string alert, string expression, bool urgent, AlertText en, AlertText zh) => new(
        alert, expression, urgent,
        en with { Summary = Promql.ServiceName("en") + en.Summary },
        zh with { Summary = Promql.ServiceName("zh") + zh.Summary },
        links.Dashboard("sla-service", ("centre", WatchLinks.Part(_centre)), ("service", WatchLinks.Label("sla_service"))),
        links.Page($"/board/services/{WatchLinks.Label("sla_service")}?centre={WatchLinks.Part(_centre)}"));

    private string Told(string metric) => Promql.Told("sla_centre, sla_service", metric, $"sla_centre=\"{_centre}\"");

    private string Rate(string of, string window) => Promql.Told("sla_centre, sla_service", "sla_error_budget_burn_rate", $"sla_centre=\"{_centre}\", {of}, window=\"{window}\"");

    private static string Limit() => Promql.Figure($"max(sla_interruptions_limit{Series})", Labels, "", "printf \"%.0f\"", "");

    private static string DueAgo(string language) => Promql.Figure(
        $"time() - min(sla_outage_restore_due_timestamp_seconds{Series}) > 0", Labels, language == "en" ? " The first was due " : "最早一起已超时 ", "humanizeDuration", language == "en" ? " ago." : "。");

    private static string DueIn(string language) => Promql.Figure(
        $"min(sla_outage_restore_due_timestamp_seconds{Series}) - time() > 0", Labels, language == "en" ? " The first is due in " : "最早一起还有 ", "humanizeDuration", language == "en" ? "." : "到期。");

    private static string Left(string language) => Promql.Figure(
        $"max(sla_error_budget_remaining_ratio{Series})", Labels, language == "en" ? " Left of it: " : "目前剩余 ", "humanizePercentage", language == "en" ? "." : "。");

    /// <summary>In service time, as the burn rate is.</summary>
    private static string Exhausted(string language) => Promql.Figure(
        $"max(sla_error_budget_remaining_ratio{Series}) * max(sla_error_budget_seconds{Series}) / ((1 - max(sla_availability_target_ratio{Series})) * %g) > 0", [.. Labels, .. Labels, .. Labels, "$value"],
        language == "en" ? " If it goes on it is used up after " : "若持续，", "humanizeDuration", language == "en" ? " of service time." : "服务时间后耗尽。");

    private static (string Label, string En, string Zh) Words(TargetPeriod period) => period switch
    {
        TargetPeriod.Month => ("month", "the month", "月"),
        TargetPeriod.Quarter => ("quarter", "the quarter", "季度"),
        TargetPeriod.Year => ("year", "the year", "年"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static (string En, string Zh) Words(string window) => window switch
    {
        "1h" => ("the last hour", "最近 1 小时"),
        "6h" => ("the last six hours", "最近 6 小时"),
        _ => ("the last three days", "最近 3 天"),
    };

    private static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
