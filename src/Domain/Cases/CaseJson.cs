using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Cases;

/// <summary>
/// The stored names of case events, their fields, and their lifecycle rank, which is the order of the rows of the event
/// list. Unknown fields stay in the store and are passed over here.
/// </summary>
public static class CaseJson
{
    private static readonly (string Type, Type Case, Func<JsonFields, CaseEvent?> Read)[] Types =
    [
        ("case_received", typeof(CaseEvent.Received), ReadReceived),
        ("case_supplement_requested", typeof(CaseEvent.SupplementRequested), f => new CaseEvent.SupplementRequested([.. f.RequiredTexts("items")], f.Nested("notice")?.OptionalText("number"))),
        ("case_supplement_received", typeof(CaseEvent.SupplementReceived), f => new CaseEvent.SupplementReceived(f.OptionalBoolean("complete") ?? true)),
        ("case_not_accepted", typeof(CaseEvent.NotAccepted), f => new CaseEvent.NotAccepted(f.Text("reason"))),
        ("case_accepted", typeof(CaseEvent.Accepted), ReadAccepted),
        ("case_kind_changed", typeof(CaseEvent.KindChanged), f => new CaseEvent.KindChanged(RequiredKind(f, "to"))),
        ("case_item_changed", typeof(CaseEvent.ItemChanged), f => new CaseEvent.ItemChanged(f.Text("to"))),
        ("case_priority_changed", typeof(CaseEvent.PriorityChanged), f => new CaseEvent.PriorityChanged(f.Text("to"))),
        ("case_reassigned", typeof(CaseEvent.Reassigned), f => new CaseEvent.Reassigned(f.OptionalText("window"), f.OptionalText("staff"))),
        ("case_stage_entered", typeof(CaseEvent.StageEntered), f => new CaseEvent.StageEntered(f.Text("stage"), f.OptionalText("window"), f.OptionalText("staff"))),
        ("case_special_procedure_started", typeof(CaseEvent.SpecialProcedureStarted), ReadProcedureStarted),
        ("case_special_procedure_ended", typeof(CaseEvent.SpecialProcedureEnded), f => new CaseEvent.SpecialProcedureEnded(f.Text("procedure"), f.OptionalText("result"))),
        ("case_extension_granted", typeof(CaseEvent.ExtensionGranted), ReadExtension),
        ("case_branch_opened", typeof(CaseEvent.BranchOpened), f => new CaseEvent.BranchOpened(f.Text("branch"), f.Text("agency"), f.OptionalLimit("limit"))),
        ("case_branch_handed_over", typeof(CaseEvent.BranchHandedOver), f => new CaseEvent.BranchHandedOver(f.Text("branch"), f.Text("to"))),
        ("case_branch_done", typeof(CaseEvent.BranchDone), f => new CaseEvent.BranchDone(f.Text("branch"), f.OptionalText("opinion"))),
        ("case_decided", typeof(CaseEvent.Decided), ReadDecided),
        ("case_applicant_notified", typeof(CaseEvent.ApplicantNotified), f => new CaseEvent.ApplicantNotified(f.OptionalText("via"))),
        ("case_closed", typeof(CaseEvent.Closed), f => new CaseEvent.Closed(f.OptionalText("via"))),
        ("case_delivered", typeof(CaseEvent.Delivered), f => new CaseEvent.Delivered(f.OptionalText("via"))),
        ("case_withdrawn", typeof(CaseEvent.Withdrawn), f => new CaseEvent.Withdrawn(f.OptionalText("by"))),
        ("case_returned", typeof(CaseEvent.Returned), f => new CaseEvent.Returned(f.Text("reason"))),
        ("case_reopened", typeof(CaseEvent.Reopened), f => new CaseEvent.Reopened(f.Text("reason"))),
    ];

    private static readonly Dictionary<string, int> Ranks = Types.Select((t, i) => (t.Type, i)).ToDictionary(t => t.Type, t => t.i);

