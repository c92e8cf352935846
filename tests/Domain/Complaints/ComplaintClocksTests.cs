using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;
using static SlaMonitor.Tests.Domain.Rules.HallComplaints;

namespace SlaMonitor.Tests.Domain.Complaints;

/// <summary>What the facts of a complaint's stream say, and the promises that run on it.</summary>
public class ComplaintClocksTests
{
    private static readonly Recorded Told = Registered("2026-03-02T09:30", "attitude", ""","window":"W1","staff":"W1-01" """);

    [Fact]
    public void A_reversal_undoes_the_finding_whoever_was_responsible_and_the_clock_the_finding_began()
    {
        var found = Found("2026-03-03T10:00", """{"responsible":{"window":"W2","staff":"W2-01"}}""");
        var before = Fold(Told, found).State;
        Assert.Equal((Finding.Substantiated, "W2", "W2-01"), (before.Decision!.Finding, before.Window, before.Staff));
        Assert.Equal(ClockState.Running, Redress(Told, found).Read().State);

        var reversed = Fold(Told, found, Reversed("2026-03-04T10:00"));
        Assert.Equal((null, 1, "W1", "W1-01"), (reversed.State.Decision, reversed.State.Reversals, reversed.State.Window, reversed.State.Staff));
        Assert.Equal(ClockState.Void, Redress(Told, found, Reversed("2026-03-04T10:00")).Read().State);
        Assert.Empty(reversed.Anomalies);
        // What was due before nobody knew better was due: that it was missed stays.
        Assert.Equal(ClockState.Breached, Redress(Told, found, Reversed("2026-03-11T10:00")).Read().State);
    }

    [Theory]
    [InlineData("complaint_substantiated", Finding.Substantiated, 2)]
    [InlineData("complaint_unsubstantiated", Finding.Unsubstantiated, 1)]
    public void After_a_reversal_a_new_finding_counts_and_begins_a_clock_of_its_own(string type, Finding finding, int clocks)
    {
        var again = On("2026-03-05T10:00", type);
        var folded = Fold(Told, Found("2026-03-03T10:00"), Reversed("2026-03-04T10:00"), again);
        Assert.Equal((finding, again.Id), (folded.State.Decision!.Finding, folded.State.Decision.By));
        Assert.Equal(clocks, folded.Clocks.Count(c => c.Definition.Id == "complaint.redress"));
        Assert.Empty(folded.Anomalies);
    }

    [Fact]
    public void A_reversal_of_nothing_is_an_anomaly_and_takes_nothing_from_a_finding_that_comes_later()
    {
        var reversal = Reversed("2026-03-03T10:00");
        var folded = Fold(Told, reversal, Found("2026-03-04T10:00"));
        Assert.Equal([new Anomaly(AnomalyKind.ReversalWithoutDecision, [reversal.Id])], folded.Anomalies);
        Assert.Equal((Finding.Substantiated, 0), (folded.State.Decision!.Finding, folded.State.Reversals));
        Assert.Equal((ClockState.Running, 0), (Redress(Told, reversal, Found("2026-03-04T10:00")).Read().State, Redress(Told, reversal, Found("2026-03-04T10:00")).Anomalies.Count));
        // Nor does the reversal of another finding.
        var unfounded = On("2026-03-03T09:00", "complaint_unsubstantiated");
        Assert.Equal((ClockState.Running, 0), (Redress(Told, unfounded, reversal, Found("2026-03-04T10:00")).Read().State, Fold(Told, unfounded, reversal, Found("2026-03-04T10:00")).Anomalies.Count));
    }

    [Fact]
    public void Another_finding_without_a_reversal_is_an_anomaly_and_begins_nothing()
    {
        var (first, second) = (On("2026-03-03T10:00", "complaint_unsubstantiated"), Found("2026-03-04T10:00"));
        var folded = Fold(Told, first, second);
        Assert.Equal([new Anomaly(AnomalyKind.SecondDecision, [first.Id, second.Id])], folded.Anomalies);
        Assert.Equal(Finding.Unsubstantiated, folded.State.Decision!.Finding);
        Assert.DoesNotContain(folded.Clocks, c => c.Definition.Id == "complaint.redress");
    }

    [Fact]
    public void The_same_finding_told_again_is_no_contradiction_and_begins_no_second_clock()
    {
        var folded = Fold(Told, Found("2026-03-03T10:00"), On("2026-03-04T10:00", "complaint_responded"), Found("2026-03-05T10:00"));
        Assert.Empty(folded.Anomalies);
        var clock = Assert.Single(folded.Clocks, c => c.Definition.Id == "complaint.redress");
        Assert.Equal((ClockState.Met, At("2026-03-03T10:00")), (clock.Read().State, folded.State.Decision!.At));
    }

