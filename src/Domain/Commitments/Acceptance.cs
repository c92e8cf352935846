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
internal sealed record Acceptance(IReadOnlyList<Recorded<CaseEvent>> Facts, Instant? AppearsAt, IReadOnlyList<Anomaly> Anomalies)
{
    /// <summary>The stored name of acceptance.</summary>
    public const string Accepted = "case_accepted";

    /// <summary>Works it out from the clock of the notification that is due to the applicant; null: nothing is deemed.</summary>
    public static Acceptance Of(IReadOnlyList<Recorded<CaseEvent>> sorted, Clock? notification)
    {
        var unchanged = new Acceptance(sorted, null, []);
        if (notification?.Read().Reckoning.DueAt is not { } due)
            return unchanged;
        var acts = sorted.Where(f => f.Event is CaseEvent.Accepted or CaseEvent.NotAccepted or CaseEvent.SupplementRequested).ToList();
        if (acts.Count > 0 && acts[0].OccurredAt <= due)
            return acts[0].Event is CaseEvent.SupplementRequested ? AfterSupplements(sorted, acts[0]) : unchanged;
        // Whoever was given a decision, or took the application back, in time was not left waiting.
        return sorted.Any(f => f.OccurredAt <= due && f.Event is (CaseEvent.Decided or CaseEvent.Closed or CaseEvent.Withdrawn or CaseEvent.Returned))
            ? unchanged
            : Deemed(sorted, acts, sorted.First(f => f.Id == notification.StartedBy), due);
    }

    /// <summary>Asked in time: accepted as of the arrival of the last supplement.</summary>
    private static Acceptance AfterSupplements(IReadOnlyList<Recorded<CaseEvent>> sorted, Recorded<CaseEvent> request)
    {
        var arrival = sorted.LastOrDefault(f => f.Event is CaseEvent.SupplementReceived { Complete: true } && f.OccurredAt >= request.OccurredAt);
        if (arrival is null)
            return new Acceptance(sorted, null, []);
        var accepted = sorted.FirstOrDefault(f => f.Event is CaseEvent.Accepted);
        return new Acceptance(Replace(sorted, f => f == accepted, As(arrival, accepted?.Event)), null, []);
    }

    /// <summary>Silence: accepted as of receipt; what was done later is an anomaly and changes nothing.</summary>
    private static Acceptance Deemed(IReadOnlyList<Recorded<CaseEvent>> sorted, List<Recorded<CaseEvent>> acts, Recorded<CaseEvent> received, Instant due)
    {
        var accepted = acts.FirstOrDefault(f => f.Event is CaseEvent.Accepted);
        return new Acceptance(
            Replace(sorted, f => f.Event is CaseEvent.Accepted or CaseEvent.NotAccepted, As(received, accepted?.Event)), due,
            [.. acts.Select(a => new Anomaly(AnomalyKind.ActAfterDeemedAcceptance, [received.Id, a.Id]))]);
    }

    private static Recorded<CaseEvent> As(Recorded<CaseEvent> at, CaseEvent? accepted) =>
        at with { Type = Accepted, Rank = CaseJson.RankOf(Accepted), Event = accepted ?? new CaseEvent.Accepted(null, null, null, GivenLimits.None) };

    private static List<Recorded<CaseEvent>> Replace(IReadOnlyList<Recorded<CaseEvent>> sorted, Func<Recorded<CaseEvent>, bool> without, Recorded<CaseEvent> acceptance)
    {
        var facts = sorted.Where(f => !without(f)).Append(acceptance).ToList();
        facts.Sort(FoldOrder.Compare);
        return facts;
    }
}
