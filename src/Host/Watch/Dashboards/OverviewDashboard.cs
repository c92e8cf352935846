namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>The state of everything in one line, then commitments and services with the worst first, then how the quarter has gone.</summary>
internal static class OverviewDashboard
{
    private const string ByCommitment = "sla_centre, sla_commitment";
    private const string ByService = "sla_centre, sla_service";

    private static readonly Scope Scope = new(Scope.Centre);

    public static Dashboard Of(Language l, string host) => new(
        "overview", l, l.Of("SLA 总览", "SLA overview"),
        l.Of("各中心的时限承诺与服务可用性：先看最差的。点表格一行进入详情。", "Every promise of every centre, the worst first. A click on a row leads to its details."),
        Dashboard.ThisQuarter,
        [Variable.Centre(l)],
        [
            (null, Now(l)),
            (null, [Commitments(l)]),
            (null, [Services(l)]),
            (l.Of("本季度走势", "How the quarter has gone"), Trend(l)),
            (null, [Alerts(l)]),
        ])
    {
        HostAddress = host,
        Page = (l.Of("SlaMonitor 看板", "Board of SlaMonitor"), Ways.ToHost(l, "/")),
    };

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("告警", "Alerts"), l.Of("正在触发的告警：须立即处理（叫醒值班）与可排期处理（工单）。", "Alerts of ours that fire: those that page somebody, and those that are tickets."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4)
            .Now($"count({Scope.Firing("page")}) or vector(0)", l.Of("立即", "page")).Now($"count({Scope.Firing("ticket")}) or vector(0)", l.Of("工单", "ticket"))
            .Where(l.Of("工单", "ticket"), ("thresholds", Colours.NoneIsCalm)),
        Panel.Stat(l.Of("逾期未完成", "Overdue now"), l.Of("已过期限而未办结的时限数。一件办件可有多个时限。", "Clocks past their limit that have not stopped. A case can have several."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(3, 4).Now(Scope.Open("overdue")).Leads(l.Of("办件看板", "Cases board"), Ways.To(l, "cases")),
        Panel.Stat(l.Of("即将到期", "Due soon"), l.Of("已进入提醒期、尚可按期办结的时限数。", "Clocks that have passed the reminder before their limit and can still be met."), "locale", l.Of("无", "none"), Colours.NoneIsCalm).Sized(3, 4).Now(Scope.Open("dueSoon")).Leads(l.Of("办件看板", "Cases board"), Ways.To(l, "cases")),
        Panel.Stat(l.Of("低于目标的时限", "Commitments below target"), l.Of("本季度达标率低于目标的时限数；目录未设目标的不计。", "Commitments of which fewer were met this quarter than the catalogue promises. Those without a target do not count."), "locale", l.Of("未设目标", "no target set"), Colours.NoneIsGood).Sized(4, 4)
            .Now($"count({Below}) or 0 * count({Scope.Each("sla_compliance_target_ratio")})"),
        Panel.Stat(l.Of("中断中的服务", "Services down"), l.Of("此刻有未恢复中断的服务数。", "Services with an outage of their own that has not ended."), "locale", l.Of("无服务", "no services"), Colours.NoneIsGood).Sized(3, 4)
            .Now($"sum({Scope.Sum("sla_outage_open", ByService)} > bool 0)"),
        Panel.Stat(l.Of("预算用尽的服务", "Services past their budget"), l.Of("本期停机已超过承诺允许的服务数。", "Services that were down for longer than their promise allows in its whole period."), "locale", l.Of("未设目标", "no target set"), Colours.NoneIsGood).Sized(4, 4)
            .Now($"sum({Scope.Max("sla_error_budget_remaining_ratio", ByService)} < bool 0)"),
        Panel.Stat(l.Of("满意率", "Satisfied"), l.Of("本季度评价中 1 至 3 分（非常满意、满意、基本满意）的比例；默认评价不计。", "Ratings of 1 to 3 among all that were given for cases finished this quarter; those by default are left out."), "percentunit", l.Of("无评价", "no ratings")).Sized(3, 4).Decimals(1)
            .Now($"{Scope.Sum("sla_ratings", more: "score=~\"1|2|3\"")} / ({Scope.Sum("sla_ratings")} > 0)").Leads(l.Of("投诉与好差评", "Complaints and ratings"), Ways.To(l, "voices")),
    ];

    private static string Below => $"{Scope.Achieved(ByCommitment)} < on ({ByCommitment}) {Scope.Each("sla_compliance_target_ratio")}";

