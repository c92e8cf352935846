namespace SlaMonitor.Domain;

/// <summary>A list that grows at its end without being copied: what was added last, and the list before. Two are equal when they are the same object.</summary>
/// <param name="last">What was added last.</param>
/// <param name="before">What was added before; null: nothing.</param>
public sealed class Chain<T>(T last, Chain<T>? before)
{
    /// <summary>What was added last.</summary>
    public T Last { get; } = last;

    /// <summary>How many there are.</summary>
    public int Count { get; } = (before?.Count ?? 0) + 1;

    /// <summary>What was added before; null: nothing.</summary>
    public Chain<T>? Before { get; } = before;
}

/// <summary>Reads chains.</summary>
public static class Chains
{
    /// <summary>All of a chain in the order in which they were added; of null, nothing.</summary>
    public static ValueList<T> ToList<T>(this Chain<T>? chain)
    {
        var all = new T[chain?.Count ?? 0];
        for (var i = all.Length - 1; chain is not null; chain = chain.Before)
            all[i--] = chain.Last;
        return ValueList.Create<T>(all);
    }
}
