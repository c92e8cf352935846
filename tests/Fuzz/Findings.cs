using System.Text.RegularExpressions;

namespace SlaMonitor.Fuzz;

/// <summary>What a run found: of each kind the first, and how often it came.</summary>
internal sealed partial class Findings(int maxKinds)
{
    private readonly Dictionary<string, (Finding First, int Count)> _kinds = [];

    /// <summary>True when enough is known to stop.</summary>
    public bool AreEnough => _kinds.Count >= maxKinds;

    /// <summary>True when nothing was found.</summary>
    public bool AreNone => _kinds.Count == 0;

    /// <summary>Keeps one; of a kind that is known it is only counted.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="smaller">Makes it smaller, for the first of its kind.</param>
    public async Task AddAsync(Finding found, Func<Finding, Task<Finding>> smaller)
    {
        var kind = Varying().Replace(found.What.Split('\n')[0], "#");
        if (_kinds.TryGetValue(kind, out var known))
            _kinds[kind] = known with { Count = known.Count + 1 };
        else
            _kinds[kind] = (await smaller(found), 1);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("\n\n", _kinds.Values.Select(k => $"{k.Count} times: {k.First}"));

    // Fields, cases and numbers differ where the fault is the same.
    [GeneratedRegex(@"case/\S+|[\da-f-]{20,}|[\d.]+|fault of \S+", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
