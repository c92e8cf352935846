namespace SlaMonitor.Domain;

/// <summary>Facts that contradict each other; reported, never refused.</summary>
/// <param name="Kind">Which contradiction.</param>
/// <param name="Events">The events that prove it.</param>
public sealed record Anomaly(AnomalyKind Kind, ValueList<Guid> Events);

/// <summary>Contradictions that are noticed.</summary>
public enum AnomalyKind
{
    /// <summary>A clock was started again without a stop between; the first start counts.</summary>
    SecondStart,

    /// <summary>The stop is dated before the start; the clock is met with nothing used.</summary>
    StopBeforeStart,

    /// <summary>The matter was ended without the promise applying before it began.</summary>
    VoidBeforeStart,

    /// <summary>A procedure was started twice without an end between; the first start counts.</summary>
    SecondPause,

    /// <summary>A procedure ended that had not started; it has no effect.</summary>
    EndWithoutPause,

    /// <summary>An extension dated after the due instant then in force; it has no effect.</summary>
    ExtensionAfterDue,

    /// <summary>An extension in another unit than the limit; it has no effect.</summary>
    ExtensionInOtherUnit,

    /// <summary>Extensions beyond the catalogue's cap; the part within it counts.</summary>
    ExtensionOverCap,

    /// <summary>Approved by somebody else than the catalogue asks for; it has no effect.</summary>
    ExtensionNotApproved,

    /// <summary>An extension dated before due and recorded after it: it counts, and is suspected to be backdated.</summary>
    SuspectedBackdating,

    /// <summary>An extension after the matter had ended; it has no effect.</summary>
    ExtensionAfterEnd,

    /// <summary>The stop happened and the start never did; there is no clock.</summary>
    StopWithoutStart,

    /// <summary>Something was done about acceptance after the case was deemed accepted (视为受理); it does not undo that.</summary>
    ActAfterDeemedAcceptance,

    /// <summary>The commitment names a limit that neither the item nor the event has; there is no clock.</summary>
    NoLimit,

    /// <summary>An outage was said to have changed while there was none; it has no effect.</summary>
    ChangeOutsideOutage,

    /// <summary>A complaint was decided again, and the decision before was not reversed; the first counts.</summary>
    SecondDecision,

    /// <summary>A decision was reversed that had not been made; it has no effect.</summary>
    ReversalWithoutDecision,

    /// <summary>The event is dated more than five minutes after it was recorded.</summary>
    OccurredInFuture,
}
