using System.Collections.Frozen;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Cases;

/// <summary>
/// The stored names of case events, their fields, and their lifecycle rank, which is the order of the rows of the event
/// list. Unknown fields stay in the store and are passed over here.
/// </summary>
public static class CaseJson
{
    private static readonly (string Word, CaseKind Value)[] Kinds =
        [("instant", CaseKind.Instant), ("commitment", CaseKind.Commitment), ("answer", CaseKind.Answer), ("joint", CaseKind.Joint), ("upward", CaseKind.Upward)];

    private static readonly (string Word, Outcome Value)[] Outcomes = [("approved", Outcome.Approved), ("denied", Outcome.Denied), ("answered", Outcome.Answered), ("resolved", Outcome.Resolved)];

    private static readonly (string Word, DocumentKind Value)[] Documents =
    [
        ("acceptance", DocumentKind.Acceptance), ("nonAcceptance", DocumentKind.NonAcceptance), ("supplement", DocumentKind.Supplement), ("pause", DocumentKind.Pause),
        ("extension", DocumentKind.Extension), ("approval", DocumentKind.Approval), ("denial", DocumentKind.Denial),
    ];

    private static readonly FrozenSet<string> OfRating = FrozenSet.Create("score", "channel", "defaulted"), OfVoiding = FrozenSet.Create("approver");

    private static readonly Dictionary<string, (string Name, Field Kind)[]> Looked = new()
    {
        ["case_received"] = [("tags", Field.Texts)],
        ["case_supplement_requested"] = [("written", Field.Flag), ("notice", Field.Notice)],
        ["case_not_accepted"] = [("competentAgency", Field.Text), ("notice", Field.Notice)],
        ["case_accepted"] = [("notice", Field.Notice)],
        ["case_notice_issued"] = [("issuedOn", Field.Date)],
        ["case_kind_changed"] = [("from", Field.Kind), ("reason", Field.Text), ("by", Field.Text)],
        ["case_item_changed"] = [("from", Field.Text), ("reason", Field.Text), ("by", Field.Text)],
        ["case_priority_changed"] = [("from", Field.Text), ("reason", Field.Text), ("by", Field.Text)],
        ["case_reassigned"] = [("substituteFor", Field.Text), ("reason", Field.Text), ("by", Field.Text)],
        ["case_special_procedure_started"] = [("writtenNotice", Field.Flag)],
        ["case_extension_granted"] = [("level", Field.Level), ("toldApplicant", Field.Flag)],
        ["case_fee_charged"] = [("receipt", Field.Text), ("channel", Field.Text)],
        ["case_applicant_contacted"] = [("opinion", Field.Text)],
        ["case_delay_explained"] = [("plan", Field.Text), ("toldApplicant", Field.Flag)],
        ["case_decided"] = [("reasons", Field.Text), ("remediesTold", Field.Flag)],
        ["case_rated"] = [("text", Field.Text)],
        ["case_rating_rectified"] = [("result", Field.Text)],
        ["case_rating_voided"] = [("reason", Field.Text)],
    };

