using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Outages;

/// <summary>Where an exclusion stands.</summary>
public enum ExclusionState
{
    /// <summary>Asked for; it counts for nothing yet.</summary>
    Proposed,

    /// <summary>Granted.</summary>
    Approved,

    /// <summary>Not granted.</summary>
    Refused,

    /// <summary>Granted once, and taken back.</summary>
    Revoked,
}

/// <summary>Time that somebody asked not to count, and what was decided. It applies while it is approved.</summary>
/// <param name="Id">Unique within its stream.</param>
/// <param name="Kind">Why.</param>
/// <param name="From">From when.</param>
/// <param name="Until">Until when, exclusive.</param>
/// <param name="Evidence">What proves it.</param>
/// <param name="ProposedBy">Who asked.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="State">Where it stands.</param>
/// <param name="DecidedBy">Who approved, refused or revoked it; null: nobody yet.</param>
/// <param name="DecidedAt">When; null: not yet.</param>
/// <param name="Reason">Why it was refused or revoked.</param>
public sealed record Exclusion(
    string Id, ExclusionKind Kind, Instant From, Instant Until, string Evidence, string ProposedBy, Instant ProposedAt, ExclusionState State, string? DecidedBy, Instant? DecidedAt, string? Reason)
{
    /// <summary>The exclusions of a stream after one more fact, given in fold order.</summary>
    public static ValueList<Exclusion> Evolve(ValueList<Exclusion> state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        if (fact.Event is not ExclusionEvent decided)
            return state;
        if (decided is ExclusionEvent.Proposed p)
            return state.Any(x => x.Id == p.Exclusion) ? state : [.. state, new Exclusion(p.Exclusion, p.Kind, p.From, p.Until, p.Evidence, p.By, fact.OccurredAt, ExclusionState.Proposed, null, null, null)];
        return [.. state.Select(x => x.Id == decided.Exclusion ? x.After(decided, fact.OccurredAt) : x)];
    }

    /// <summary>What a command does, or why it cannot be; deciding what is decided so already is nothing.</summary>
    public static ExclusionDecision Decide(ExclusionCommand command, ValueList<Exclusion> state)
    {
        ArgumentNullException.ThrowIfNull(command);
        var found = state.FirstOrDefault(x => x.Id == command.Exclusion);
        return (command, found?.State) switch
        {
            (ExclusionCommand.Propose, null) when command is ExclusionCommand.Propose p => p.From < p.Until ? Event(new ExclusionEvent.Proposed(p.Exclusion, p.Kind, p.From, p.Until, p.Evidence, p.By)) : No("its from is not before its until"),
            (ExclusionCommand.Propose p, _) => found is not null && (p.Kind, p.From, p.Until, p.Evidence) == (found.Kind, found.From, found.Until, found.Evidence) ? new ExclusionDecision.Accepted([]) : No("an exclusion of that id was proposed with other content; choose another id"),
            (_, null) => No("no exclusion of that id was proposed here"),
            (ExclusionCommand.Approve a, ExclusionState.Proposed) => Event(new ExclusionEvent.Approved(a.Exclusion, a.By)),
            (ExclusionCommand.Approve, ExclusionState.Approved) or (ExclusionCommand.Refuse, ExclusionState.Refused) or (ExclusionCommand.Revoke, ExclusionState.Revoked) => new ExclusionDecision.Accepted([]),
            (ExclusionCommand.Approve, _) => No("it was refused or revoked; propose it anew under another id"),
            (ExclusionCommand.Refuse r, ExclusionState.Proposed) => Event(new ExclusionEvent.Refused(r.Exclusion, r.By, r.Reason)),
            (ExclusionCommand.Refuse, _) => No("it was decided already; one that is approved can be revoked"),
            (ExclusionCommand.Revoke r, ExclusionState.Approved) => Event(new ExclusionEvent.Revoked(r.Exclusion, r.By, r.Reason)),
            (ExclusionCommand.Revoke, _) => No("it is not approved"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        static ExclusionDecision Event(ExclusionEvent e) => new ExclusionDecision.Accepted([e]);

        static ExclusionDecision No(string reason) => new ExclusionDecision.Rejected(reason);
    }

    // What was decided stands; what contradicts it came about beside Decide and says nothing.
    private Exclusion After(ExclusionEvent decided, Instant at) => (decided, State) switch
    {
        (ExclusionEvent.Approved e, ExclusionState.Proposed) => this with { State = ExclusionState.Approved, DecidedBy = e.Approver, DecidedAt = at },
        (ExclusionEvent.Refused e, ExclusionState.Proposed) => this with { State = ExclusionState.Refused, DecidedBy = e.By, DecidedAt = at, Reason = e.Reason },
        (ExclusionEvent.Revoked e, ExclusionState.Approved) => this with { State = ExclusionState.Revoked, DecidedBy = e.By, DecidedAt = at, Reason = e.Reason },
        (ExclusionEvent.Approved or ExclusionEvent.Refused or ExclusionEvent.Revoked, _) => this,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>What somebody wants decided about an exclusion.</summary>
public abstract record ExclusionCommand(string Exclusion, string By)
{
    /// <summary>Ask for it.</summary>
    public sealed record Propose(string Exclusion, string By, ExclusionKind Kind, Instant From, Instant Until, string Evidence) : ExclusionCommand(Exclusion, By);

    /// <summary>Grant it.</summary>
    public sealed record Approve(string Exclusion, string By) : ExclusionCommand(Exclusion, By);

    /// <summary>Do not grant it.</summary>
    public sealed record Refuse(string Exclusion, string By, string Reason) : ExclusionCommand(Exclusion, By);

    /// <summary>Take it back.</summary>
    public sealed record Revoke(string Exclusion, string By, string Reason) : ExclusionCommand(Exclusion, By);
}

/// <summary>What came of a command.</summary>
public abstract record ExclusionDecision
{
    private ExclusionDecision()
    {
    }

    /// <summary>The events that make it so; none: it is so already.</summary>
    public sealed record Accepted(ValueList<ExclusionEvent> Events) : ExclusionDecision;

    /// <summary>It cannot be; the reason follows "cannot be decided:".</summary>
    public sealed record Rejected(string Reason) : ExclusionDecision;
}
