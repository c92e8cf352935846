namespace SlaMonitor.Domain.Availability;

/// <summary>The facts that are on at a tick, for who wants to name them; a change costs the same however many there are.</summary>
internal sealed class OnFacts(Fact[] facts, List<FactReader> leaves)
{
    private readonly List<int> _on = [];
    private readonly int[] _places = new int[facts.Length];
    private readonly List<int> _fresh = [];

    /// <summary>A fact begins or ends.</summary>
    public void Turn(int number, bool begins)
    {
        if (begins)
        {
            _places[number] = _on.Count;
            _on.Add(number);
            if (facts[number].Kind == FactKind.Outage)
                _fresh.Add(number);
            return;
        }

        var (place, last) = (_places[number], _on[^1]);
        (_on[place], _places[last]) = (last, place);
        _on.RemoveAt(_on.Count - 1);
        _places[number] = -1;
        // What an exclusion kept from counting counts from now on.
        if (facts[number].Kind is FactKind.LeftOut or FactKind.Up)
            _fresh.AddRange(_on.Where(f => facts[f].Kind == FactKind.Outage && facts[f].Leaf == facts[number].Leaf));
    }

    /// <summary>Adds the outages that count and have not been added since; all: every one that counts now.</summary>
    public void AddOutages(ISet<OutageSpan> outages, bool all)
    {
        foreach (var number in all ? _on : _fresh)
        {
            if (facts[number].Source is OutageSpan outage && _places[number] >= 0 && !leaves[facts[number].Leaf].IsExcluded)
                outages.Add(outage);
        }

        _fresh.Clear();
    }

    /// <summary>Ids of the outages that are on, excluded or not, each once and in order.</summary>
    public ValueList<string> Outages() => Names<OutageSpan>(o => o.Outage);

    /// <summary>Ids of the exclusions that are on, each once and in order.</summary>
    public ValueList<string> Exclusions() => Names<ExclusionSpan>(e => e.Exclusion);

    private ValueList<string> Names<T>(Func<T, string> name) =>
        [.. _on.Select(f => facts[f].Source).OfType<T>().Select(name).Where(n => n.Length > 0).Distinct().Order(StringComparer.Ordinal)];
}
