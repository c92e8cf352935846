using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;

namespace SlaMonitor.Fuzz;

/// <summary>Makes events as a sound sender makes them: every type of cases and complaints, with any of its optional fields, by codes of the sample hall.</summary>
internal sealed class GoodEvents(Random random)
{
    /// <summary>Personal values that must not come back in an answer that refuses something.</summary>
    public static readonly string[] Personal = ["张三丰", "13800000000"];

    private static readonly string[] Types = [.. EventTypes.All.Where(t => t.Stream == StreamKind.Case).Select(t => t.Name)];
    private static readonly string[] Kinds = ["instant", "commitment", "answer", "joint", "upward"];
    private static readonly string[] Documents = ["acceptance", "nonAcceptance", "supplement", "pause", "extension", "approval", "denial"];
    private static readonly string[] Outcomes = ["approved", "denied", "answered", "resolved"];
    private static readonly int[] Channels = [1, 2, 3, 4, 9];

    /// <summary>An event of any type.</summary>
    public JsonObject Next(string id, string subject)
    {
        var (complaints, type) = random.Next(6) == 0 ? (true, new GoodComplaints(random).Type()) : (false, random.Next(4) == 0 ? "case_received" : Pick(Types));
        var made = new JsonObject
        {
            ["specversion"] = "1.0",
            ["type"] = type,
            ["source"] = $"fuzz/desk-{random.Next(4)}",
            ["id"] = id,
            ["subject"] = complaints ? GoodComplaints.SubjectOf(subject) : subject,
            ["time"] = Time(),
            ["centre"] = SampleHall.Centre,
            ["data"] = Data(type),
        };
        if (Maybe())
            made["sequence"] = Maybe() ? random.Next(1000).ToString(CultureInfo.InvariantCulture) : random.Next(1000);
        if (!complaints && random.Next(8) == 0)
            made["centre"] = SampleHall.OtherCentre;
        if (made["data"]!["item"] is not null && (string)made["centre"]! == SampleHall.OtherCentre)
            made["data"]!["item"] = "environmental-permit";
        return made;
    }

    /// <summary>A limit of any kind.</summary>
    public JsonNode Limit() => random.Next(8) switch
    {
        0 => new JsonObject { ["workingDays"] = random.Next(60), ["ends"] = Pick("closeOfBusiness", "endOfDay") },
        1 => new JsonObject { ["workingDays"] = random.Next(60), ["count"] = "elapsed", ["boundary"] = Pick("close", "open") },
        2 => new JsonObject { ["calendarDays"] = random.Next(200), ["ends"] = Pick("closeOfBusiness", "endOfDay", "sameTime"), ["roll"] = Maybe() },
        3 => new JsonObject { ["workingTime"] = $"PT{random.Next(500)}H", ["boundary"] = Pick("close", "open") },
        4 => new JsonObject { ["elapsed"] = $"PT{random.Next(100)}H{random.Next(60)}M" },
        5 => new JsonObject { ["sameDay"] = true },
        6 => JsonValue.Create(LocalDatePattern.Iso.Format(new LocalDate(2026, 1, 1).PlusDays(random.Next(400)))),
        _ => JsonValue.Create(Time()),
    };

    /// <summary>A time from some months before now on, with an offset.</summary>
    public string Time()
    {
        var at = SampleHall.Now - Duration.FromMinutes(random.Next(60 * 24 * 120)) - Duration.FromTicks(10L * random.Next(60_000_000));
        return random.Next(3) == 0 ? Timestamps.Format(at) : OffsetDateTimePattern.Rfc3339.Format(at.WithOffset(Offset.FromHours(8)));
    }

    private JsonObject Data(string type)
    {
        var ofComplaint = EventTypes.Of(type).Stream == StreamKind.Complaint;
        var data = ofComplaint ? new GoodComplaints(random).Required(type) : Required(type);
        foreach (var (name, value) in ofComplaint ? new GoodComplaints(random).Optional(type) : Optional(type))
        {
            if (Maybe())
                data[name] = value();
        }

        // Unknown fields are kept, and have persons in them.
        if (Maybe())
            data["applicant"] = new JsonObject { ["name"] = Personal[0], ["phone"] = Personal[1] };
        return data;
    }

