using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using static SlaMonitor.Tests.Domain.Commitments.Facts;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>Given facts of a case, the clocks of the sample hall.</summary>
public class CaseClocksTests
{
    private static readonly CatalogueLog Hall = new([CatalogueFiles.ReadAll(CatalogueFiles.Folder).Single(c => c.Catalogue.Centre == "service-hall").Catalogue]);

    private static readonly Recorded Received = Fact("case_received", "2026-03-02T09:30:00+08:00", """{"item":"food-business-licence"}""");
    private static readonly Recorded Accepted = Fact("case_accepted", "2026-03-02T10:00:00+08:00");

    [Fact]
    public void Decided_at_due_is_met_and_settles_at_the_stop()
    {
        var clock = Promised(Received, Accepted, Decided("2026-03-09T18:00:00+08:00"));
        Assert.Equal((ClockState.Met, At("2026-03-09T18:00:00+08:00")), (clock.Read().State, clock.Read().SettledAt));
    }

    [Fact]
    public void Decided_late_is_breached_and_settles_at_the_last_tick_before_due()
    {
        var clock = Promised(Received, Accepted, Decided("2026-03-10T09:00:00+08:00"));
        Assert.Equal((ClockState.Breached, At("2026-03-09T17:59:59.999999+08:00")), (clock.Read().State, clock.Read().SettledAt));
    }

    [Fact]
    public void Withdrawn_before_due_is_void_and_after_due_stays_breached()
    {
        Assert.Equal(ClockState.Void, Promised(Received, Accepted, Fact("case_withdrawn", "2026-03-09T18:00:00+08:00")).Read().State);
        Assert.Equal(ClockState.Breached, Promised(Received, Accepted, Fact("case_withdrawn", "2026-03-09T18:00:01+08:00")).Read().State);
    }

    [Fact]
    public void A_stop_before_its_start_is_met_with_nothing_used_and_an_anomaly()
    {
        var clock = Promised(Received, Decided("2026-03-01T10:00:00+08:00"), Accepted);
        Assert.Equal((ClockState.Met, (Fraction)0), (clock.Read().State, clock.Read().Reckoning.Used.Value));
        Assert.Equal(AnomalyKind.StopBeforeStart, clock.Anomalies.Single().Kind);
    }

    [Fact]
    public void A_second_start_is_an_anomaly_and_the_first_counts()
    {
        var clock = Promised(Received, Accepted, Fact("case_accepted", "2026-03-05T10:00:00+08:00"));
        Assert.Equal((Accepted.OccurredAt, AnomalyKind.SecondStart), (clock.Facts.Start, clock.Anomalies.Single().Kind));
    }

    [Fact]
    public void A_start_after_settlement_is_a_clock_of_its_own()
    {
        var clocks = Clocks("case.promised", Received, Accepted, Decided("2026-03-04T10:00:00+08:00"), Fact("case_accepted", "2026-04-07T10:00:00+08:00"));
        Assert.Equal([1, 2], clocks.Select(c => c.Ordinal));
        Assert.Equal([ClockState.Met, ClockState.Running], clocks.Select(c => c.Read().State));
    }

    [Fact]
    public void Extensions_and_their_refusals_are_told_with_the_event_that_caused_them()
    {
        var late = Fact("case_extension_granted", "2026-05-20T10:00:00+08:00", """{"add":{"workingDays":1},"reason":"r","approver":"agency-head"}""");
        var over = Fact("case_extension_granted", "2026-03-05T10:00:00+08:00", """{"add":{"workingDays":12},"reason":"r","approver":"agency-head"}""");
        var clock = Promised(Received, Accepted, late, over);
        Assert.Equal(At("2026-03-23T18:00:00+08:00"), clock.Read().Reckoning.DueAt);
        Assert.Equal([new Anomaly(AnomalyKind.ExtensionOverCap, [over.Id]), new Anomaly(AnomalyKind.ExtensionAfterDue, [late.Id])], clock.Anomalies);
    }

    [Fact]
    public void A_procedure_that_ends_without_having_begun_is_an_anomaly_of_the_case()
    {
        var ended = Fact("case_special_procedure_ended", "2026-03-03T10:00:00+08:00", """{"procedure":"p"}""");
        Assert.Equal([new Anomaly(AnomalyKind.EndWithoutPause, [ended.Id])], CaseClocks.Fold([Received, Accepted, ended], Hall).Anomalies);
    }

