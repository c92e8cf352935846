using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>One service: what is promised, what is left of it, and when it was down.</summary>
internal static class ServiceDashboard
{
    private const string By = "sla_centre, sla_service";

    private static readonly Scope Scope = new(Scope.Centre, ("sla_service", "sla_service=\"$service\""));

    public static Dashboard Of(Language l, string host) => new(
        "service", l, l.Of("SLA 服务可用性", "SLA service"), l.Of("一项服务：承诺、余量、中断。", "One service: what is promised, what is left, when it was down."), Dashboard.ThisQuarter,
        [Variable.Centre(l), Variable.Service(l, "sla_interruptions", several: false)],
        [(null, Now(l)), (null, Counts(l)), (l.Of("可用率与预算", "Availability and budget"), Budget(l)), (l.Of("中断", "Outages"), Outages(l))])
    {
        HostAddress = host,
        Marks = [(l.Of("燃烧告警", "Burn alert"), "max by (sla_centre, sla_service, severity) (ALERTS{alertname=\"SlaBudgetBurn\",alertstate=\"firing\",sla_centre=~\"$centre|\",sla_service=\"$service\"})", "{{severity}}")],
        Page = (l.Of("SlaMonitor 服务可用性", "Availability in SlaMonitor"), Ways.ToHost(l, "/board/services/${service:percentencode}")),
    };

    private static Panel[] Now(Language l) =>
    [
        Panel.Stat(l.Of("此刻", "Now"), l.Of("有未恢复的中断即为中断中。", "Down while it has an outage of its own that has not ended."), "none", l.Of("未知", "not known"), Colours.NoneIsGood).Sized(4, 4)
            .Now($"clamp_max({Scope.Sum("sla_outage_open", By)}, 1)").Said(("0", l.Of("正常", "up"), Colours.Good), ("1", l.Of("中断", "down"), Colours.Bad)),
        Panel.Stat(l.Of("可用率", "Achieved"), l.Of("本承诺周期至今：（服务时间−停机）÷服务时间，已扣除经批准的除外时间。", "In the promise's period until now: agreed time less downtime by agreed time, without what is excluded."), "percentunit", l.Of("未观测", "not observed")).Sized(4, 4).Decimals(3).Now(Scope.Max("sla_availability_ratio", By)),
        Panel.Stat(l.Of("目标", "Target"), l.Of("目录承诺的可用率。", "The availability that the catalogue promises."), "percentunit", l.Of("未承诺", "none promised")).Sized(4, 4).Decimals(3).Now(Scope.Max("sla_availability_target_ratio", By)),
        Panel.Stat(l.Of("与目标之差", "Against target"), l.Of("可用率−目标。周期未完时低于目标仍可能达标，看剩余预算。", "Achieved less target. Below it before the period ends can still be made good: see the budget."), "percentunit", l.Of("未承诺", "none promised"), Colours.Steps(Colours.Near, (0, Colours.Good))).Sized(4, 4).Decimals(3).Now($"{Scope.Max("sla_availability_ratio", By)} - {Scope.Max("sla_availability_target_ratio", By)}"),
        Panel.Stat(l.Of("剩余预算", "Budget left"), l.Of("整个周期允许的停机还剩几成；低于 0 即已违约。", "The share left of the downtime allowed in the whole period; below 0 the promise is broken."), "percentunit", l.Of("未承诺", "none promised"), Colours.Budget).Sized(4, 4).Decimals(0).Now(Scope.Max("sla_error_budget_remaining_ratio", By)),
        Panel.Stat(l.Of("还可停机", "May still be down"), l.Of("到周期结束前还可停机的时间；负数为已超出。", "For how long until the period ends; below 0: by how much it was down too long."), l.Of("suffix:分钟", "suffix:min"), l.Of("未承诺", "none promised"), Colours.Steps(Colours.Bad, (0, Colours.Plain))).Sized(4, 4).Decimals(0)
            .Now($"{Scope.Max("sla_error_budget_remaining_ratio", By)} * {Scope.Max("sla_error_budget_seconds", By)} / 60"),
    ];

