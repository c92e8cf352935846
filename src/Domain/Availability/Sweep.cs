using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>Goes through a range of ticks once and shows every stretch between two changes: of facts, of opening hours, of terms.</summary>
internal static class Sweep
{
    /// <summary>Sweeps [from, until); facts without an end reach an instant; named: the visitor asks which are on. Terms are in order and do not overlap.</summary>
    public static void Run(IReadOnlyList<TermsSpan> terms, long from, long until, long at, bool named, StretchVisitor visit)
    {
        var now = from;
        foreach (var span in terms)
        {
            var (begin, end) = (Math.Max(Tick.Of(span.From), now), Math.Min(Tick.Of(span.Until), until));
            if (begin >= end)
                continue;
            if (begin > now && !visit(new Stretch(now, begin, StretchHours.NotValid, Loss.None, null), null))
                return;
            if (!Run(span, begin, end, at, named, visit))
                return;
            now = end;
        }

        if (now < until)
            visit(new Stretch(now, until, StretchHours.NotValid, Loss.None, null), null);
    }

    private static bool Run(TermsSpan span, long from, long until, long at, bool named, StretchVisitor visit)
    {
        var turns = new Turns(span.Node, from, until, at, named);
        var hours = new Hours(span.Terms.Hours, from, until);
        for (var now = from; now < until;)
        {
            var open = hours.IsOpenAt(now);
            var next = Math.Min(Math.Min(turns.Next, hours.NextChange), until);
            if (!visit(new Stretch(now, next, open ? StretchHours.Open : StretchHours.Closed, turns.Loss, span.Terms), turns))
                return false;
            now = next;
            turns.MoveTo(now);
        }

        return true;
    }

    /// <summary>Opening hours, asked about in order of time.</summary>
    private struct Hours(Calendar? calendar, long from, long until)
    {
        private readonly Timeline? _timeline = calendar?.Covering(from, until);
        private int _interval = -1;

        public long NextChange { get; private set; } = long.MaxValue;

        public bool IsOpenAt(long tick)
        {
            if (_timeline is null)
                return true;
            if (_interval < 0)
                _interval = _timeline.IntervalAt(tick);
            while (_timeline.TryInterval(_interval, out var opens, out var closes))
            {
                if (tick < closes)
                {
                    NextChange = tick < opens ? opens : closes;
                    return tick >= opens;
                }

                _interval++;
            }

            NextChange = long.MaxValue;
            return false;
        }
    }
}
