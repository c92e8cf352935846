using Microsoft.AspNetCore.WebUtilities;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>Whose promise a commitment is.</summary>
internal enum CommitmentClass
{
    /// <summary>The service's own promise (承诺时限).</summary>
    Promised,

    /// <summary>The service's limit by law (法定时限).</summary>
    Statutory,

    /// <summary>Any other step that has a limit.</summary>
    Step,

    /// <summary>A step in dealing with a complaint (投诉).</summary>
    Complaint,

    /// <summary>What is owed because another limit was overrun, such as its explanation; often of a case that is closed by then.</summary>
    Owed,
}

/// <summary>What a page is asked to show: which commitment, service, window and staff code; and the addresses that ask for something else.</summary>
internal sealed record Selection(PageFrame Frame, string? Commitment, string? Item, string? Window, string? Staff, string? State, string? Period, CommitmentClass? Class, Dimension By)
{
    /// <inheritdoc cref="PageFrame.Commitments"/>
    public IReadOnlyList<CommitmentDefinition> Commitments { get; } = Frame.Commitments;

    /// <summary>Their ids.</summary>
    public IReadOnlyList<string> AllCommitments => [.. Commitments.Select(c => c.Id)];

    /// <summary>The commitment whose compliance is shown: the selected one, else the service's own promise, else the first; null: the centre has none.</summary>
    public CommitmentDefinition? Measured => Commitments.FirstOrDefault(c => c.Id == Commitment) ?? Commitments.FirstOrDefault(c => c.Limit is LimitSource.ItemPromised) ?? (Commitments.Count > 0 ? Commitments[0] : null);

    /// <summary>True when anything is selected.</summary>
    public bool IsNarrowed => (Commitment ?? Item ?? Window ?? Staff) is not null;

    /// <summary>Reads a request; what is not known is as if it were not asked for.</summary>
    public static Selection Of(HttpRequest request, PageFrame frame)
    {
        return new Selection(
            frame, Asked("commitment", v => frame.Commitments.Any(c => c.Id == v)), Asked("item"), Asked("window"), Asked("staff"), Asked("state", ClockFilter.States.Contains), Asked("period"),
            Enum.TryParse<CommitmentClass>(Asked("class"), ignoreCase: true, out var of) && Enum.IsDefined(of) ? of : null,
            Dimension.All.FirstOrDefault(d => d.Name == Asked("by")) ?? Dimension.All[0]);

        string? Asked(string name, Func<string, bool>? known = null) => request.Query[name].ToString() is { Length: > 0 } value && known?.Invoke(value) != false ? value : null;
    }

    /// <summary>The class of a commitment, by what it starts with and where its limit comes from.</summary>
    public CommitmentClass ClassOf(string commitment) => Commitments.FirstOrDefault(c => c.Id == commitment) switch
    {
        { OverdueOf: not null } => CommitmentClass.Owed,
        { On: StreamKind.Complaint } => CommitmentClass.Complaint,
        { Limit: LimitSource.ItemPromised } => CommitmentClass.Promised,
        { Limit: LimitSource.ItemStatutory } => CommitmentClass.Statutory,
        _ => CommitmentClass.Step,
    };

    /// <summary>True when the centre has a commitment of a class.</summary>
    public bool Has(CommitmentClass of) => Commitments.Any(c => ClassOf(c.Id) == of);

    /// <summary>True when a row is selected.</summary>
    public bool Includes(StandingRow row) => (Commitment is null || row.Commitment == Commitment) && Dimension.All.All(d => d.Selected(this) is not { } selected || d.Of(row) == selected);

    /// <summary>The clocks of a state that are selected.</summary>
    public ClockFilter Filter(string? state, ClockCursor? after, int limit, CalendarPeriod? settled = null) => new(Frame.Centre, Commitment is { } one ? [one] : [.. AllCommitments.Where(c => Class is null || ClassOf(c) == Class)], state, Item, Window, Staff, settled, after, limit);

    /// <summary>The board with this selection.</summary>
    public string Board => Address("/");

    /// <summary>The list of cases with this selection.</summary>
    public string List(string? after = null) => Address("/board/cases", ("after", after));

    /// <summary>Compliance of every service by quarter.</summary>
    public string Quarters => Address("/board/compliance");

    private string Address(string path, params ReadOnlySpan<(string Name, string? Value)> more) => QueryHelpers.AddQueryString(path, ((IEnumerable<(string Name, string? Value)>)
    [
        ("centre", Frame.Centre), ("commitment", Commitment), ("item", Item), ("window", Window), ("staff", Staff), ("state", State), ("period", Period), ("class", Class?.ToString().ToLowerInvariant()), ("by", By == Dimension.All[0] ? null : By.Name), .. more, ("lang", Frame.AskedLanguage),
    ]).Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Name, q.Value)));
}
