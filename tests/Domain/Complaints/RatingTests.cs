using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Complaints;

/// <summary>Ratings of a case, and what a bad one promises.</summary>
public class RatingTests
{
    [Fact]
    public void What_silence_is_taken_for_never_takes_the_place_of_what_somebody_said()
    {
        var silent = Ratings(Silent("2026-03-10T10:00"))!;
        Assert.Equal((3, true, 0), (silent.Score, silent.Defaulted, silent.Given));
        var spoken = Ratings(Silent("2026-03-10T10:00"), Rated("2026-03-11T10:00", 5), Silent("2026-03-12T10:00"))!;
        Assert.Equal((5, false, 1, true), (spoken.Score, spoken.Defaulted, spoken.Given, spoken.IsBad));
        Assert.Null(Ratings());
    }

    [Fact]
    public void The_last_rating_given_counts_and_a_bad_one_is_of_the_two_worst_levels()
    {
        Assert.Equal((2, 2, false), (Ratings(Rated("2026-03-10T10:00", 5), Rated("2026-03-11T10:00", 2)) is var last ? last!.Score : 0, last.Given, last.IsBad));
        Assert.Equal([false, false, false, true, true], Enumerable.Range(1, 5).Select(score => Ratings(Rated("2026-03-10T10:00", score))!.IsBad));
        Assert.False(Ratings(On("2026-03-10T10:00", "case_rated", """{"score":5,"defaulted":true}"""))!.IsBad);
    }

    [Fact]
    public void Voided_ratings_count_no_more_one_given_later_does_and_there_is_nothing_to_void_where_nobody_rated()
    {
        var voided = Ratings(Rated("2026-03-10T10:00", 5), Rated("2026-03-10T11:00", 4), Voided("2026-03-11T10:00"), Silent("2026-03-12T10:00"))!;
        Assert.Equal((null, 2, 2, false), (voided.Score, voided.Given, voided.Voided, voided.IsBad));
        var again = Ratings(Rated("2026-03-10T10:00", 5), Voided("2026-03-11T10:00"), Voided("2026-03-11T11:00"), Rated("2026-03-12T10:00", 1))!;
        Assert.Equal((1, 2, 1), (again.Score, again.Given, again.Voided));
        Assert.Null(Ratings(Voided("2026-03-11T10:00")));
        Assert.True(Ratings(Silent("2026-03-10T10:00"), Voided("2026-03-11T10:00"))!.Defaulted);
    }

    [Fact]
    public void A_bad_rating_is_asked_about_within_a_working_day_and_put_right_within_fifteen()
    {
        var bad = Rated("2026-03-10T10:00", 4);
        Assert.Equal((At("2026-03-11T18:00"), At("2026-03-31T18:00")), (Due("rating.revisit", bad), Due("rating.rectify", bad)));
        Assert.Equal(ClockState.Met, State("rating.revisit", bad, On("2026-03-11T18:00", "case_applicant_contacted")));
        Assert.Equal(ClockState.Running, Clock("rating.rectify", bad, On("2026-03-11T18:00", "case_applicant_contacted")).Read(At("2026-03-12T10:00")).State);
        Assert.Equal(ClockState.Met, State("rating.rectify", bad, On("2026-03-31T18:00", "case_rating_rectified")));
        Assert.Equal(ClockState.Breached, State("rating.rectify", bad, On("2026-04-01T09:00", "case_rating_rectified")));
        Assert.Empty(Clocks("rating.rectify", Rated("2026-03-10T10:00", 3)));
        Assert.Empty(Clocks("rating.rectify", On("2026-03-10T10:00", "case_rated", """{"score":4,"defaulted":true}""")));
    }

    [Fact]
    public void A_talk_before_the_rating_was_about_something_else_and_is_no_contradiction()
    {
        var talk = On("2026-03-09T10:00", "case_applicant_contacted");
        var clock = Clock("rating.revisit", talk, Rated("2026-03-10T10:00", 5));
        Assert.Equal((ClockState.Running, 0), (clock.Read(At("2026-03-10T11:00")).State, clock.Anomalies.Count));
        Recorded[] quiet = [Received("2026-03-02T09:30", "food-business-licence"), Accepted("2026-03-02T10:00"), talk, Decided("2026-03-09T11:00")];
        Assert.Empty(CaseClocks.Fold(quiet, Hall).Anomalies);
    }

    [Fact]
    public void A_rating_that_is_voided_takes_its_promises_with_it_and_what_is_voided_before_it_was_given_takes_nothing()
    {
        Assert.Equal(ClockState.Void, State("rating.rectify", Rated("2026-03-10T10:00", 5), Voided("2026-03-11T10:00")));
        Assert.Equal((ClockState.Running, 0), (Clock("rating.rectify", Voided("2026-03-09T10:00"), Rated("2026-03-10T10:00", 5)) is var clock ? clock.Read(At("2026-03-10T11:00")).State : default, clock.Anomalies.Count));
    }

    [Fact]
    public void Whoever_rates_badly_again_after_it_was_put_right_begins_it_anew_and_reopening_the_case_does_not()
    {
        Recorded[] once = [Rated("2026-03-10T10:00", 5), On("2026-03-12T10:00", "case_rating_rectified")];
        Assert.Equal([ClockState.Met], Clocks("rating.rectify", [.. once, Rated("2026-03-13T10:00", 2)]).Select(c => c.Read().State));
        Assert.Equal([ClockState.Met, ClockState.Running], Clocks("rating.rectify", [.. once, Rated("2026-03-13T10:00", 4)]).Select(c => c.Read(At("2026-03-13T11:00")).State));
        var reopened = On("2026-03-11T10:00", "case_reopened", """{"reason":"r"}""");
        Assert.Equal(At("2026-03-31T18:00"), Due("rating.rectify", Rated("2026-03-10T10:00", 5), reopened));
        Assert.Single(Clocks("rating.rectify", [.. once, reopened with { OccurredAt = At("2026-03-13T10:00") }]));
    }

    private static CaseRatings? Ratings(params Recorded[] facts) => CaseClocks.Fold(facts, Hall).State.Ratings;

    private static Recorded Rated(string local, int score) => On(local, "case_rated", $$"""{"score":{{score}}}""");

    private static Recorded Silent(string local) => On(local, "case_rated", """{"score":3,"defaulted":true}""");

    private static Recorded Voided(string local) => On(local, "case_rating_voided", """{"approver":"head"}""");
}
