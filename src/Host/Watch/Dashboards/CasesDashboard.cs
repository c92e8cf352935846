namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>What is to be done next: what is overdue, what will be, and where the lists of cases are.</summary>
internal static class CasesDashboard
{
    private const string By = "sla_centre, sla_commitment, sla_service";

    private static readonly Scope Scope = new(Scope.Centre, ("sla_commitment", "sla_commitment=~\"$commitment\""), ("sla_service", "sla_service=~\"$service\""));

    public static Dashboard Of(Language l, string host) => new(
        "cases", l, l.Of("SLA 办件看板", "SLA cases board"),
        l.Of("接下来该办什么。点一行打开 SlaMonitor 中这些办件的清单，再从清单进入每件的计时说明。", "What is to be done next. A click on a row opens the list of these cases in SlaMonitor, and from there each case's page explains how its limits were counted."),
        "now-7d", [Variable.Centre(l), Variable.Commitment(l, several: true), Variable.Service(l, "sla_commitments_open", several: true)],
        [(null, Now(l)), (null, [Late(l)]), (null, [Next(l)]), (l.Of("最近变化", "How it has gone"), Trend(l))])
    {
        HostAddress = host,
        Page = (l.Of("SlaMonitor 办件清单", "Cases in SlaMonitor"), Ways.ToHost(l, "/board/cases", ("state", "open"))),
    };

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("已升级", "Escalated"), l.Of("逾期后又过升级期限（目录规定，如三个工作日）。", "Overdue for longer than the catalogue's escalation allows, such as three working days."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Scope.Sum("sla_commitments_escalated")),
        Panel.Stat(l.Of("逾期", "Overdue"), l.Of("已过期限而未办结的时限数，含已升级。", "Clocks past their limit that have not stopped, the escalated ones too."), "locale", l.Of("无", "none"), Colours.NoneIsGood).Sized(4, 4).Now(Scope.Open("overdue")),
        Panel.Stat(l.Of("即将到期", "Due soon"), l.Of("已进入提醒期、尚可按期办结。", "Past the reminder before their limit; can still be met."), "locale", l.Of("无", "none"), Colours.NoneIsCalm).Sized(4, 4).Now(Scope.Open("dueSoon")),
        Panel.Stat(l.Of("计时中", "Running"), l.Of("离到期尚早。", "Not yet near their limit."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Open("running")),
        Panel.Stat(l.Of("暂停", "Paused"), l.Of("依法不计时间。", "Their time does not count at present."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Open("paused")),
        Panel.Stat(l.Of("下一到期", "Next due in"), l.Of("最近一个计时中的时限距到期。", "Until the next running clock falls due."), l.Of("suffix:小时", "suffix:hours"), l.Of("没有计时中的", "nothing running")).Sized(4, 4).Decimals(1).Now($"(min({Scope.Each("sla_next_due_timestamp_seconds")}) - time()) / 3600"),
    ];

    private static Table Late(Language l)
    {
        var (escalated, overdue, soon) = (Scope.Sum("sla_commitments_escalated", By), Scope.Open("overdue", By), Scope.Open("dueSoon", By));
        var there = $" and on ({By}) ({overdue} + {soon}) > 0";
        var table = new Table(
            l.Of("须处理（最差在前）", "To be dealt with, the worst first"), l.Of("有逾期或即将到期的时限与事项：先已升级，再逾期，再将到期。", "Commitments and services with something overdue or due soon: the escalated first, then the overdue, then the due soon."), l.Of("没有逾期，也没有将到期的", "nothing overdue and nothing due soon"),
            Scope.Named($"1e8 * ({escalated} or on ({By}) 0 * {overdue}) + on ({By}) 1e4 * {overdue} + on ({By}) {soon}{there}", l, Subject.Commitment, Subject.Service, Subject.Centre));
        table.Text("commitment", l.Of("时限", "Commitment"), 0, Lead(l))
            .Text("service", l.Of("事项", "Service"), 0, Row(l, "overdue", l.Of("逾期办件", "Overdue cases")), Row(l, "dueSoon", l.Of("将到期办件", "Cases due soon")))
            .Text("centre", l.Of("中心", "Centre"), 270);
        Counted(l.Of("已升级", "Escalated"), escalated, Colours.Bad);
        Counted(l.Of("逾期", "Overdue"), overdue, Colours.Bad);
        Counted(l.Of("将到期", "Due soon"), soon, Colours.Near);
        table.Column(l.Of("在办", "Open"), Scope.Sum("sla_commitments_open", By) + there, "locale", 110, decimals: 0).Behind("sla_centre", "sla_commitment", "sla_service").Sized(24, 13);
        return table;

        void Counted(string title, string expression, string colour) =>
            table.Column(title, expression + there, "locale", 120, Colours.Steps(Colours.Plain, (1, colour)), 0);
    }

    private static Table Next(Language l)
    {
        var due = $"min by ({By}) ({Scope.Each("sla_next_due_timestamp_seconds")})";
        var there = $" and on ({By}) {due}";
        var table = new Table(l.Of("下一到期（最早在前）", "Next due, the earliest first"), l.Of("每项时限与事项最近一个计时中的时限何时到期。", "When the next running clock of each commitment and service falls due."), l.Of("没有计时中的", "nothing running"), Scope.Named(due, l, Subject.Commitment, Subject.Service, Subject.Centre), ascending: true);
        table.Text("commitment", l.Of("时限", "Commitment"), 0, Lead(l))
            .Text("service", l.Of("事项", "Service"), 0, Row(l, "open", l.Of("打开清单", "Open the list")))
            .Text("centre", l.Of("中心", "Centre"), 270)
            .Column(l.Of("到期", "Due"), $"1000 * {due}", "dateTimeAsIso", 180)
            .Column(l.Of("还有", "In"), $"({due} - time()) / 3600", l.Of("suffix:小时", "suffix:hours"), 140, Colours.Steps(Colours.Near, (1, Colours.Plain)), 1)
            .Column(l.Of("在办", "Open"), Scope.Sum("sla_commitments_open", By) + there, "locale", 110, decimals: 0)
            .Behind("sla_centre", "sla_commitment", "sla_service").Sized(24, 13);
        return table;
    }

    private static (string, string) Lead(Language l) => (l.Of("查看时限", "Show the commitment"), Ways.To(l, "commitment", ("centre", "sla_centre"), ("commitment", "sla_commitment")));

    private static (string, string) Row(Language l, string state, string title) =>
        (title, Ways.ToHost(l, "/board/cases", ("centre", Ways.Field("sla_centre")), ("commitment", Ways.Field("sla_commitment")), ("item", Ways.Field("sla_service")), ("state", state)));

    private static Panel[] Trend(Language l)
    {
        var (escalated, overdue, soon) = (l.Of("已升级", "escalated"), l.Of("逾期", "overdue"), l.Of("将到期", "due soon"));
        return
        [
            Panel.Lines(l.Of("逾期与将到期", "Overdue and due soon"), l.Of("所选时限与事项。", "Of the chosen commitments and services."), "short", l.Of("没有", "none")).Sized(12, 9).Within(0)
                .Over(Scope.Sum("sla_commitments_escalated"), escalated).Over(Scope.Open("overdue"), overdue).Over(Scope.Open("dueSoon"), soon).Painted(escalated, "dark-red").Painted(overdue, Colours.Bad).Painted(soon, Colours.Near),
            Panel.Lines(l.Of("在办案件：最多的四个中心", "Open cases: the four centres with the most"), l.Of("所选事项尚未办结的案件，按中心。一件可有多个时限。", "Cases of the chosen services that are not closed, by centre. A case can have several clocks."), "short", l.Of("没有在办", "nothing open")).Sized(12, 9)
                .Over(Scope.Named($"{Scope.Sum("sla_cases_open", "sla_centre")} and on (sla_centre) topk(4, {Scope.Sum("sla_cases_open", "sla_centre", at: " @ end()")})", l, Subject.Centre), "{{centre}}").Within(0),
        ];
    }
}
