using NodaTime;

namespace SlaMonitor.Domain.Outages;

/// <summary>A fact about planned maintenance of a service, reported from outside.</summary>
public abstract record MaintenanceEvent : StreamEvent
{
    private MaintenanceEvent()
    {
    }

    /// <summary>It was planned, and announced at an instant.</summary>
    public sealed record Planned(string Service, Instant From, Instant Until, Instant NoticeAt) : MaintenanceEvent;

    /// <summary>It is at another time; NoticeAt null: announced when it was moved.</summary>
    public sealed record Moved(Instant From, Instant Until, Instant? NoticeAt) : MaintenanceEvent;

    /// <summary>It does not take place.</summary>
    public sealed record Cancelled(string? Reason) : MaintenanceEvent;
}

/// <summary>Planned maintenance as the facts have it. It excludes nothing by itself: an exclusion has to be approved.</summary>
/// <param name="Service">The service; null: nothing was planned yet.</param>
/// <param name="From">When it begins.</param>
/// <param name="Until">When it ends, exclusive.</param>
/// <param name="NoticeAt">When this time was announced.</param>
/// <param name="Moves">How often it was moved.</param>
/// <param name="CancelledAt">When it was called off; null: it was not.</param>
public sealed record Maintenance(string? Service, Instant From, Instant Until, Instant NoticeAt, int Moves, Instant? CancelledAt)
{
    /// <summary>Nothing was planned.</summary>
    public static Maintenance Unknown { get; } = new(null, default, default, default, 0, null);

    /// <summary>The maintenance after one more fact, given in fold order.</summary>
    public static Maintenance Evolve(Maintenance state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        return fact.Event switch
        {
            MaintenanceEvent.Planned e => state.Service is null ? new Maintenance(e.Service, e.From, e.Until, e.NoticeAt, 0, null) : state,
            MaintenanceEvent.Moved e => state.Service is null ? state : state with { From = e.From, Until = e.Until, NoticeAt = e.NoticeAt ?? fact.OccurredAt, Moves = state.Moves + 1, CancelledAt = null },
            MaintenanceEvent.Cancelled => state.Service is null ? state : state with { CancelledAt = state.CancelledAt ?? fact.OccurredAt },
            ExclusionEvent => state,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
