using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Cases;

/// <summary>A fact about a case (办件), reported from outside and never refused. Names and fields: GB/T 39046-2020.</summary>
public abstract record CaseEvent
{
    private CaseEvent()
    {
    }

    /// <summary>A limit or deadline the event carries under that field, such as <c>given.review</c>; null: none.</summary>
    public virtual Limit? LimitIn(string field) => null;

    /// <summary>Papers were received (收件). <c>given</c> holds a deadline or limits promised to this case alone.</summary>
    public sealed record Received(string Item, CaseKind? Kind, string? Priority, Channel? Channel, string? Window, string? Staff, GivenLimits Given) : CaseEvent
    {
        /// <inheritdoc/>
        public override Limit? LimitIn(string field) => Given.Find(field);
    }

    /// <summary>The case was accepted (受理).</summary>
    public sealed record Accepted(string? NoticeNumber, Limit? Promised, Limit? Statutory, GivenLimits Given) : CaseEvent
    {
        /// <inheritdoc/>
        public override Limit? LimitIn(string field) => field switch
        {
            "promised" => Promised,
            "statutory" => Statutory,
            _ => Given.Find(field),
        };
    }

    /// <summary>The case entered a stage of its handling.</summary>
    public sealed record StageEntered(string Stage, string? Window, string? Staff) : CaseEvent;

    /// <summary>A special procedure (特别程序) began; it stops the clock if its cause is on the commitment's list.</summary>
    public sealed record SpecialProcedureStarted(string Procedure, string Cause, string? Basis, Limit? Granted, string? Approver) : CaseEvent;

    /// <summary>A special procedure ended.</summary>
    public sealed record SpecialProcedureEnded(string Procedure, string? Result) : CaseEvent;

    /// <summary>The limit was prolonged (延长) with an approver and a reason.</summary>
    public sealed record ExtensionGranted(Limit Add, string Reason, string Approver) : CaseEvent;

    /// <summary>A decision was made.</summary>
    public sealed record Decided(Outcome Outcome, string? Document) : CaseEvent;

    /// <summary>The case was closed (办结).</summary>
    public sealed record Closed(string? Via) : CaseEvent;

    /// <summary>The applicant withdrew.</summary>
    public sealed record Withdrawn(string? By) : CaseEvent;
}

/// <summary>Kinds of case (办件类型).</summary>
public enum CaseKind
{
    /// <summary>即办件: done at once.</summary>
    Instant,

    /// <summary>承诺件: within a promised limit.</summary>
    Commitment,

    /// <summary>答复件: answered with a refusal.</summary>
    Answer,

    /// <summary>联办件: several agencies.</summary>
    Joint,

    /// <summary>报批件: decided above.</summary>
    Upward,
}

/// <summary>Channels by their national code.</summary>
public enum Channel
{
    /// <summary>At a window.</summary>
    Window = 1,

    /// <summary>On the web.</summary>
    Pc = 2,

    /// <summary>By mobile.</summary>
    Mobile = 3,

    /// <summary>By courier or post.</summary>
    Courier = 4,

    /// <summary>Any other.</summary>
    Other = 9,
}

/// <summary>How a case was decided.</summary>
public enum Outcome
{
    /// <summary>Granted.</summary>
    Approved,

    /// <summary>Refused after review (不予许可).</summary>
    Denied,

    /// <summary>Answered.</summary>
    Answered,

    /// <summary>Resolved.</summary>
    Resolved,
}

/// <summary>What the facts known so far say about a case; null: not known.</summary>
public sealed record Case(
    string? Item = null,
    CaseKind? Kind = null,
    string? Priority = null,
    Channel? Channel = null,
    string? Window = null,
    string? Staff = null,
    string? Stage = null,
    Instant? ReceivedAt = null,
    Instant? AcceptedAt = null,
    Instant? DecidedAt = null,
    Outcome? Outcome = null,
    Instant? ClosedAt = null,
    Instant? WithdrawnAt = null)
{
    /// <summary>A case nothing is known of.</summary>
    public static Case Unknown { get; } = new();

    /// <summary>True until it is decided, closed or withdrawn.</summary>
    public bool IsOpen => DecidedAt is null && ClosedAt is null && WithdrawnAt is null;

    /// <summary>The case after one more fact, given in fold order. Of facts that repeat, the first counts.</summary>
    public static Case Evolve(Case state, Recorded<CaseEvent> recorded)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(recorded);
        var at = recorded.OccurredAt;
        return recorded.Event switch
        {
            CaseEvent.Received e => state with
            {
                Item = state.Item ?? e.Item,
                Kind = state.Kind ?? e.Kind,
                Priority = state.Priority ?? e.Priority,
                Channel = state.Channel ?? e.Channel,
                Window = state.Window ?? e.Window,
                Staff = state.Staff ?? e.Staff,
                ReceivedAt = state.ReceivedAt ?? at,
            },
            CaseEvent.Accepted => state with { AcceptedAt = state.AcceptedAt ?? at },
            CaseEvent.StageEntered e => state with { Stage = e.Stage, Window = e.Window ?? state.Window, Staff = e.Staff ?? state.Staff },
            CaseEvent.SpecialProcedureStarted or CaseEvent.SpecialProcedureEnded or CaseEvent.ExtensionGranted => state,
            CaseEvent.Decided e => state with { DecidedAt = state.DecidedAt ?? at, Outcome = state.Outcome ?? e.Outcome },
            CaseEvent.Closed => state with { ClosedAt = state.ClosedAt ?? at },
            CaseEvent.Withdrawn => state with { WithdrawnAt = state.WithdrawnAt ?? at },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