    [Fact]
    public void An_item_without_a_statutory_limit_has_no_statutory_clock()
    {
        var instant = Fact("case_received", "2026-03-02T09:30:00+08:00", """{"item":"household-certificate"}""");
        Assert.Empty(Clocks("case.statutory", instant, Accepted));
        Assert.Equal(At("2026-03-02T18:00:00+08:00"), Promised(instant, Accepted).Read().Reckoning.DueAt);
    }

    [Fact]
    public void Due_soon_begins_at_the_close_of_the_working_day_before()
    {
        Assert.Equal(At("2026-03-06T18:00:00+08:00"), Promised(Received, Accepted).Read().DueSoonAt);
    }

    [Fact]
    public void Silence_until_the_notification_is_due_is_acceptance_as_of_receipt()
    {
        // V4 of the design: received Monday, no notice by the close of the Monday after; twenty working days end on the 30th.
        var statutory = Clocks("case.statutory", Received).Single();
        Assert.Equal((At("2026-03-09T18:00:00+08:00"), Received.OccurredAt), (statutory.AppearsAt, statutory.Facts.Start));
        Assert.Equal(At("2026-03-30T18:00:00+08:00"), statutory.Read().Reckoning.DueAt);
    }

    [Fact]
    public void An_acceptance_after_the_notification_was_due_does_not_undo_the_deemed_one_and_is_an_anomaly()
    {
        var late = Fact("case_accepted", "2026-03-09T18:00:01+08:00");
        var folded = CaseClocks.Fold([Received, late], Hall);
        Assert.Equal(Received.OccurredAt, folded.Clocks.Single(c => c.Definition.Id == "case.statutory").Facts.Start);
        Assert.Equal([new Anomaly(AnomalyKind.ActAfterDeemedAcceptance, [Received.Id, late.Id])], folded.Anomalies);
    }

    [Fact]
    public void A_timely_acceptance_that_arrives_late_removes_the_deemed_one()
    {
        var timely = Fact("case_accepted", "2026-03-09T18:00:00+08:00", recordedAt: "2026-04-20T10:00:00+08:00");
        var folded = CaseClocks.Fold([Received, timely], Hall);
        Assert.Equal((timely.OccurredAt, null), (folded.Clocks.Single(c => c.Definition.Id == "case.statutory").Facts.Start, folded.Clocks.Single(c => c.Definition.Id == "case.statutory").AppearsAt));
        Assert.Empty(folded.Anomalies);
    }

    [Theory]
    [InlineData("case_not_accepted", """{"reason":"r"}""")]
    [InlineData("case_withdrawn", "{}")]
    [InlineData("case_decided", """{"outcome":"approved"}""")]
    public void Whoever_was_answered_or_went_away_in_time_was_not_left_waiting(string type, string data) =>
        Assert.Empty(Clocks("case.statutory", Received, Fact(type, "2026-03-05T10:00:00+08:00", data)));

    [Fact]
    public void After_a_timely_request_the_case_is_accepted_when_the_last_supplement_arrived()
    {
        // V4b of the design; the acceptance bears a later date, which does not matter.
        var clock = Clocks(
            "case.statutory", Received, Fact("case_supplement_requested", "2026-03-04T10:00:00+08:00", """{"items":["id"]}"""),
            Fact("case_supplement_received", "2026-03-06T10:00:00+08:00", """{"complete":false}"""), Fact("case_supplement_received", "2026-03-10T10:00:00+08:00"),
            Fact("case_accepted", "2026-03-12T10:00:00+08:00")).Single();
        Assert.Equal((At("2026-03-10T10:00:00+08:00"), At("2026-04-08T18:00:00+08:00")), (clock.Facts.Start, clock.Read().Reckoning.DueAt));
    }

    [Fact]
    public void A_request_after_the_notification_was_due_is_too_late()
    {
        var request = Fact("case_supplement_requested", "2026-03-10T10:00:00+08:00", """{"items":["id"]}""");
        var folded = CaseClocks.Fold([Received, request, Fact("case_supplement_received", "2026-03-12T10:00:00+08:00")], Hall);
        Assert.Equal(Received.OccurredAt, folded.Clocks.Single(c => c.Definition.Id == "case.statutory").Facts.Start);
        Assert.Equal(AnomalyKind.ActAfterDeemedAcceptance, folded.Anomalies.Single().Kind);
    }

