namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>One commitment: how it is kept, by which services it is not, and when it was broken.</summary>
internal static class CommitmentDashboard
{
    private const string By = "sla_centre, sla_commitment";
    private const string ByService = "sla_centre, sla_commitment, sla_service";

    private static readonly Scope Scope = new(Scope.Centre, ("sla_commitment", "sla_commitment=\"$commitment\""));

    public static Dashboard Of(Language l, string host) => new(
        "commitment", l, l.Of("SLA 时限", "SLA commitment"), l.Of("一项时限：达标情况、拖后的事项、何时超期。", "One commitment: how it is kept, which services fall short, and when it was broken."), Dashboard.ThisQuarter,
        [Variable.Centre(l), Variable.Commitment(l, several: false)],
        [(null, Now(l)), (null, Open(l)), (null, [Services(l)]), (l.Of("本季度走势", "How the quarter has gone"), Trend(l))])
    {
        HostAddress = host,
        Page = (l.Of("SlaMonitor 办件", "Cases in SlaMonitor"), Ways.ToHost(l, "/board/cases", ("commitment", "${commitment:percentencode}"))),
        Marks = [(l.Of("超期", "Breach"), $"{Breaches()} - {Breaches(" offset 1h")} > 0", "{{sla_centre}}")],
    };

