namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What a record must be for a rule to make an event of it.</summary>
/// <param name="Slot">The attribute that is looked at.</param>
internal abstract record Condition(int Slot)
{
    /// <summary>One of these values.</summary>
    public sealed record OneOf(int Slot, IReadOnlySet<string> Values) : Condition(Slot);

    /// <summary>None of these values; having none is that too.</summary>
    public sealed record NoneOf(int Slot, IReadOnlySet<string> Values) : Condition(Slot);

    /// <summary>Has a value, or has none.</summary>
    public sealed record Present(int Slot, bool Wanted) : Condition(Slot);

    /// <summary>Differs from the record before of the case, or does not; on the first record nothing has changed.</summary>
    public sealed record Changed(int Slot, int Kept, bool Wanted) : Condition(Slot);

    /// <summary>Is one of these and was none of them in the record before; the first record counts.</summary>
    public sealed record Becomes(int Slot, int Kept, IReadOnlySet<string> Values) : Condition(Slot);

    /// <summary>Was one of these in the record before and is none of them.</summary>
    public sealed record Leaves(int Slot, int Kept, IReadOnlySet<string> Values) : Condition(Slot);

    /// <summary>True when a record is so.</summary>
    public bool Holds(in Reading reading)
    {
        var (value, before) = (reading[Slot], reading.State.Before);
        return this switch
        {
            OneOf one => IsIn(one.Values, value),
            NoneOf none => !IsIn(none.Values, value),
            Present present => value is not null == present.Wanted,
            Changed changed => (before is not null && before[changed.Kept] != value) == changed.Wanted,
            Becomes becomes => IsIn(becomes.Values, value) && !(before is not null && IsIn(becomes.Values, before[becomes.Kept])),
            Leaves leaves => before is not null && IsIn(leaves.Values, before[leaves.Kept]) && !IsIn(leaves.Values, value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static bool IsIn(IReadOnlySet<string> values, string? value) => value is not null && values.Contains(value);
}
