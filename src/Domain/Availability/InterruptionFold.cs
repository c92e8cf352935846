using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// Joins lost stretches of agreed time to interruptions and keeps those that begin in [from, until). Time that is not agreed neither parts nor lengthens
/// them; whether one goes on at the end is told by the facts, agreed time or not.
/// </summary>
internal sealed class InterruptionFold(long from, long until)
{
    private readonly HashSet<OutageSpan> _outages = new(ReferenceEqualityComparer.Instance);
    private long _begin = long.MinValue;
    private long _end;
    private long _restore;
    private long _between;
    private bool _goesOn;

    /// <summary>What was found so far.</summary>
    public List<Interruption> Found { get; } = [];

    private bool IsOpen => _begin != long.MinValue;

    /// <summary>Takes the next stretch; false when an interruption begins after the period.</summary>
    public bool Visit(in Stretch stretch, Turns? turns)
    {
        if (!stretch.IsAgreed)
        {
            _goesOn &= stretch.Interrupts;
            return true;
        }

        if (!stretch.Interrupts)
        {
            _goesOn = false;
            _between += stretch.Length;
            return true;
        }

        if (IsOpen && _between > Tick.Of(stretch.Terms!.MergeGap))
            Close();
        var begins = !IsOpen;
        if (begins)
        {
            if (stretch.From >= until)
                return false;
            (_begin, _restore, _between) = (stretch.From, 0, 0);
        }

        _restore += _between + stretch.Length;
        (_end, _between, _goesOn) = (stretch.Until, 0, true);
        turns!.On.AddOutages(_outages, begins);
        return true;
    }

    /// <summary>Takes the instant asked at, of which only counts whether the service is interrupted then.</summary>
    public bool VisitLast(in Stretch stretch, Turns? turns)
    {
        _goesOn &= stretch.Interrupts;
        return false;
    }

    /// <summary>There is no more.</summary>
    public void Close()
    {
        if (IsOpen && _begin >= from)
        {
            Found.Add(new Interruption(
                Tick.ToInstant(_begin), _goesOn ? null : Tick.ToInstant(_end), _restore, Distinct(_outages.Select(o => o.Outage)), Distinct(_outages.Select(o => o.Priority))));
        }

        _outages.Clear();
        (_begin, _goesOn) = (long.MinValue, false);
    }

    private static ValueList<string> Distinct(IEnumerable<string?> codes) =>
        [.. codes.OfType<string>().Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal)];
}
