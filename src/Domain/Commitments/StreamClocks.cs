using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Outages;

namespace SlaMonitor.Domain.Commitments;

/// <summary>One stream and its clocks, folded from its facts.</summary>
/// <param name="Clocks">In the order of the catalogue, then by key, then by ordinal.</param>
/// <param name="Anomalies">Contradictions that belong to the facts rather than to one clock.</param>
/// <param name="Facts">The facts in fold order, each once.</param>
public abstract record StreamClocks(ValueList<Clock> Clocks, ValueList<Anomaly> Anomalies, ValueList<Recorded> Facts)
{
    private static readonly Duration ClockSkew = Duration.FromMinutes(5);

    /// <summary>What the clocks run on, as the facts have it.</summary>
    public abstract IClockSubject Subject { get; }

    /// <summary>
    /// Folds facts of one stream, given in any order and any number of times. The result depends on what is in them alone.
    /// Only cases, complaints and outages have clocks.
    /// </summary>
    public static StreamClocks Fold(StreamKind kind, IEnumerable<Recorded> facts, CatalogueLog catalogue) => kind switch
    {
        StreamKind.Case => CaseClocks.Fold(facts, catalogue),
        StreamKind.Complaint => ComplaintClocks.Fold(facts, catalogue),
        StreamKind.Outage => OutageClocks.Fold(facts, catalogue),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "streams of that kind have no clocks"),
    };

    /// <summary>What is dated more than five minutes after it was recorded.</summary>
    private protected static List<Anomaly> OfFuture(IReadOnlyList<Recorded> facts)
    {
        var anomalies = new List<Anomaly>();
        foreach (var fact in facts)
        {
            if (fact.OccurredAt > fact.RecordedAt + ClockSkew)
                anomalies.Add(new Anomaly(AnomalyKind.OccurredInFuture, [fact.Id]));
        }

        return anomalies;
    }

    /// <summary>In fold order. Facts of the same id are the same fact, and come to stand beside each other.</summary>
    private protected static Recorded[] EachOnce(IEnumerable<Recorded> facts)
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

    /// <summary>The facts, each with what their subject was before and after it, and what it is in the end.</summary>
    private protected static (List<ToldFact> Told, T State) Told<T>(IReadOnlyList<Recorded> facts, T unknown, Func<T, Recorded, T> evolve)
        where T : IClockSubject
    {
        var (told, state) = (new List<ToldFact>(facts.Count), unknown);
        foreach (var fact in facts)
        {
            var before = state;
            told.Add(new ToldFact(fact, before, state = evolve(state, fact)));
        }

        return (told, state);
    }

    /// <summary>Clocks of one commitment and key that come of different shapes of it are numbered through by their start.</summary>
    // Those that begin when another falls due bear that one's number.
    private protected static IEnumerable<Clock> Numbered(List<Clock> clocks) => clocks.GroupBy(c => (c.Definition.Id, c.Key))
        .SelectMany(g => g.First().Definition.OverdueOf is not null ? g : g.OrderBy(c => c.Facts.Start).ThenBy(c => c.StartedBy).Select((c, i) => c.Ordinal == i + 1 ? c : c with { Ordinal = i + 1 }));
}
