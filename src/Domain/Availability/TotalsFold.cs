namespace SlaMonitor.Domain.Availability;

/// <summary>Adds up stretches by bucket: [b_i, b_i+1) between boundaries in order.</summary>
internal sealed class TotalsFold(long[] boundaries)
{
    private int _bucket;

    /// <summary>Totals of each bucket.</summary>
    public AvailabilityTotals[] Totals { get; } = new AvailabilityTotals[Math.Max(0, boundaries.Length - 1)];

    /// <summary>Takes the next stretch.</summary>
    public bool Visit(in Stretch stretch, Turns? turns)
    {
        if (!stretch.IsOpen)
            return true;
        var (agreed, gross, lost, grossLost) = (stretch.IsAgreed, stretch.IsGrossAgreed, (Int128)stretch.Lost, (Int128)stretch.GrossLost);
        var (leftOut, unobserved) = (stretch.IsLeftOut, stretch.IsUnobserved);
        for (var from = stretch.From; from < stretch.Until;)
        {
            while (boundaries[_bucket + 1] <= from)
                _bucket++;
            var until = Math.Min(stretch.Until, boundaries[_bucket + 1]);
            var ticks = until - from;
            Totals[_bucket] += new AvailabilityTotals(
                agreed ? ticks : 0, agreed ? ticks * lost : 0, gross ? ticks : 0, gross ? ticks * grossLost : 0, ticks, leftOut ? ticks : 0, unobserved ? ticks : 0);
            from = until;
        }

        return true;
    }
}
