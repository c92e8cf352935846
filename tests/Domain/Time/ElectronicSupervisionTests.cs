using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>
/// The thirteen examples of a supervision system's rule note of 2018 (domain/legal-and-practice.md, section 3). All start on
/// 2018-10-15 at 10:00; a light is not yet on at the stated instant and on one second later.
/// </summary>
public class ElectronicSupervisionTests
{
    private static readonly Calendar Hall = TestCalendars.Shipped("cn");

    [Theory]
    [InlineData("case, promise 7, warning", 4, "2018-10-19T10:00")]
    [InlineData("case, promise 7, yellow", 7, "2018-10-24T10:00")]
    [InlineData("case, statutory 10, red", 10, "2018-10-29T10:00")]
    [InlineData("special procedure 7, warning", 4, "2018-10-19T10:00")]
    [InlineData("special procedure 7, yellow", 7, "2018-10-24T10:00")]
    [InlineData("special procedure 7, red", 8, "2018-10-25T10:00")]
    [InlineData("online pre-acceptance 2, warning", 2, "2018-10-17T10:00")]
    [InlineData("online pre-acceptance, yellow over 3 more", 5, "2018-10-22T10:00")]
    [InlineData("online pre-acceptance, red over 5 more", 7, "2018-10-24T10:00")]
    [InlineData("certificate after closing 3, yellow", 3, "2018-10-18T10:00")]
    public void A_light_comes_on_a_second_after_so_many_elapsed_working_days(string example, int days, string instant)
    {
        var facts = new ClockFacts(Hall, new Limit.ElapsedWorkingDays(days), At("2018-10-15T10:00"));
        Assert.True(ClockState.Running == Reckoning.Of(facts, At(instant)).State, example);
        Assert.True(ClockState.Breached == Reckoning.Of(facts, At(instant) + Duration.FromSeconds(1)).State, example);
    }

    [Theory]
    [InlineData("complaint, warning", -3, "2018-10-17T10:00")]
    [InlineData("complaint, yellow", 0, "2018-10-22T10:00")]
    [InlineData("complaint, red", 1, "2018-10-23T10:00")]
    public void A_complaint_due_on_the_22nd_is_lit_so_many_elapsed_working_days_from_its_due(string example, int days, string instant) =>
        Assert.True(At(instant) == Hall.AddWorkingDaysElapsed(At("2018-10-22T10:00"), days), example);

    private static Instant At(string local) => TestCalendars.At(local, Hall);
}
