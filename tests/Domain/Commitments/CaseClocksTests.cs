using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>Given facts of a case, the clocks of the sample hall.</summary>
public class CaseClocksTests
{
    private static readonly CatalogueLog Hall = new([CatalogueFiles.ReadAll(CatalogueFiles.Folder).Single(c => c.Catalogue.Centre == "service-hall").Catalogue]);

    private static readonly Recorded<CaseEvent> Received = Fact("case_received", "2026-03-02T09:30:00+08:00", """{"item":"food-business-licence"}""");
    private static readonly Recorded<CaseEvent> Accepted = Fact("case_accepted", "2026-03-02T10:00:00+08:00");

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
            from picked in Gen.ArrayOf(from type in Gen.Elements(CaseJson.All.Select(t => t.Type).ToArray()) from hour in Gen.Choose(0, 400) from sequence in Gen.Choose(0, 2) select (type, hour, sequence), count)
            from shuffled in Gen.Shuffle(picked.Select((p, i) => Fact(p.type, At("2026-03-02T09:00:00+08:00") + Duration.FromHours(p.hour / 20 * 20), Data(p.type, p.hour), p.sequence, $"{i}")).SelectMany(f => new[] { f, f }).ToArray())
            select shuffled;
        Prop.ForAll(facts.ToArbitrary(), shuffled =>
        {
            var sorted = shuffled.DistinctBy(f => f.Id).OrderBy(f => f.SenderId, StringComparer.Ordinal);
            Assert.Equal(Readings(sorted), Readings(shuffled));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static string Readings(IEnumerable<Recorded<CaseEvent>> facts)
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

    private static Clock Promised(params Recorded<CaseEvent>[] facts) => Clocks("case.promised", facts).Single();

    private static List<Clock> Clocks(string commitment, params Recorded<CaseEvent>[] facts) =>
        [.. CaseClocks.Fold(facts, Hall).Clocks.Where(c => c.Definition.Id == commitment)];

    private static Recorded<CaseEvent> Decided(string at) => Fact("case_decided", at, """{"outcome":"approved"}""");

    private static Recorded<CaseEvent> Fact(string type, string at, string data = "{}") => Fact(type, At(at), data, 0, "");

    private static Recorded<CaseEvent> Fact(string type, Instant at, string data, long sequence, string salt)
    {
        var reported = new ReportedEvent(type, "case/1", "test", $"{salt}/{type}/{at}", at, sequence, JsonSerializer.SerializeToElement(JsonNode.Parse(data)));
        return EventJson.ReadCase(type, SlaMonitor.EventStore.EventId.From("service-hall", "test", reported.SenderId), EventJson.Write(reported), 1, at);
    }

    private static Instant At(string text) => Timestamps.TryParse(text, out var at) ? at : throw new FormatException(text);
}
