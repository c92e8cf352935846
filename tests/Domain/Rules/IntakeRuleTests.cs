using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Section B of the collected rules: intake, notices, telling everything at once. The number is the row.</summary>
public class IntakeRuleTests
{
    private const string Licence = "food-business-licence";

    private static readonly Recorded Applied = Received("2026-03-02T09:30", Licence);

    [Fact]
    public void Rule_22_a_notice_says_of_what_kind_it_is_and_bears_a_number()
    {
        Assert.Equal(["kind", "number"], FaultsOf("case_notice_issued", """{"issuedOn":"2026-03-02"}""").Select(f => f.Field).Order());
        Assert.Equal("issuedOn", Assert.Single(FaultsOf("case_notice_issued", """{"kind":"acceptance","number":"1","issuedOn":"soon"}""")).Field);
        Assert.All(["acceptance", "nonAcceptance", "supplement"], kind => Assert.Empty(FaultsOf("case_notice_issued", $$"""{"kind":"{{kind}}","number":"1"}""")));
    }

    [Fact]
    public void Rule_24_what_is_missing_is_told_within_five_days_and_once()
    {
        Assert.Equal(At("2026-03-09T18:00"), Due("case.notification", Applied));
        Assert.Equal(ClockState.Met, State("case.notification", Applied, Asked("2026-03-09T18:00")));
        Assert.Equal(ClockState.Breached, State("case.notification", Applied, Asked("2026-03-09T18:00:01")));
        // A second request buys no time: neither another five days to tell, nor, once it is accepted, a later start.
        var again = new[] { Applied, Asked("2026-03-04T10:00"), On("2026-03-05T15:00", "case_supplement_received"), Accepted("2026-03-05T15:00"), Asked("2026-03-06T10:00"), On("2026-03-10T15:00", "case_supplement_received") };
        Assert.Equal(ClockState.Met, State("case.notification", again));
        Assert.Equal(At("2026-03-12T18:00"), Due("case.promised", again));
    }

    [Fact]
    public void Rule_25_a_promise_lies_inside_the_statutory_limit_on_every_day_of_the_year()
    {
        Assert.Contains("items[0].promised runs beyond the statutory limit", HallFiles.Refusal(HallFiles.Item("kind: commitment, promised: { workingDays: 21 }, statutory: { workingDays: 20 }")), StringComparison.Ordinal);
        // Nine calendar days are about seven working days, but not over National Day.
        Assert.Contains("items[0].promised runs beyond the statutory limit", HallFiles.Refusal(HallFiles.Item("kind: commitment, promised: { workingDays: 5 }, statutory: { calendarDays: 9, roll: false }")), StringComparison.Ordinal);
        Assert.Single(HallFiles.Read(HallFiles.Item("kind: commitment, promised: { workingDays: 20 }, statutory: { workingDays: 20 }")).Catalogue.Items);
    }

    [Fact]
    public void Rule_26_the_certificate_is_delivered_within_ten_days_of_the_decision_to_grant()
    {
        Assert.Equal(At("2026-04-20T18:00"), Due("case.delivery", Decided("2026-04-03T10:00")));
        Assert.Equal(ClockState.Met, State("case.delivery", Decided("2026-04-03T10:00"), On("2026-04-20T18:00", "case_delivered", """{"via":"window"}""")));
        Assert.Equal(ClockState.Breached, State("case.delivery", Decided("2026-04-03T10:00"), On("2026-04-21T09:00", "case_delivered", """{"via":"courier"}""")));
        Assert.Empty(Clocks("case.delivery", Decided("2026-04-03T10:00", "denied")));
    }

    [Fact]
    public void Rule_30_the_stages_of_handling_are_followed_and_stop_no_clock()
    {
        var folded = CaseClocks.Fold(
            [
                Applied, Accepted("2026-03-02T10:00"), On("2026-03-03T10:00", "case_stage_entered", """{"stage":"初审","window":"W1"}"""),
                On("2026-03-05T10:00", "case_stage_entered", """{"stage":"缴费","window":"W6"}"""),
            ],
            Hall);
        Assert.Equal(("缴费", "W6"), (folded.State.Stage, folded.State.Window));
        Assert.Equal(At("2026-03-09T18:00"), folded.Clocks.Single(c => c.Definition.Id == "case.promised").Read(At("2026-03-06T10:00")).Reckoning.DueAt);
    }

    [Theory]
    [InlineData("procedure: [p], ", "procedure is missing")]
    [InlineData("materials: [m], ", "materials is missing")]
    [InlineData("fee: none, ", "fee is missing")]
    [InlineData(", promised: { workingDays: 5 }", "promised is missing")]
    public void Rule_31_an_item_that_does_not_say_what_a_hall_publishes_is_advised_against(string without, string advice) => Assert.Equal(advice, AdviceWithout(without));

    [Theory]
    [InlineData("department: d, ", "department is missing")]
    [InlineData("basis: b, ", "basis is missing")]
    [InlineData("", null)]
    public void Rule_32_the_guide_to_an_item_names_who_is_responsible_and_the_law(string without, string? advice) => Assert.Equal(advice, AdviceWithout(without));

