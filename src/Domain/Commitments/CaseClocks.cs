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
        var sorted = EachOnce(facts);
        var anomalies = new List<Anomaly>();
        foreach (var fact in sorted)
        {
            if (fact.OccurredAt > fact.RecordedAt + ClockSkew)
                anomalies.Add(new Anomaly(AnomalyKind.OccurredInFuture, [fact.Id]));
        }

        var received = Array.Find(sorted, f => f.Event is CaseEvent.Received);
        var told = Told(sorted);
        var acceptance = Acceptance.Of(sorted, Notification());
        anomalies.AddRange(acceptance.Anomalies);
        var accepted = ReferenceEquals(acceptance.Facts, sorted) ? told : Told(acceptance.Facts);
        var clocks = catalogue.Shapes.SelectMany(s => s.Shape.Start == Acceptance.Accepted ? Clocks(s.Shape, s.Types, accepted, acceptance.AppearsAt) : Clocks(s.Shape, s.Types, told, null)).ToList();
        var state = told.Count == 0 ? Case.Unknown : told[^1].After;
        return new CaseClocks(state, [.. catalogue.ShapesShareNames ? Numbered(clocks) : clocks], [.. anomalies.Distinct()], [.. sorted]);

        // The clock of what is due to the applicant first, by the catalogue that held when the application was received.
        Clock? Notification() => received is not null && catalogue.At(received.OccurredAt, received.Position)?.Commitments.FirstOrDefault(d => d.Deems) is { } deeming
            ? catalogue.Shapes.Where(s => s.Shape.Fits(deeming)).SelectMany(s => Clocks(s.Shape, s.Types, told, null, [])).FirstOrDefault(c => c.StartedBy == received.Id)
            : null;

        List<Clock> Clocks(CommitmentShape shape, HashSet<string> relevant, List<ToldFact> facts, Instant? appearsAt, List<Anomaly>? apart = null)
        {
            var concerned = facts.FindAll(f => relevant.Contains(f.Fact.Type));
            var fold = (string? key, IEnumerable<ToldFact> own) => new ClockFold(shape, key, catalogue, received?.Event as CaseEvent.Received, appearsAt, apart ?? anomalies).Run(own);
            return shape.Key is not { } field
                ? [.. fold(null, concerned)]
                : [.. concerned.Select(f => f.Fact.Event.KeyIn(field)).OfType<string>().Distinct().SelectMany(key => fold(key, concerned.Where(f => f.Fact.Event.KeyIn(field) is not { } value || value == key)))];
        }
    }

    /// <summary>In fold order. Facts of the same id are the same fact, and come to stand beside each other.</summary>
    private static Recorded<CaseEvent>[] EachOnce(IEnumerable<Recorded<CaseEvent>> facts)
    {
        var sorted = facts.ToArray();
        Array.Sort(sorted, FoldOrder.Compare);
        var count = 0;
        foreach (var fact in sorted)
        {
            if (count == 0 || sorted[count - 1].Id != fact.Id)
                sorted[count++] = fact;
        }

        return count == sorted.Length ? sorted : sorted[..count];
    }

    /// <summary>The facts, each with what the case was after it.</summary>
    private static List<ToldFact> Told(IReadOnlyList<Recorded<CaseEvent>> facts)
    {
        var (told, state) = (new List<ToldFact>(facts.Count), Case.Unknown);
        foreach (var fact in facts)
        {
            var before = state;
            told.Add(new ToldFact(fact, before, state = Case.Evolve(state, fact)));
        }

        return told;
    }

    /// <summary>Clocks of one commitment and key that come of different shapes of it are numbered through by their start.</summary>
    private static IEnumerable<Clock> Numbered(List<Clock> clocks) => clocks.GroupBy(c => (c.Definition.Id, c.Key))
        .SelectMany(g => g.OrderBy(c => c.Facts.Start).ThenBy(c => c.StartedBy).Select((c, i) => c.Ordinal == i + 1 ? c : c with { Ordinal = i + 1 }));
}

/// <summary>A fact with what the case was before and after it.</summary>
internal readonly record struct ToldFact(Recorded<CaseEvent> Fact, Case Before, Case After);