    private static Panel[] Counts(Language l) =>
    [
        Panel.Stat(l.Of("停机", "Downtime"), l.Of("本承诺周期至今的停机。", "In the promise's period until now."), l.Of("suffix:分钟", "suffix:min"), l.Of("未观测", "not observed")).Sized(4, 4).Decimals(0).Now($"{Scope.Max("sla_period_downtime_seconds", By)} / 60"),
        Panel.Stat(l.Of("本年中断", "Interruptions"), l.Of("计入承诺的一年内的中断次数。", "That began in the year that counts for the promise."), "locale", l.Of("无", "none")).Sized(4, 4).Now(Scope.Each("sla_interruptions")),
        Panel.Stat(l.Of("还可中断", "Interruptions left"), l.Of("距承诺限次还有几次；0 为恰好用完，负数为已超出。", "Until the promised limit of the year; at 0 it is used up, below 0 it is broken."), "locale", l.Of("不限次数", "no limit"), Colours.Steps(Colours.Bad, (0, Colours.Near), (1, Colours.Good))).Sized(4, 4).Now($"{Scope.Each("sla_interruptions_limit")} - on ({By}) {Scope.Each("sla_interruptions")}"),
        Panel.Stat(l.Of("须恢复时间", "To be restored in"), l.Of("最近一个未恢复中断距恢复时限；负数为已逾时限。", "Until the limit of the next outage that is open; below 0 it has passed."), l.Of("suffix:分钟", "suffix:min"), l.Of("没有中断", "no outage open"), Colours.Steps(Colours.Bad, (0, Colours.Near))).Sized(4, 4)
            .Decimals(0).Now($"({Scope.Each("sla_outage_restore_due_timestamp_seconds")} - time()) / 60"),
        Panel.Stat(l.Of("按时恢复", "Restored in time"), l.Of("本季度已恢复或逾时的中断中按时恢复的比例。", "Of the outages of this quarter that were restored or overran their limit."), "percentunit", l.Of("本季度没有", "none this quarter")).Sized(4, 4).Decimals(0).Now(Scope.Achieved(By)),
        Panel.Stat(l.Of("观测覆盖", "Observed"), l.Of("服务时间中已知有监测在看的比例；其余时间未必正常。", "The share of service time in which something was known to watch. What nobody watched is not known to have been up."), "percentunit", l.Of("未观测", "not observed"), Colours.Steps(Colours.Near, (0.95, Colours.Plain))).Sized(4, 4).Decimals(1).Now(Scope.Max("sla_observed_ratio", By)),
    ];

