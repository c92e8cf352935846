namespace SlaMonitor.Domain.Availability;

/// <summary>Adds up stretches by bucket: [b_i, b_i+1) between boundaries in order. The bucket at hand is summed in fields, which copies less.</summary>
internal sealed class TotalsFold(long[] boundaries)
{
    private readonly AvailabilityTotals[] _totals = new AvailabilityTotals[Math.Max(0, boundaries.Length - 1)];
    private int _bucket;
    private long _agreed;
    private Int128 _downtime;
    private long _grossAgreed;
    private Int128 _grossDowntime;
    private long _hours;
    private long _leftOut;
    private long _unobserved;

    /// <summary>Totals of each bucket, when all stretches have been taken.</summary>
    public AvailabilityTotals[] Finish()
    {
        if (_bucket < _totals.Length)
            _totals[_bucket] = new AvailabilityTotals(_agreed, _downtime, _grossAgreed, _grossDowntime, _hours, _leftOut, _unobserved);
        return _totals;
    }

    /// <summary>Takes the next stretch.</summary>
    public bool Visit(in Stretch stretch, Turns? turns)
    {
        if (!stretch.IsOpen)
            return true;
        for (var from = stretch.From; from < stretch.Until;)
        {
            while (boundaries[_bucket + 1] <= from)
                Next();
            var until = Math.Min(stretch.Until, boundaries[_bucket + 1]);
            Add(stretch, until - from);
            from = until;
        }

        return true;
    }

    private void Add(in Stretch stretch, long ticks)
    {
        _hours += ticks;
        if (stretch.IsAgreed)
        {
            _agreed += ticks;
            if (stretch.Lost is var lost and > 0)
                _downtime += (Int128)ticks * lost;
        }

        if (stretch.IsGrossAgreed)
        {
            _grossAgreed += ticks;
            if (stretch.GrossLost is var lost and > 0)
                _grossDowntime += (Int128)ticks * lost;
        }

        if (stretch.IsLeftOut)
            _leftOut += ticks;
        else if (stretch.IsUnobserved)
            _unobserved += ticks;
    }

    private void Next()
    {
        Finish();
        _bucket++;
        (_agreed, _downtime, _grossAgreed, _grossDowntime, _hours, _leftOut, _unobserved) = (0, 0, 0, 0, 0, 0, 0);
    }
}