    private static Table Commitments(Language l)
    {
        var standing = Standings.OfCommitments(Scope, ByCommitment, Below);
        var (target, settled) = (Scope.Each("sla_compliance_target_ratio"), Scope.Sum("sla_compliance_settled", ByCommitment));
        var table = new Table(
            l.Of("时限承诺（最差在前）", "Commitments, the worst first"),
            l.Of("每行一项时限。达标率＝本季度按期办结数÷应办结数，差距＝达标率−目录所定目标；未设目标的不作比较。依次按低于目标、有逾期、有将到期排列。", "A row a commitment. Achieved is met by settled this quarter, the gap is achieved less the catalogue's target; where none is set, nothing is compared. Below target first, then those with something overdue, then due soon."),
            l.Of("还没有目录", "no catalogue yet"), Scope.Named(Standings.OrderOfCommitments(Scope, ByCommitment, standing), l, Subject.Commitment, Subject.Centre));
        table.Text("commitment", l.Of("时限", "Commitment"), links: (l.Of("查看时限", "Show the commitment"), Ways.To(l, "commitment", ("centre", "sla_centre"), ("commitment", "sla_commitment"))))
            .Text("centre", l.Of("中心", "Centre"), 270)
            .State(l.Of("状态", "State"), standing, 110, Standings.CommitmentWords(l))
            .Column(l.Of("目标", "Target"), Table.OrNone(target, ByCommitment, settled), "percentunit", 80, decimals: 1)
            .Column(l.Of("达标率", "Achieved"), Table.OrNone(Scope.Achieved(ByCommitment), ByCommitment, settled), "percentunit", 95, decimals: 1)
            .Column(l.Of("差距", "Gap"), Table.OrNone($"{Scope.Achieved(ByCommitment)} - on ({ByCommitment}) {target}", ByCommitment, settled), "percentunit", 80, Colours.Gap, 1)
            .Column(l.Of("已计", "Settled"), Scope.Sum("sla_compliance_settled", ByCommitment), "locale", 80, decimals: 0)
            .Column(l.Of("未达标", "Missed"), Scope.Missed(ByCommitment), "locale", 80, decimals: 0)
            .Column(l.Of("在办", "Open"), Scope.Sum("sla_commitments_open", ByCommitment), "locale", 80, decimals: 0)
            .Column(l.Of("将到期", "Due soon"), Scope.Open("dueSoon", ByCommitment), "locale", 90, Colours.Steps(Colours.Plain, (1, Colours.Near)), 0)
            .Column(l.Of("逾期", "Overdue"), Scope.Open("overdue", ByCommitment), "locale", 90, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Column(l.Of("已升级", "Escalated"), Scope.Sum("sla_commitments_escalated", ByCommitment), "locale", 95, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Column(l.Of("季度剩余", "Quarter left"), $"0 * {Scope.Sum("sla_compliance_settled", ByCommitment)} + on (sla_centre) group_left () ({Scope.Max("sla_period_end_timestamp_seconds", "sla_centre", "period=\"quarter\"")} - time()) / 86400", l.Of("suffix:天", "suffix:days"), 110, decimals: 0)
            .Behind("sla_centre", "sla_commitment").Sized(24, 13);
        return table;
    }

