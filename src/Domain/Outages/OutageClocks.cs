using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Domain.Outages;

/// <summary>The outages of one stream, what was decided about them, and their clocks, folded from its facts.</summary>
/// <param name="State">What the facts say about the outages.</param>
/// <param name="Exclusions">Time that somebody asked not to count.</param>
/// <param name="Clocks">In the order of the catalogue, then by ordinal.</param>
/// <param name="Anomalies">Contradictions between the facts.</param>
/// <param name="Facts">The facts in fold order, each once.</param>
public sealed record OutageClocks(Outage State, ValueList<Exclusion> Exclusions, ValueList<Clock> Clocks, ValueList<Anomaly> Anomalies, ValueList<Recorded> Facts) : StreamClocks(Clocks, Anomalies, Facts)
{
    /// <inheritdoc/>
    public override IClockSubject Subject => State;

    /// <summary>Folds facts given in any order and any number of times. The result depends on what is in them alone.</summary>
    public static OutageClocks Fold(IEnumerable<Recorded> facts, CatalogueLog catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var sorted = EndsFirst(EachOnce(facts));
        var (told, state) = Told(sorted, Outage.Unknown, Outage.Evolve);
        var exclusions = sorted.Aggregate(default(ValueList<Exclusion>), Exclusion.Evolve);
        var anomalies = OfFuture(sorted);
        var clocks = new StreamFold(catalogue, StreamKind.Outage, told, anomalies).Run(null, told);
        var noted = state.Anomalies.ToHashSet();
        anomalies.AddRange(state.Anomalies);
        if (state is { EarlyEnd: { } end, HasBegun: false })
            anomalies.Add(new Anomaly(AnomalyKind.StopWithoutStart, [end.Id]));
        // What the outage itself has told needs no telling once for each of its commitments.
        return new OutageClocks(
            state, exclusions, [.. (catalogue.ShapesShareNames ? Numbered(clocks) : clocks).Select(c => c.Anomalies.Count == 0 ? c : c with { Anomalies = [.. c.Anomalies.Where(a => !noted.Contains(a))] })],
            [.. anomalies.Distinct()], [.. sorted]);
    }

    /// <summary>One that ends and another that begins at the same instant touch: where an outage lasts already, its end comes before the next start, whatever their ranks.</summary>
    private static Recorded[] EndsFirst(Recorded[] sorted)
    {
        var lasts = false;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (lasts && sorted[i].Event is OutageEvent.Started)
            {
                var end = Array.FindIndex(sorted, i, f => f.OccurredAt != sorted[i].OccurredAt || f.Sequence != sorted[i].Sequence || f.Event is OutageEvent.Restored);
                if (end > i && sorted[end].Event is OutageEvent.Restored && sorted[end].OccurredAt == sorted[i].OccurredAt && sorted[end].Sequence == sorted[i].Sequence)
                {
                    var restored = sorted[end];
                    Array.Copy(sorted, i, sorted, i + 1, end - i);
                    sorted[i] = restored;
                }
            }

            lasts = sorted[i].Event switch { OutageEvent.Started => true, OutageEvent.Restored or OutageEvent.Voided => false, _ => lasts };
        }

        return sorted;
    }
}