    /// <summary>Every stored name with the type it is read as, in lifecycle order.</summary>
    public static IEnumerable<(string Type, Type Case)> All => Types.Select(t => (t.Type, t.Case));

    /// <summary>True when the stored name is one of ours.</summary>
    public static bool Knows(string type) => Ranks.ContainsKey(type);

    /// <summary>Lifecycle rank of a stored name of ours.</summary>
    public static int RankOf(string type) => Ranks[type];

    /// <summary>A stored name of ours as one string for all events that bear it.</summary>
    internal static string NameOf(string type) => Types[Ranks[type]].Type;

    /// <summary>The .NET name Marten keeps beside the stored name.</summary>
    public static string DotnetTypeOf(string type)
    {
        var known = Types[Ranks[type]].Case;
        return $"{known.FullName}, {known.Assembly.GetName().Name}";
    }

    /// <summary>Reads the fields of an event; null or an incomplete event when there are faults.</summary>
    public static CaseEvent? Read(string type, JsonFields fields) => Types[Ranks[type]].Read(fields);

    /// <summary>Reads a kind of case, null when absent.</summary>
    public static CaseKind? ReadKind(JsonFields fields, string name) => fields.OptionalChoice(
        name,
        ("instant", CaseKind.Instant), ("commitment", CaseKind.Commitment), ("answer", CaseKind.Answer), ("joint", CaseKind.Joint), ("upward", CaseKind.Upward));

    private static CaseKind RequiredKind(JsonFields fields, string name)
    {
        if (fields.Find(name) is null)
            fields.Refuse(name, "is missing; give instant, commitment, answer, joint or upward");
        return ReadKind(fields, name) ?? default;
    }

    private static CaseEvent.Received ReadReceived(JsonFields fields) => new(
        fields.Text("item"), ReadKind(fields, "kind"), fields.OptionalText("priority"), ReadChannel(fields),
        fields.OptionalText("window"), fields.OptionalText("staff"), GivenLimits.Read(fields));

    private static CaseEvent.Accepted ReadAccepted(JsonFields fields) => new(
        fields.Nested("notice")?.OptionalText("number"), fields.OptionalLimit("promised"), fields.OptionalLimit("statutory"), GivenLimits.Read(fields));

    private static CaseEvent.SpecialProcedureStarted ReadProcedureStarted(JsonFields fields) => new(
        fields.Text("procedure"), fields.Text("cause"), fields.OptionalText("basis"), fields.OptionalLimit("granted"), fields.OptionalText("approver"));

    private static CaseEvent.ExtensionGranted? ReadExtension(JsonFields fields)
    {
        var (add, reason, approver) = (fields.RequiredLimit("add"), fields.Text("reason"), fields.Text("approver"));
        if (add is Limit.Deadline or Limit.SameDay)
            fields.Refuse("add", "is not a length; give one in the unit of the limit, such as {\"workingDays\":10}");
        return add is null ? null : new CaseEvent.ExtensionGranted(add, reason, approver);
    }

    private static CaseEvent.Decided ReadDecided(JsonFields fields)
    {
        var outcome = fields.OptionalChoice("outcome", ("approved", Outcome.Approved), ("denied", Outcome.Denied), ("answered", Outcome.Answered), ("resolved", Outcome.Resolved));
        if (fields.Find("outcome") is null)
            fields.Refuse("outcome", "is missing; give approved, denied, answered or resolved");
        return new CaseEvent.Decided(outcome ?? default, fields.OptionalText("document"));
    }

    private static Channel? ReadChannel(JsonFields fields)
    {
        if (fields.OptionalInteger("channel", 1, 9) is not { } code)
            return null;
        if (Enum.IsDefined((Channel)code))
            return (Channel)code;
        fields.Refuse("channel", "is no channel code; give 1 window, 2 PC, 3 mobile, 4 courier or 9 other");
        return null;
    }
}
