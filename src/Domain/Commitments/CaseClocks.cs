using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>One case and its clocks, folded from its facts.</summary>
/// <param name="State">What the facts say about the case.</param>
/// <param name="Clocks">In the order of the catalogue, then by ordinal.</param>
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

        var ids = catalogue.Versions.SelectMany(v => v.Commitments).Select(d => d.Id).Distinct();
        var clocks = new List<Clock>();
        foreach (var id in ids)
            clocks.AddRange(new ClockFold(id, catalogue, state, anomalies).Run(sorted));
        return new CaseClocks(state, [.. clocks], [.. anomalies.Distinct()], [.. sorted]);
    }
}
