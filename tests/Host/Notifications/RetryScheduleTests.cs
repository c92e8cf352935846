using SlaMonitor.Host.Notifications;

namespace SlaMonitor.Tests.Host.Notifications;

public class RetryScheduleTests
{
    private static readonly RetrySchedule Usual = RetrySchedule.Default;
    private static readonly Refusal Down = new("status 503");

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(7, 320)]
    [InlineData(8, 600)]
    [InlineData(1_000_000, 600)]
    public void Waits_double_up_to_ten_minutes_and_are_drawn_from_their_upper_half(int attempts, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2), Usual.After(attempts, TimeSpan.Zero, Down, 0));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Usual.After(attempts, TimeSpan.Zero, Down, 1));
    }

    [Fact]
    public void A_receiver_that_is_away_for_ten_minutes_is_tried_seven_times_and_one_that_stays_away_for_a_day()
    {
        Assert.Equal(7, AttemptsWithin(TimeSpan.FromMinutes(10), Down));
        Assert.InRange(AttemptsWithin(TimeSpan.FromDays(2), Down), 144, 160);
        Assert.Null(Usual.After(150, TimeSpan.FromHours(24), Down, 0));
    }

    [Fact]
    public void A_message_that_the_receiver_finds_wrong_is_given_up_after_an_hour()
    {
        var wrong = new Refusal("status 422", IsOfContent: true);
        Assert.NotNull(Usual.After(3, TimeSpan.FromMinutes(59), wrong, 0));
        Assert.Null(Usual.After(3, TimeSpan.FromMinutes(60), wrong, 0));
    }

    [Fact]
    public void What_a_receiver_asks_for_is_obeyed_up_to_an_hour()
    {
        Assert.Equal(TimeSpan.FromMinutes(30), Usual.After(1, TimeSpan.Zero, Down with { RetryAfter = TimeSpan.FromMinutes(30) }, 0.5));
        Assert.Equal(TimeSpan.FromHours(1), Usual.After(1, TimeSpan.Zero, Down with { RetryAfter = TimeSpan.FromDays(400) }, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(5), Usual.After(1, TimeSpan.Zero, Down with { RetryAfter = TimeSpan.FromSeconds(-7) }, 1));
    }

    private static int AttemptsWithin(TimeSpan time, Refusal refusal)
    {
        var (attempts, tried) = (0, TimeSpan.Zero);
        while (tried < time)
        {
            attempts++;
            if (Usual.After(attempts, tried, refusal, 1) is not { } wait)
                break;
            tried += wait;
        }

        return attempts;
    }
}