    [Fact]
    public void An_extension_dated_before_due_and_recorded_after_it_counts_and_is_suspected()
    {
        var backdated = Fact("case_extension_granted", "2026-03-05T10:00:00+08:00", """{"add":{"workingDays":3},"reason":"r","approver":"agency-head"}""", recordedAt: "2026-03-12T10:00:00+08:00");
        var clock = Promised(Received, Accepted, backdated);
        Assert.Equal((At("2026-03-12T18:00:00+08:00"), new Anomaly(AnomalyKind.SuspectedBackdating, [backdated.Id])), (clock.Read().Reckoning.DueAt, clock.Anomalies.Single()));
    }

    [Fact]
    public void An_extension_by_somebody_else_than_the_catalogue_asks_for_has_no_effect()
    {
        var extension = Fact("case_extension_granted", "2026-03-05T10:00:00+08:00", """{"add":{"workingDays":3},"reason":"r","approver":"W1-01"}""");
        var clock = Promised(Received, Accepted, extension);
        Assert.Equal((At("2026-03-09T18:00:00+08:00"), AnomalyKind.ExtensionNotApproved), (clock.Read().Reckoning.DueAt, clock.Anomalies.Single().Kind));
    }

    [Fact]
    public void A_decision_on_a_case_that_was_never_accepted_nor_received_is_an_anomaly()
    {
        var decided = Decided("2026-03-04T10:00:00+08:00");
        Assert.Contains(new Anomaly(AnomalyKind.StopWithoutStart, [decided.Id]), CaseClocks.Fold([decided], Hall).Anomalies);
    }

    [Theory]
    [InlineData("a supplement after the decision", "case_supplement_received", "2026-03-25T10:00:00+08:00", "{}")]
    [InlineData("a supplement after the acceptance that followed the first", "case_supplement_received", "2026-03-16T10:00:00+08:00", "{}")]
    [InlineData("a second acceptance", "case_accepted", "2026-03-16T10:00:00+08:00", "{}")]
    public void What_comes_after_the_acceptance_that_followed_the_supplements_moves_nothing(string what, string type, string at, string data)
    {
        var clock = Clocks(
            "case.promised", Received, Fact("case_supplement_requested", "2026-03-03T10:00:00+08:00", """{"items":["id"]}"""), Fact("case_supplement_received", "2026-03-04T10:00:00+08:00"),
            Fact("case_accepted", "2026-03-05T10:00:00+08:00"), Decided("2026-03-20T10:00:00+08:00"), Fact(type, at, data))[0];
        Assert.True((At("2026-03-04T10:00:00+08:00"), ClockState.Breached) == (clock.Facts.Start, clock.Read().State), what);
    }

    [Fact]
    public void Acceptances_before_the_last_supplement_are_the_same_act_as_its_arrival()
    {
        var clock = Clocks(
            "case.promised", Received, Fact("case_supplement_requested", "2026-03-03T10:00:00+08:00", """{"items":["id"]}"""),
            Fact("case_accepted", "2026-03-04T10:00:00+08:00"), Fact("case_accepted", "2026-03-05T10:00:00+08:00"), Fact("case_supplement_received", "2026-03-10T10:00:00+08:00")).Single();
        Assert.Equal((At("2026-03-10T10:00:00+08:00"), At("2026-03-17T18:00:00+08:00"), 0), (clock.Facts.Start, clock.Read().Reckoning.DueAt, clock.Anomalies.Count));
    }

    [Fact]
    public void A_second_round_after_reopening_is_accepted_anew_also_when_the_first_was_deemed()
    {
        var clocks = Clocks(
            "case.promised", Received, Decided("2026-03-20T10:00:00+08:00"), Fact("case_reopened", "2026-04-01T10:00:00+08:00", """{"reason":"r"}"""),
            Fact("case_accepted", "2026-04-02T10:00:00+08:00"), Decided("2026-04-03T10:00:00+08:00"));
        Assert.Equal([(1, Received.OccurredAt, ClockState.Breached), (2, At("2026-04-02T10:00:00+08:00"), ClockState.Met)], clocks.Select(c => (c.Ordinal, c.Facts.Start, c.Read().State)));
    }

