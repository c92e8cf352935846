using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>One case and its clocks, folded from its facts.</summary>
/// <param name="State">What the facts say about the case.</param>
/// <param name="Clocks">In the order of the catalogue, then by key, then by ordinal.</param>
/// <param name="Anomalies">Contradictions that belong to the case rather than to one clock.</param>
/// <param name="Facts">The facts in fold order, each once.</param>
public sealed record CaseClocks(Case State, ValueList<Clock> Clocks, ValueList<Anomaly> Anomalies, ValueList<Recorded<CaseEvent>> Facts)
{
    private static readonly Duration ClockSkew = Duration.FromMinutes(5);

    /// <summary>
    /// Folds facts given in any order and any number of times. The result depends on what is in them alone.
    /// </summary>
    public static CaseClocks Fold(IEnumerable<Recorded<CaseEvent>> facts, CatalogueLog catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var sorted = facts.DistinctBy(f => f.Id).ToArray();
        Array.Sort(sorted, FoldOrder.Compare);
        var state = sorted.Aggregate(Case.Unknown, Case.Evolve);
        var anomalies = sorted.Where(f => f.OccurredAt > f.RecordedAt + ClockSkew)
            .Select(f => new Anomaly(AnomalyKind.OccurredInFuture, [f.Id])).ToList();

        var definitions = catalogue.Versions.SelectMany(v => v.Commitments).GroupBy(d => d.Id).Select(g => g.Last()).ToList();
        var deeming = definitions.FirstOrDefault(d => d.Deems);
        var notification = deeming is null ? [] : Clocks(deeming, sorted, null);
        var acceptance = Acceptance.Of(sorted, notification.FirstOrDefault());
        anomalies.AddRange(acceptance.Anomalies);

        var clocks = new List<Clock>();
        foreach (var definition in definitions)
        {
            if (definition == deeming)
                clocks.AddRange(notification);
            else if (definition.Start == Acceptance.Accepted)
                clocks.AddRange(Clocks(definition, acceptance.Facts, acceptance.AppearsAt));
            else
                clocks.AddRange(Clocks(definition, sorted, null));
        }

        return new CaseClocks(state, [.. clocks], [.. anomalies.Distinct()], [.. sorted]);

        List<Clock> Clocks(CommitmentDefinition definition, IReadOnlyList<Recorded<CaseEvent>> folded, Instant? appearsAt) =>
            [.. Keys(definition, folded).SelectMany(key => new ClockFold(definition.Id, key, catalogue, state, appearsAt, anomalies).Run(Of(key, definition, folded)))];
    }

    /// <summary>The values of the key field in the order they first occur; a single null without one.</summary>
    private static IEnumerable<string?> Keys(CommitmentDefinition definition, IReadOnlyList<Recorded<CaseEvent>> facts) =>
        definition.Key is { } field ? facts.Select(f => f.Event.KeyIn(field)).Where(k => k is not null).Distinct() : [null];

    /// <summary>The facts of one key, and those that concern all.</summary>
    private static IEnumerable<Recorded<CaseEvent>> Of(string? key, CommitmentDefinition definition, IReadOnlyList<Recorded<CaseEvent>> facts) =>
        key is null ? facts : facts.Where(f => f.Event.KeyIn(definition.Key!) is not { } value || value == key);
}
