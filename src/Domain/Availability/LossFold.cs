namespace SlaMonitor.Domain.Availability;

/// <summary>
/// What the outages that are on take together, in billionths. The answer depends on which are on and on nothing else: not on the order they came in, nor on
/// others before or after.
/// </summary>
internal abstract class LossFold
{
    private int _whole;

    /// <summary>A fold by a rule, with nothing on.</summary>
    public static LossFold For(Combine combine) => combine switch
    {
        Combine.Max => new Largest(),
        Combine.Sum => new Sum(),
        _ => new IndependentLoss(),
    };

    /// <summary>An outage begins; it will end at a tick.</summary>
    public void Begin(int lost, long until)
    {
        if (lost == LostShare.Scale)
            _whole++;
        else
            BeginPart(lost, until);
    }

    /// <summary>One that began ends.</summary>
    public void End(int lost)
    {
        if (lost == LostShare.Scale)
            _whole--;
        else
            EndPart(lost);
    }

    /// <summary>What is lost at a tick, after all that ends and begins at it; ticks are asked about in order.</summary>
    public int LostAt(long tick) => _whole > 0 ? LostShare.Scale : PartLostAt(tick);

    protected abstract void BeginPart(int lost, long until);

    protected abstract void EndPart(int lost);

    protected abstract int PartLostAt(long tick);

    /// <summary>The largest is on top of a heap; what has ended is thrown away when it gets there.</summary>
    private sealed class Largest : LossFold
    {
        private readonly PriorityQueue<(int Lost, long Until), int> _heap = new();
        private int _on;

        protected override void BeginPart(int lost, long until)
        {
            _heap.Enqueue((lost, until), -lost);
            _on++;
        }

        protected override void EndPart(int lost)
        {
            if (--_on == 0)
                _heap.Clear();
        }

        protected override int PartLostAt(long tick)
        {
            while (_heap.TryPeek(out var top, out _))
            {
                if (top.Until > tick)
                    return top.Lost;
                _heap.Dequeue();
            }

            return 0;
        }
    }

    private sealed class Sum : LossFold
    {
        private long _sum;

        protected override void BeginPart(int lost, long until) => _sum += lost;

        protected override void EndPart(int lost) => _sum -= lost;

        protected override int PartLostAt(long tick) => (int)Math.Min(_sum, LostShare.Scale);
    }
}
