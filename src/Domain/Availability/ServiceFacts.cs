using NodaTime;

namespace SlaMonitor.Domain.Availability;

/// <summary>A stretch of an outage, half-open.</summary>
/// <param name="From">When it began.</param>
/// <param name="Until">When the service was back; null: not yet, it reaches the instant asked at.</param>
/// <param name="Lost">How much of the service it takes.</param>
/// <param name="Outage">Its id, for the explanation.</param>
/// <param name="Priority">Its priority's code, for the limit of the restore time.</param>
public sealed record OutageSpan(Instant From, Instant? Until, LostShare Lost, string Outage = "", string? Priority = null);

/// <summary>What the agreement says of excluded time.</summary>
public enum ExclusionTreatment
{
    /// <summary>It is not agreed time: the whole shrinks.</summary>
    LeftOut,

    /// <summary>It is agreed time in which nothing was lost.</summary>
    Up,
}

/// <summary>An approved exclusion, half-open.</summary>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end.</param>
/// <param name="Treatment">What becomes of the time.</param>
/// <param name="Exclusion">Its id, for the explanation.</param>
public sealed record ExclusionSpan(Instant From, Instant Until, ExclusionTreatment Treatment, string Exclusion = "");

/// <summary>Time in which nothing was known to watch the service, half-open.</summary>
/// <param name="From">When watching ended.</param>
/// <param name="Until">When it began again; null: not yet.</param>
public sealed record UnobservedSpan(Instant From, Instant? Until);

/// <summary>What is known of a service, in any order; spans may overlap, and empty or reversed ones count nothing.</summary>
/// <param name="Outages">What was lost; an outage that takes nothing counts nothing.</param>
/// <param name="Exclusions">What was approved not to count.</param>
/// <param name="Unobserved">When nothing was known to watch.</param>
public sealed record ServiceFacts(IReadOnlyList<OutageSpan> Outages, IReadOnlyList<ExclusionSpan> Exclusions, IReadOnlyList<UnobservedSpan> Unobserved)
{
    /// <summary>Nothing but up.</summary>
    public static ServiceFacts None { get; } = new([], [], []);
}

/// <summary>What outages of one service that overlap take together.</summary>
public enum Combine
{
    /// <summary>As much as the worst of them.</summary>
    Max,

    /// <summary>Their sum, at most everything.</summary>
    Sum,

    /// <summary>What is left is the product of what each leaves: 1 − Π(1 − lost).</summary>
    Independent,
}

/// <summary>What the agreement says of unobserved time.</summary>
public enum UnobservedAs
{
    /// <summary>It is not agreed time.</summary>
    LeftOut,

    /// <summary>What is not known was up.</summary>
    Up,

    /// <summary>What is not known was down.</summary>
    Down,
}
