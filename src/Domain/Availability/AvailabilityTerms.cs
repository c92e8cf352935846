using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>What an agreement says about how availability is counted.</summary>
/// <param name="Hours">Service hours; null: always.</param>
/// <param name="UnobservedAs">What unobserved time counts as.</param>
/// <param name="MergeGap">Interruptions are one when the agreed time between them is not longer; zero joins those that touch.</param>
/// <param name="InterruptionFrom">The loss from which on a service is interrupted; none: any loss.</param>
public sealed record AvailabilityTerms(Calendar? Hours, UnobservedAs UnobservedAs, Duration MergeGap, LostShare InterruptionFrom)
{
    /// <summary>Always agreed, unobserved time left out, any loss interrupts.</summary>
    public static AvailabilityTerms Always { get; } = new(null, UnobservedAs.LeftOut, Duration.Zero, LostShare.None);
}

/// <summary>The terms and the make-up of a service for a stretch of its life, half-open. Time between two of them is not agreed.</summary>
public sealed record TermsSpan(Instant From, Instant Until, AvailabilityTerms Terms, ServiceNode Node);