    [Fact]
    public void Limits_go_by_the_priority_of_the_category_also_when_the_complaint_was_handed_on_before_it_was_taken_down()
    {
        Assert.Equal(At("2026-03-16T18:00"), DueOf("complaint.feedback", Told));
        Assert.Equal(At("2026-03-09T18:00"), DueOf("complaint.feedback", Registered("2026-03-02T09:30", "conduct")));
        Assert.Equal(At("2026-05-06T18:00"), DueOf("complaint.feedback", Registered("2026-03-02T09:30", "petition")));
        var urgent = Log("start: complaint_transferred, stop: { any: [complaint_responded] }, limit: [{ priority: p, limit: { workingDays: 1 } }, { limit: { workingDays: 9 } }]");
        Assert.Equal(At("2026-03-03T18:00"), Assert.Single(ComplaintClocks.Fold([On("2026-03-02T09:00", "complaint_transferred", """{"to":"x"}"""), Registered("2026-03-02T09:30", "a")], urgent).Clocks).Read().Reckoning.DueAt);
    }

    [Fact]
    public void What_happens_for_other_reasons_too_is_passed_over_before_the_start_and_all_else_is_an_end_before_it()
    {
        const string Rest = "start: complaint_substantiated, limit: { workingDays: 5 }, stop: { any: [complaint_responded]";
        Recorded[] facts = [Told, On("2026-03-03T09:00", "complaint_responded"), Found("2026-03-03T10:00")];
        var passed = ComplaintClocks.Fold(facts, Log($"{Rest}, early: ignored }}"));
        Assert.Equal((ClockState.Running, 0), (Assert.Single(passed.Clocks).Read().State, passed.Clocks[0].Anomalies.Count));
        Assert.Empty(ComplaintClocks.Fold(facts[..2], Log($"{Rest}, early: ignored }}")).Anomalies);
        var early = Assert.Single(ComplaintClocks.Fold(facts, Log($"{Rest} }}")).Clocks);
        Assert.Equal((ClockState.Met, AnomalyKind.StopBeforeStart), (early.Read().State, Assert.Single(early.Anomalies).Kind));
    }

    [Fact]
    public void Any_order_and_any_duplication_of_the_facts_says_the_same()
    {
        var facts =
            from count in Gen.Choose(1, 14)
            from picked in Gen.ArrayOf(from type in Gen.Elements(ComplaintJson.Types.Select(t => t.Name).ToArray()) from hour in Gen.Choose(0, 20) from sequence in Gen.Choose(0, 2) select (type, hour, sequence), count)
            from shuffled in Gen.Shuffle(picked.Select((p, i) => Commitments.Facts.Fact(p.type, At("2026-03-02T09:00") + Duration.FromHours(p.hour * 20), Data(p.type, p.hour), p.sequence, $"{i}")).SelectMany(f => new[] { f, f }).ToArray())
            select shuffled;
        Prop.ForAll(facts.ToArbitrary(), shuffled =>
        {
            var folded = ComplaintClocks.Fold(shuffled, Hall);
            Assert.Equal(Readings(ComplaintClocks.Fold(shuffled.DistinctBy(f => f.Id).OrderBy(f => f.SenderId, StringComparer.Ordinal), Hall)), Readings(folded));
            // Whatever came before: a finding stands or was taken back, and each that began something did so once.
            var findings = folded.Clocks.Where(c => c.Definition.Id == "complaint.redress").ToList();
            Assert.Equal(findings.Count, findings.Select(c => c.StartedBy).Distinct().Count());
            Assert.True(findings.Count <= folded.State.Reversals + 1);
            Assert.Equal(folded.State.Decision is { Finding: Finding.Substantiated }, findings.Exists(c => c.StartedBy == folded.State.Decision?.By));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static CatalogueLog Log(string commitment) => new([
        Rules.HallFiles.Read(Rules.HallFiles.Item("kind: commitment"), $$"""
            complaintCategories: [{ id: a, names: { zh: 甲, en: A }, priority: p }, { id: attitude, names: { zh: 乙, en: B } }]
            commitments: [{ id: c, names: { zh: 诺, en: C }, on: complaint, {{commitment}} }]
            """).Catalogue,
    ]);

    private static Clock Redress(params Recorded[] facts) => Assert.Single(Fold(facts).Clocks, c => c.Definition.Id == "complaint.redress");

    private static Instant? DueOf(string commitment, params Recorded[] facts) => Assert.Single(Fold(facts).Clocks, c => c.Definition.Id == commitment).Read().Reckoning.DueAt;

    private static string Readings(ComplaintClocks folded) =>
        string.Join("\n", folded.Clocks.Select(c => $"{c.Definition.Id} {c.Ordinal} {c.StartedBy} {c.StoppedBy} {c.Read()} {string.Join(",", c.Anomalies.Select(Text))}")) + (folded.State with { Noted = null }) + string.Join(",", folded.Anomalies.Select(Text));

    private static string Text(Anomaly anomaly) => $"{anomaly.Kind} {string.Join(" ", anomaly.Events)}";

    private static string Data(string type, int seed) => type switch
    {
        "complaint_registered" => $$"""{"channel":"phone","category":"{{(seed % 2 == 0 ? "attitude" : "petition")}}"}""",
        "complaint_transferred" => """{"to":"supervision"}""",
        "complaint_extension_granted" => """{"add":{"workingDays":3},"approver":"centre-head"}""",
        "complaint_revisited" => $$"""{"satisfied":{{(seed % 2 == 0 ? "true" : "false")}}}""",
        _ => "{}",
    };
}
