using NodaTime;

namespace SlaMonitor.Domain.Availability;

/// <summary>What may be lost in a period and what has been, in ticks × billionths.</summary>
/// <param name="Allowed">(1 − target) × A of the whole period, its future included.</param>
/// <param name="Used">Downtime so far.</param>
public readonly record struct ErrorBudget(Int128 Allowed, Int128 Used)
{
    /// <summary>The windows of wall time that burn rates look back over.</summary>
    public static ValueList<Duration> Windows { get; } = [Duration.FromHours(1), Duration.FromHours(6), Duration.FromDays(1), Duration.FromDays(3)];

    /// <summary>What may still be lost; negative: that much too much was.</summary>
    public Int128 Left => Allowed - Used;

    /// <summary>The budget of a target, a share from 0 to 1, over the agreed time of a whole period.</summary>
    public static ErrorBudget Of(LostShare target, long agreedOfWhole, Int128 downtime) =>
        new((Int128)agreedOfWhole * (LostShare.Scale - target.Billionths), downtime);

    /// <summary>
    /// How many times faster than the target allows a window's time was lost; null when the window holds no agreed time, or the target allows no loss at
    /// all.
    /// </summary>
    public static ExactRatio? BurnRate(LostShare target, AvailabilityTotals window) => window.Agreed == 0 || target == LostShare.Whole
        ? null
        : new ExactRatio(window.Downtime, (Int128)window.Agreed * (LostShare.Scale - target.Billionths));
}