    [Fact]
    public void Rule_33_a_case_keeps_the_limit_that_held_when_it_was_accepted()
    {
        // The promise is cut from five days to three, and then to one, each from a date of its own.
        var versions = new[] { (Days: 5, From: "2020-01-01T00:00"), (Days: 3, From: "2026-03-04T00:00"), (Days: 1, From: "2026-03-16T00:00") };
        var log = new CatalogueLog([.. versions.Select((v, i) => HallFiles.Read(HallFiles.Item($"kind: commitment, promised: {{ workingDays: {v.Days} }}")).Catalogue with { Version = $"{i}", EffectiveFrom = At(v.From), Position = i + 1 })]);
        Assert.Equal(At("2026-03-09T18:00"), DueOf("2026-03-02T10:00"));
        Assert.Equal(At("2026-03-10T18:00"), DueOf("2026-03-05T10:00"));
        Assert.Equal(At("2026-03-17T18:00"), DueOf("2026-03-16T10:00"));

        NodaTime.Instant? DueOf(string accepted) => CaseClocks.Fold([Received(accepted, "x") with { Position = 10 }, Accepted(accepted) with { Position = 11 }], log)
            .Clocks.Single(c => c.Definition.Id == "case.promised").Read().Reckoning.DueAt;
    }

    [Fact]
    public void Rule_34_a_hall_that_tells_on_the_spot_says_so_and_silence_is_acceptance_that_evening()
    {
        var log = new CatalogueLog([HallFiles.Read(HallFiles.Item("kind: commitment, promised: { workingDays: 5 }"), """
            commitments:
              - id: case.notification
                names: { zh: 当场告知, en: Notice on the spot }
                on: case
                start: case_received
                stop: { any: [case_accepted, case_not_accepted, case_supplement_requested] }
                void: [case_withdrawn, case_returned]
                limit: { sameDay: true }
                deemed: accepted
            """).Catalogue]);
        var promised = CaseClocks.Fold([Received("2026-03-02T09:30", "x"), Accepted("2026-03-04T10:00")], log).Clocks.Single(c => c.Definition.Id == "case.promised");
        Assert.Equal((At("2026-03-02T09:30"), At("2026-03-09T18:00")), (promised.Facts.Start, promised.Read().Reckoning.DueAt));
    }

    [Fact]
    public void Rule_35_every_receipt_is_owed_an_answer_whether_accepted_or_not()
    {
        Assert.Equal(ClockState.Met, State("case.notification", Applied, Accepted("2026-03-09T17:00")));
        Assert.Equal(ClockState.Met, State("case.notification", Applied, On("2026-03-09T17:00", "case_not_accepted", """{"reason":"r"}""")));
        Assert.Equal(ClockState.Breached, Clock("case.notification", Applied, On("2026-03-09T17:00", "case_stage_entered", """{"stage":"初审"}""")).Read(At("2026-03-10T09:00")).State);
    }

    [Fact]
    public void Rule_36_papers_that_may_follow_bind_the_applicant_to_the_day_that_was_promised()
    {
        var granted = On("2026-03-02T10:00", "case_tolerance_granted", """{"missing":["lease"],"dueOn":"2026-03-11"}""");
        Assert.Equal(At("2026-03-11T18:00"), Due("case.tolerance", Applied, Accepted("2026-03-02T10:00"), granted));
        Assert.Equal(ClockState.Met, State("case.tolerance", granted, On("2026-03-11T18:00", "case_tolerance_met")));
        Assert.Equal(ClockState.Breached, State("case.tolerance", granted, On("2026-03-12T09:00", "case_tolerance_met")));
        // The hall's own promise does not wait for them.
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", Applied, Accepted("2026-03-02T10:00"), granted));
        Assert.Equal("dueOn", Assert.Single(FaultsOf("case_tolerance_granted", """{"missing":["lease"]}""")).Field);
    }

    [Fact]
    public void Rule_39_who_was_asked_first_stays_responsible_whoever_handles_the_case_later()
    {
        var moved = On("2026-03-03T10:00", "case_reassigned", """{"window":"W2","staff":"W2-01"}""");
        var state = CaseClocks.Fold([Received("2026-03-02T09:30", Licence, ""","window":"W1","staff":"W1-01" """), moved], Hall).State;
        Assert.Equal(("W1", "W2", "W2-01"), (state.FirstContact, state.Window, state.Staff));
    }

    [Fact]
    public void Rule_42_there_is_something_to_urge_from_the_close_of_the_working_day_before_due()
    {
        var clock = Clock("case.promised", Applied, Accepted("2026-03-02T10:00"));
        var id = new ClockId("case/1", "case.promised", "", 1);
        Assert.Empty(NoticeDecision.Decide(id, clock, ToldNotices.None, At("2026-03-06T18:00")));
        var soon = Assert.Single(NoticeDecision.Decide(id, clock, ToldNotices.None, At("2026-03-06T18:00:01")));
        Assert.Equal((NoticeKind.DueSoon, At("2026-03-06T18:00"), At("2026-03-09T18:00")), (soon.Kind, soon.At, soon.DueAt));
    }

    private static Recorded Asked(string local) => On(local, "case_supplement_requested", """{"items":["lease"]}""");

    private static string? AdviceWithout(string without)
    {
        var whole = HallFiles.Item("kind: commitment, promised: { workingDays: 5 }");
        Assert.Contains(without, whole, StringComparison.Ordinal);
        var advice = HallFiles.Read(without.Length == 0 ? whole : whole.Replace(without, "", StringComparison.Ordinal)).Advice;
        return advice.Count == 0 ? null : Assert.Single(advice) is var one ? $"{one.Field[(one.Field.LastIndexOf('.') + 1)..]} {one.Reason[..one.Reason.IndexOf(':', StringComparison.Ordinal)]}" : null;
    }
}
