using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Section A of the collected rules: kinds of case and how each is handled. The number is the row.</summary>
public class KindRuleTests
{
    private const string Licence = "food-business-licence";

    [Fact]
    public void Rule_01_a_case_is_of_one_of_five_kinds_and_each_has_its_own_limits()
    {
        Assert.Equal(At("2026-03-02T18:00"), Due("case.promised", Received("2026-03-02T10:00", "household-certificate"), Accepted("2026-03-02T10:00")));
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", Received("2026-03-02T10:00", Licence), Accepted("2026-03-02T10:00")));
        Assert.Equal(At("2026-03-02T18:00"), Due("case.promised", Received("2026-03-02T10:00", "prohibited-business-answer"), Accepted("2026-03-02T10:00")));
        Assert.Equal(At("2026-05-08T18:00"), Due("case.joint", Received("2026-03-02T10:00", "open-restaurant"), Accepted("2026-03-02T10:00")));
        Assert.Equal(At("2026-03-30T18:00"), Due("case.upward-review", Received("2026-03-02T10:00", "law-firm"), Accepted("2026-03-02T10:00")));
        Assert.Equal("kind", Assert.Single(FaultsOf("case_received", """{"item":"x","kind":"urgent"}""")).Field);
    }

    [Fact]
    public void Rule_02_what_is_expedited_keeps_the_limit_it_was_given()
    {
        var expedited = On("2026-03-03T09:00", "case_priority_changed", """{"to":"urgent","reason":"r","by":"director"}""");
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", Received("2026-03-02T10:00", Licence), Accepted("2026-03-02T10:00"), expedited));
    }

    [Fact]
    public void Rule_03_an_instant_item_promises_the_same_day_and_not_days()
    {
        Assert.Contains("items[0].promised is in days, and cases of this kind are done at once", HallFiles.Refusal(HallFiles.Item("kind: instant, promised: { workingDays: 1 }")), StringComparison.Ordinal);
        Assert.Single(HallFiles.Read(HallFiles.Item("kind: instant, promised: { sameDay: true }")).Catalogue.Items);
    }

    [Fact]
    public void Rule_04_an_instant_case_is_done_by_the_close_of_the_day_it_came()
    {
        var (received, accepted) = (Received("2026-03-02T10:00", "household-certificate"), Accepted("2026-03-02T10:00"));
        Assert.Equal(ClockState.Met, State("case.promised", received, accepted, Decided("2026-03-02T18:00")));
        Assert.Equal(ClockState.Breached, State("case.promised", received, accepted, Decided("2026-03-02T18:00:00.000001")));
    }

    [Fact]
    public void Rule_05_an_instant_case_entered_late_is_judged_by_when_it_was_done()
    {
        var late = On("2026-03-02T10:20", "case_decided", """{"outcome":"approved"}""", recordedAt: "2026-03-05T16:00");
        var clock = Clock("case.promised", Received("2026-03-02T10:00", "household-certificate"), Accepted("2026-03-02T10:00"), late);
        Assert.Equal((ClockState.Met, At("2026-03-02T10:20")), (clock.Read().State, clock.Read().SettledAt));
    }

    [Theory]
    [InlineData("{ sameDay: true }")]
    [InlineData("{ workingDays: 0 }")]
    [InlineData("{ calendarDays: 0 }")]
    public void Rule_06_a_commitment_item_promises_a_working_day_at_least(string promise)
    {
        Assert.Contains("items[0].promised is the same day, and a commitment takes a working day at least", HallFiles.Refusal(HallFiles.Item($"kind: commitment, promised: {promise}")), StringComparison.Ordinal);
        Assert.Single(HallFiles.Read(HallFiles.Item("kind: commitment, promised: { workingDays: 1 }")).Catalogue.Items);
    }

    [Fact]
    public void Rule_07_the_promised_limit_counts_from_the_acceptance_and_not_from_the_receipt()
    {
        var noticed = On("2026-03-04T16:00", "case_accepted", """{"notice":{"number":"2026-1","date":"2026-03-04"}}""");
        Assert.Equal(At("2026-03-11T18:00"), Due("case.promised", Received("2026-03-02T10:00", Licence), noticed));
        Assert.Equal("notice.date", Assert.Single(FaultsOf("case_accepted", """{"notice":{"number":"2026-1","date":"in March"}}""")).Field);
    }

