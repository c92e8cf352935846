using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// An interval [From, Until) that does not count; Until null: not ended. Granted: it ends at the earlier of its end and
/// that length, counted from its start. Reason says why, for the explanation.
/// </summary>
public sealed record Pause(Instant From, Instant? Until, Limit? Granted = null, string? Reason = null);

/// <summary>An approved prolongation, in the unit of the limit it adds to. RecordedAt null: not known.</summary>
public sealed record Extension(Instant At, Limit Add, string? Reason = null, Instant? RecordedAt = null);

/// <summary>Everything a verdict depends on.</summary>
/// <param name="Calendar">Opening hours and working days.</param>
/// <param name="Limit">What was promised.</param>
/// <param name="Start">When the clock started.</param>
/// <param name="Pauses">In any order; they may overlap, and are clipped to [start, stop].</param>
/// <param name="Extensions">In any order.</param>
/// <param name="Stop">When the promised thing happened; null: not yet.</param>
/// <param name="ExtensionCap">The most that extensions may add together, in the limit's unit; null: no cap.</param>
public readonly record struct ClockFacts(
    Calendar Calendar,
    Limit Limit,
    Instant Start,
    IReadOnlyList<Pause>? Pauses = null,
    IReadOnlyList<Extension>? Extensions = null,
    Instant? Stop = null,
    Fraction? ExtensionCap = null);

/// <summary>Where a clock stands.</summary>
public enum ClockState
{
    /// <summary>Counting, not yet due.</summary>
    Running,

    /// <summary>Inside a pause; it cannot fall due.</summary>
    Paused,

    /// <summary>Stopped at or before its due instant.</summary>
    Met,

    /// <summary>The due instant has passed; the case may still be open.</summary>
    Breached,

    /// <summary>The matter ended without the promise applying.</summary>
    Void,
}

/// <summary>Why an extension did not count in full.</summary>
public enum ExtensionRefusal
{
    /// <summary>Dated after the due instant then in force.</summary>
    AfterDue,

    /// <summary>In another unit than the limit.</summary>
    OtherUnit,

    /// <summary>Dated before due, recorded after it: counted, and a suspected backdating.</summary>
    Backdated,

    /// <summary>Together with earlier ones more than the cap, of which the part within it counts, or more than anybody can count to.</summary>
    OverCap,
}

/// <summary>An extension that did not count in full.</summary>
public sealed record RefusedExtension(Extension Extension, ExtensionRefusal Refusal);
