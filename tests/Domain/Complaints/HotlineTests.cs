using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using static SlaMonitor.Tests.Domain.Rules.HallCases;
using static SlaMonitor.Tests.Domain.Rules.HallComplaints;

namespace SlaMonitor.Tests.Domain.Complaints;

/// <summary>The catalogues of hotlines in Shandong and Beijing, by their own numbers.</summary>
public class HotlineTests
{
    private static readonly ClockId Id = new("complaint/1", "complaint.handling", "", 1);

    [Fact]
    public void In_Shandong_an_extension_asked_for_inside_fifteen_days_adds_up_to_seven_and_one_asked_for_later_none()
    {
        var told = Registered("2026-03-02T09:30", "delay");
        Assert.Equal(At("2026-03-23T18:00"), Handling(told).Read().Reckoning.DueAt);
        Assert.Equal(At("2026-04-01T18:00"), Handling(told, Extended("2026-03-23T18:00", 7)).Read().Reckoning.DueAt);
        Assert.Equal(ClockState.Met, Handling(told, Extended("2026-03-23T18:00", 7), On("2026-04-01T18:00", "complaint_fed_back")).Read().State);

        var late = Handling(told, Extended("2026-03-23T18:00:01", 7), On("2026-03-24T10:00", "complaint_fed_back"));
        Assert.Equal((At("2026-03-23T18:00"), ClockState.Breached, AnomalyKind.ExtensionAfterDue), (late.Read().Reckoning.DueAt, late.Read().State, Assert.Single(late.Anomalies).Kind));
        var over = Handling(told, Extended("2026-03-20T10:00", 5), Extended("2026-03-20T11:00", 5));
        Assert.Equal((At("2026-04-01T18:00"), AnomalyKind.ExtensionOverCap), (over.Read().Reckoning.DueAt, Assert.Single(over.Anomalies).Kind));
    }

    [Fact]
    public void In_Shandong_a_yellow_card_comes_with_one_day_left_and_a_red_one_on_the_first_working_day_over()
    {
        // Due on Friday 20 March, counted from a Saturday that was worked: the first working day over is the Monday.
        var clock = Handling(Registered("2026-02-28T09:30", "delay"));
        Assert.Equal(At("2026-03-20T18:00"), clock.Read().Reckoning.DueAt);
        Assert.Empty(NoticeDecision.Decide(Id, clock, ToldNotices.None, At("2026-03-19T18:00")));
        var yellow = Assert.Single(NoticeDecision.Decide(Id, clock, ToldNotices.None, At("2026-03-19T18:00:01")));
        Assert.Equal((NoticeKind.DueSoon, "yellow"), (yellow.Kind, yellow.Level));
        var breach = Assert.Single(NoticeDecision.Decide(Id, clock, ToldNotices.Evolve(ToldNotices.None, yellow), At("2026-03-20T18:00:01")));
        Assert.Equal(NoticeKind.Breached, breach.Kind);
        var told = ToldNotices.Evolve(ToldNotices.Evolve(ToldNotices.None, yellow), breach);
        Assert.Empty(NoticeDecision.Decide(Id, clock, told, At("2026-03-23T09:00")));
        var red = Assert.Single(NoticeDecision.Decide(Id, clock, told, At("2026-03-23T09:00:02")));
        Assert.Equal((NoticeKind.Escalated, "red"), (red.Kind, red.Level));
    }

    [Theory]
    [InlineData("life-safety", "2026-03-06T22:00")]
    [InlineData("utilities", "2026-03-07T20:00")]
    [InlineData("service", "2026-03-14T00:00")]
    [InlineData("other", "2026-03-14T00:00")]
    [InlineData("property", "2026-03-22T00:00")]
    public void In_Beijing_the_category_says_how_soon_the_caller_hears_back_on_all_days_of_the_week(string category, string due)
    {
        var log = Example("complaints-beijing.yaml");
        Assert.Equal(At(due), Assert.Single(ComplaintClocks.Fold([Registered("2026-03-06T20:00", category)], log).Clocks).Read().Reckoning.DueAt);
    }

    private static Clock Handling(params Recorded[] facts) => Assert.Single(ComplaintClocks.Fold(facts, Example("complaints-shandong.yaml")).Clocks);

    private static Recorded Extended(string at, int days) => On(at, "complaint_extension_granted", $$"""{"add":{"workingDays":{{days}}},"approver":"head"}""");

    private static CatalogueLog Example(string file) => new([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", file)).Catalogue]);
}