    private JsonObject Required(string type) => type switch
    {
        "case_received" => new() { ["item"] = Pick(SampleHall.Items) },
        "case_supplement_requested" => new() { ["items"] = new JsonArray("身份证复印件", "营业执照") },
        "case_not_accepted" or "case_returned" or "case_reopened" or "case_delay_explained" => new() { ["reason"] = "材料不齐" },
        "case_kind_changed" => new() { ["to"] = Pick(Kinds) },
        "case_item_changed" => new() { ["to"] = Pick(SampleHall.Items) },
        "case_priority_changed" => new() { ["to"] = $"{random.Next(5)}" },
        "case_branch_opened" => new() { ["branch"] = Branch(), ["agency"] = "fire-brigade" },
        "case_branch_handed_over" => new() { ["branch"] = Branch(), ["to"] = Pick(SampleHall.Windows) },
        "case_branch_done" => new() { ["branch"] = Branch() },
        "case_stage_entered" => new() { ["stage"] = Pick("review", "expert", "decision") },
        "case_special_procedure_started" => new() { ["procedure"] = Procedure(), ["cause"] = Pick(SampleHall.Causes) },
        "case_special_procedure_ended" => new() { ["procedure"] = Procedure() },
        "case_extension_granted" => new() { ["add"] = new JsonObject { ["workingDays"] = random.Next(30) }, ["reason"] = "complex", ["approver"] = Pick("agency-head", "government-head") },
        "case_decided" => new() { ["outcome"] = Pick(Outcomes) },
        "case_notice_issued" => new() { ["kind"] = Pick(Documents), ["number"] = $"N-{random.Next(100)}" },
        "case_tolerance_granted" => new() { ["missing"] = new JsonArray("营业执照副本"), ["dueOn"] = "2026-03-09" },
        "case_sent_upward" => new() { ["authority"] = "省公安厅" },
        "case_fee_charged" => new() { ["amount"] = Maybe() ? "10.00" : 12.5m },
        "case_rated" => new() { ["score"] = random.Next(1, 6) },
        "case_rating_voided" => new() { ["approver"] = "head" },
        _ => [],
    };

    private (string, Func<JsonNode>)[] Optional(string type) => type switch
    {
        "case_received" =>
        [
            ("kind", () => Pick(Kinds)), ("priority", () => "3"), ("urgency", () => "high"), ("impact", () => "low"), ("channel", () => Channels[random.Next(Channels.Length)]), ("window", Window),
            ("staff", Staff), ("firstContact", () => "hotline"), ("given", Given), ("tags", () => new JsonArray("green", "老年人")),
        ],
        "case_supplement_requested" => [("written", () => Maybe()), ("notice", Notice)],
        "case_supplement_received" => [("complete", () => Maybe())],
        "case_not_accepted" => [("competentAgency", () => "agency-b"), ("notice", Notice)],
        "case_accepted" => [("notice", Notice), ("promised", Limit), ("statutory", Limit), ("given", Given)],
        "case_kind_changed" => [("from", () => Pick(Kinds)), ("reason", () => "complex"), ("by", Staff)],
        "case_item_changed" or "case_priority_changed" => [("from", () => "x"), ("reason", () => "complex"), ("by", Staff)],
        "case_reassigned" => [("window", Window), ("staff", Staff), ("substituteFor", Staff), ("reason", () => "leave"), ("by", Staff)],
        "case_stage_entered" => [("window", Window), ("staff", Staff)],
        "case_special_procedure_started" => [("basis", () => "行政许可法 45"), ("granted", Limit), ("approver", () => "head"), ("writtenNotice", () => Maybe())],
        "case_special_procedure_ended" or "case_returned_from_above" => [("result", () => "passed")],
        "case_extension_granted" => [("level", () => Pick("agency", "government")), ("toldApplicant", () => Maybe())],
        "case_branch_opened" => [("limit", Limit)],
        "case_branch_done" => [("opinion", () => "agreed")],
        "case_fee_charged" => [("receipt", () => "R-1"), ("channel", () => "window")],
        "case_applicant_contacted" => [("by", Staff), ("opinion", () => "understands")],
        "case_superior_contacted" or "case_withdrawn" => [("by", Staff)],
        "case_delay_explained" => [("plan", () => "decide by 2026-03-12"), ("toldApplicant", () => Maybe())],
        "case_decided" => [("reasons", () => "符合条件"), ("remediesTold", () => Maybe()), ("document", () => "决2026-0001")],
        "case_notice_issued" => [("issuedOn", () => "2026-03-03")],
        "case_applicant_notified" or "case_delivered" or "case_closed" => [("via", () => "sms")],
        "case_rated" => [("channel", () => 1), ("defaulted", () => Maybe()), ("text", () => Personal[0])],
        "case_rating_rectified" => [("result", () => "已整改")],
        "case_rating_voided" => [("reason", () => "恶意评价")],
        _ => [],
    };

    private JsonNode Given() => random.Next(3) == 0 ? Limit() : new JsonObject { ["deadline"] = Time(), ["review"] = random.Next(2) == 0 ? Time() : new JsonObject { ["workingDays"] = 3 } };

    private static JsonObject Notice() => new() { ["number"] = "受2026-0001", ["date"] = "2026-03-02" };

    private JsonNode Window() => Pick(SampleHall.Windows);

    private JsonNode Staff() => $"W1-0{random.Next(1, 5)}";

    private string Branch() => Pick("planning", "fire", "civil-defence");

    private string Procedure() => $"p{random.Next(3)}";

    private bool Maybe() => random.Next(2) == 0;

    private string Pick(params ReadOnlySpan<string> words) => words[random.Next(words.Length)];
}
