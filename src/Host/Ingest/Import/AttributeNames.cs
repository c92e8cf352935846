namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// The attributes a mapping asks for, each with a slot: a reader fills an array and passes over everything else. Those whose
/// value in the record before is asked for are kept as well, each under a number of its own.
/// </summary>
internal sealed class AttributeNames
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private readonly List<string> _names = [];
    private readonly List<int> _kept = [];
    private HashSet<string> _absent = [];

    public AttributeNames() => _byText = _slots.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>By slot.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The slots of what is kept of the record before.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Values that mean that there is none; an empty one always does.</summary>
    public void SetAbsent(IEnumerable<string> values) => _absent = [.. values];

    /// <summary>The slot of an attribute, which is asked for from now on.</summary>
    public int Add(string name)
    {
        if (_slots.TryAdd(name, _names.Count))
            _names.Add(name);
        return _slots[name];
    }

    /// <summary>The number under which the value of an attribute is kept for the next record of the case.</summary>
    public int Keep(int slot)
    {
        if (!_kept.Contains(slot))
            _kept.Add(slot);
        return _kept.IndexOf(slot);
    }

    public bool TryFind(ReadOnlySpan<char> name, out int slot) => _byText.TryGetValue(name, out slot);

    /// <summary>An empty set of slots.</summary>
    public string?[] NewSlots() => new string?[_names.Count];

    /// <summary>A value as rules see it: null where the mapping says that it means none.</summary>
    public string? Clean(string? value) => value is null || value.Length == 0 || _absent.Contains(value) ? null : value;
}

/// <summary>A record as one rule sees it.</summary>
/// <param name="Record">The record.</param>
/// <param name="EventFirst">An attribute both have is the event's; else the case's.</param>
/// <param name="State">What is known of its case from the records before.</param>
/// <param name="CaseAlone">Attributes of the event are not looked at.</param>
internal readonly record struct Reading(ImportRecord Record, bool EventFirst, CaseState State, bool CaseAlone = false)
{
    /// <summary>An attribute's value; null: none.</summary>
    public string? this[int slot] => CaseAlone ? Record.Case[slot] : EventFirst ? Record.Event?[slot] ?? Record.Case[slot] : Record.Case[slot] ?? Record.Event?[slot];
}
