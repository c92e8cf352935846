using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Commitments.Facts;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>Turns of a clock's life that the hall's own commitments do not take. Monday is 2 March 2026, hours 08–12 and 13–17.</summary>
public class ServiceDeskTests
{
    private static readonly Desk Given = new(Catalogue("service-desk.yaml"));

    [Fact]
    public void All_stops_are_needed_and_the_last_of_them_counts()
    {
        var decided = Fact("case_decided", "2026-03-02T10:00+01:00", """{"outcome":"resolved"}""");
        Assert.Equal(ClockState.Running, Given.Single("desk.told", Received("3"), decided).Read().State);
        var told = Given.Single("desk.told", Received("3"), decided, Fact("case_applicant_notified", "2026-03-03T17:00+01:00"));
        Assert.Equal((ClockState.Met, At("2026-03-03T17:00+01:00")), (told.Read().State, told.Read().SettledAt));
        Assert.Equal(ClockState.Breached, Given.Single("desk.told", Received("3"), Fact("case_applicant_notified", "2026-03-02T09:00+01:00"), Fact("case_decided", "2026-03-04T08:00:01+01:00", """{"outcome":"resolved"}""")).Read().State);
    }

    [Theory]
    [InlineData("high", "high", "2026-03-02T12:00+01:00")]
    [InlineData("low", "high", "2026-03-02T17:00+01:00")]
    [InlineData("low", "low", "2026-03-06T17:00+01:00")]
    [InlineData("none", "low", "2026-03-06T17:00+01:00")]
    public void Urgency_and_impact_make_the_priority_where_none_is_said(string urgency, string impact, string due)
    {
        var received = Fact("case_received", "2026-03-02T08:00+01:00", $$"""{"item":"incident","urgency":"{{urgency}}","impact":"{{impact}}"}""");
        Assert.Equal(At(due), Due("desk.resolution", received));
        var said = Fact("case_received", "2026-03-02T08:00+01:00", $$"""{"item":"incident","priority":"1","urgency":"{{urgency}}","impact":"{{impact}}"}""");
        Assert.Equal(At("2026-03-02T12:00+01:00"), Due("desk.resolution", said));
    }

    [Fact]
    public void A_higher_priority_selects_the_limit_anew_and_counts_it_from_the_start()
    {
        Assert.Equal(At("2026-03-06T17:00+01:00"), Due("desk.resolution", Received("3")));
        var raised = Fact("case_priority_changed", "2026-03-02T11:00+01:00", """{"to":"1"}""");
        Assert.Equal(At("2026-03-02T12:00+01:00"), Due("desk.resolution", Received("3"), raised));
    }

    [Fact]
    public void A_change_after_due_does_not_save_the_clock_and_one_on_a_commitment_that_keeps_its_limit_changes_nothing()
    {
        var lowered = Fact("case_priority_changed", "2026-03-02T12:00:01+01:00", """{"to":"3"}""");
        var clock = Given.Single("desk.resolution", Received("1"), lowered, Closed("2026-03-02T15:00+01:00"));
        Assert.Equal((ClockState.Breached, At("2026-03-02T12:00+01:00")), (clock.Read().State, clock.Read().Reckoning.DueAt));
        Assert.Equal(At("2026-03-02T08:15+01:00"), Due("desk.response", Received("1"), lowered));
    }

    [Fact]
    public void With_reopen_last_the_latest_stop_counts_and_until_then_the_clock_runs()
    {
        var reopened = Fact("case_reopened", "2026-03-02T10:00+01:00", """{"reason":"again"}""");
        Assert.Equal(ClockState.Met, Given.Single("desk.resolution", Received("1"), Closed("2026-03-02T09:00+01:00")).Read().State);
        Assert.Equal(ClockState.Running, Given.Single("desk.resolution", Received("1"), Closed("2026-03-02T09:00+01:00"), reopened).Read().State);
        var late = Given.Single("desk.resolution", Received("1"), Closed("2026-03-02T09:00+01:00"), reopened, Closed("2026-03-02T13:00:01+01:00"));
        Assert.Equal((1, ClockState.Breached), (late.Ordinal, late.Read().State));
        Assert.Equal(ClockState.Breached, Given.Single("desk.resolution", Received("1"), Closed("2026-03-02T09:00+01:00"), Closed("2026-03-02T13:00:01+01:00")).Read().State);
    }

