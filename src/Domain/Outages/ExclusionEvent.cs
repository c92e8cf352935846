using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Outages;

/// <summary>What was decided here about time that should not count. It stands in the stream of the outage or the maintenance it is about.</summary>
public abstract record ExclusionEvent : StreamEvent
{
    private ExclusionEvent()
    {
    }

    /// <summary>Which exclusion of the stream.</summary>
    public abstract string Exclusion { get; init; }

    /// <summary>Asked for, with evidence.</summary>
    public sealed record Proposed(string Exclusion, ExclusionKind Kind, Instant From, Instant Until, string Evidence, string By) : ExclusionEvent;

    /// <summary>Granted.</summary>
    public sealed record Approved(string Exclusion, string Approver) : ExclusionEvent;

    /// <summary>Not granted.</summary>
    public sealed record Refused(string Exclusion, string By, string Reason) : ExclusionEvent;

    /// <summary>Granted before, and taken back.</summary>
    public sealed record Revoked(string Exclusion, string By, string Reason) : ExclusionEvent;
}
