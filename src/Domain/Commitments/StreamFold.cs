using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;

namespace SlaMonitor.Domain.Commitments;

/// <summary>A fact with what its subject was before and after it.</summary>
internal readonly record struct ToldFact(Recorded Fact, IClockSubject Before, IClockSubject After);

/// <summary>Folds one stream by every shape of commitment of its kind.</summary>
/// <param name="catalogue">By which.</param>
/// <param name="kind">What the stream is about.</param>
/// <param name="told">The facts as they were reported.</param>
/// <param name="anomalies">Receives what contradicts the facts.</param>
internal sealed class StreamFold(CatalogueLog catalogue, StreamKind kind, List<ToldFact> told, List<Anomaly> anomalies)
{
    private readonly int _kinds = KindsOf(told, catalogue);
    private readonly Recorded? _received = told.Find(t => t.Fact.Event is CaseEvent.Received).Fact;
    private IClockSubject? _first;

    /// <summary>The facts as they were reported.</summary>
    public List<ToldFact> Told => told;

    /// <summary>What the first fact says: a later one can be dated before it.</summary>
    private IClockSubject? First => _first ??= _received is not null ? Case.Evolve(Case.Unknown, _received)
        : told.Find(t => t.Fact.Event is ComplaintEvent.Registered).Fact is { } registered ? Complaint.Evolve(Complaint.Unknown, registered) : null;

    /// <summary>The clock of what is due to the applicant first, by the catalogue that held when the application was received.</summary>
    public Clock? Notification()
    {
        if (_received is null || catalogue.At(_received.OccurredAt, _received.Position)?.Deeming is not { } deeming)
            return null;
        foreach (var folding in catalogue.ShapesOf(kind))
        {
            if (!folding.Shape.Fits(deeming))
                continue;
            var clocks = new List<Clock>();
            Fold(folding, told, null, [], clocks);
            return clocks.Find(c => c.StartedBy == _received.Id);
        }

        return null;
    }

    /// <summary>All clocks, in the order of the catalogue.</summary>
    /// <param name="acceptance">When a case counts as accepted; null: it is none.</param>
    /// <param name="accepted">The facts with that acceptance.</param>
    public List<Clock> Run(Acceptance? acceptance, List<ToldFact> accepted)
    {
        var clocks = new List<Clock>();
        foreach (var folding in catalogue.ShapesOf(kind))
        {
            if (folding.Shape.OverdueOf is { } commitment)
                FoldOverdue(folding, accepted, clocks.FindAll(c => c.Definition.Id == commitment), clocks);
            else if (folding.Shape.Start == Acceptance.Accepted)
                Fold(folding, accepted, acceptance?.AppearsAt, anomalies, clocks);
            else
                Fold(folding, told, null, anomalies, clocks);
        }

        return clocks;
    }

    /// <summary>
    /// One clock for each that fell due unanswered, begun by that due. While the other one is open it is there only once due has
    /// passed; and what is answered beforehand need not be answered.
    /// </summary>
    private void FoldOverdue(ShapedFolding folding, List<ToldFact> facts, List<Clock> others, List<Clock> clocks)
    {
        var shape = folding.Shape;
        foreach (var other in others)
        {
            if (other.Read().Reckoning.DueAt is not { } due || other.EndedAt <= due)
                continue;
            var definition = catalogue.Named(other.CatalogueVersion).Commitments.FirstOrDefault(shape.Fits);
            var own = other is { Key: { } key, Definition.Key: { } field } ? facts.FindAll(f => f.Fact.Event.KeyIn(field) is not { } value || value == key) : facts;
            if (definition is null || (!definition.Stop.PassesEarly && own.Exists(f => definition.Stop.Events.Contains(f.Fact.Type) && f.Fact.OccurredAt >= other.Facts.Start && f.Fact.OccurredAt <= due)))
                continue;
            var starter = told.Find(t => t.Fact.Id == other.StartedBy).Fact;
            // Of a deemed acceptance nobody could know before the silence had lasted.
            var since = other.AppearsAt > due ? other.AppearsAt.Value : due;
            var overdue = starter with { Event = new CaseEvent.FellDue(other.Definition.Id), Type = shape.Start, OccurredAt = since };
            // What had begun to pause it by then pauses it.
            var earlier = own.FindAll(f => f.Fact.OccurredAt <= since && f.Fact.Event is CaseEvent.SpecialProcedureStarted or CaseEvent.SpecialProcedureEnded);
            var after = own.FindAll(f => f.Fact.OccurredAt > since);
            var before = after.Count > 0 ? after[0].Before : own[^1].After;
            var made = new ClockFold(shape, other.Key, catalogue, First, other.EndedAt is null ? since : other.AppearsAt, anomalies)
                .Run([.. earlier, new ToldFact(overdue, before, before), .. after], folding.Types);
            clocks.AddRange(made.Take(1).Select(c => c with { Ordinal = other.Ordinal }));
        }
    }

    private void Fold(ShapedFolding folding, List<ToldFact> facts, Instant? appearsAt, List<Anomaly> contradictions, List<Clock> clocks)
    {
        if (!folding.CanConcern(facts, _kinds))
            return;
        var (shape, relevant) = (folding.Shape, folding.Types);
        if (shape.Key is not { } field)
        {
            clocks.AddRange(Clocks(null, facts));
            return;
        }

        var concerned = facts.FindAll(f => relevant.Contains(f.Fact.Type));
        foreach (var key in concerned.Select(f => f.Fact.Event.KeyIn(field)).OfType<string>().Distinct())
            clocks.AddRange(Clocks(key, concerned.FindAll(f => f.Fact.Event.KeyIn(field) is not { } value || value == key)));

        List<Clock> Clocks(string? key, List<ToldFact> own) => new ClockFold(shape, key, catalogue, First, appearsAt, contradictions).Run(own, relevant);
    }

    /// <summary>The kinds the case has ever been of, a bit each; of an item, the kind that any version gives it.</summary>
    private static int KindsOf(List<ToldFact> told, CatalogueLog catalogue)
    {
        var kinds = 0;
        foreach (var (fact, _, _) in told)
        {
            switch (fact.Event)
            {
                case CaseEvent.Received received:
                    kinds |= (received.Kind is { } kind ? 1 << (int)kind : 0) | OfItem(received.Item);
                    break;
                case CaseEvent.KindChanged changed:
                    kinds |= 1 << (int)changed.To;
                    break;
                case CaseEvent.ItemChanged changed:
                    kinds |= OfItem(changed.To);
                    break;
            }
        }

        // A case of which no receipt is known may be of any kind.
        return kinds == 0 ? -1 : kinds;

        int OfItem(string id)
        {
            var found = 0;
            foreach (var version in catalogue.Versions)
                found |= version.Items.TryGetValue(id, out var item) ? 1 << (int)item.Kind : 0;
            return found;
        }
    }
}
