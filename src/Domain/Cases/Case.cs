using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Cases;

/// <summary>A fact about a case (办件), reported from outside and never refused. Names and fields: GB/T 39046-2020.</summary>
public abstract record CaseEvent : StreamEvent
{
    private CaseEvent()
    {
    }

    /// <summary>Papers were received (收件). <c>given</c> holds a deadline or limits promised to this case alone.</summary>
    public sealed record Received(
        string Item, CaseKind? Kind, string? Priority, string? Urgency, string? Impact, Channel? Channel, string? Window, string? Staff, string? FirstContact, GivenLimits Given) : CaseEvent
    {
        /// <inheritdoc/>
        public override Limit? LimitIn(string field) => Given.Find(field);
    }

    /// <summary>The applicant was told what is missing (补正).</summary>
    public sealed record SupplementRequested(ValueList<string> Items, string? NoticeNumber) : CaseEvent;

    /// <summary>Supplements arrived; complete: nothing is missing any more.</summary>
    public sealed record SupplementReceived(bool Complete) : CaseEvent;

    /// <summary>The case was not accepted (不予受理).</summary>
    public sealed record NotAccepted(string Reason) : CaseEvent;

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

    /// <summary>A dated notice was issued to the applicant (出具通知书).</summary>
    public sealed record NoticeIssued(DocumentKind Kind, string Number) : CaseEvent
    {
        /// <inheritdoc/>
        public override string? WordIn(string field) => field == "kind" ? CaseJson.WordOf(Kind) : null;
    }

    /// <summary>The kind was changed.</summary>
    public sealed record KindChanged(CaseKind To) : CaseEvent
    {
        /// <inheritdoc/>
        internal override bool ChangesLimits => true;
    }

    /// <summary>The case is about another item.</summary>
    public sealed record ItemChanged(string To) : CaseEvent
    {
        /// <inheritdoc/>
        internal override bool ChangesLimits => true;
    }

    /// <summary>The priority was changed.</summary>
    public sealed record PriorityChanged(string To) : CaseEvent
    {
        /// <inheritdoc/>
        internal override bool ChangesLimits => true;
    }

    /// <summary>Another window or another person handles the case.</summary>
    public sealed record Reassigned(string? Window, string? Staff) : CaseEvent;

    /// <summary>The case entered a stage of its handling.</summary>
    public sealed record StageEntered(string Stage, string? Window, string? Staff) : CaseEvent;

    /// <summary>Papers may be handed in later (容缺受理): the applicant has until the close of that day.</summary>
    public sealed record ToleranceGranted(ValueList<string> Missing, LocalDate DueOn) : CaseEvent
    {
        /// <inheritdoc/>
        public override Limit? LimitIn(string field) => field == "dueOn" ? new Limit.OnDate(DueOn) : null;
    }

    /// <summary>The papers that were tolerated as missing are in.</summary>
    public sealed record ToleranceMet : CaseEvent;

    /// <summary>A special procedure (特别程序) began; it stops the clock if its cause is on the commitment's list.</summary>
    public sealed record SpecialProcedureStarted(string Procedure, string Cause, string? Basis, Limit? Granted, string? Approver) : CaseEvent;

    /// <summary>A special procedure ended.</summary>
    public sealed record SpecialProcedureEnded(string Procedure, string? Result) : CaseEvent;

    /// <summary>The limit was prolonged (延长) with an approver and a reason.</summary>
    public sealed record ExtensionGranted(Limit Add, string Reason, string Approver) : CaseEvent
    {
        /// <inheritdoc/>
        internal override GrantedExtension? Prolongs => new GrantedExtension(Add, Reason, Approver);
    }

    /// <summary>A branch of a joint case (联办件) was opened at an agency.</summary>
    public sealed record BranchOpened(string Branch, string Agency, Limit? Limit) : CaseEvent
    {
        /// <inheritdoc/>
        public override Limit? LimitIn(string field) => field == "limit" ? Limit : null;