    [Fact]
    public void Stops_of_the_round_before_do_not_count_for_the_next()
    {
        var first = new[] { Received("3"), Fact("case_decided", "2026-03-02T10:00+01:00", """{"outcome":"resolved"}"""), Fact("case_applicant_notified", "2026-03-02T11:00+01:00"), Fact("case_decided", "2026-03-02T12:00+01:00", """{"outcome":"answered"}""") };
        var clocks = Given.Clocks("desk.told", [.. first, Fact("case_received", "2026-03-03T08:00+01:00", """{"item":"incident"}"""), Fact("case_applicant_notified", "2026-03-03T09:00+01:00")]);
        Assert.Equal([ClockState.Met, ClockState.Running], clocks.Select(c => c.Read().State));
    }

    [Fact]
    public void Each_branch_has_a_clock_of_its_own_by_the_limit_it_was_opened_with()
    {
        var clocks = Given.Clocks(
            "desk.branch", Received("3"), Branch("fire", "2026-03-02T09:00+01:00", "PT8H"), Branch("water", "2026-03-02T09:00+01:00", "PT2H"),
            Fact("case_branch_done", "2026-03-03T09:00+01:00", """{"branch":"fire"}"""), Fact("case_branch_done", "2026-03-03T09:00+01:00", """{"branch":"water"}"""));
        Assert.Equal([("fire", ClockState.Met), ("water", ClockState.Breached)], clocks.Select(c => (c.Key!, c.Read().State)));
        var withdrawn = Given.Clocks("desk.branch", Received("3"), Branch("fire", "2026-03-02T09:00+01:00", "PT8H"), Fact("case_withdrawn", "2026-03-02T10:00+01:00"));
        Assert.Equal(ClockState.Void, withdrawn.Single().Read().State);
    }

    [Fact]
    public void A_branch_opened_without_the_limit_it_should_carry_is_an_anomaly()
    {
        var opened = Fact("case_branch_opened", "2026-03-02T09:00+01:00", """{"branch":"fire","agency":"a"}""");
        Assert.Contains(new Anomaly(AnomalyKind.NoLimit, [opened.Id]), Given.Fold(Received("3"), opened).Anomalies);
    }

    [Fact]
    public void A_level_by_share_lies_where_that_share_is_used_pauses_included()
    {
        // Three quarters of eight hours: six, which from 08:00 are over at 15:00.
        Assert.Equal(At("2026-03-02T15:00+01:00"), Given.Single("desk.resolution", Received("2")).Read().DueSoonAt);
        var paused = Given.Single(
            "desk.resolution", Received("2"),
            Fact("case_special_procedure_started", "2026-03-02T09:00+01:00", """{"procedure":"p","cause":"awaiting-customer"}"""),
            Fact("case_special_procedure_ended", "2026-03-02T11:00+01:00", """{"procedure":"p"}"""));
        Assert.Equal(At("2026-03-02T17:00+01:00"), paused.Read().DueSoonAt);
        var late = paused.Definition.Levels.Single(l => l.Name == "late");
        Assert.Equal(At("2026-03-03T11:00+01:00"), late.InstantFor(paused.Facts, paused.Read().Reckoning));
    }

    private static Instant? Due(string commitment, params Recorded[] facts) => Given.Single(commitment, facts).Read().Reckoning.DueAt;

    private static Recorded Received(string priority) => Fact("case_received", "2026-03-02T08:00+01:00", $$"""{"item":"incident","priority":"{{priority}}"}""");

    private static Recorded Closed(string at) => Fact("case_closed", at);

    private static Recorded Branch(string name, string at, string limit) =>
        Fact("case_branch_opened", at, $$$"""{"branch":"{{{name}}}","agency":"a","limit":{"workingTime":"{{{limit}}}"}}""");
}