    /// <summary>Every type, in lifecycle order.</summary>
    public static IReadOnlyList<EventType> Types { get; } =
    [
        Of("case_received", typeof(CaseEvent.Received), ReadReceived),
        Of("case_supplement_requested", typeof(CaseEvent.SupplementRequested), ReadSupplementRequested),
        Of("case_supplement_received", typeof(CaseEvent.SupplementReceived), f => new CaseEvent.SupplementReceived(f.OptionalBoolean("complete") ?? true)),
        Of("case_not_accepted", typeof(CaseEvent.NotAccepted), ReadNotAccepted),
        Of("case_accepted", typeof(CaseEvent.Accepted), ReadAccepted),
        Of("case_notice_issued", typeof(CaseEvent.NoticeIssued), ReadNoticeIssued),
        Of("case_kind_changed", typeof(CaseEvent.KindChanged), f => new CaseEvent.KindChanged(f.RequiredChoice("to", Kinds))),
        Of("case_item_changed", typeof(CaseEvent.ItemChanged), f => new CaseEvent.ItemChanged(f.Text("to"))),
        Of("case_priority_changed", typeof(CaseEvent.PriorityChanged), f => new CaseEvent.PriorityChanged(f.Text("to"))),
        Of("case_reassigned", typeof(CaseEvent.Reassigned), f => new CaseEvent.Reassigned(f.OptionalText("window"), f.OptionalText("staff"))),
        Of("case_stage_entered", typeof(CaseEvent.StageEntered), f => new CaseEvent.StageEntered(f.Text("stage"), f.OptionalText("window"), f.OptionalText("staff"))),
        Of("case_tolerance_granted", typeof(CaseEvent.ToleranceGranted), ReadToleranceGranted),
        Of("case_tolerance_met", typeof(CaseEvent.ToleranceMet), _ => new CaseEvent.ToleranceMet()),
        Of("case_special_procedure_started", typeof(CaseEvent.SpecialProcedureStarted), ReadProcedureStarted),
        Of("case_special_procedure_ended", typeof(CaseEvent.SpecialProcedureEnded), f => new CaseEvent.SpecialProcedureEnded(f.Text("procedure"), f.OptionalText("result"))),
        Of("case_extension_granted", typeof(CaseEvent.ExtensionGranted), ReadExtension),
        Of("case_branch_opened", typeof(CaseEvent.BranchOpened), f => new CaseEvent.BranchOpened(f.Code("branch"), f.Text("agency"), f.OptionalLimit("limit"))),
        Of("case_branch_handed_over", typeof(CaseEvent.BranchHandedOver), f => new CaseEvent.BranchHandedOver(f.Code("branch"), f.Text("to"))),
        Of("case_branch_done", typeof(CaseEvent.BranchDone), f => new CaseEvent.BranchDone(f.Code("branch"), f.OptionalText("opinion"))),
        Of("case_sent_upward", typeof(CaseEvent.SentUpward), f => new CaseEvent.SentUpward(f.Text("authority"))),
        Of("case_superior_contacted", typeof(CaseEvent.SuperiorContacted), f => new CaseEvent.SuperiorContacted(f.OptionalText("by"))),
        Of("case_returned_from_above", typeof(CaseEvent.ReturnedFromAbove), f => new CaseEvent.ReturnedFromAbove(f.OptionalText("result"))),
        Of("case_fee_charged", typeof(CaseEvent.FeeCharged), ReadFeeCharged),
        Of("case_applicant_contacted", typeof(CaseEvent.ApplicantContacted), ReadApplicantContacted),
        Of("case_delay_explained", typeof(CaseEvent.DelayExplained), ReadDelayExplained),
        Of("case_decided", typeof(CaseEvent.Decided), ReadDecided),
        Of("case_applicant_notified", typeof(CaseEvent.ApplicantNotified), f => new CaseEvent.ApplicantNotified(f.OptionalText("via"))),
        Of("case_closed", typeof(CaseEvent.Closed), f => new CaseEvent.Closed(f.OptionalText("via"))),
        Of("case_delivered", typeof(CaseEvent.Delivered), f => new CaseEvent.Delivered(f.OptionalText("via"))),
        Of("case_withdrawn", typeof(CaseEvent.Withdrawn), f => new CaseEvent.Withdrawn(f.OptionalText("by"))),
        Of("case_returned", typeof(CaseEvent.Returned), f => new CaseEvent.Returned(f.Text("reason"))),
        Of("case_reopened", typeof(CaseEvent.Reopened), f => new CaseEvent.Reopened(f.Text("reason"))),
        Of("case_rated", typeof(CaseEvent.Rated), ReadRated),
        Of("case_rating_rectified", typeof(CaseEvent.RatingRectified), _ => new CaseEvent.RatingRectified()),
        Of("case_rating_voided", typeof(CaseEvent.RatingVoided), f => new CaseEvent.RatingVoided(f.Text("approver"))),
    ];

    /// <summary>Reads a kind of case, null when absent.</summary>
    public static CaseKind? ReadKind(JsonFields fields, string name) => fields.OptionalChoice(name, Kinds);

    /// <summary>The stored word of an outcome.</summary>
    public static string WordOf(Outcome outcome) => Outcomes.First(o => o.Value == outcome).Word;

    /// <summary>The stored word of a kind of notice.</summary>
    public static string WordOf(DocumentKind kind) => Documents.First(d => d.Value == kind).Word;

    private static EventType Of(string name, Type read, Func<JsonFields, CaseEvent?> reader) => new(name, StreamKind.Case, read, reader)
    {
        Look = fields => Look(name, fields),
        // What an applicant wrote, and what was written about it.
        Open = name switch { "case_rated" => OfRating, "case_rating_rectified" => FrozenSet<string>.Empty, "case_rating_voided" => OfVoiding, _ => null },
        Words = name switch { "case_decided" => ["outcome"], "case_notice_issued" => ["kind"], "case_rated" => ["score"], _ => [] },
        Limits = name switch
        {
            "case_received" => ["given"],
            "case_accepted" => ["given", "promised", "statutory"],
            "case_branch_opened" => ["limit"],
            "case_tolerance_granted" => ["dueOn"],
            _ => [],
        },
        Keys = name.StartsWith("case_branch_", StringComparison.Ordinal) ? ["branch"] : [],
    };

