using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Queries;

/// <summary>The clocks of one stream at an instant, each with its reading and the reason of it.</summary>
/// <param name="Stream">The stream, folded.</param>
/// <param name="Clocks">Those that are there by then.</param>
public sealed record ExplainedClocks(StreamClocks Stream, IReadOnlyList<(Clock Clock, ClockReading Reading, Explanation Explanation)> Clocks)
{
    /// <summary>The facts in fold order, each once.</summary>
    public ValueList<Recorded> Facts => Stream.Facts;

    internal static ExplainedClocks Of(StreamClocks stream, Instant at) =>
        new(stream, [.. stream.Clocks.Where(c => c.AppearsAt is not { } appears || appears < at).Select(c => (c, c.Read(at), c.Explain(at)))]);
}
