using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// Agreed time in which the service was lost, from its first lost tick to its last, whatever period is asked about; stretches with no more agreed time between them
/// than the agreement's gap are one.
/// </summary>
/// <param name="From">Its first lost tick.</param>
/// <param name="Until">The end of the last lost stretch; null: it had not ended at the instant asked.</param>
/// <param name="RestoreTicks">Agreed time from its begin to its end, or to the instant asked.</param>
/// <param name="Outages">The outages that were in it, in order of their ids.</param>
/// <param name="Priorities">The priorities these had, each once.</param>
public sealed record Interruption(Instant From, Instant? Until, long RestoreTicks, ValueList<string> Outages, ValueList<string> Priorities)
{
    /// <summary>Service time until it was restored.</summary>
    public Duration Restore => Tick.ToDuration(RestoreTicks);
}
