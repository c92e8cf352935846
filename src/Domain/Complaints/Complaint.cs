using NodaTime;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Domain.Complaints;

/// <summary>Whether a complaint is true.</summary>
public enum Finding
{
    /// <summary>属实.</summary>
    Substantiated,

    /// <summary>不属实.</summary>
    Unsubstantiated,
}

/// <summary>What was found, and when.</summary>
/// <param name="Finding">Whether it is true.</param>
/// <param name="At">When that was decided.</param>
/// <param name="Window">The window that is responsible; null: none, or not said.</param>
/// <param name="Staff">The code of who is responsible; null: nobody, or not said.</param>
/// <param name="By">The event.</param>
public sealed record ComplaintDecision(Finding Finding, Instant At, string? Window, string? Staff, Guid By);

/// <summary>What the facts known so far say about a complaint; null: not known, or not yet. Of facts that repeat the first counts, of a finding the first that was not reversed.</summary>
/// <param name="Channel">How it came.</param>
/// <param name="Category">What it is about, by the catalogue.</param>
/// <param name="CaseNumber">The case it is about.</param>
/// <param name="ComplainedWindow">The window that is complained of.</param>
/// <param name="ComplainedStaff">The code of who is complained of.</param>
/// <param name="RegisteredAt">When it was taken down.</param>
/// <param name="TransferredAt">When it was handed on first.</param>
/// <param name="TransferredTo">To whom it was handed last.</param>
/// <param name="RespondedAt">When a way of dealing with it was proposed.</param>
/// <param name="Copied">Whether the centre was sent a copy of that.</param>
/// <param name="FedBackAt">When the complainant was told.</param>
/// <param name="ReviewRequestedAt">When the complainant asked to have it looked at again.</param>
/// <param name="ReviewedAt">When it was looked at again.</param>
/// <param name="Decision">What was found.</param>
/// <param name="Reversals">How many findings were reversed.</param>
/// <param name="ClosedAt">When it was done with.</param>
/// <param name="RevisitedAt">When the complainant was asked afterwards.</param>
/// <param name="Satisfied">Whether the complainant is satisfied, as last asked.</param>
/// <param name="Noted">Contradictions so far.</param>
public sealed record Complaint(
    ComplaintChannel? Channel = null, string? Category = null, string? CaseNumber = null, string? ComplainedWindow = null, string? ComplainedStaff = null, Instant? RegisteredAt = null,
    Instant? TransferredAt = null, string? TransferredTo = null, Instant? RespondedAt = null, bool? Copied = null, Instant? FedBackAt = null, Instant? ReviewRequestedAt = null, Instant? ReviewedAt = null,
    ComplaintDecision? Decision = null, int Reversals = 0, Instant? ClosedAt = null, Instant? RevisitedAt = null, bool? Satisfied = null, Chain<Anomaly>? Noted = null) : IClockSubject
{
    /// <summary>Nothing is known.</summary>
    public static Complaint Unknown { get; } = new();

    /// <summary>Contradictions.</summary>
    public ValueList<Anomaly> Anomalies => Noted.ToList();

    /// <summary>Its category, which stands where a case has its item.</summary>
    public string? Item => Category;

    /// <inheritdoc/>
    public CaseKind? Kind => null;

    /// <summary>Complaints have channels of their own.</summary>
    Channel? IClockSubject.Channel => null;

    /// <summary>The window that is responsible, or else that is complained of.</summary>
    public string? Window => Decision is { Finding: Finding.Substantiated, Window: { } responsible } ? responsible : ComplainedWindow;

    /// <summary>The code of who is responsible, or else is complained of.</summary>
    public string? Staff => Decision is { Finding: Finding.Substantiated, Staff: { } responsible } ? responsible : ComplainedStaff;

    /// <inheritdoc/>
    public string? Stage => null;

    /// <summary>A complaint is no case and does not count among those that are open.</summary>
    public bool IsOpen => false;

    /// <inheritdoc/>
    public bool Supplemented => false;

    /// <inheritdoc/>
    public bool Reworked => false;

    /// <inheritdoc/>
    public bool HasBegun => RegisteredAt is not null;

    /// <summary>That of its category.</summary>
    public string? PriorityIn(Catalogue version, IClockSubject? first)
    {
        ArgumentNullException.ThrowIfNull(version);
        return (Category ?? first?.Item) is { } category ? version.ComplaintCategories.GetValueOrDefault(category)?.Priority : null;
    }

    /// <summary>The complaint after one more fact, given in fold order.</summary>
    public static Complaint Evolve(Complaint state, Recorded fact)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(fact);
        var at = fact.OccurredAt;
        return fact.Event switch
        {
            ComplaintEvent.Registered e => state.HasBegun ? state : state with { Channel = e.Channel, Category = e.Category, CaseNumber = e.Case, ComplainedWindow = e.Window, ComplainedStaff = e.Staff, RegisteredAt = at },
            ComplaintEvent.Transferred e => state with { TransferredAt = state.TransferredAt ?? at, TransferredTo = e.To },
            ComplaintEvent.ExtensionGranted => state,
            ComplaintEvent.Responded e => state with { RespondedAt = state.RespondedAt ?? at, Copied = e.Copied ?? state.Copied },
            ComplaintEvent.FedBack => state with { FedBackAt = state.FedBackAt ?? at },
            ComplaintEvent.ReviewRequested => state with { ReviewRequestedAt = state.ReviewRequestedAt ?? at },
            ComplaintEvent.Reviewed => state with { ReviewedAt = state.ReviewedAt ?? at },
            ComplaintEvent.Substantiated e => state.Decide(new ComplaintDecision(Finding.Substantiated, at, e.Window ?? state.ComplainedWindow, e.Staff ?? state.ComplainedStaff, fact.Id)),
            ComplaintEvent.Unsubstantiated => state.Decide(new ComplaintDecision(Finding.Unsubstantiated, at, null, null, fact.Id)),
            ComplaintEvent.Reversed => state.Decision is null ? state.With(AnomalyKind.ReversalWithoutDecision, fact.Id) : state with { Decision = null, Reversals = state.Reversals + 1 },
            ComplaintEvent.Closed => state with { ClosedAt = state.ClosedAt ?? at },
            ComplaintEvent.Revisited e => state with { RevisitedAt = state.RevisitedAt ?? at, Satisfied = e.Satisfied },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private Complaint Decide(ComplaintDecision decision) => Decision is null ? this with { Decision = decision }
        : Decision.Finding == decision.Finding ? this
        : With(AnomalyKind.SecondDecision, Decision.By, decision.By);

    private Complaint With(AnomalyKind kind, params ReadOnlySpan<Guid> events) => this with { Noted = new Chain<Anomaly>(new Anomaly(kind, ValueList.Create(events)), Noted) };
}
