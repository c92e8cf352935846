using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SlaMonitor.Fuzz;

/// <summary>What a run found: of each kind the first, and how often it came. Safe for use by many threads.</summary>
internal sealed partial class Findings(int maxKinds)
{
    private readonly ConcurrentDictionary<string, (Finding First, int Count)> _kinds = [];

    /// <summary>True when enough is known to stop.</summary>
    public bool AreEnough => _kinds.Count >= maxKinds;

    /// <summary>True when nothing was found.</summary>
    public bool AreNone => _kinds.IsEmpty;

    /// <summary>Keeps one; of a kind that is known it is only counted.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="smaller">Makes it smaller, for the first of its kind.</param>
    public async Task AddAsync(Finding found, Func<Finding, Task<Finding>> smaller)
    {
        var kind = Varying().Replace(found.What.Split('\n')[0], "#");
        if (_kinds.AddOrUpdate(kind, (found, 1), (_, known) => known with { Count = known.Count + 1 }).Count > 1)
            return;
        var least = await smaller(found);
        _kinds.AddOrUpdate(kind, (least, 1), (_, known) => known with { First = least });
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("\n\n", _kinds.Values.Select(k => $"{k.Count} times: {k.First}"));

    // Fields, cases and numbers differ where the fault is the same.
    [GeneratedRegex(@"(case|complaint)/\S+|[\da-f-]{20,}|[\d.]+|fault of \S+", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
