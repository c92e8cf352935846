using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Section C of the collected rules: overdue cases, extension, escalation. The number is the row.</summary>
public class SupervisionRuleTests
{
    // Promised until Monday 9 March, 18:00.
    private static readonly Recorded[] Promised = [Received("2026-03-02T09:30", "food-business-licence"), Accepted("2026-03-02T10:00")];

    [Fact]
    public void Rule_46_an_overrun_nobody_gave_a_reason_for_is_explained_within_a_day()
    {
        var explained = Clock("case.overdue-explanation", Promised);
        Assert.Equal((At("2026-03-09T18:00"), At("2026-03-09T18:00"), At("2026-03-10T18:00")), (explained.Facts.Start, explained.AppearsAt, explained.Read().Reckoning.DueAt));
        Assert.Equal(ClockState.Met, State("case.overdue-explanation", [.. Promised, Explained("2026-03-10T18:00")]));
        Assert.Equal(ClockState.Breached, State("case.overdue-explanation", [.. Promised, Explained("2026-03-11T09:00")]));
        Assert.Empty(Clocks("case.overdue-explanation", [.. Promised, Explained("2026-03-06T10:00")]));
        Assert.Empty(Clocks("case.overdue-explanation", [.. Promised, Decided("2026-03-09T18:00")]));
    }

    [Fact]
    public void Rule_47_three_working_days_after_due_an_open_case_is_escalated_once()
    {
        var (open, id) = (Clock("case.promised", Promised), new ClockId("case/1", "case.promised", "", 1));
        var breached = NoticeDecision.Decide(id, open, ToldNotices.None, At("2026-03-10T09:00"));
        Assert.Equal([NoticeKind.Breached], breached.Select(n => n.Kind));
        var told = ToldNotices.Evolve(ToldNotices.None, breached[0]);

        Assert.Empty(NoticeDecision.Decide(id, open, told, At("2026-03-12T18:00")));
        var escalated = Assert.Single(NoticeDecision.Decide(id, open, told, At("2026-03-12T18:00:01")));
        Assert.Equal((NoticeKind.Escalated, At("2026-03-12T18:00"), At("2026-03-09T18:00")), (escalated.Kind, escalated.At, escalated.DueAt));

        Assert.Empty(NoticeDecision.Decide(id, open, ToldNotices.Evolve(told, escalated), At("2026-03-13T10:00")));
        Assert.Empty(NoticeDecision.Decide(id, Clock("case.promised", [.. Promised, Decided("2026-03-12T17:00")]), told, At("2026-03-12T18:00:01")));
    }

    [Fact]
    public void Rule_48_a_case_given_back_before_due_is_void_and_papers_asked_for_again_stop_nothing()
    {
        Assert.Equal(ClockState.Void, State("case.promised", [.. Promised, Returned("2026-03-09T18:00")]));
        Assert.Equal(ClockState.Breached, State("case.promised", [.. Promised, Returned("2026-03-12T10:00")]));
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", [.. Promised, On("2026-03-04T10:00", "case_supplement_requested", """{"items":["lease"]}"""), On("2026-03-06T10:00", "case_supplement_received")]));

        static Recorded Returned(string at) => On(at, "case_returned", """{"reason":"papers missing"}""");
    }

    [Fact]
    public void Rule_49_explaining_a_delay_does_not_make_up_for_it()
    {
        var clock = Clock("case.promised", [.. Promised, Explained("2026-03-06T10:00"), Explained("2026-03-10T10:00"), Decided("2026-03-11T10:00")]);
        Assert.Equal((At("2026-03-09T18:00"), ClockState.Breached), (clock.Read().Reckoning.DueAt, clock.Read().State));
    }

    [Fact]
    public void Rule_50_speaking_to_the_applicant_does_not_replace_the_reason_of_the_delay()
    {
        var contacted = On("2026-03-10T10:00", "case_applicant_contacted", """{"by":"supervision","opinion":"understands"}""");
        Assert.Equal(ClockState.Breached, Clock("case.overdue-explanation", [.. Promised, contacted]).Read(At("2026-03-11T09:00")).State);
    }

    [Fact]
    public void Rule_53_only_a_lawful_reason_given_in_time_moves_due()
    {
        Assert.Equal(At("2026-03-12T18:00"), Due("case.promised", [.. Promised, Extended("2026-03-06T10:00", "agency-head")]));
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", [.. Promised, Extended("2026-03-06T10:00", "W1-01")]));
        var late = Clock("case.promised", [.. Promised, Extended("2026-03-09T18:00:01", "agency-head")]);
        Assert.Equal((At("2026-03-09T18:00"), AnomalyKind.ExtensionAfterDue), (late.Read().Reckoning.DueAt, Assert.Single(late.Anomalies).Kind));
        // An expert review is on the law's list and takes two days here; a leader who is away is not.
        Assert.Equal(At("2026-03-11T18:00"), Due("case.promised", [.. Promised, .. Paused("expert-review")]));
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", [.. Promised, .. Paused("leader-absent")]));

        static Recorded Extended(string at, string by) => On(at, "case_extension_granted", $$"""{"add":{"workingDays":3},"reason":"r","approver":"{{by}}"}""");

        static Recorded[] Paused(string cause) =>
        [
            On("2026-03-03T10:00", "case_special_procedure_started", $$"""{"procedure":"p","cause":"{{cause}}"}"""),
            On("2026-03-05T10:00", "case_special_procedure_ended", """{"procedure":"p"}"""),
        ];
    }

    [Fact]
    public void Rule_56_time_counts_from_the_receipt_at_the_integrated_window_and_not_from_the_units()
    {
        Recorded[] facts =
        [
            Received("2026-03-02T09:30", "road-freight-licence", ""","window":"W6" """), On("2026-03-04T10:00", "case_reassigned", """{"window":"W5","reason":"to the unit"}"""),
            On("2026-03-04T10:00", "case_stage_entered", """{"stage":"审查","window":"W5"}"""),
        ];
        Assert.Equal(At("2026-03-09T18:00"), Due("case.notification", facts));
        Assert.Equal((At("2026-03-02T09:30"), At("2026-03-09T18:00")), (Clock("case.promised", facts).Facts.Start, Due("case.promised", facts)));
    }

    private static Recorded Explained(string local) => On(local, "case_delay_explained", """{"reason":"r","plan":"p","toldApplicant":true}""");
}
