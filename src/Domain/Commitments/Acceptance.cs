using NodaTime;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// When a case counts as accepted, whatever date the acceptance bears (Licensing Law 32). Worked out in the fold, never
/// stored: a timely notice that arrives late removes a deemed acceptance.
/// </summary>
/// <param name="Facts">The facts with the acceptance at the instant it counts, in fold order.</param>
/// <param name="AppearsAt">While nobody has done anything: the instant after which silence has become acceptance; else null.</param>
/// <param name="Anomalies">Acts after a deemed acceptance.</param>
internal sealed record Acceptance(IReadOnlyList<Recorded> Facts, Instant? AppearsAt, IReadOnlyList<Anomaly> Anomalies)
{
    /// <summary>The stored name of acceptance.</summary>
    public const string Accepted = "case_accepted";

    /// <summary>Works it out from the clock of the notification that is due to the applicant; null: nothing is deemed.</summary>
    public static Acceptance Of(IReadOnlyList<Recorded> sorted, Clock? notification)
    {
        var unchanged = new Acceptance(sorted, null, []);
        if (notification?.Read().Reckoning.DueAt is not { } due)
            return unchanged;
        var first = FirstRound(sorted);
        var acts = first.FindAll(f => f.Event is CaseEvent.Accepted or CaseEvent.NotAccepted or CaseEvent.SupplementRequested);
        if (acts.Count > 0 && acts[0].OccurredAt <= due)
            return acts[0].Event is CaseEvent.SupplementRequested ? AfterSupplements(sorted, first, acts[0]) : unchanged;
        // Whoever was given a decision, or took the application back, in time was not left waiting.
        return first.Exists(f => f.OccurredAt <= due && Ends(f))
            ? unchanged
            : Deemed(sorted, acts, sorted.First(f => f.Id == notification.StartedBy), due);
    }

    /// <summary>The facts up to a reopening, or to a new receipt after an end: what comes then is a matter of its own.</summary>
    private static List<Recorded> FirstRound(IReadOnlyList<Recorded> sorted)
    {
        var (first, ended) = (new List<Recorded>(sorted.Count), false);
        for (var i = 0; i < sorted.Count; i++)
        {
            if (sorted[i].Event is CaseEvent.Reopened || (ended && sorted[i].Event is CaseEvent.Received))
                break;
            ended |= Ends(sorted[i]) || sorted[i].Event is CaseEvent.NotAccepted;
            first.Add(sorted[i]);
        }

        return first;
    }

    private static bool Ends(Recorded fact) => fact.Event is CaseEvent.Decided or CaseEvent.Closed or CaseEvent.Withdrawn or CaseEvent.Returned;

    /// <summary>
    /// Asked in time: accepted as of the arrival of the last supplement before the acceptance that followed one, or before the
    /// end. What arrives after that acceptance moves nothing: nobody may ask again then.
    /// </summary>
    private static Acceptance AfterSupplements(IReadOnlyList<Recorded> sorted, List<Recorded> first, Recorded request)
    {
        var asked = first.SkipWhile(f => f != request).TakeWhile(f => !Ends(f)).ToList();
        var firstArrival = asked.FindIndex(Arrives);
        if (firstArrival < 0)
            return new Acceptance(sorted, null, []);
        var following = asked.FindIndex(firstArrival, f => f.Event is CaseEvent.Accepted);
        var arrival = asked[..(following < 0 ? asked.Count : following)].Last(Arrives);
        var reported = following < 0 ? first.FirstOrDefault(f => f.Event is CaseEvent.Accepted) : asked[following];
        // Acceptances before the arrival, and the one that followed it, are the same act, whatever dates they bear.
        var same = first.TakeWhile(f => f != arrival).Where(f => f.Event is CaseEvent.Accepted).Append(reported).ToHashSet();
        return new Acceptance(Replace(sorted, same.Contains, As(arrival, reported?.Event as CaseEvent)), null, []);

        static bool Arrives(Recorded fact) => fact.Event is CaseEvent.SupplementReceived { Complete: true };
    }

    /// <summary>Silence: accepted as of receipt; what was done later is an anomaly and changes nothing.</summary>
    private static Acceptance Deemed(IReadOnlyList<Recorded> sorted, List<Recorded> acts, Recorded received, Instant due)
    {
        var accepted = acts.FirstOrDefault(f => f.Event is CaseEvent.Accepted);
        var late = acts.Where(f => f.Event is CaseEvent.Accepted or CaseEvent.NotAccepted).ToHashSet();
        return new Acceptance(
            Replace(sorted, late.Contains, As(received, accepted?.Event as CaseEvent)), due,
            [.. acts.Select(a => new Anomaly(AnomalyKind.ActAfterDeemedAcceptance, [received.Id, a.Id]))]);
    }

    private static Recorded As(Recorded at, CaseEvent? accepted) =>
        at with { Type = Accepted, Rank = EventTypes.Of(Accepted).Rank, Event = accepted ?? new CaseEvent.Accepted(null, null, null, GivenLimits.None) };

    private static List<Recorded> Replace(IReadOnlyList<Recorded> sorted, Func<Recorded, bool> without, Recorded acceptance)
    {
        var facts = sorted.Where(f => !without(f)).Append(acceptance).ToList();
        facts.Sort(FoldOrder.Compare);
        return facts;
    }
}