    private static Panel[] Budget(Language l)
    {
        var (agreed, target, budget) = (Scope.Max("sla_agreed_seconds", By), Scope.Max("sla_availability_target_ratio", By), Scope.Max("sla_error_budget_seconds", By));
        var (even, tier, net, gross, promised) = (l.Of("匀速使用", "used evenly"), l.Of("1 小时用掉 2%", "2 % in an hour"), l.Of("可用率", "achieved"), l.Of("不扣除外", "with nothing excluded"), l.Of("目标", "target"));
        return
        [
            Panel.Lines(l.Of("剩余预算", "Budget left"), l.Of("低于虚线：用得比匀速快；到 0 即违约。", "Below the dashed line it is used faster than evenly over the period. At 0 the promise is broken."), "percentunit", l.Of("未承诺", "none promised")).Sized(8, 9)
                .Over(Scope.Max("sla_error_budget_remaining_ratio", By), l.Of("剩余预算", "budget left")).Over($"1 - {agreed} * (1 - {target}) / {budget}", even).Painted(even, Colours.Quiet, dashed: true).Painted(l.Of("剩余预算", "budget left"), Colours.Calm)
                .MarkedAt(Colours.Steps("transparent", (0, Colours.Bad))),
            Panel.Lines(l.Of("可用率与目标", "Availability against target"), l.Of("周期至今；“不扣除外”为不扣经批准的维护等时间的结果。", "In the period until then. With nothing excluded: as if no maintenance or other exclusion had been approved."), "percentunit", l.Of("未观测", "not observed")).Sized(8, 9)
                .Over(Scope.Max("sla_availability_gross_ratio", By), gross).Over(Scope.Max("sla_availability_ratio", By), net).Over(target, promised).Painted(promised, Colours.Bad, dashed: true).Painted(net, Colours.Good).Painted(gross, Colours.Quiet),
            Panel.Lines(l.Of("燃烧速度", "Burn rate"), l.Of("各时间窗内消耗预算的速度，1 为恰好在周期结束时用完。告警门槛：按此速度 1 小时服务时间用掉整个周期预算的 2%（虚线）、6 小时 5%、3 天 10%。", "How fast windows of time use the budget: at 1 it lasts exactly for the period. Alerts begin where the pace takes 2 % of the whole budget in one hour of service time (dashed), 5 % in six hours or 10 % in three days."), "suffix:×", l.Of("没有燃烧数据", "no burn rate")).Sized(8, 9)
                .Over(Scope.Max("sla_error_budget_burn_rate", "sla_centre, sla_service, window"), "{{window}}").Painted("1h", "yellow").Painted("6h", "light-blue").Painted("1d", "purple").Painted("3d", "blue").Over($"(0.02 * {budget} / (1 - {target}) / 3600) and on ({By}) 0.02 * {budget} < 3600", tier).Painted(tier, Colours.Bad, dashed: true).Drawn(("scaleDistribution", new JsonObject { ["type"] = "symlog", ["log"] = 10, ["linearThreshold"] = 1 })),
        ];
    }

    private static Panel[] Outages(Language l)
    {
        var down = l.Of("停机", "down");
        var (interruptions, limit) = (l.Of("中断", "interruptions"), l.Of("限次", "limit"));
        return
        [
            Panel.Days(l.Of("每日停机", "Downtime a day"), l.Of("每根柱为前 24 小时（按 UTC 日）的停机，已扣除外。", "Each bar is the day before it (days of UTC), without what is excluded."), l.Of("suffix:分钟", "suffix:min"), l.Of("还不到一天", "not a day yet")).Sized(8, 8)
                .Over($"{Scope.InDay("sla_downtime_seconds_total", By)} / 60", down, "1d").Painted(down, Colours.Near),
            Panel.Lines(l.Of("本年中断次数", "Interruptions of the year"), l.Of("计入承诺的一年内的累计次数与限次。", "Counted up over the year that counts for the promise, with the limit."), "short", l.Of("无", "none")).Sized(8, 8).Within(0)
                .Over(Scope.Each("sla_interruptions"), interruptions).Over(Scope.Each("sla_interruptions_limit"), limit).Painted(interruptions, Colours.Calm).Painted(limit, Colours.Bad, dashed: true).Drawn(("lineInterpolation", "stepAfter")),
            Panel.Lines(l.Of("观测覆盖", "Observed"), l.Of("服务时间中有监测在看的比例，周期至今。", "The share of service time in which something watched, in the period until then."), "percentunit", l.Of("未观测", "not observed")).Sized(8, 8).Within(0, 1)
                .Over(Scope.Max("sla_observed_ratio", By), l.Of("观测覆盖", "observed")).Painted(l.Of("观测覆盖", "observed"), Colours.Calm),
            Panel.Bands(l.Of("何时中断", "When it was down"), l.Of("红色为有未恢复的中断；短于取样间隔的中断可能看不到。", "Red while an outage was open. Shorter ones than the distance of samples may not show."), "none", l.Of("未知", "not known")).Sized(24, 5).Coloured(Colours.NoneIsGood)
                .Over(Scope.Named($"clamp_max({Scope.Sum("sla_outage_open", By)}, 1)", l, Subject.Service), "{{service}}").Said(("0", l.Of("正常", "up"), Colours.Good), ("1", l.Of("中断", "down"), Colours.Bad)),
        ];
    }
}