        /// <inheritdoc/>
        public override string? KeyIn(string field) => field == "branch" ? Branch : null;
    }

    /// <summary>A branch was handed over.</summary>
    public sealed record BranchHandedOver(string Branch, string To) : CaseEvent
    {
        /// <inheritdoc/>
        public override string? KeyIn(string field) => field == "branch" ? Branch : null;
    }

    /// <summary>An agency gave its opinion on its branch.</summary>
    public sealed record BranchDone(string Branch, string? Opinion) : CaseEvent
    {
        /// <inheritdoc/>
        public override string? KeyIn(string field) => field == "branch" ? Branch : null;
    }

    /// <summary>The case was passed on for approval to a higher authority (转报).</summary>
    public sealed record SentUpward(string Authority) : CaseEvent;

    /// <summary>The higher authority was asked how the case stands.</summary>
    public sealed record SuperiorContacted(string? By) : CaseEvent;

    /// <summary>The higher authority gave the case back with its result.</summary>
    public sealed record ReturnedFromAbove(string? Result) : CaseEvent;

    /// <summary>A fee was charged, in yuan.</summary>
    public sealed record FeeCharged(decimal Amount) : CaseEvent;

    /// <summary>The applicant was spoken to about a delay.</summary>
    public sealed record ApplicantContacted(string? By) : CaseEvent;

    /// <summary>The reason of a delay was noted; what is planned, and whether the applicant was told, stand beside it in the log.</summary>
    public sealed record DelayExplained(string Reason) : CaseEvent;

    /// <summary>A decision was made.</summary>
    public sealed record Decided(Outcome Outcome, string? Document) : CaseEvent
    {
        /// <inheritdoc/>
        public override string? WordIn(string field) => field == "outcome" ? CaseJson.WordOf(Outcome) : null;
    }

    /// <summary>The applicant was told the decision.</summary>
    public sealed record ApplicantNotified(string? Via) : CaseEvent;

    /// <summary>The result was handed over (送达).</summary>
    public sealed record Delivered(string? Via) : CaseEvent;

    /// <summary>The case was closed (办结).</summary>
    public sealed record Closed(string? Via) : CaseEvent;

    /// <summary>The applicant withdrew.</summary>
    public sealed record Withdrawn(string? By) : CaseEvent;

    /// <summary>The case was given back (退件).</summary>
    public sealed record Returned(string Reason) : CaseEvent;

    /// <summary>A finished case is worked on again.</summary>
    public sealed record Reopened(string Reason) : CaseEvent;

    /// <summary>The applicant rated the service by the national code, 1 best to 5 worst (GB/T 39046-2020, A.8); defaulted: nobody answered.</summary>
    public sealed record Rated(int Score, Channel? Channel, bool Defaulted) : CaseEvent
    {
        /// <inheritdoc/>
        public override string? WordIn(string field) => field == "score" && !Defaulted ? Score.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>What a bad rating (差评) complained of was put right (整改).</summary>
    public sealed record RatingRectified : CaseEvent;

    /// <summary>The ratings so far do not count: given by mistake or in malice, as somebody found (国办发〔2019〕51号).</summary>
    public sealed record RatingVoided(string Approver) : CaseEvent
    {
        /// <inheritdoc/>
        internal override bool TakesBack => true;
    }