    [Fact]
    public void Rule_08_internal_coordination_does_not_stop_the_clock()
    {
        var clock = Clock(
            "case.promised", Received("2026-03-02T10:00", Licence), Accepted("2026-03-02T10:00"),
            On("2026-03-03T10:00", "case_special_procedure_started", """{"procedure":"p","cause":"internal-coordination","approver":"director"}"""),
            On("2026-03-03T11:00", "case_reassigned", """{"window":"W6","reason":"r"}"""),
            On("2026-03-05T10:00", "case_special_procedure_ended", """{"procedure":"p"}"""));
        Assert.Equal((At("2026-03-09T18:00"), ClockState.Running), (clock.Read(At("2026-03-04T10:00")).Reckoning.DueAt, clock.Read(At("2026-03-04T10:00")).State));
    }

    [Fact]
    public void Rule_09_a_refusal_names_its_ground()
    {
        Assert.Equal("reason", Assert.Single(FaultsOf("case_not_accepted", """{"notice":{"number":"1"}}""")).Field);
        Assert.Empty(FaultsOf("case_not_accepted", """{"reason":"the law forbids it","notice":{"number":"1"}}"""));
    }

    [Fact]
    public void Rule_10_an_answer_is_given_by_the_close_of_the_day_it_was_asked_for()
    {
        var (received, accepted) = (Received("2026-03-02T15:00", "prohibited-business-answer"), Accepted("2026-03-02T15:00"));
        Assert.Equal(ClockState.Met, State("case.promised", received, accepted, Decided("2026-03-02T18:00", "answered")));
        Assert.Equal(ClockState.Breached, State("case.promised", received, accepted, Decided("2026-03-03T09:00", "answered")));
    }

    [Fact]
    public void Rule_11_an_answer_that_becomes_a_commitment_before_due_is_counted_as_one_from_its_start_and_after_due_not()
    {
        var hall = new SlaMonitor.Domain.Catalogues.CatalogueLog([HallFiles.Read(HallFiles.Item("kind: answer, promised: [{ kind: commitment, limit: { workingDays: 5 } }, { limit: { sameDay: true } }]")).Catalogue]);
        var (received, accepted) = (Received("2026-03-02T10:00", "x"), Accepted("2026-03-02T10:00"));
        Assert.Equal(At("2026-03-09T18:00"), DueChanged("2026-03-02T17:30"));
        Assert.Equal(At("2026-03-02T18:00"), DueChanged("2026-03-03T09:30"));

        NodaTime.Instant? DueChanged(string at) => CaseClocks.Fold([received, accepted, On(at, "case_kind_changed", """{"from":"answer","to":"commitment","reason":"complex"}""")], hall)
            .Clocks.Single(c => c.Definition.Id == "case.promised").Read().Reckoning.DueAt;
    }

    [Fact]
    public void Rule_12_a_denial_has_to_come_inside_the_promised_limit_like_any_decision()
    {
        var (received, accepted) = (Received("2026-03-02T10:00", Licence), Accepted("2026-03-02T10:00"));
        Assert.Equal(ClockState.Met, State("case.promised", received, accepted, Decided("2026-03-09T17:00", "denied")));
        Assert.Equal(ClockState.Breached, State("case.promised", received, accepted, Decided("2026-03-10T09:00", "denied")));
        // The letter alone decides nothing.
        Assert.Equal(ClockState.Breached, Clock("case.promised", received, accepted, On("2026-03-09T17:00", "case_notice_issued", """{"kind":"denial","number":"1"}""")).Read(At("2026-03-10T09:00")).State);
    }

    [Fact]
    public void Rule_14_a_joint_item_concerns_two_agencies_at_least_and_has_forty_five_days()
    {
        const string One = "kind: joint, promised: { workingDays: 10 }, branches: [{ id: a, agency: A }]";
        Assert.Contains("items[0].branches has 1, and a joint item concerns two agencies at least", HallFiles.Refusal(HallFiles.Item(One)), StringComparison.Ordinal);
        Assert.Single(HallFiles.Read(HallFiles.Item(One.Replace("}]", "}, { id: b, agency: B }]", StringComparison.Ordinal))).Catalogue.Items);
        Assert.Equal(At("2026-05-08T18:00"), Due("case.joint", Received("2026-03-02T09:30", "open-hotel"), Accepted("2026-03-02T10:00")));
        Assert.Empty(Clocks("case.joint", Received("2026-03-02T09:30", Licence), Accepted("2026-03-02T10:00")));
    }