    private static Table Services(Language l)
    {
        var standing = Standings.OfServices(Scope);
        var left = Scope.Max("sla_error_budget_remaining_ratio", ByService);
        var (achieved, target) = (Scope.Max("sla_availability_ratio", ByService), Scope.Max("sla_availability_target_ratio", ByService));
        var table = new Table(
            l.Of("服务可用性（最差在前）", "Services, the worst first"),
            l.Of("每行一项服务，按其承诺周期计算。差距＝可用率−目标；预算＝整个周期允许的停机。燃烧＝最近三天消耗预算的速度，1 为恰好用完。本年中断与承诺限次之差为还可中断。", "A row a service, over the period it is promised for. The gap is achieved less target. The budget is what may be lost in the whole period; burn is how fast the last three days used it, 1 being just as fast as promised. Interruptions of the year and how many more are allowed; where no number is promised, none is shown."),
            l.Of("没有服务", "no services"), Scope.Named(Standings.Ordered(ByService, standing, $"500 - 400 * clamp({left}, -1, 1)"), l, Subject.Service, Subject.Centre));
        table.Text("service", l.Of("服务", "Service"), links: (l.Of("查看服务", "Show the service"), Ways.To(l, "service", ("centre", "sla_centre"), ("service", "sla_service"))))
            .Text("centre", l.Of("中心", "Centre"), 270)
            .State(l.Of("状态", "State"), standing, 120, Standings.ServiceWords(l))
            .Column(l.Of("目标", "Target"), target, "percentunit", 90, decimals: 2)
            .Column(l.Of("可用率", "Achieved"), achieved, "percentunit", 95, decimals: 2)
            .Column(l.Of("差距", "Gap"), $"{achieved} - {target}", "percentunit", 90, Colours.Steps(Colours.Near, (0, Colours.Good)), 2)
            .Column(l.Of("剩余预算", "Budget left"), left, "percentunit", 105, Colours.Budget, 0)
            .Column(l.Of("剩余停机", "May still be down"), $"{left} * {Scope.Max("sla_error_budget_seconds", ByService)} / 60", l.Of("suffix:分钟", "suffix:min"), 150, decimals: 0)
            .Column(l.Of("燃烧（三天）", "Burn, 3 days"), Scope.Max("sla_error_budget_burn_rate", ByService, "window=\"3d\""), "suffix:×", 110, decimals: 1)
            .Column(l.Of("本年中断", "Interruptions"), Scope.Each("sla_interruptions"), "locale", 110, decimals: 0)
            .Column(l.Of("还可中断", "Still allowed"), Table.OrNone($"{Scope.Each("sla_interruptions_limit")} - on ({ByService}) {Scope.Each("sla_interruptions")}", ByService, Scope.Each("sla_interruptions")), "locale", 110, Colours.Steps(Colours.Bad, (0, Colours.Near), (1, Colours.Plain)), 0)
            .Column(l.Of("未恢复", "Outages open"), Scope.Sum("sla_outage_open", ByService), "locale", 120, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Behind("sla_centre", "sla_service").Sized(24, 13);
        return table;
    }

    private static Panel[] Trend(Language l)
    {
        var (worstCommitments, worstServices) = ($"topk(4, {Scope.Missed(ByCommitment, " @ end()")} > 0)", $"bottomk(4, {Scope.Max("sla_error_budget_remaining_ratio", ByService, at: " @ end()")})");
        return
        [
            Panel.Lines(l.Of("达标率：未达标最多的四项", "Share met: the four with the most misses"), l.Of("本季度至今达标率的变化；季度初数量少，起伏大。", "What share was met in the quarter until then. Early in a quarter few have settled, so the lines jump."), "percentunit", l.Of("没有未达标", "nothing was missed")).Sized(8, 9)
                .Over(Scope.Named($"({Scope.Achieved(ByCommitment)}) and on ({ByCommitment}) {worstCommitments}", l, Subject.Commitment), "{{commitment}}"),
            Panel.Areas(l.Of("在办时限", "Open clocks"), l.Of("所选中心全部在办时限，按状态。", "All open clocks of the chosen centres, by where they stand."), "short", l.Of("没有在办", "nothing open")).Sized(8, 9)
                .Over(Scope.Open("overdue"), l.Of("逾期", "overdue")).Over(Scope.Open("dueSoon"), l.Of("将到期", "due soon")).Over(Scope.Open("paused"), l.Of("暂停", "paused")).Over(Scope.Open("running"), l.Of("计时中", "running"))
                .Painted(l.Of("逾期", "overdue"), Colours.Bad).Painted(l.Of("将到期", "due soon"), Colours.Near).Painted(l.Of("暂停", "paused"), Colours.Quiet).Painted(l.Of("计时中", "running"), Colours.Calm),
            Panel.Lines(l.Of("剩余预算：最少的四项服务", "Budget left: the four with the least"), l.Of("承诺允许的停机还剩多少；到 0 即违约，周期开始时恢复为 100%。", "How much of the downtime that the promise allows is left. At 0 the promise is broken; a new period begins with all of it."), "percentunit", l.Of("没有承诺可用率的服务", "no service has a target")).Sized(8, 9)
                .Over(Scope.Named($"{Scope.Max("sla_error_budget_remaining_ratio", ByService)} and on ({ByService}) {worstServices}", l, Subject.Service), "{{service}}")
                .MarkedAt(Colours.Steps("transparent", (0, Colours.Bad))),
        ];
    }

    private static Table Alerts(Language l)
    {
        const string By = "alertname, severity, sla_centre, sla_commitment, sla_service";
        var fires = $"max by ({By}) ({Scope.Firing()})";
        var order = $"2 * max by ({By}) ({Scope.Firing("page")}) or on ({By}) {fires}";
        // An alert without a name for what it is about is an alert all the same.
        var named = $"{Scope.NamedIfAny(order, l, Subject.Commitment, Subject.Service, Subject.Centre)} or on ({By}) {order}";
        var table = new Table(l.Of("正在触发的告警", "Alerts that fire"), l.Of("由 Prometheus 规则产生，须立即处理的在前；说明与处置见每条告警的手册。", "Made by the rules in Prometheus, those that page somebody first. What each means and what to do stands in its runbook."), l.Of("没有告警", "no alert fires"), named);
        table.Text("alertname", l.Of("告警", "Alert")).Text("severity", l.Of("级别", "Severity"), 110).Text("centre", l.Of("中心", "Centre"), 240).Text("commitment", l.Of("时限", "Commitment"), 270).Text("service", l.Of("事项或服务", "Service"), 270)
            .Column(l.Of("开始", "Since"), $"1000 * max by ({By}) (ALERTS_FOR_STATE{{alertname=~\"Sla.+\",sla_centre=~\"$centre|\"}}) and on ({By}) {fires}", "dateTimeAsIso", 180)
            .Behind("sla_centre", "sla_commitment", "sla_service").Sized(24, 9);
        return table;
    }
}
