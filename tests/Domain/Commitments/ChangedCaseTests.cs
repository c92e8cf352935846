using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using static SlaMonitor.Tests.Domain.Commitments.Facts;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>What a case is under when its kind or item changes, and what is owed once another limit has run out.</summary>
public class ChangedCaseTests
{
    private static readonly Catalogue Version = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue with { Position = 1, PublishedAt = At("2026-01-01T00:00:00Z") };
    private static readonly CatalogueLog Hall = new([Version]);
    private static readonly Recorded Received = Told("case_received", "2026-03-02T09:30:00+08:00", """{"item":"open-hotel"}""");
    private static readonly Recorded Accepted = Told("case_accepted", "2026-03-02T10:00:00+08:00");

    [Fact]
    public void A_case_changed_to_another_kind_and_back_has_been_under_its_limit_all_the_time()
    {
        var away = Told("case_kind_changed", "2026-03-04T10:00:00+08:00", """{"to":"commitment"}""");
        Assert.Equal(ClockState.Void, Single("case.joint", Hall, Received, Accepted, away).Read().State);
        var back = Single("case.joint", Hall, Received, Accepted, away, Told("case_kind_changed", "2026-03-04T10:05:00+08:00", """{"to":"joint"}"""));
        Assert.Equal((ClockState.Running, At("2026-05-08T18:00:00+08:00"), 1), (back.Read().State, back.Read().Reckoning.DueAt!.Value, back.Ordinal));
    }

    [Fact]
    public void A_case_that_becomes_a_joint_one_is_under_that_limit_since_its_acceptance_and_not_when_it_had_been_decided()
    {
        var received = Told("case_received", "2026-03-02T09:30:00+08:00", """{"item":"food-business-licence"}""");
        var joint = Told("case_kind_changed", "2026-03-04T10:00:00+08:00", """{"to":"joint"}""");
        Assert.Equal(At("2026-03-02T10:00:00+08:00"), Single("case.joint", Hall, received, Accepted, joint).Facts.Start);
        Assert.DoesNotContain(CaseClocks.Fold([received, Accepted, Told("case_decided", "2026-03-03T10:00:00+08:00", """{"outcome":"approved"}"""), joint], Hall).Clocks, c => c.Definition.Id == "case.joint");
    }

    [Fact]
    public void An_item_the_frozen_version_does_not_know_takes_no_limit_away()
    {
        var second = Version with { Version = "2", Position = 50, PublishedAt = At("2026-03-03T00:00:00Z"), Items = Version.Items.Add("new", Version.Items["open-hotel"] with { Id = "new" }) };
        var changed = Told("case_item_changed", "2026-03-04T10:00:00+08:00", """{"to":"new"}""") with { Position = 60 };
        Assert.Equal(ClockState.Running, Single("case.promised", new CatalogueLog([Version, second]), Received, Accepted, changed).Read().State);
    }

    [Fact]
    public void Who_may_prolong_a_case_is_asked_of_the_version_it_follows()
    {
        var extended = Told("case_extension_granted", "2026-03-04T10:00:00+08:00", """{"add":{"workingDays":15},"reason":"r","approver":"government-head"}""");
        var due = Single("case.promised", Hall, Received, Accepted, extended).Read().Reckoning.DueAt;
        var second = Version with { Version = "2", Position = 50, PublishedAt = At("2026-06-03T00:00:00Z"), Items = Version.Items.SetItem("open-hotel", Version.Items["open-hotel"] with { Kind = CaseKind.Commitment }) };
        Assert.Equal(due, Single("case.promised", new CatalogueLog([Version, second]), Received, Accepted, extended).Read().Reckoning.DueAt);
        Assert.NotEqual(due, Single("case.promised", Hall, Received, Accepted).Read().Reckoning.DueAt);
    }

    [Fact]
    public void A_procedure_under_way_when_an_explanation_falls_due_pauses_that_too()
    {
        var desk = new CatalogueLog([Version with { Commitments = [.. Version.Commitments.Select(d => d.Id == "case.overdue-explanation" ? d with { Pause = Version.Commitments.Single(p => p.Id == "case.promised").Pause } : d).Select(d => d.Id == "case.promised" ? d with { Pause = null } : d)] }]);
        var received = Told("case_received", "2026-03-02T09:30:00+08:00", """{"item":"food-business-licence"}""");
        var hearing = Told("case_special_procedure_started", "2026-03-06T10:00:00+08:00", """{"procedure":"p","cause":"hearing"}""");
        Assert.Equal(ClockState.Paused, Single("case.overdue-explanation", desk, received, Accepted, hearing).Read().State);
        var ended = Told("case_special_procedure_ended", "2026-03-12T10:00:00+08:00", """{"procedure":"p"}""");
        Assert.Equal(At("2026-03-13T18:00:00+08:00"), Single("case.overdue-explanation", desk, received, Accepted, hearing, ended).Read().Reckoning.DueAt);
        Assert.Empty(CaseClocks.Fold([received, Accepted, hearing, ended], desk).Anomalies);
    }

    [Fact]
    public void What_answers_for_one_branch_answers_for_no_other()
    {
        var hall = new CatalogueLog([Version with
        {
            Commitments = [.. Version.Commitments, Version.Commitments.Single(d => d.Id == "case.overdue-explanation") with
            {
                Id = "branch.answer", Key = null, Start = CommitmentDefinition.Overdue("case.branch-hand-over"), Stop = new StopRule(["case_branch_handed_over"], false),
            }],
        }]);
        Recorded[] facts =
        [
            Received, Accepted, Told("case_branch_opened", "2026-03-02T10:00:00+08:00", """{"branch":"a","agency":"x"}"""), Told("case_branch_opened", "2026-03-02T10:00:00+08:00", """{"branch":"b","agency":"y"}"""),
            Told("case_branch_handed_over", "2026-03-04T10:00:00+08:00", """{"branch":"b","to":"y"}"""),
        ];
        var answers = CaseClocks.Fold(facts, hall).Clocks.Where(c => c.Definition.Id == "branch.answer").ToDictionary(c => c.Key!);
        Assert.Equal((ClockState.Running, ClockState.Met), (answers["a"].Read().State, answers["b"].Read().State));
        Assert.Equal([1, 1], answers.Values.Select(c => c.Ordinal));
    }

    private static Recorded Told(string type, string at, string data = "{}") => Fact(type, at, data) with { Position = 10 };

    private static Clock Single(string commitment, CatalogueLog catalogue, params Recorded[] facts) => Assert.Single(CaseClocks.Fold(facts, catalogue).Clocks, c => c.Definition.Id == commitment);
}
