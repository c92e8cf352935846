using SlaMonitor.Domain.Availability;

namespace SlaMonitor.Domain.Outages;

/// <summary>A fact about an outage of a service (服务中断), reported from outside and never refused.</summary>
public abstract record OutageEvent : StreamEvent
{
    private OutageEvent()
    {
    }

    /// <summary>The service was lost, or a share of it. Component: the part of it that failed. Cause: in the reporter's words.</summary>
    public sealed record Started(string Service, string? Component, LostShare Lost, string? Urgency, string? Impact, string? Cause) : OutageEvent;

    /// <summary>More or less is lost from here on, or it is urgent or far-reaching in another degree; null: as before.</summary>
    public sealed record ImpactChanged(LostShare? Lost, string? Urgency, string? Impact) : OutageEvent
    {
        /// <inheritdoc/>
        internal override bool ChangesLimits => true;
    }

    /// <summary>The service is there again. Assumed: nobody said so, and it is known only that it must have been by then.</summary>
    public sealed record Restored(bool Assumed) : OutageEvent;

    /// <summary>It was none.</summary>
    public sealed record Voided(string Reason) : OutageEvent;
}
