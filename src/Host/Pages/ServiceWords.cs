using System.Globalization;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Pages;

/// <summary>Services, their figures and what these were counted from, as people say it.</summary>
internal sealed partial record PageLanguage
{
    /// <summary>What a stretch of time counted for.</summary>
    public string Of(AvailabilityReason reason) => reason switch
    {
        AvailabilityReason.NotValid => Of("未约定：当时没有生效的服务定义", "nothing agreed: the service was not in force"),
        AvailabilityReason.OutsideHours => Of("服务时间之外", "outside service hours"),
        AvailabilityReason.LeftOut => Of("经批准排除，不计入约定时间", "left out by an approved exclusion"),
        AvailabilityReason.Down => Of("中断，计为停机", "lost; counts as downtime"),
        AvailabilityReason.UpByExclusion => Of("中断，但经批准不计停机", "lost, but an approved exclusion lets it count as up"),
        AvailabilityReason.UnobservedLeftOut => Of("无人监测，不计入约定时间", "nobody watched; not agreed time"),
        AvailabilityReason.UnobservedUp => Of("无人监测，按可用计", "nobody watched; counts as up"),
        AvailabilityReason.UnobservedDown => Of("无人监测，按停机计", "nobody watched; counts as down"),
        AvailabilityReason.Up => Of("可用", "up"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>How a service is now.</summary>
    public string Of(ServiceCondition condition) => condition switch
    {
        ServiceCondition.Down => Of("中断", "down"),
        ServiceCondition.Reduced => Of("部分中断", "partly lost"),
        ServiceCondition.LostOutsideHours => Of("中断（服务时间外）", "lost, outside service hours"),
        ServiceCondition.Unobserved => Of("未监测", "not observed"),
        ServiceCondition.Excluded => Of("排除时段", "excluded time"),
        ServiceCondition.Closed => Of("服务时间外", "outside service hours"),
        ServiceCondition.Up => Of("可用", "up"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>With whom something is agreed.</summary>
    public string Of(AgreementKind kind) => kind switch
    {
        AgreementKind.Sla => Of("服务级别协议 SLA", "SLA"),
        AgreementKind.Ola => Of("运营级别协议 OLA", "OLA"),
        AgreementKind.Uc => Of("支持合同 UC", "UC"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Why time was excluded.</summary>
    public string Of(ExclusionKind kind) => kind switch
    {
        ExclusionKind.PlannedMaintenance => Of("计划维护", "planned maintenance"),
        ExclusionKind.ForceMajeure => Of("不可抗力", "force majeure"),
        ExclusionKind.ThirdParty => Of("第三方原因", "third party"),
        ExclusionKind.Customer => Of("客户原因", "caused by the customer"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Where an exclusion stands, by its stored word.</summary>
    public string Exclusion(string state) => state switch
    {
        "proposed" => Of("待批", "proposed, counts for nothing yet"),
        "approved" => Of("已批准", "approved"),
        "refused" => Of("未批准", "refused"),
        "revoked" => Of("已撤销", "revoked"),
        _ => state,
    };

    /// <summary>What an event of an outage is about. A cause stands apart, as its reporter wrote it.</summary>
    public string About(StreamEvent fact, Func<string, string> service, Func<NodaTime.Instant?, string> time) => fact switch
    {
        OutageEvent.Started e => Joined(service(e.Service), e.Component, Lost(e.Lost), Weight(e.Urgency, e.Impact)),
        OutageEvent.ImpactChanged e => Joined(e.Lost is { } lost ? Lost(lost) : null, Weight(e.Urgency, e.Impact)),
        OutageEvent.Restored { Assumed: true } => Of("推定：无人报告，至迟此时已恢复", "assumed: nobody said so, and it must have been by then"),
        ExclusionEvent.Proposed e => Joined(e.Exclusion, Of(e.Kind), $"{time(e.From)} – {time(e.Until)}"),
        ExclusionEvent e => e.Exclusion,
        _ => "",
    };

    /// <summary>How much is lost.</summary>
    public string Lost(LostShare share) => share == LostShare.Whole ? Of("全部中断", "all lost") : Of($"损失 {Percent(share.ToDecimal())}", $"{Percent(share.ToDecimal())} lost");

    private string? Weight(string? urgency, string? impact) => (urgency ?? impact) is null ? null : Of($"紧急 {urgency ?? "–"} / 影响 {impact ?? "–"}", $"urgency {urgency ?? "–"} / impact {impact ?? "–"}");

    private static string Joined(params ReadOnlySpan<string?> parts) => string.Join(" · ", parts.ToArray().Where(p => !string.IsNullOrEmpty(p)));

    /// <summary>The span an availability is promised for.</summary>
    public string Of(TargetPeriod period) => period switch
    {
        TargetPeriod.Month => Of("按月", "each month"),
        TargetPeriod.Quarter => Of("按季度", "each quarter"),
        TargetPeriod.Year => Of("按年", "each year"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What unobserved time counts as.</summary>
    public string Of(UnobservedAs unobserved) => unobserved switch
    {
        UnobservedAs.LeftOut => Of("不计入", "left out"),
        UnobservedAs.Up => Of("按可用计", "counted as up"),
        UnobservedAs.Down => Of("按停机计", "counted as down"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Why no availability can be said.</summary>
    public string WhyNone(AvailabilityTotals totals) => totals switch
    {
        { Hours: 0 } => Of("无服务时间或尚未生效", "no service hours, or not in force"),
        var t when t.LeftOut >= t.Hours => Of("全部时间经批准排除", "all of it was left out by exclusions"),
        _ => Of("无人监测", "nobody watched"),
    };

    /// <summary>A restore limit's verdict by its word; null: no limit.</summary>
    public string Restored(string? state) => state switch
    {
        "met" => Of("按时恢复", "in time"),
        "breached" => Of("超时", "late"),
        "running" => Of("尚未到期", "not due yet"),
        _ => Of("无时限", "no limit"),
    };

    /// <summary>A length of service time in hours: days of it would have as many hours as the service has.</summary>
    public string Hours(long ticks)
    {
        var (sign, seconds) = (ticks < 0 ? "−" : "", Math.Abs(ticks) / Tick.PerSecond);
        var text = seconds switch
        {
            0 => ticks == 0 ? Of("0 分", "0 min") : Of("不足 1 秒", "under 1 s"),
            < 60 => Of($"{seconds} 秒", $"{seconds} s"),
            < 3600 => Of($"{seconds / 60} 分{(seconds % 60 == 0 ? "" : $" {seconds % 60} 秒")}", $"{seconds / 60} min{(seconds % 60 == 0 ? "" : $" {seconds % 60} s")}"),
            _ => Of($"{PageFrame.Number(seconds / 3600)} 小时 {seconds / 60 % 60} 分", $"{PageFrame.Number(seconds / 3600)} h {seconds / 60 % 60} min"),
        };
        return sign + text;
    }

    /// <summary>The same of ticks times billionths.</summary>
    public string Hours(Int128 lost) => Hours((long)(lost / LostShare.Scale));

    /// <summary>A ratio in percent, never rounded up: 100 % is only said of all, and what misses a target never looks as if it met it.</summary>
    public static string Percent(ExactRatio ratio)
    {
        const int Places = 100_000;
        var thousandths = (ratio.Numerator * Places / ratio.Denominator) - (ratio.Numerator < 0 && ratio.Numerator * Places % ratio.Denominator != 0 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)thousandths / 1000:0.###} %");
    }

    /// <summary>A share in percent, exactly.</summary>
    public static string Percent(decimal share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#######} %");
}
