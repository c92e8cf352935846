using NodaTime;
using SlaMonitor.Domain.Time;
using SlaMonitor.Tests.Domain.Time;
using static SlaMonitor.Tests.Domain.Rules.HallCases;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Section D of the collected rules: when a hall works. The number is the row.</summary>
public class CalendarRuleTests
{
    private const string Licence = "food-business-licence";

    private static readonly Calendar Cn = TestCalendars.Shipped("cn");

    [Fact]
    public void Rule_58_the_hall_is_open_from_nine_to_twelve_and_from_two_to_six()
    {
        Assert.Equal(
            [new Interval(At("2026-03-02T09:00"), At("2026-03-02T12:00")), new Interval(At("2026-03-02T14:00"), At("2026-03-02T18:00"))],
            Cn.OpenIntervals(At("2026-03-02T00:00"), At("2026-03-03T00:00")));
        Assert.Equal(Duration.FromMinutes(30), Cn.OpenTimeBetween(At("2026-03-02T11:30"), At("2026-03-02T14:00")));
        // What comes at lunch or before nine came that day.
        Assert.Equal(At("2026-03-09T18:00"), Due("case.promised", Received("2026-03-02T07:00", Licence), Accepted("2026-03-02T12:30")));
    }

    [Theory]
    [InlineData("before the Spring Festival, over two make-up Saturdays", "2026-02-13T17:30", "2026-02-27T18:00")]
    [InlineData("on a make-up Saturday", "2026-02-28T10:00", "2026-03-06T18:00")]
    [InlineData("on a holiday", "2026-02-16T10:00", "2026-03-02T18:00")]
    [InlineData("on a weekend", "2026-03-07T10:00", "2026-03-16T18:00")]
    [InlineData("before May Day, over a make-up Saturday", "2026-04-30T10:00", "2026-05-11T18:00")]
    public void Rule_59_weekends_and_holidays_do_not_count_and_make_up_days_do(string when, string accepted, string due) =>
        Assert.True(At(due) == Due("case.promised", Received(accepted, Licence), Accepted(accepted)), when);

    [Fact]
    public void Rule_59_what_is_done_on_a_day_off_is_done_and_is_charged_no_day()
    {
        var clock = Clock("case.promised", Received("2026-03-06T10:00", Licence), Accepted("2026-03-06T10:00"), Decided("2026-03-08T15:00"));
        Assert.Equal((ClockState.Met, (Fraction)0), (clock.Read().State, clock.Read().Reckoning.Used.Value));
    }

    [Fact]
    public void Rule_61_what_comes_up_to_closing_time_came_that_day_however_long_it_is_worked_on()
    {
        Assert.Equal(At("2026-03-13T18:00"), Due("case.promised", Received("2026-03-06T17:59", Licence), Accepted("2026-03-06T17:59"), On("2026-03-06T19:40", "case_stage_entered", """{"stage":"审查"}""")));
        Assert.Equal(At("2026-03-13T18:00"), Due("case.promised", Received("2026-03-06T18:00", Licence), Accepted("2026-03-06T18:00")));
        Assert.Equal(At("2026-03-16T18:00"), Due("case.promised", Received("2026-03-06T18:00", Licence), Accepted("2026-03-06T18:00:01")));
    }

    [Fact]
    public void Rule_62_an_online_application_may_come_at_any_hour_and_counts_from_the_next_day_the_hall_works()
    {
        var saturday = Received("2026-03-07T22:00", Licence, ""","channel":2""");
        Assert.Equal((At("2026-03-07T22:00"), At("2026-03-16T18:00")), (Clock("case.notification", saturday).Facts.Start, Due("case.notification", saturday)));
        // Online, Monday's small hours are Monday.
        Assert.Equal(At("2026-03-16T18:00"), Due("case.notification", Received("2026-03-09T00:10", Licence, ""","channel":3""")));
    }
}
