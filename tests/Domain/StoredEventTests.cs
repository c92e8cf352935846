using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;

namespace SlaMonitor.Tests.Domain;

/// <summary>The stored form of each event: once written, it is read for ever.</summary>
public class StoredEventTests
{
    public static TheoryData<string> Types => [.. EventTypes.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_stored_event_is_as_approved_and_reads_back(string type)
    {
        var reported = new ReportedEvent(
            type, $"{StreamKinds.WordOf(EventTypes.Of(type).Stream)}/2026-000123", "hall/desk", $"2026-000123/{type}", Instant.FromUtc(2026, 3, 2, 2, 0), 7, JsonSerializer.SerializeToElement(Sample(type)));
        var stored = EventJson.Write(reported);
        var read = EventJson.ReadFact(type, Guid.Empty, stored, 1, Instant.FromUtc(2026, 3, 2, 2, 1));
        Assert.Equal((reported.OccurredAt, 7L, "hall/desk"), (read.OccurredAt, read.Sequence, read.Source));
        Assert.Equal(EventTypes.Of(type).Case, read.Event.GetType());
        var indented = JsonNode.Parse(stored.Span)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Approved.Check($"{type}.json", $"{EventTypes.Of(type).DotnetName}\n{indented}\n{read.Event}\n");
    }

    [Fact]
    public void A_stored_event_of_ours_that_cannot_be_read_is_named_with_its_faults_and_without_its_content()
    {
        var stored = """{"occurredAt":"2026-03-02T02:00:00Z","source":"a","id":"b","data":{"item":7,"kind":"secret"}}"""u8.ToArray();
        var unreadable = Assert.Throws<UnreadableEventException>(() => EventJson.ReadFact("case_received", Guid.Empty, stored, 1, default));
        Assert.Contains("data.item", unreadable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", unreadable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nothing_is_worked_out_from_is_looked_at_when_it_is_reported_and_not_when_it_is_read_again()
    {
        var data = """{"outcome":"denied","remediesTold":"yes"}""";
        using var document = JsonDocument.Parse(data);
        List<Fault> faults = [];
        EventTypes.Of("case_decided").Look(new JsonFields(document.RootElement, faults));
        Assert.Equal("remediesTold", Assert.Single(faults).Field);
        var stored = System.Text.Encoding.UTF8.GetBytes($$$"""{"occurredAt":"2026-03-02T02:00:00Z","source":"a","id":"b","data":{{{data}}}}""");
        Assert.IsType<CaseEvent.Decided>(EventJson.ReadFact("case_decided", Guid.Empty, stored, 1, default).Event);
    }

    private static JsonObject Sample(string type) => type switch
    {
        "outage_started" => new() { ["service"] = "queue-system", ["component"] = "printer", ["lost"] = 0.25, ["urgency"] = "high", ["impact"] = "low", ["cause"] = "paper jam" },
        "outage_impact_changed" => new() { ["lost"] = "1", ["urgency"] = "high" },
        "outage_restored" => new() { ["assumed"] = true },
        "outage_voided" => new() { ["reason"] = "false alarm" },
        "exclusion_proposed" => new() { ["exclusion"] = "x1", ["kind"] = "forceMajeure", ["from"] = "2026-03-02T10:00:00+08:00", ["until"] = "2026-03-02T12:00:00+08:00", ["evidence"] = "report 12 of the grid operator", ["by"] = "it-lead" },
        "exclusion_approved" => new() { ["exclusion"] = "x1", ["approver"] = "slm" },
        "exclusion_refused" or "exclusion_revoked" => new() { ["exclusion"] = "x1", ["by"] = "slm", ["reason"] = "the generator was not maintained" },
        "maintenance_planned" => new() { ["service"] = "queue-system", ["from"] = "2026-03-07T20:00:00+08:00", ["until"] = "2026-03-07T22:00:00+08:00", ["noticeAt"] = "2026-03-01T10:00:00+08:00" },
        "maintenance_moved" => new() { ["from"] = "2026-03-08T20:00:00+08:00", ["until"] = "2026-03-08T22:00:00+08:00" },
        "maintenance_cancelled" => new() { ["reason"] = "not needed" },
        "monitoring_started" or "monitoring_stopped" => new() { ["by"] = "prometheus" },
        "case_received" => new() { ["item"] = "food-business-licence", ["kind"] = "commitment", ["priority"] = "3", ["channel"] = 1, ["window"] = "W1", ["staff"] = "W1-01", ["given"] = new JsonObject { ["deadline"] = "2026-03-20T18:00:00+08:00" }, ["unknown"] = "保留" },
        "case_supplement_requested" => new() { ["items"] = new JsonArray("身份证复印件"), ["written"] = true, ["notice"] = new JsonObject { ["number"] = "补2026-0001" } },
        "case_supplement_received" => new() { ["complete"] = false },
        "case_not_accepted" => new() { ["reason"] = "not within the agency's competence", ["competentAgency"] = "agency-b" },
        "case_kind_changed" => new() { ["from"] = "answer", ["to"] = "commitment", ["reason"] = "complex", ["by"] = "W1-01" },
        "case_item_changed" => new() { ["from"] = "nurse-registration", ["to"] = "clinic-licence" },
        "case_priority_changed" => new() { ["from"] = "3", ["to"] = "2" },
        "case_reassigned" => new() { ["window"] = "W2", ["staff"] = "W2-03", ["substituteFor"] = "W2-01" },
        "case_branch_opened" => new() { ["branch"] = "fire", ["agency"] = "fire-brigade", ["limit"] = new JsonObject { ["workingDays"] = 15 } },
        "case_branch_handed_over" => new() { ["branch"] = "fire", ["to"] = "W4" },
        "case_branch_done" => new() { ["branch"] = "fire", ["opinion"] = "agreed" },
        "case_applicant_notified" => new() { ["via"] = "sms" },
        "case_delivered" => new() { ["via"] = "courier" },
        "case_returned" => new() { ["reason"] = "materials never supplied" },
        "case_reopened" => new() { ["reason"] = "decision withdrawn" },
        "case_accepted" => new() { ["notice"] = new JsonObject { ["number"] = "受2026-0001", ["date"] = "2026-03-02" }, ["promised"] = new JsonObject { ["workingDays"] = 5 }, ["statutory"] = new JsonObject { ["workingDays"] = 20 } },
        "case_stage_entered" => new() { ["stage"] = "review", ["window"] = "W1", ["staff"] = "W1-02" },
        "case_special_procedure_started" => new() { ["procedure"] = "p1", ["cause"] = "expert-review", ["basis"] = "行政许可法 45", ["granted"] = new JsonObject { ["workingDays"] = 5 }, ["approver"] = "head", ["writtenNotice"] = true },
        "case_special_procedure_ended" => new() { ["procedure"] = "p1", ["result"] = "passed" },
        "case_extension_granted" => new() { ["add"] = new JsonObject { ["workingDays"] = 10 }, ["reason"] = "complex", ["approver"] = "agency-head", ["level"] = "agency", ["toldApplicant"] = true },
        "case_decided" => new() { ["outcome"] = "approved", ["document"] = "决2026-0001" },
        "case_closed" => new() { ["via"] = "window" },
        "case_withdrawn" => new() { ["by"] = "applicant" },
        "case_notice_issued" => new() { ["kind"] = "nonAcceptance", ["number"] = "不受2026-0001", ["issuedOn"] = "2026-03-03" },
        "case_tolerance_granted" => new() { ["missing"] = new JsonArray("营业执照副本"), ["dueOn"] = "2026-03-09" },
        "case_tolerance_met" => [],
        "case_sent_upward" => new() { ["authority"] = "省公安厅" },
        "case_superior_contacted" => new() { ["by"] = "W3-01" },
        "case_returned_from_above" => new() { ["result"] = "approved" },
        "case_fee_charged" => new() { ["amount"] = "10.00", ["receipt"] = "R-1", ["channel"] = "window" },
        "case_applicant_contacted" => new() { ["by"] = "supervision", ["opinion"] = "understands" },
        "case_delay_explained" => new() { ["reason"] = "site visit put off", ["plan"] = "decide by 2026-03-12", ["toldApplicant"] = true },
        "complaint_registered" => new() { ["channel"] = "phone", ["category"] = "attitude", ["case"] = "2026-000123", ["window"] = "W1", ["staff"] = "W1-01", ["sealed"] = "AQ==" },
        "complaint_transferred" => new() { ["to"] = "supervision" },
        "complaint_extension_granted" => new() { ["add"] = new JsonObject { ["workingDays"] = 7 }, ["approver"] = "head", ["sealed"] = "AQ==" },
        "complaint_responded" => new() { ["copied"] = true },
        "complaint_substantiated" => new() { ["responsible"] = new JsonObject { ["window"] = "W1", ["staff"] = "W1-01" } },
        "complaint_fed_back" or "complaint_review_requested" or "complaint_reviewed" or "complaint_unsubstantiated" or "complaint_reversed" or "complaint_closed" => new(),
        "complaint_revisited" => new() { ["satisfied"] = true },
        "case_rating_rectified" => new(),
        "case_rating_voided" => new() { ["approver"] = "head" },
        "case_rated" => new() { ["score"] = 2, ["channel"] = 1, ["defaulted"] = false },
        _ => throw new ArgumentOutOfRangeException(nameof(type), $"give a sample of {type} here"),
    };
}
