using System.Collections.Immutable;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// What of a definition decides which clocks there are at all. Versions that differ in it are folded apart, so that a version
/// published later takes no clock of an earlier one away.
/// </summary>
internal sealed record CommitmentShape(string Id, string? Key, string Start)
{
    public static CommitmentShape Of(CommitmentDefinition definition) => new(definition.Id, definition.Key, definition.Start);

    /// <summary>The shapes of all versions, each with the types of facts that can matter to its clocks.</summary>
    public static ImmutableArray<(CommitmentShape Shape, HashSet<string> Types)> AllOf(ImmutableArray<Catalogue> versions)
    {
        var definitions = versions.SelectMany(v => v.Commitments).ToList();
        return [.. definitions.Select(Of).Distinct().Select(s => (s, s.RelevantTypes(definitions)))];
    }

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
            types.UnionWith(((string?[])[definition.Pause?.From, definition.Pause?.Until, definition.Extend?.On]).OfType<string>());
        }

        return types;
    }

    public bool Fits(CommitmentDefinition definition) => definition.Id == Id && definition.Key == Key && definition.Start == Start;
}
