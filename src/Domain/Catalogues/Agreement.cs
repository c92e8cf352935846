using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>What is agreed about services.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Kind">With whom.</param>
/// <param name="Names">What people call it.</param>
/// <param name="Provider">Who promises.</param>
/// <param name="Customer">To whom.</param>
/// <param name="From">From this date it holds (有效期限), in the centre's zone.</param>
/// <param name="Until">From this date it holds no more; null: no end is agreed.</param>
/// <param name="Services">What it covers, with targets of its own.</param>
/// <param name="Supports">Of an OLA or UC: the SLAs it carries.</param>
/// <param name="Exclusions">What may be excluded; a kind that is not here cannot be.</param>
/// <param name="Unobserved">What time counts for in which nothing watched.</param>
/// <param name="AgreementYear">The day the count of interruptions of a year begins; null: the calendar year back from the instant asked.</param>
/// <param name="Review">How often it is reviewed; null: not said.</param>
/// <param name="Texts">What else it says.</param>
public sealed record Agreement(
    string Id, AgreementKind Kind, Names Names, string Provider, string Customer, LocalDate From, LocalDate? Until, ValueList<CoveredService> Services,
    ValueList<string> Supports, ValueList<ExclusionRule> Exclusions, UnobservedAs Unobserved, AnnualDate? AgreementYear, Period? Review, AgreementTexts Texts)
{
    /// <summary>True when it holds on a date.</summary>
    public bool HoldsOn(LocalDate date) => date >= From && !(date >= Until);

    /// <summary>True when it is about a service.</summary>
    public bool Covers(string service) => Find(service) is not null;

    /// <summary>What it promises of a service: its own targets, for the rest those of the service. Nothing of one it does not cover.</summary>
    public ServiceTargets TargetsOf(ItService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Find(service.Id) is not { } covered ? ServiceTargets.None : covered.Targets?.Over(service.Targets) ?? service.Targets;
    }

    /// <summary>What has to hold for an exclusion of a kind; null: that kind cannot be excluded.</summary>
    public ExclusionRule? ExclusionOf(ExclusionKind kind) => Exclusions.FirstOrDefault(e => e.Kind == kind);

    private CoveredService? Find(string service) => Services.FirstOrDefault(s => s.Service == service);
}

/// <summary>With whom something is agreed. In the order in which they count for a service that several cover.</summary>
public enum AgreementKind
{
    /// <summary>With the customer: a service level agreement (服务级别协议).</summary>
    Sla,

    /// <summary>Between teams: an operational level agreement (运营级别协议).</summary>
    Ola,

    /// <summary>By a supplier: an underpinning contract (支持合同).</summary>
    Uc,
}

/// <summary>A service an agreement covers and what it promises of it; null: what the service's own targets say.</summary>
public sealed record CoveredService(string Service, TargetChanges? Targets);

/// <summary>Targets that take the place of a service's own; what is null stays as it is.</summary>
public sealed record TargetChanges(decimal? Availability, TargetPeriod? Period, int? InterruptionsPerYear, LimitTable? Restore)
{
    /// <summary>The targets with these in their place.</summary>
    public ServiceTargets Over(ServiceTargets own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return new(Availability ?? own.Availability, Period ?? own.Period, InterruptionsPerYear ?? own.InterruptionsPerYear, Restore ?? own.Restore);
    }
}

/// <summary>What may be excluded from a promise.</summary>
public enum ExclusionKind
{
    /// <summary>Maintenance that was announced in time.</summary>
    PlannedMaintenance,

    /// <summary>不可抗力.</summary>
    ForceMajeure,

    /// <summary>Caused by somebody neither party answers for.</summary>
    ThirdParty,

    /// <summary>Caused by the customer.</summary>
    Customer,
}

/// <summary>What time of a kind counts for, and how long before its start it must have been announced; null: it need not be.</summary>
public sealed record ExclusionRule(ExclusionKind Kind, ExclusionTreatment Treat, Limit? Notice);

/// <summary>Of the parts an SLA has to have, those that are prose: five of the eight, and security.</summary>
/// <param name="Overview">服务概述.</param>
/// <param name="ChangeControl">变更控制机制.</param>
/// <param name="Processes">关键流程描述.</param>
/// <param name="Duties">双方的责任和义务.</param>
/// <param name="Contact">沟通渠道.</param>
/// <param name="Security">安全要求.</param>
public sealed record AgreementTexts(string? Overview, string? ChangeControl, string? Processes, string? Duties, string? Contact, string? Security);
