using NodaTime;

namespace SlaMonitor.Domain.Availability;

/// <summary>What a stretch of time counted for.</summary>
public enum AvailabilityReason
{
    /// <summary>No terms were agreed: the service was not valid.</summary>
    NotValid,

    /// <summary>Outside service hours.</summary>
    OutsideHours,

    /// <summary>Left out by an exclusion, its own or of a part that decides.</summary>
    LeftOut,

    /// <summary>Agreed, and something was lost.</summary>
    Down,

    /// <summary>Agreed; what was lost does not count, by an exclusion.</summary>
    UpByExclusion,

    /// <summary>Unobserved, which is not agreed time.</summary>
    UnobservedLeftOut,

    /// <summary>Unobserved, read as up.</summary>
    UnobservedUp,

    /// <summary>Unobserved, read as down.</summary>
    UnobservedDown,

    /// <summary>Agreed, and nothing was lost.</summary>
    Up,
}

/// <summary>A longest stretch of time that counted for one thing for one reason.</summary>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end, not in it.</param>
/// <param name="Reason">What it counted for.</param>
/// <param name="Lost">The loss that counts in it, net.</param>
/// <param name="GrossLost">The loss with nothing excluded, inside service hours.</param>
/// <param name="Outages">The outages in it.</param>
/// <param name="Exclusions">The exclusions in it.</param>
public sealed record AvailabilitySegment(Instant From, Instant Until, AvailabilityReason Reason, LostShare Lost, LostShare GrossLost, ValueList<string> Outages, ValueList<string> Exclusions)
{
    /// <summary>True when it is agreed time.</summary>
    public bool IsAgreed => Reason is AvailabilityReason.Down or AvailabilityReason.UpByExclusion or AvailabilityReason.UnobservedUp or AvailabilityReason.UnobservedDown or AvailabilityReason.Up;
}
