using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using static SlaMonitor.Tests.Domain.Commitments.Facts;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>Given facts in the order they were recorded, which settled verdicts were changed afterwards.</summary>
public class RestatementTests
{
    private static readonly CatalogueLog Hall = new([CatalogueFiles.ReadAll(CatalogueFiles.Folder).Single(c => c.Catalogue.Centre == "service-hall").Catalogue]);

    [Fact]
    public void What_is_recorded_as_it_happens_restates_nothing_however_late_the_case_is()
    {
        Assert.Empty(Of(Hall, Received(), Accepted(), Told("case_decided", "2026-03-12T10:00:00+08:00", data: """{"outcome":"approved"}"""), Told("case_delivered", "2026-04-20T10:00:00+08:00")));
    }

    [Fact]
    public void A_decision_in_time_that_is_recorded_after_due_turns_the_breach_into_a_promise_kept()
    {
        var decided = Told("case_decided", "2026-03-09T10:00:00+08:00", "2026-03-11T10:00:00+08:00", """{"outcome":"approved"}""");
        var restatement = Of(Hall, Received(), Accepted(), decided).Single(r => r.Commitment == "case.promised");
        Assert.Equal(new Verdict(ClockState.Breached, At("2026-03-09T17:59:59.999999+08:00")), restatement.Old);
        Assert.Equal(new Verdict(ClockState.Met, At("2026-03-09T10:00:00+08:00")), restatement.New);
        Assert.Equal((decided.Id, "case_decided", decided.RecordedAt), (restatement.Cause, restatement.CauseType, restatement.At));
    }

    [Fact]
    public void A_verdict_that_stood_for_less_than_ten_minutes_was_nobodys_yet()
    {
        var decided = Told("case_decided", "2026-03-09T17:50:00+08:00", "2026-03-09T18:09:59+08:00", """{"outcome":"approved"}""");
        Assert.DoesNotContain(Of(Hall, Received(), Accepted(), decided), r => r.Commitment == "case.promised");
        var later = Told("case_decided", "2026-03-09T17:50:00+08:00", "2026-03-09T18:10:01+08:00", """{"outcome":"approved"}""");
        Assert.Contains(Of(Hall, Received(), Accepted(), later), r => r.Commitment == "case.promised");
    }

    [Fact]
    public void A_history_told_in_one_go_restates_nothing()
    {
        const string Now = "2026-11-22T10:00:00+08:00";
        Assert.Empty(Of(
            Hall, Told("case_received", "2026-03-02T09:30:00+08:00", Now, """{"item":"food-business-licence"}"""), Told("case_accepted", "2026-03-02T10:00:00+08:00", Now),
            Told("case_decided", "2026-03-09T10:00:00+08:00", Now, """{"outcome":"approved"}"""), Told("case_delivered", "2026-03-10T10:00:00+08:00", Now)));
    }

