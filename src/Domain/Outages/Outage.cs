using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Domain.Outages;

/// <summary>
/// What the facts of one stream say: usually one outage, and one more each time it starts again after it was restored. An end dated before the first start
/// belongs to that start.
/// </summary>
/// <param name="Last">The last one; null: none has started.</param>
/// <param name="Earlier">Those before it.</param>
/// <param name="EarlyEnd">An end that no start has come before.</param>
/// <param name="Noted">Contradictions so far.</param>
public sealed record Outage(OutageStretch? Last, Chain<OutageStretch>? Earlier, Recorded? EarlyEnd, Chain<Anomaly>? Noted) : IClockSubject
{
    /// <summary>Nothing is known.</summary>
    public static Outage Unknown { get; } = new(null, null, null, null);

    /// <summary>The outages, in order.</summary>
    public ValueList<OutageStretch> Stretches => (Last is null ? null : new Chain<OutageStretch>(Last, Earlier)).ToList();

    /// <summary>Contradictions.</summary>
    public ValueList<Anomaly> Anomalies => Noted.ToList();

    /// <inheritdoc/>
    public string? Item => Last?.Service;

    /// <inheritdoc/>
    public CaseKind? Kind => null;

    /// <inheritdoc/>
    public Channel? Channel => null;

    /// <inheritdoc/>
    public string? Window => null;

    /// <inheritdoc/>
    public string? Staff => null;

    /// <inheritdoc/>
    public string? Stage => null;

    /// <summary>An outage is no case and does not count among those that are open.</summary>
    public bool IsOpen => false;

    /// <inheritdoc/>
    public bool Supplemented => false;

    /// <inheritdoc/>
    public bool Reworked => false;

    /// <inheritdoc/>
    public bool HasBegun => Last is not null;

    /// <summary>The outage after one more fact, given in fold order.</summary>
    public static Outage Evolve(Outage state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        return fact.Event switch
        {
            OutageEvent.Started e => state.Start(e, fact),
            OutageEvent.ImpactChanged e => state.Last is { EndedAt: null } open ? state.WithLast(open.Change(e, fact.OccurredAt)) : state.With(AnomalyKind.ChangeOutsideOutage, fact.Id),
            OutageEvent.Restored => state.End(fact),
            OutageEvent.Voided => state.Last is { } last ? state.WithLast(last.End(fact) with { IsVoid = true }) : state.End(fact),
            // Decided about it, and folded apart.
            ExclusionEvent => state,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The highest the last one has had so far: it counts for the limit, so that playing it down moves no due.</summary>
    public string? PriorityIn(Catalogue version, IClockSubject? first) => Last?.PriorityIn(version);

    private Outage Start(OutageEvent.Started e, Recorded fact)
    {
        if (Last is { EndedAt: null } open)
            return With(AnomalyKind.SecondStart, open.StartedBy, fact.Id);
        var stretch = new OutageStretch(
            (Last?.Ordinal ?? 0) + 1, e.Service, e.Component, e.Cause, fact.OccurredAt, null, false, [new LostPiece(fact.OccurredAt, null, e.Lost)], [new Weight(e.Urgency, e.Impact)], fact.Id, null, fact.Source);
        var started = this with { Last = stretch, Earlier = Last is null ? null : new Chain<OutageStretch>(Last, Earlier), EarlyEnd = null };
        if (EarlyEnd is not { } early)
            return started;
        var voids = early.Event is OutageEvent.Voided;
        return started.WithLast(stretch.End(early) with { IsVoid = voids }).With(voids ? AnomalyKind.VoidBeforeStart : AnomalyKind.StopBeforeStart, early.Id, fact.Id);
    }

    private Outage End(Recorded fact) => Last switch
    {
        null => this with { EarlyEnd = EarlyEnd ?? fact },
        { EndedAt: null } open => WithLast(open.End(fact)),
        _ => this,
    };

    private Outage WithLast(OutageStretch last) => this with { Last = last };

    private Outage With(AnomalyKind kind, params ReadOnlySpan<Guid> events) => this with { Noted = new Chain<Anomaly>(new Anomaly(kind, ValueList.Create(events)), Noted) };
}

/// <summary>A share of a service that was lost for a time; Until null: still.</summary>
public readonly record struct LostPiece(Instant From, Instant? Until, LostShare Lost);

/// <summary>How urgent and how far-reaching an outage was said to be; null: not said.</summary>
public readonly record struct Weight(string? Urgency, string? Impact);

/// <summary>One outage from its start until it was restored.</summary>
/// <param name="Ordinal">1 for the first of its stream.</param>
/// <param name="Service">The service.</param>
/// <param name="Component">The part of it; null: not said.</param>
/// <param name="Cause">In the reporter's words; null: not said.</param>
/// <param name="StartedAt">When it was lost.</param>
/// <param name="EndedAt">When it was there again; null: not yet.</param>
/// <param name="IsVoid">True: it was none.</param>
/// <param name="Pieces">What was lost when, in order and without gaps.</param>
/// <param name="Weights">What was said of its urgency and impact, in turn.</param>
/// <param name="StartedBy">The event that started it.</param>
/// <param name="EndedBy">The event that ended it.</param>
/// <param name="Source">Who reported its start.</param>
public sealed record OutageStretch(
    int Ordinal, string Service, string? Component, string? Cause, Instant StartedAt, Instant? EndedAt, bool IsVoid, ValueList<LostPiece> Pieces, ValueList<Weight> Weights, Guid StartedBy, Guid? EndedBy, string Source)
{
    /// <summary>The highest priority it has had, by the version's matrix and the order of the service's restore limits; null: none.</summary>
    public string? PriorityIn(Catalogue version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var had = Weights.Select(w => version.Priorities.Of(w.Urgency, w.Impact)).OfType<string>().Distinct().ToList();
        return had.Count < 2 ? had.FirstOrDefault() : version.TargetsOf(Service, StartedAt).HighestOf(had);
    }

    internal OutageStretch Change(OutageEvent.ImpactChanged change, Instant at)
    {
        var (last, weight) = (Pieces[^1], Weights[^1]);
        var lost = change.Lost ?? last.Lost;
        ValueList<LostPiece> pieces = lost == last.Lost ? Pieces : last.From == at ? [.. Pieces.Take(Pieces.Count - 1), last with { Lost = lost }] : [.. Pieces.Take(Pieces.Count - 1), last with { Until = at }, new LostPiece(at, null, lost)];
        var next = new Weight(change.Urgency ?? weight.Urgency, change.Impact ?? weight.Impact);
        return this with { Pieces = pieces, Weights = next == weight ? Weights : [.. Weights, next] };
    }

    /// <summary>Ended by a fact; one dated before the start leaves nothing of it.</summary>
    internal OutageStretch End(Recorded fact) => EndedAt is not null ? this : this with
    {
        EndedAt = Instant.Max(StartedAt, fact.OccurredAt),
        EndedBy = fact.Id,
        Pieces = [.. Pieces.Take(Pieces.Count - 1), Pieces[^1] with { Until = Instant.Max(Pieces[^1].From, fact.OccurredAt) }],
    };
}