    [Theory]
    [InlineData("case_not_accepted", "case_reopened", """{"reason":"r"}""")]
    [InlineData("case_returned", "case_received", """{"item":"food-business-licence"}""")]
    public void An_end_before_a_new_round_is_no_end_of_it(string end, string again, string data)
    {
        var clock = Clocks("case.promised", Received, Fact(end, "2026-03-03T10:00:00+08:00", """{"reason":"r"}"""), Fact(again, "2026-03-05T10:00:00+08:00", data), Fact("case_accepted", "2026-03-06T10:00:00+08:00")).Single();
        Assert.Equal((ClockState.Running, At("2026-03-13T18:00:00+08:00")), (clock.Read().State, clock.Read().Reckoning.DueAt));
    }

    [Fact]
    public void A_change_of_kind_after_due_does_not_lead_back_to_the_start()
    {
        var instant = Fact("case_received", "2026-03-02T09:30:00+08:00", """{"item":"household-certificate"}""");
        var changed = Fact("case_item_changed", "2026-03-05T10:00:00+08:00", """{"to":"food-business-licence"}""");
        Assert.Equal(At("2026-03-02T18:00:00+08:00"), Promised(instant, Accepted, changed).Read().Reckoning.DueAt);
        var before = Fact("case_item_changed", "2026-03-02T17:00:00+08:00", """{"to":"food-business-licence"}""");
        var extended = Fact("case_extension_granted", "2026-03-04T10:00:00+08:00", """{"add":{"workingDays":5},"reason":"r","approver":"agency-head"}""");
        Assert.Equal(At("2026-03-16T18:00:00+08:00"), Promised(instant, Accepted, before, extended).Read().Reckoning.DueAt);
    }

    [Fact]
    public void A_version_published_later_takes_no_clock_of_an_earlier_one_away_and_adds_none()
    {
        var first = Hall.Newest! with { Position = 1 };
        var silent = new[] { Received with { Position = 10 }, Decided("2026-03-20T10:00:00+08:00") with { Position = 11 } };
        var before = CaseClocks.Fold(silent, new CatalogueLog([first])).Clocks.Select(c => (c.Definition.Id, c.Ordinal, c.Read())).ToList();
        foreach (var change in new Func<CommitmentDefinition, CommitmentDefinition>[]
        {
            d => d with { Deems = false },
            d => d.Deems ? d with { Id = "case.notice" } : d,
            d => d with { Key = "branch" },
            d => d with { Start = "case_received" },
        })
        {
            var second = first with { Version = "2", Position = 50, Commitments = [.. first.Commitments.Select(change)] };
            Assert.Equal(before, CaseClocks.Fold(silent, new CatalogueLog([first, second])).Clocks.Select(c => (c.Definition.Id, c.Ordinal, c.Read())));
        }
    }

    [Fact]
    public void A_calendar_published_later_moves_open_clocks_and_no_settled_one()
    {
        // The second version makes 4 and 5 March holidays; it is published while one case is open, another decided, a third overdue.
        var first = Hall.Newest! with { Position = 1, PublishedAt = At("2026-01-01T00:00:00+08:00") };
        var definition = first.Calendars["cn"].Definition;
        var changed = new Calendar(new CalendarDefinition { Zone = definition.Zone, Week = definition.Week, Workdays = definition.Workdays, Holidays = [.. definition.Holidays, new LocalDate(2026, 3, 4), new LocalDate(2026, 3, 5)] });
        Instant? DueWhen(string published, params Recorded[] facts)
        {
            var second = first with { Version = "2", Position = 50, PublishedAt = At(published), Calendars = first.Calendars.SetItem("cn", changed) };
            return CaseClocks.Fold(facts, new CatalogueLog([first, second])).Clocks.Single(c => c.Definition.Id == "case.promised").Read().Reckoning.DueAt;
        }

        var early = new[] { Received, Accepted }.Select(f => f with { Position = 10 }).ToArray();
        Assert.Equal(At("2026-03-11T18:00:00+08:00"), DueWhen("2026-03-03T10:00:00+08:00", early));
        Assert.Equal(At("2026-03-09T18:00:00+08:00"), DueWhen("2026-03-09T18:00:01+08:00", early));
        Assert.Equal(At("2026-03-09T18:00:00+08:00"), DueWhen("2026-03-03T10:00:00+08:00", [.. early, Decided("2026-03-03T09:00:00+08:00") with { Position = 49 }]));
        Assert.Equal(At("2026-03-11T18:00:00+08:00"), DueWhen("2026-03-03T10:00:00+08:00", [.. early, Decided("2026-03-03T09:00:00+08:00") with { Position = 51 }]));
    }

