using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// The ticks of a range at which facts of a node begin or end, gone through in order; in between, its <see cref="Loss"/> does not change. Begins and ends are
/// sorted apart, each with the number of its fact, and not at all where they come in order.
/// </summary>
internal sealed class Turns
{
    private readonly List<FactReader> _leaves = [];
    private readonly List<FactReader> _touched = [];
    private readonly NodeReader _root;
    private readonly long _from;
    private readonly long _until;
    private readonly long _at;
    private readonly OnFacts? _on;
    private readonly Fact[] _facts;
    private Line _begins;
    private Line _ends;
    private int _count;

    /// <summary>Facts of a node in [from, until); those without an end reach an instant.</summary>
    public Turns(ServiceNode node, long from, long until, long at, bool named)
    {
        (_from, _until, _at) = (from, until, at);
        _root = NodeReader.Of(node, _leaves);
        var most = _leaves.Sum(l => l.Own.Facts.Outages.Count + l.Own.Facts.Exclusions.Count + l.Own.Facts.Unobserved.Count);
        (_facts, _begins, _ends) = (new Fact[most], new Line(most), new Line(most));
        foreach (var leaf in _leaves)
            Take(leaf);
        _begins.Sort();
        _ends.Sort();
        _on = named ? new OnFacts(_facts, _leaves) : null;
        MoveTo(from);
    }

    /// <summary>The loss from the tick last moved to until <see cref="Next"/>.</summary>
    public Loss Loss => _root.Loss;

    /// <summary>The next tick at which something begins or ends.</summary>
    public long Next => Math.Min(_begins.Next, _ends.Next);

    /// <summary>The facts that are on; only where names were asked for.</summary>
    public OnFacts On => _on!;

    /// <summary>Begins and ends everything up to and with a tick.</summary>
    public void MoveTo(long tick)
    {
        while (_begins.Next <= tick)
            Turn(_begins.Take(), begins: true);
        while (_ends.Next <= tick)
            Turn(_ends.Take(), begins: false);
        foreach (var leaf in _touched)
            leaf.Refresh(tick);
        _touched.Clear();
    }

    private void Turn(int number, bool begins)
    {
        ref var fact = ref _facts[number];
        var leaf = _leaves[fact.Leaf];
        leaf.Turn(fact, begins);
        _on?.Turn(number, begins);
        if (_touched.Count == 0 || _touched[^1] != leaf)
            _touched.Add(leaf);
    }

    private void Take(FactReader leaf)
    {
        var facts = leaf.Own.Facts;
        for (var i = 0; i < facts.Outages.Count; i++)
        {
            var outage = facts.Outages[i];
            if (outage.Lost > LostShare.None)
                Take(FactKind.Outage, leaf, outage.Lost.Billionths, outage.From, outage.Until, outage);
        }

        foreach (var exclusion in facts.Exclusions)
            Take(exclusion.Treatment == ExclusionTreatment.LeftOut ? FactKind.LeftOut : FactKind.Up, leaf, 0, exclusion.From, exclusion.Until, exclusion);
        foreach (var unobserved in facts.Unobserved)
            Take(FactKind.Unobserved, leaf, 0, unobserved.From, unobserved.Until, unobserved);
    }

    private void Take(FactKind kind, FactReader leaf, int lost, Instant from, Instant? until, object source)
    {
        var (begin, end) = (Tick.Of(from), until is { } known ? Tick.Of(known) : _at);
        if (begin >= end || begin >= _until || end <= _from)
            return;
        _facts[_count] = new Fact(kind, leaf.Index, lost, end, source);
        _begins.Add(Math.Max(begin, _from), _count);
        if (end < _until)
            _ends.Add(end, _count);
        _count++;
    }

    /// <summary>Ticks and the numbers of the facts that turn at them.</summary>
    private struct Line(int most)
    {
        private long[] _ticks = new long[most];
        private int[] _facts = new int[most];
        private int _count;
        private int _next;
        private bool _mixed;

        public readonly long Next => _next < _count ? _ticks[_next] : long.MaxValue;

        public void Add(long tick, int fact)
        {
            _mixed |= _count > 0 && tick < _ticks[_count - 1];
            (_ticks[_count], _facts[_count]) = (tick, fact);
            _count++;
        }

        public void Sort()
        {
            if (_mixed)
                TickSort.Sort(ref _ticks, ref _facts, _count);
        }

        public int Take() => _facts[_next++];
    }
}