    [Fact]
    public void Rule_16_each_agency_has_a_clock_of_its_own_from_when_its_branch_was_opened()
    {
        var clocks = Clocks(
            "case.branch", Received("2026-03-02T09:30", "open-hotel"), Accepted("2026-03-02T10:00"),
            On("2026-03-03T10:00", "case_branch_opened", """{"branch":"fire","agency":"F"}"""),
            On("2026-03-03T10:00", "case_branch_opened", """{"branch":"hygiene","agency":"H","limit":{"workingDays":8}}"""),
            On("2026-03-16T09:00", "case_branch_done", """{"branch":"hygiene","opinion":"agree"}"""),
            On("2026-03-31T18:00", "case_branch_done", """{"branch":"fire","opinion":"disagree"}"""));
        Assert.Equal(
            [("fire", At("2026-03-31T18:00"), ClockState.Met), ("hygiene", At("2026-03-13T18:00"), ClockState.Breached)],
            clocks.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key!, c.Read().Reckoning.DueAt!.Value, c.Read().State)));
        // Forty-five days, and fifteen more if the head of the government agrees; an agency head's consent is for others.
        Assert.Equal(At("2026-05-28T18:00"), Due("case.joint", Received("2026-03-02T09:30", "open-hotel"), Accepted("2026-03-02T10:00"), Extended("government-head")));
        Assert.Equal(At("2026-05-08T18:00"), Due("case.joint", Received("2026-03-02T09:30", "open-hotel"), Accepted("2026-03-02T10:00"), Extended("agency-head")));

        static SlaMonitor.Domain.Recorded Extended(string by) =>
            On("2026-03-20T10:00", "case_extension_granted", $$"""{"add":{"workingDays":15},"reason":"r","approver":"{{by}}"}""");
    }

    [Fact]
    public void Rule_17_only_a_case_for_the_superior_has_a_limit_for_passing_it_on()
    {
        var sent = On("2026-03-20T10:00", "case_sent_upward", """{"authority":"P"}""");
        Assert.Equal(ClockState.Met, State("case.upward-review", Received("2026-03-02T09:30", "law-firm"), Accepted("2026-03-02T10:00"), sent));
        Assert.Equal(ClockState.Breached, Clock("case.upward-review", Received("2026-03-02T09:30", "law-firm"), Accepted("2026-03-02T10:00")).Read(At("2026-03-31T09:00")).State);
        Assert.Empty(Clocks("case.upward-review", Received("2026-03-02T09:30", Licence), Accepted("2026-03-02T10:00"), sent));
    }

    [Fact]
    public void Rule_18_the_window_asks_the_superior_within_five_days_of_passing_the_case_on()
    {
        var received = Received("2026-03-19T09:30", "law-firm");
        var sent = On("2026-03-20T10:00", "case_sent_upward", """{"authority":"P"}""");
        Assert.Equal(At("2026-03-27T18:00"), Due("case.upward-follow-up", received, sent));
        Assert.Equal(ClockState.Met, State("case.upward-follow-up", received, sent, On("2026-03-27T18:00", "case_superior_contacted")));
        Assert.Equal(ClockState.Breached, State("case.upward-follow-up", received, sent, On("2026-03-28T10:00", "case_returned_from_above")));
    }

    [Fact]
    public void Rule_19_the_applicant_hears_of_the_superiors_result_within_a_day()
    {
        // Friday before Qingming, whose Monday is a holiday.
        var received = Received("2026-03-19T09:30", "law-firm");
        var returned = On("2026-04-03T10:00", "case_returned_from_above", """{"result":"approved"}""");
        Assert.Equal(At("2026-04-07T18:00"), Due("case.upward-result", received, returned));
        Assert.Equal(ClockState.Met, State("case.upward-result", received, returned, On("2026-04-07T17:00", "case_applicant_notified")));
        Assert.Equal(ClockState.Breached, State("case.upward-result", received, returned, On("2026-04-08T09:00", "case_applicant_notified")));
    }

    [Fact]
    public void Rule_20_the_window_stays_bound_by_its_promise_while_the_superior_has_the_case()
    {
        var folded = CaseClocks.Fold(
            [
                Received("2026-03-02T09:30", "law-firm", ""","window":"W6" """), Accepted("2026-03-02T10:00"),
                On("2026-03-10T10:00", "case_sent_upward", """{"authority":"P"}"""), On("2026-03-25T10:00", "case_returned_from_above"),
            ],
            Hall);
        var promised = folded.Clocks.Single(c => c.Definition.Id == "case.promised").Read(At("2026-03-31T09:00"));
        Assert.Equal(("W6", At("2026-03-30T18:00"), ClockState.Breached), (folded.State.Window!, promised.Reckoning.DueAt!.Value, promised.State));
    }
}