    [Fact]
    public void An_event_dated_after_it_was_recorded_is_an_anomaly()
    {
        var ahead = Accepted with { RecordedAt = Accepted.OccurredAt - Duration.FromMinutes(6) };
        Assert.Equal([new Anomaly(AnomalyKind.OccurredInFuture, [ahead.Id])], CaseClocks.Fold([Received, ahead], Hall).Anomalies);
    }

    [Fact]
    public void Any_order_and_any_duplication_of_the_facts_gives_the_same_clocks()
    {
        // Few instants, so that ties are common.
        var facts =
            from count in Gen.Choose(1, 14)
            from picked in Gen.ArrayOf(from type in Gen.Elements(CaseJson.Types.Select(t => t.Name).ToArray()) from hour in Gen.Choose(0, 400) from sequence in Gen.Choose(0, 2) select (type, hour, sequence), count)
            from shuffled in Gen.Shuffle(picked.Select((p, i) => Fact(p.type, At("2026-03-02T09:00:00+08:00") + Duration.FromHours(p.hour / 20 * 20), Data(p.type, p.hour), p.sequence, $"{i}")).SelectMany(f => new[] { f, f }).ToArray())
            select shuffled;
        Prop.ForAll(facts.ToArbitrary(), shuffled =>
        {
            var sorted = shuffled.DistinctBy(f => f.Id).OrderBy(f => f.SenderId, StringComparer.Ordinal);
            Assert.Equal(Readings(sorted), Readings(shuffled));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static string Readings(IEnumerable<Recorded> facts)
    {
        var folded = CaseClocks.Fold(facts, Hall);
        return string.Join("\n", folded.Clocks.Select(c => $"{c.Definition.Id} {c.Ordinal} {c.StartedBy} {c.StoppedBy} {c.Read()} {string.Join(",", c.Anomalies.Select(a => $"{a.Kind} {string.Join(" ", a.Events)}"))}"))
            + folded.State + string.Join(",", folded.Anomalies.Select(a => $"{a.Kind} {string.Join(" ", a.Events)}"));
    }

    private static string Data(string type, int seed) => type switch
    {
        "case_received" => """{"item":"food-business-licence"}""",
        "case_special_procedure_started" => $$"""{"procedure":"{{seed % 2}}","cause":"expert-review"}""",
        "case_special_procedure_ended" => $$"""{"procedure":"{{seed % 2}}"}""",
        "case_extension_granted" => """{"add":{"workingDays":3},"reason":"r","approver":"agency-head"}""",
        "case_decided" => """{"outcome":"approved"}""",
        "case_notice_issued" => """{"kind":"acceptance","number":"1"}""",
        "case_tolerance_granted" => """{"missing":["m"],"dueOn":"2026-03-09"}""",
        "case_sent_upward" => """{"authority":"a"}""",
        "case_fee_charged" => """{"amount":"1.00"}""",
        "case_delay_explained" => """{"reason":"r"}""",
        "case_rated" => """{"score":1}""",
        "case_rating_voided" => """{"approver":"a"}""",
        "case_stage_entered" => $$"""{"stage":"s{{seed}}"}""",
        "case_supplement_requested" => """{"items":["x"]}""",
        "case_not_accepted" or "case_returned" or "case_reopened" => """{"reason":"r"}""",
        "case_kind_changed" => """{"to":"commitment"}""",
        "case_item_changed" => $$"""{"to":"{{(seed % 2 == 0 ? "nurse-registration" : "clinic-licence")}}"}""",
        "case_priority_changed" => $$"""{"to":"{{seed % 3}}"}""",
        "case_branch_opened" => $$"""{"branch":"{{seed % 2}}","agency":"a"}""",
        "case_branch_handed_over" => $$"""{"branch":"{{seed % 2}}","to":"a"}""",
        "case_branch_done" => $$"""{"branch":"{{seed % 2}}"}""",
        _ => "{}",
    };

    private static Clock Promised(params Recorded[] facts) => Clocks("case.promised", facts).Single();

    private static List<Clock> Clocks(string commitment, params Recorded[] facts) =>
        [.. CaseClocks.Fold(facts, Hall).Clocks.Where(c => c.Definition.Id == commitment)];

    private static Recorded Decided(string at) => Fact("case_decided", at, """{"outcome":"approved"}""");
}
