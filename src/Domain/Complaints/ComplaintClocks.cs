using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Domain.Complaints;

/// <summary>One complaint and its clocks, folded from its facts.</summary>
/// <param name="State">What the facts say about the complaint.</param>
/// <param name="Clocks">In the order of the catalogue, then by ordinal.</param>
/// <param name="Anomalies">Contradictions between the facts.</param>
/// <param name="Facts">The facts in fold order, each once.</param>
public sealed record ComplaintClocks(Complaint State, ValueList<Clock> Clocks, ValueList<Anomaly> Anomalies, ValueList<Recorded> Facts) : StreamClocks(Clocks, Anomalies, Facts)
{
    /// <inheritdoc/>
    public override IClockSubject Subject => State;

    /// <summary>Folds facts given in any order and any number of times. The result depends on what is in them alone.</summary>
    public static ComplaintClocks Fold(IEnumerable<Recorded> facts, CatalogueLog catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var sorted = EachOnce(facts);
        var (told, state) = Told(sorted, Complaint.Unknown, Complaint.Evolve);
        told.RemoveAll(t => IsFinding(t.Fact.Event) && ReferenceEquals(((Complaint)t.Before).Decision, ((Complaint)t.After).Decision));
        var anomalies = OfFuture(sorted);
        var clocks = new StreamFold(catalogue, StreamKind.Complaint, told, anomalies).Run(null, told);
        anomalies.AddRange(state.Anomalies);
        return new ComplaintClocks(state, [.. catalogue.ShapesShareNames ? Numbered(clocks) : clocks], [.. anomalies.Distinct()], [.. sorted]);
    }

    /// <summary>What is found, or taken back. One that finds nothing new, and one that contradicts what was found, starts and ends no clock.</summary>
    private static bool IsFinding(StreamEvent e) => e is ComplaintEvent.Substantiated or ComplaintEvent.Unsubstantiated or ComplaintEvent.Reversed;
}
