using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Commitments;

/// <summary>One case and its clocks, folded from its facts.</summary>
/// <param name="State">What the facts say about the case.</param>
/// <param name="Clocks">In the order of the catalogue, then by key, then by ordinal.</param>
/// <param name="Anomalies">Contradictions that belong to the case rather than to one clock.</param>
/// <param name="Facts">The facts in fold order, each once.</param>
public sealed record CaseClocks(Case State, ValueList<Clock> Clocks, ValueList<Anomaly> Anomalies, ValueList<Recorded> Facts) : StreamClocks(Clocks, Anomalies, Facts)
{
    /// <inheritdoc/>
    public override IClockSubject Subject => State;

    /// <summary>
    /// Folds facts given in any order and any number of times. The result depends on what is in them alone.
    /// </summary>
    public static CaseClocks Fold(IEnumerable<Recorded> facts, CatalogueLog catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var sorted = EachOnce(facts);
        var anomalies = OfFuture(sorted);
        var (told, state) = Told(sorted, Case.Unknown, Case.Evolve);
        var fold = new StreamFold(catalogue, StreamKind.Case, told, anomalies);
        var acceptance = Acceptance.Of(sorted, fold.Notification());
        anomalies.AddRange(acceptance.Anomalies);
        var clocks = fold.Run(acceptance, ReferenceEquals(acceptance.Facts, sorted) ? told : Told(acceptance.Facts, Case.Unknown, Case.Evolve).Told);
        return new CaseClocks(state, [.. catalogue.ShapesShareNames ? Numbered(clocks) : clocks], anomalies.Count == 0 ? [] : [.. anomalies.Distinct()], [.. sorted]);
    }
}
