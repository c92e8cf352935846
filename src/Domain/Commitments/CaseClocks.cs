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

        var received = sorted.FirstOrDefault(f => f.Event is CaseEvent.Received);
        var shapes = catalogue.Versions.SelectMany(v => v.Commitments).Select(CommitmentShape.Of).Distinct().ToList();
        var acceptance = Acceptance.Of(sorted, Notification());
        anomalies.AddRange(acceptance.Anomalies);
        var clocks = shapes.SelectMany(s => s.Start == Acceptance.Accepted ? Clocks(s, acceptance.Facts, acceptance.AppearsAt) : Clocks(s, sorted, null)).ToList();
        return new CaseClocks(state, [.. Numbered(clocks)], [.. anomalies.Distinct()], [.. sorted]);

        // The clock of what is due to the applicant first, by the catalogue that held when the application was received.
        Clock? Notification() => received is not null && catalogue.At(received.OccurredAt, received.Position)?.Commitments.FirstOrDefault(d => d.Deems) is { } deeming
            ? Clocks(CommitmentShape.Of(deeming), sorted, null, []).FirstOrDefault(c => c.StartedBy == received.Id)
            : null;

        List<Clock> Clocks(CommitmentShape shape, IReadOnlyList<Recorded<CaseEvent>> folded, Instant? appearsAt, List<Anomaly>? apart = null) =>
            [.. Keys(shape.Key, folded).SelectMany(key => new ClockFold(shape, key, catalogue, received?.Event as CaseEvent.Received, appearsAt, apart ?? anomalies).Run(Of(key, shape.Key, folded)))];
    }

    /// <summary>Clocks of one commitment and key that come of different shapes of it are numbered through by their start.</summary>
    private static IEnumerable<Clock> Numbered(List<Clock> clocks) => clocks.GroupBy(c => (c.Definition.Id, c.Key))
        .SelectMany(g => g.OrderBy(c => c.Facts.Start).ThenBy(c => c.StartedBy).Select((c, i) => c.Ordinal == i + 1 ? c : c with { Ordinal = i + 1 }));

    /// <summary>The values of the key field in the order they first occur; a single null without one.</summary>
    private static IEnumerable<string?> Keys(string? field, IReadOnlyList<Recorded<CaseEvent>> facts) =>
        field is not null ? facts.Select(f => f.Event.KeyIn(field)).Where(k => k is not null).Distinct() : [null];

    /// <summary>The facts of one key, and those that concern all.</summary>
    private static IEnumerable<Recorded<CaseEvent>> Of(string? key, string? field, IReadOnlyList<Recorded<CaseEvent>> facts) =>
        key is null ? facts : facts.Where(f => f.Event.KeyIn(field!) is not { } value || value == key);
}
