using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// The smallest step of time this system knows: one microsecond. Input is truncated to it, computed dues are
/// rounded up to it. Inside Time, instants are ticks since 1970-01-01T00:00:00Z, so that sums stay integers.
/// </summary>
public static class Tick
{
    /// <summary>Ticks in one second.</summary>
    public const long PerSecond = 1_000_000;

    /// <summary>Ticks in a day of 24 hours; local days may be shorter or longer.</summary>
    public const long PerStandardDay = 86_400 * PerSecond;

    private const long NodaTicksPerTick = 10;

    /// <summary>The tick an instant falls in, truncated towards the past.</summary>
    public static long Of(Instant instant) => FloorDivide(instant.ToUnixTimeTicks(), NodaTicksPerTick);

    /// <summary>A duration in ticks, truncated towards zero.</summary>
    public static long Of(Duration duration) => duration.BclCompatibleTicks / NodaTicksPerTick;

    /// <summary>The instant at which a tick begins.</summary>
    /// <exception cref="OverflowException">It lies beyond what NodaTime's ticks can hold, some 29,000 years from 1970.</exception>
    public static Instant ToInstant(long tick) => Instant.FromUnixTimeTicks(checked(tick * NodaTicksPerTick));

    /// <summary>A number of ticks as a duration.</summary>
    public static Duration ToDuration(long ticks) => Duration.FromTicks(ticks * NodaTicksPerTick);

    /// <summary>An instant truncated to its tick.</summary>
    public static Instant Truncate(Instant instant) => ToInstant(Of(instant));

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