    private static string Breaches(string at = "") => Scope.Sum("sla_commitments_settled_total", By, "verdict=\"breached\"", at);

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("达标率", "Achieved"), l.Of("本季度按期数÷已计数。", "Met by settled, this quarter."), "percentunit", l.Of("尚无", "nothing settled")).Sized(4, 4).Decimals(1).Now(Scope.Achieved(By)),
        Panel.Stat(l.Of("目标", "Target"), l.Of("目录所定目标。", "The target that the catalogue sets."), "percentunit", l.Of("未设目标", "none set")).Sized(4, 4).Decimals(1).Now(Scope.Each("sla_compliance_target_ratio")),
        Panel.Stat(l.Of("与目标之差", "Against target"), l.Of("达标率−目标；未设目标的不作比较。", "Achieved less target; not compared where none is set."), "percentunit", l.Of("未设目标", "no target"), Colours.Gap).Sized(4, 4).Decimals(1).Now($"{Scope.Achieved(By)} - on ({By}) {Scope.Each("sla_compliance_target_ratio")}"),
        Panel.Stat(l.Of("已计", "Settled"), l.Of("本季度按期或超期的时限数。", "Clocks met or breached this quarter."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Sum("sla_compliance_settled", By)),
        Panel.Stat(l.Of("未达标", "Missed"), l.Of("本季度超期的时限数，含仍未办结的。", "Of these breached, those still open too."), "locale", l.Of("无", "none"), Colours.Steps(Colours.Good, (1, Colours.Plain))).Sized(4, 4).Now(Scope.Missed(By)),
        Panel.Stat(l.Of("季度剩余", "Quarter left"), l.Of("距本季度结束。", "Until the quarter ends."), l.Of("suffix:天", "suffix:days"), l.Of("未知", "not known")).Sized(4, 4).Decimals(0)
            .Now($"({Scope.Max("sla_period_end_timestamp_seconds", "sla_centre", "period=\"quarter\"")} - time()) / 86400 and on (sla_centre) {Scope.Sum("sla_compliance_settled", By)}"),
    ];

    private static Panel[] Open(Language l) =>
    [
        Panel.Stat(l.Of("在办", "Open"), l.Of("尚未停止的时限数。", "Clocks that have not stopped."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Sum("sla_commitments_open", By)),
        Panel.Stat(l.Of("暂停", "Paused"), l.Of("依法不计时间的时限数。", "Clocks whose time does not count at present."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Open("paused", By)),
        Panel.Stat(l.Of("即将到期", "Due soon"), l.Of("已进入提醒期。", "Past the reminder before their limit."), "locale", l.Of("无", "none"), Colours.NoneIsCalm).Sized(4, 4).Now(Scope.Open("dueSoon", By)),
        Panel.Stat(l.Of("逾期", "Overdue"), l.Of("已过期限而未办结。", "Past their limit and not stopped."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Scope.Open("overdue", By)),
        Panel.Stat(l.Of("已升级", "Escalated"), l.Of("逾期后又过升级期限（目录规定，如三个工作日）。", "Overdue for longer than the catalogue's escalation allows, such as three working days."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Scope.Sum("sla_commitments_escalated", By)),
        Panel.Stat(l.Of("下一到期", "Next due in"), l.Of("最近一个计时中的时限距到期。", "Until the next running clock falls due."), l.Of("suffix:小时", "suffix:hours"), l.Of("没有计时中的", "nothing running")).Sized(4, 4).Decimals(1).Now($"(min by ({By}) ({Scope.Each("sla_next_due_timestamp_seconds")}) - time()) / 3600"),
    ];

    private static Table Services(Language l)
    {
        var target = $"on ({By}) group_left () {Scope.Each("sla_compliance_target_ratio")}";
        var standing = Standings.OfCommitments(Scope, ByService, $"{Scope.Achieved(ByService)} < {target}");
        var settled = Scope.Sum("sla_compliance_settled", ByService);
        var table = new Table(
            l.Of("按事项（最差在前）", "By service, the worst first"), l.Of("只列本季度有已计或在办的事项；投诉类时限按投诉类别。点事项看其办件。", "Only services with something settled this quarter or open. Commitments on complaints stand by category. A click leads to the cases."), l.Of("没有办件", "no cases"),
            Scope.Named($"({Standings.OrderOfCommitments(Scope, ByService, standing)}) >= 1e6", l, Subject.Service, Subject.Centre));
        var there = $" and on ({ByService}) ({Scope.Sum("sla_compliance_settled", ByService)} + {Scope.Sum("sla_commitments_open", ByService)}) > 0";
        table.Text("service", l.Of("事项", "Service"), 0, Leads(l))
            .Text("centre", l.Of("中心", "Centre"), 270)
            .State(l.Of("状态", "State"), $"({standing}){there}", 105, Standings.CommitmentWords(l))
            .Column(l.Of("达标率", "Achieved"), Table.OrNone(Scope.Achieved(ByService), ByService, settled) + there, "percentunit", 90, decimals: 1)
            .Column(l.Of("差距", "Gap"), Table.OrNone($"{Scope.Achieved(ByService)} - {target}", ByService, settled) + there, "percentunit", 75, Colours.Gap, 1)
            .Column(l.Of("已计", "Settled"), Scope.Sum("sla_compliance_settled", ByService) + there, "locale", 78, decimals: 0)
            .Column(l.Of("未达标", "Missed"), $"({Scope.Missed(ByService)}){there}", "locale", 78, decimals: 0)
            .Column(l.Of("在办", "Open"), Scope.Sum("sla_commitments_open", ByService) + there, "locale", 78, decimals: 0)
            .Column(l.Of("将到期", "Due soon"), Scope.Open("dueSoon", ByService) + there, "locale", 88, Colours.Steps(Colours.Plain, (1, Colours.Near)), 0)
            .Column(l.Of("逾期", "Overdue"), Scope.Open("overdue", ByService) + there, "locale", 88, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Column(l.Of("已升级", "Escalated"), Scope.Sum("sla_commitments_escalated", ByService) + there, "locale", 92, Colours.Steps(Colours.Plain, (1, Colours.Bad)), 0)
            .Column(l.Of("下一到期", "Next due"), Table.OrNone($"1000 * min by ({ByService}) ({Scope.Each("sla_next_due_timestamp_seconds")})", ByService, settled) + there, "dateTimeAsIso", 170)
            .Behind("sla_centre", "sla_commitment", "sla_service").Sized(24, 13);
        return table;
    }

    private static (string, string)[] Leads(Language l) =>
    [
        (l.Of("办件看板", "Cases board"), Ways.To(l, "cases", ("centre", "sla_centre"), ("commitment", "sla_commitment"), ("service", "sla_service"))),
        (l.Of("SlaMonitor 中的办件", "Cases in SlaMonitor"), Ways.ToHost(l, "/board/cases", ("centre", Ways.Field("sla_centre")), ("commitment", Ways.Field("sla_commitment")), ("item", Ways.Field("sla_service")))),
    ];

    private static Panel[] Trend(Language l)
    {
        var (met, missed, target) = (l.Of("按期", "met"), l.Of("超期", "breached"), l.Of("目标", "target"));
        var (overdue, soon, paused, running) = (l.Of("逾期", "overdue"), l.Of("将到期", "due soon"), l.Of("暂停", "paused"), l.Of("计时中", "running"));
        return
        [
            Panel.Lines(l.Of("达标率与目标", "Achieved against target"), l.Of("本季度至当时；季度初数量少，起伏大。红色标记为超期。", "In the quarter until then. Early in a quarter few have settled. Red marks are breaches."), "percentunit", l.Of("尚无", "nothing settled")).Sized(8, 9)
                .Over(Scope.Named($"{Scope.Achieved(By)}", l, Subject.Centre), "{{centre}}").Over($"max({Scope.Each("sla_compliance_target_ratio")})", target).Painted(target, Colours.Bad, dashed: true),
            Panel.Days(l.Of("每日按期与超期", "Settled a day"), l.Of("每根柱为前 24 小时（按 UTC 日），已扣更正。", "Each bar is the day before it (days of UTC), corrections taken off."), "short", l.Of("还不到一天", "not a day yet")).Sized(8, 9)
                .Over(Scope.InDay("sla_commitments_settled_total", "verdict", "verdict=\"met\""), met, "1d").Over(Scope.InDay("sla_commitments_settled_total", "verdict", "verdict=\"breached\""), missed, "1d").Painted(met, Colours.Good).Painted(missed, Colours.Bad),
            Panel.Areas(l.Of("在办", "Open"), l.Of("在办时限，按状态。", "Open clocks by where they stand."), "short", l.Of("没有在办", "nothing open")).Sized(8, 9)
                .Over(Scope.Open("overdue"), overdue).Over(Scope.Open("dueSoon"), soon).Over(Scope.Open("paused"), paused).Over(Scope.Open("running"), running)
                .Painted(overdue, Colours.Bad).Painted(soon, Colours.Near).Painted(paused, Colours.Quiet).Painted(running, Colours.Calm),
        ];
    }
}