    /// <summary>Not reported and not stored: a clock of a commitment fell due, which begins another one.</summary>
    internal sealed record FellDue(string Commitment) : CaseEvent;
}

/// <summary>What the facts known so far say about a case; null: not known. Supplemented: something was asked for later; reworked: it was reopened.</summary>
public sealed record Case(
    string? Item = null,
    CaseKind? Kind = null,
    string? Priority = null,
    string? Urgency = null,
    string? Impact = null,
    Channel? Channel = null,
    string? Window = null,
    string? Staff = null,
    string? Stage = null,
    string? FirstContact = null,
    Instant? ReceivedAt = null,
    Instant? AcceptedAt = null,
    Instant? DecidedAt = null,
    Outcome? Outcome = null,
    Instant? ClosedAt = null,
    Instant? EndedAt = null,
    bool Supplemented = false,
    bool Reworked = false) : IClockSubject
{
    /// <summary>The ratings; null: none was given.</summary>
    public CaseRatings? Ratings { get; init; }

    /// <summary>A case nothing is known of.</summary>
    public static Case Unknown { get; } = new();

    /// <summary>True until it is decided, closed, withdrawn, returned or not accepted.</summary>
    public bool IsOpen => DecidedAt is null && ClosedAt is null && EndedAt is null;

    /// <inheritdoc/>
    public bool HasBegun => ReceivedAt is not null;

    /// <summary>As it was said, or else what urgency and impact make.</summary>
    public string? PriorityIn(Catalogue version, IClockSubject? first)
    {
        ArgumentNullException.ThrowIfNull(version);
        var received = first as Case;
        return Priority ?? received?.Priority ?? version.Priorities.Of(Urgency ?? received?.Urgency, Impact ?? received?.Impact);
    }

    /// <summary>The case after one more fact, given in fold order. Of facts that repeat, the first counts.</summary>
    public static Case Evolve(Case state, Recorded recorded)
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
                Urgency = state.Urgency ?? e.Urgency,
                Impact = state.Impact ?? e.Impact,
                Channel = state.Channel ?? e.Channel,
                Window = state.Window ?? e.Window,
                Staff = state.Staff ?? e.Staff,
                FirstContact = state.FirstContact ?? e.FirstContact ?? e.Window,
                ReceivedAt = state.ReceivedAt ?? at,
            },
            CaseEvent.SupplementRequested => state.Supplemented ? state : state with { Supplemented = true },
            CaseEvent.SupplementReceived => state,
            CaseEvent.Accepted => state with { AcceptedAt = state.AcceptedAt ?? at },
            CaseEvent.KindChanged e => state with { Kind = e.To },
            CaseEvent.ItemChanged e => state with { Item = e.To },
            CaseEvent.PriorityChanged e => state with { Priority = e.To },
            CaseEvent.Reassigned e => state with { Window = e.Window ?? state.Window, Staff = e.Staff ?? state.Staff },
            CaseEvent.StageEntered e => state with { Stage = e.Stage, Window = e.Window ?? state.Window, Staff = e.Staff ?? state.Staff },
            CaseEvent.SpecialProcedureStarted or CaseEvent.SpecialProcedureEnded or CaseEvent.ExtensionGranted => state,
            CaseEvent.NoticeIssued or CaseEvent.ToleranceGranted or CaseEvent.ToleranceMet => state,
            CaseEvent.BranchOpened or CaseEvent.BranchHandedOver or CaseEvent.BranchDone => state,
            CaseEvent.SentUpward or CaseEvent.SuperiorContacted or CaseEvent.ReturnedFromAbove => state,
            CaseEvent.FeeCharged or CaseEvent.ApplicantContacted or CaseEvent.DelayExplained or CaseEvent.RatingRectified or CaseEvent.FellDue => state,
            CaseEvent.Rated or CaseEvent.RatingVoided => state with { Ratings = CaseRatings.Evolve(state.Ratings, recorded) },
            CaseEvent.Decided e => state with { DecidedAt = state.DecidedAt ?? at, Outcome = state.Outcome ?? e.Outcome },
            CaseEvent.ApplicantNotified or CaseEvent.Delivered => state,
            CaseEvent.Closed => state with { ClosedAt = state.ClosedAt ?? at },
            CaseEvent.NotAccepted or CaseEvent.Withdrawn or CaseEvent.Returned => state with { EndedAt = state.EndedAt ?? at },
            CaseEvent.Reopened => state with { DecidedAt = null, Outcome = null, ClosedAt = null, EndedAt = null, Reworked = true },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
