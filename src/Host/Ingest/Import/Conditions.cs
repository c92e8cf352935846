namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Sets of conditions, of one of which all must hold; no set asks nothing.</summary>
internal sealed record Conditions(IReadOnlyList<IReadOnlyList<Condition>> Sets)
{
    /// <summary>True when a record is so.</summary>
    public bool Hold(in Reading reading)
    {
        foreach (var set in Sets)
        {
            if (AllHold(set, reading))
                return true;
        }

        return Sets.Count == 0;
    }

    private static bool AllHold(IReadOnlyList<Condition> set, in Reading reading)
    {
        foreach (var condition in set)
        {
            if (!condition.Holds(reading))
                return false;
        }

        return true;
    }
}
