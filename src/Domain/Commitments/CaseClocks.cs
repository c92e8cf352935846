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
        var fold = new StreamFold(catalogue, StreamKind.Case, Told(sorted), anomalies);
        var acceptance = Acceptance.Of(sorted, fold.Notification());
        anomalies.AddRange(acceptance.Anomalies);
        var clocks = fold.Run(acceptance, ReferenceEquals(acceptance.Facts, sorted) ? fold.Told : Told(acceptance.Facts));
        var state = fold.Told.Count == 0 ? Case.Unknown : (Case)fold.Told[^1].After;
        return new CaseClocks(state, [.. catalogue.ShapesShareNames ? Numbered(clocks) : clocks], anomalies.Count == 0 ? [] : [.. anomalies.Distinct()], [.. sorted]);
    }

    /// <summary>The facts, each with what the case was after it.</summary>
    private static List<ToldFact> Told(IReadOnlyList<Recorded> facts)
    {
        var (told, state) = (new List<ToldFact>(facts.Count), Case.Unknown);
        foreach (var fact in facts)
        {
            var before = state;
            told.Add(new ToldFact(fact, before, state = Case.Evolve(state, fact)));
        }

        return told;
    }
}
