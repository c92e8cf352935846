using System.Collections.Immutable;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// What of a definition decides which clocks there are at all. Versions that differ in it are folded apart, so that a version
/// published later takes no clock of an earlier one away.
/// </summary>
internal sealed record CommitmentShape(string Id, string? Key, string Start)
{
    /// <summary>The commitment whose due starts clocks of this shape; null: an event does.</summary>
    public string? OverdueOf { get; private init; }

    public static CommitmentShape Of(CommitmentDefinition definition) => new(definition.Id, definition.Key, definition.Start) { OverdueOf = definition.OverdueOf };

    /// <summary>The shapes of all versions, each with the types of facts that can matter to its clocks.</summary>
    public static ImmutableArray<(CommitmentShape Shape, HashSet<string> Types)> AllOf(ImmutableArray<Catalogue> versions)
    {
        var definitions = versions.SelectMany(v => v.Commitments).ToList();
        // What begins when another falls due comes after that one.
        return [.. definitions.Select(Of).Distinct().OrderBy(s => DepthOf(s, definitions, [])).Select(s => (s, s.RelevantTypes(definitions)))];
    }

    private static int DepthOf(CommitmentShape shape, List<CommitmentDefinition> definitions, ImmutableHashSet<string> passed) =>
        shape.OverdueOf is not { } other || passed.Contains(other) ? 0
            : 1 + definitions.Where(d => d.Id == other).Select(d => DepthOf(Of(d), definitions, passed.Add(other))).DefaultIfEmpty(0).Max();

    /// <summary>
    /// The types of facts that can matter to clocks of this shape: what its definitions name, and what changes a case or begins
    /// it anew. A case with thousands of stages and branches is then gone through for what concerns each branch alone.
    /// </summary>
    private HashSet<string> RelevantTypes(IEnumerable<CommitmentDefinition> definitions)
    {
        HashSet<string> types = ["case_received", "case_kind_changed", "case_item_changed", "case_priority_changed", "case_reopened", Start];
        foreach (var definition in definitions.Where(Fits))
        {
            types.UnionWith(definition.Stop.Events);
            types.UnionWith(definition.Voids);
            types.UnionWith(((string?[])[definition.Pause?.From, definition.Pause?.Until, .. definition.Extend.Select(e => e.On)]).OfType<string>());
        }

        return types;
    }

    public bool Fits(CommitmentDefinition definition) => definition.Id == Id && definition.Key == Key && definition.Start == Start;
}