    private static void Look(string type, JsonFields fields)
    {
        foreach (var (name, kind) in Looked.GetValueOrDefault(type) ?? [])
        {
            switch (kind)
            {
                case Field.Text: fields.OptionalText(name); break;
                case Field.Texts: fields.Texts(name); break;
                case Field.Flag: fields.OptionalBoolean(name); break;
                case Field.Date: fields.OptionalDate(name); break;
                case Field.Kind: ReadKind(fields, name); break;
                case Field.Level: fields.OptionalChoice(name, ("agency", 0), ("government", 1)); break;
                case Field.Notice: fields.Nested(name)?.OptionalDate("date"); break;
                default: throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private static CaseEvent.Received ReadReceived(JsonFields fields)
    {
        return new CaseEvent.Received(
            fields.Text("item"), ReadKind(fields, "kind"), fields.OptionalText("priority"), fields.OptionalText("urgency"), fields.OptionalText("impact"), ReadChannel(fields),
            fields.OptionalText("window"), fields.OptionalText("staff"), fields.OptionalText("firstContact"), GivenLimits.Read(fields));
    }

    private static CaseEvent.SupplementRequested ReadSupplementRequested(JsonFields fields)
    {
        return new CaseEvent.SupplementRequested([.. fields.RequiredTexts("items")], ReadNotice(fields));
    }

    private static CaseEvent.NotAccepted ReadNotAccepted(JsonFields fields)
    {
        return new CaseEvent.NotAccepted(fields.Text("reason"));
    }

    private static CaseEvent.Accepted ReadAccepted(JsonFields fields) => new(
        ReadNotice(fields), fields.OptionalLimit("promised"), fields.OptionalLimit("statutory"), GivenLimits.Read(fields));

    private static string? ReadNotice(JsonFields fields) => fields.Nested("notice")?.OptionalText("number");

    private static CaseEvent.NoticeIssued ReadNoticeIssued(JsonFields fields)
    {
        return new CaseEvent.NoticeIssued(fields.RequiredChoice("kind", Documents), fields.Text("number"));
    }

    private static CaseEvent.ToleranceGranted? ReadToleranceGranted(JsonFields fields)
    {
        var (missing, dueOn) = (fields.RequiredTexts("missing"), fields.OptionalDate("dueOn"));
        if (fields.Find("dueOn") is null)
            fields.Refuse("dueOn", "is missing; give the last day for what is missing, such as 2026-03-09");
        return dueOn is { } date ? new CaseEvent.ToleranceGranted([.. missing], date) : null;
    }

    private static CaseEvent.SpecialProcedureStarted ReadProcedureStarted(JsonFields fields)
    {
        return new CaseEvent.SpecialProcedureStarted(fields.Text("procedure"), fields.Text("cause"), fields.OptionalText("basis"), fields.OptionalLimit("granted"), fields.OptionalText("approver"));
    }

    private static CaseEvent.ExtensionGranted? ReadExtension(JsonFields fields)
    {
        var (add, reason, approver) = (fields.RequiredLimit("add"), fields.Text("reason"), fields.Text("approver"));
        if (add is Limit.Deadline or Limit.OnDate or Limit.SameDay)
            fields.Refuse("add", "is not a length; give one in the unit of the limit, such as {\"workingDays\":10}");
        return add is null ? null : new CaseEvent.ExtensionGranted(add, reason, approver);
    }

    private static CaseEvent.FeeCharged ReadFeeCharged(JsonFields fields)
    {
        var amount = fields.OptionalDecimal("amount");
        if (fields.Find("amount") is null)
            fields.Refuse("amount", "is missing; give what was charged in yuan, such as \"10.00\"");
        return new CaseEvent.FeeCharged(amount ?? 0);
    }

    private static CaseEvent.ApplicantContacted ReadApplicantContacted(JsonFields fields)
    {
        return new CaseEvent.ApplicantContacted(fields.OptionalText("by"));
    }

    private static CaseEvent.DelayExplained ReadDelayExplained(JsonFields fields)
    {
        return new CaseEvent.DelayExplained(fields.Text("reason"));
    }

    private static CaseEvent.Decided ReadDecided(JsonFields fields)
    {
        return new CaseEvent.Decided(fields.RequiredChoice("outcome", Outcomes), fields.OptionalText("document"));
    }

    private static CaseEvent.Rated ReadRated(JsonFields fields)
    {
        var score = fields.OptionalInteger("score", 1, 5);
        if (fields.Find("score") is null)
            fields.Refuse("score", "is missing; give 1 (very satisfied) to 5 (very dissatisfied)");
        return new CaseEvent.Rated(score ?? default, ReadChannel(fields), fields.OptionalBoolean("defaulted") ?? false);
    }

    private static Channel? ReadChannel(JsonFields fields)
    {
        if (fields.OptionalInteger("channel", int.MinValue, int.MaxValue) is not { } code)
            return null;
        if (Enum.IsDefined((Channel)code))
            return (Channel)code;
        fields.Refuse("channel", "is no channel code; give 1 window, 2 PC, 3 mobile, 4 courier or 9 other");
        return null;
    }

    /// <summary>What a field that is only looked at should hold.</summary>
    private enum Field
    {
        Text,
        Texts,
        Flag,
        Date,
        Kind,
        Level,
        Notice,
    }
}