    [Fact]
    public void A_notice_that_arrives_late_takes_a_deemed_acceptance_away_with_the_verdicts_that_hung_on_it()
    {
        var asked = Told("case_supplement_requested", "2026-03-05T10:00:00+08:00", "2026-04-02T10:00:00+08:00", """{"items":["m"]}""");
        var restated = Of(Hall, Received(), asked);
        Assert.Equal(
            ["case.notification Breached>Met", "case.overdue-explanation Breached>gone", "case.promised Breached>gone", "case.statutory Breached>gone"],
            restated.Select(r => $"{r.Commitment} {r.Old.State}>{r.New?.State.ToString() ?? "gone"}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_late_events_are_two_restatements_each_against_what_was_settled_before_it()
    {
        var decided = Told("case_decided", "2026-03-09T10:00:00+08:00", "2026-03-11T10:00:00+08:00", """{"outcome":"approved"}""");
        var withdrawn = Told("case_withdrawn", "2026-03-06T10:00:00+08:00", "2026-03-13T10:00:00+08:00");
        Assert.Equal(["Breached>Met", "Met>Void"], Of(Hall, Received(), Accepted(), decided, withdrawn).Where(r => r.Commitment == "case.promised").Select(r => $"{r.Old.State}>{r.New!.State}"));
    }

    [Fact]
    public void An_order_to_count_again_applies_the_newest_calendar_to_what_had_settled_and_is_itself_the_cause()
    {
        // 2026-03-06 was a holiday after all: published late, it moves no verdict of its own accord.
        var first = Hall.Versions[0] with { Position = 1, PublishedAt = At("2026-01-01T00:00:00Z") };
        var corrected = first.Calendars["cn"].Definition;
        var second = first with
        {
            Version = "corrected",
            Position = 50,
            PublishedAt = At("2026-03-20T00:00:00Z"),
            Calendars = first.Calendars.SetItem("cn", new Calendar(new CalendarDefinition { Zone = corrected.Zone, Week = corrected.Week, Workdays = corrected.Workdays, Days = corrected.Days, PublishedYears = corrected.PublishedYears, Holidays = corrected.Holidays.Add(new LocalDate(2026, 3, 6)) })),
        };
        Recorded[] facts = [Received(), Accepted(), Told("case_decided", "2026-03-10T10:00:00+08:00", data: """{"outcome":"approved"}""")];
        var published = new CatalogueLog([first, second]);
        Assert.Empty(Of(published, facts));
        var order = new Recalculation(Guid.NewGuid(), 60, At("2026-03-21T00:00:00Z"), At("2026-01-01T00:00:00Z"), At("2026-04-01T00:00:00Z"), "case.promised");
        var restatement = Assert.Single(Of(published.Add(order), facts), r => r.Commitment == "case.promised");
        Assert.Equal((ClockState.Breached, ClockState.Met, order.Id, Recalculation.Ordered), (restatement.Old.State, restatement.New!.State, restatement.Cause, restatement.CauseType));
        Assert.Equal(At("2026-03-10T18:00:00+08:00"), CaseClocks.Fold(facts, published.Add(order)).Clocks.Single(c => c.Definition.Id == "case.promised").Read().Reckoning.DueAt);
        Assert.Empty(Of(published.Add(order with { Until = At("2026-03-01T00:00:00Z") }), facts));
    }

    [Fact]
    public void An_order_concerns_what_had_settled_by_then_and_takes_no_later_calendar_away()
    {
        var first = Hall.Versions[0] with { Position = 1, PublishedAt = At("2026-01-01T00:00:00Z") };
        var order = new Recalculation(Guid.NewGuid(), 10, At("2026-03-02T12:00:00Z"), At("2026-01-01T00:00:00Z"), At("2027-01-01T00:00:00Z"), null);
        var calendar = first.Calendars["cn"].Definition;
        var second = first with
        {
            Version = "2",
            Position = 20,
            PublishedAt = At("2026-03-03T00:00:00Z"),
            Calendars = first.Calendars.SetItem("cn", new Calendar(new CalendarDefinition { Zone = calendar.Zone, Week = calendar.Week, Workdays = calendar.Workdays, Holidays = calendar.Holidays.Add(new LocalDate(2026, 3, 5)).Add(new LocalDate(2026, 3, 6)) })),
        };
        var decided = Told("case_decided", "2026-03-10T10:00:00+08:00", data: """{"outcome":"approved"}""") with { Position = 30 };
        var clock = CaseClocks.Fold([Received() with { Position = 2 }, Accepted() with { Position = 3 }, decided], new CatalogueLog([first, second], [order])).Clocks.Single(c => c.Definition.Id == "case.promised");
        Assert.Equal((ClockState.Met, At("2026-03-11T18:00:00+08:00")), (clock.Read().State, clock.Read().Reckoning.DueAt!.Value));
    }

    [Fact]
    public void A_supplement_that_moves_an_acceptance_restates_what_hung_on_it_however_promptly_it_was_told()
    {
        var restated = Of(
            Hall, Received(), Told("case_supplement_requested", "2026-03-02T10:00:00+08:00", data: """{"items":["m"]}"""), Accepted("2026-03-03T10:00:00+08:00"),
            Told("case_supplement_received", "2026-03-12T10:00:00+08:00"));
        Assert.Contains(restated, r => r is { Commitment: "case.promised", Old.State: ClockState.Breached, CauseType: "case_supplement_received" });
    }

    [Fact]
    public void A_decision_told_at_once_after_one_that_was_dated_ahead_turns_the_breach_into_a_promise_kept()
    {
        // Told on Monday, the last day, for Tuesday; and on Monday it was decided after all.
        var ahead = Told("case_decided", "2026-03-10T09:00:00+08:00", "2026-03-09T09:30:00+08:00", """{"outcome":"approved"}""");
        var real = Told("case_decided", "2026-03-09T10:00:00+08:00", data: """{"outcome":"approved"}""");
        var restatement = Assert.Single(Of(Hall, Received(), Accepted(), ahead, real), r => r.Commitment == "case.promised");
        Assert.Equal((ClockState.Breached, ClockState.Met), (restatement.Old.State, restatement.New!.State));
    }

    [Fact]
    public void What_was_restated_before_a_position_is_found_without_looking_again()
    {
        var decided = Told("case_decided", "2026-03-09T10:00:00+08:00", "2026-03-11T10:00:00+08:00", """{"outcome":"approved"}""");
        var withdrawn = Told("case_withdrawn", "2026-03-06T10:00:00+08:00", "2026-03-13T10:00:00+08:00");
        Recorded[] facts = [.. new[] { Received(), Accepted(), decided, withdrawn }.Select((f, i) => f with { Position = 2 + i })];
        var whole = Restatements.Of(StreamKind.Case, facts, Hall);
        for (var after = 0; after < 7; after++)
            Assert.Equal(whole, Restatements.Of(StreamKind.Case, facts, Hall).Where(r => r.Position <= after).Concat(Restatements.Of(StreamKind.Case, facts, Hall, after)));
    }

    private static Recorded Received() => Told("case_received", "2026-03-02T09:30:00+08:00", data: """{"item":"food-business-licence"}""");

    private static Recorded Accepted(string at = "2026-03-02T10:00:00+08:00") => Told("case_accepted", at);

    private static Recorded Told(string type, string at, string? recordedAt = null, string data = "{}") => Fact(type, at, data, recordedAt ?? at);

    private static List<Restatement> Of(CatalogueLog catalogue, params Recorded[] facts) =>
        Restatements.Of(StreamKind.Case, [.. facts.Select((f, i) => f with { Position = 2 + i })], catalogue);
}
