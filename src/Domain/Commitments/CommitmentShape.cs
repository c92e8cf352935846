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

    /// <summary>The shapes of all versions, each with what can matter to its clocks.</summary>
    public static ImmutableArray<ShapedFolding> AllOf(ImmutableArray<Catalogue> versions)
    {
        var definitions = versions.SelectMany(v => v.Commitments).ToList();
        // What begins when another falls due comes after that one.
        return [.. definitions.Select(Of).Distinct().OrderBy(s => DepthOf(s, definitions, [])).Select(s => ShapedFolding.Of(s, [.. definitions.Where(s.Fits)]))];
    }

    private static int DepthOf(CommitmentShape shape, List<CommitmentDefinition> definitions, ImmutableHashSet<string> passed) =>
        shape.OverdueOf is not { } other || passed.Contains(other) ? 0
            : 1 + definitions.Where(d => d.Id == other).Select(d => DepthOf(Of(d), definitions, passed.Add(other))).DefaultIfEmpty(0).Max();

    public bool Fits(CommitmentDefinition definition) => definition.Id == Id && definition.Key == Key && definition.Start == Start;
}

/// <summary>A shape with what can matter to its clocks, so that a case is folded by it only where it can have any.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Types">The types of facts that matter: what its definitions name, and what changes a case or begins it anew. A case with thousands of stages and branches is then gone through for what concerns each branch alone.</param>
/// <param name="Own">Those that its definitions name.</param>
/// <param name="Kinds">The kinds of case it has limits for, a bit each; all when one of them is for any.</param>
/// <param name="On">What its streams are about.</param>
internal sealed record ShapedFolding(CommitmentShape Shape, HashSet<string> Types, HashSet<string> Own, int Kinds, StreamKind On)
{
    private const int AnyKind = -1;

    private static readonly string[] Changes = ["case_received", "case_kind_changed", "case_item_changed", "case_priority_changed", "case_reopened", "outage_impact_changed"];

    public static ShapedFolding Of(CommitmentShape shape, IReadOnlyCollection<CommitmentDefinition> definitions)
    {
        HashSet<string> own = [shape.Start];
        foreach (var definition in definitions)
        {
            own.UnionWith(definition.Stop.Events);
            own.UnionWith(definition.Voids);
            own.UnionWith(((string?[])[definition.Pause?.From, definition.Pause?.Until, .. definition.Extend.Select(e => e.On)]).OfType<string>());
        }

        return new ShapedFolding(shape, [.. own, .. Changes], own, definitions.Aggregate(0, (kinds, d) => kinds | KindsOf(d.Limit)), definitions.First().On);
    }

    /// <summary>False: facts of a case of these kinds, a bit each, make no clock of this shape.</summary>
    public bool CanConcern(List<ToldFact> facts, int kinds)
    {
        if ((Kinds & kinds) == 0)
            return false;
        foreach (var (fact, _, _) in facts)
        {
            if (Own.Contains(fact.Type))
                return true;
        }

        return false;
    }

    private static int KindsOf(LimitSource limit) => limit is LimitSource.Literal literal
        ? literal.Limits.Rows.Aggregate(0, (kinds, row) => kinds | (row.Kind is { } kind ? 1 << (int)kind : AnyKind))
        : AnyKind;
}
