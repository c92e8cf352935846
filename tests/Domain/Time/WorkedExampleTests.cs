using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>The worked examples of the design (domain page §3), on China's 2026 calendar as it is shipped.</summary>
public class WorkedExampleTests
{
    private static readonly Calendar Hall = TestCalendars.Shipped("cn");

    [Theory]
    [InlineData("V1 before Spring Festival", "2026-02-13T17:30", 5, "2026-02-27T18:00")]
    [InlineData("V2 across National Day to a make-up Saturday", "2026-09-30T10:00", 3, "2026-10-10T18:00")]
    [InlineData("V3 online after closing", "2026-03-06T18:05", 5, "2026-03-16T18:00")]
    [InlineData("V3 exactly at closing", "2026-03-06T18:00", 5, "2026-03-13T18:00")]
    [InlineData("V3 a minute before closing", "2026-03-06T17:59", 5, "2026-03-13T18:00")]
    [InlineData("V4 notification", "2026-03-02T10:00", 5, "2026-03-09T18:00")]
    [InlineData("V4 deemed accepted as of receipt", "2026-03-02T10:00", 20, "2026-03-30T18:00")]
    [InlineData("V4b all supplements in", "2026-03-10T10:00", 20, "2026-04-08T18:00")]
    [InlineData("V6 joint", "2026-03-02T10:00", 45, "2026-05-08T18:00")]
    [InlineData("V8 delivery across Qingming", "2026-04-03T10:00", 10, "2026-04-20T18:00")]
    public void A_legal_count_is_due_at_close_of_business_of_its_last_day(string example, string start, int days, string due) =>
        Assert.True(At(due) == Due(start, days), $"{example}: due {Due(start, days)}");

    [Theory]
    [InlineData("V5", "2026-03-03T10:00", "2026-03-05T10:00", "2026-03-11T18:00")]
    [InlineData("V5b paused on the last day", "2026-03-09T10:00", "2026-03-11T10:00", "2026-03-11T18:00")]
    public void A_pause_keeps_the_days_already_used(string example, string from, string until, string due) =>
        Assert.True(At(due) == Due("2026-03-02T10:00", 5, new Pause(At(from), At(until))), example);

    [Theory]
    [InlineData("V6 licence, +10 with the agency head's approval", 20, 10, "2026-04-14T18:00")]
    [InlineData("V6 joint, +15 with the government's approval", 45, 15, "2026-05-28T18:00")]
    public void An_extension_before_due_adds_working_days(string example, int days, int add, string due)
    {
        var facts = new ClockFacts(Hall, new Limit.WorkingDays(days), At("2026-03-02T10:00"), Extensions: [new Extension(At("2026-03-20T10:00"), new Limit.WorkingDays(add))]);
        Assert.True(At(due) == Reckoning.Of(facts).DueAt, example);
    }

    [Fact]
    public void Extensions_that_nobody_could_count_to_the_end_of_are_refused_and_the_others_count()
    {
        var (many, refused) = (Enumerable.Range(0, 20).Select(i => new Extension(At("2026-03-03T10:00"), new Limit.WorkingDays(2_500))).ToList(), new List<RefusedExtension>());
        var due = Reckoning.Of(new ClockFacts(Hall, new Limit.WorkingDays(5), At("2026-03-02T10:00"), Extensions: many), refused: refused).DueAt;
        Assert.InRange(due!.Value, At("2180-01-01T00:00"), At("2199-12-31T00:00"));
        Assert.All(refused, r => Assert.Equal(ExtensionRefusal.OverCap, r.Refusal));
        Assert.InRange(refused.Count, 1, many.Count - 1);
    }

    [Fact]
    public void V7_three_working_days_after_a_due_of_Monday_is_the_close_of_Thursday()
    {
        var level = new Level("escalation", new LevelPoint.After(new Limit.WorkingDays(3)));
        var facts = new ClockFacts(Hall, new Limit.WorkingDays(5), At("2026-03-02T10:00"));
        Assert.Equal(At("2026-03-12T18:00"), level.InstantFor(facts, Reckoning.Of(facts)));
    }

    [Fact]
    public void At_due_is_on_time_and_one_tick_later_is_late()
    {
        var facts = new ClockFacts(Hall, new Limit.WorkingDays(5), At("2026-03-02T10:00"));
        var due = Reckoning.Of(facts).DueAt!.Value;
        Assert.Equal(ClockState.Met, Reckoning.Of(facts with { Stop = due }).State);
        Assert.Equal(ClockState.Breached, Reckoning.Of(facts with { Stop = Tick.ToInstant(Tick.Of(due) + 1) }).State);
    }

    [Fact]
    public void A_paused_clock_has_no_due_and_cannot_be_late()
    {
        var facts = new ClockFacts(Hall, new Limit.WorkingDays(5), At("2026-03-02T10:00"), [new Pause(At("2026-03-09T18:00"), null)]);
        var years = Reckoning.Of(facts, At("2029-01-01T00:00"));
        Assert.Equal((ClockState.Paused, null), (years.State, years.DueAt));
        Assert.Equal(ClockState.Met, Reckoning.Of(facts with { Stop = At("2029-01-01T00:00") }).State);
    }

    [Fact]
    public void A_pause_that_begins_after_due_changes_nothing()
    {
        var facts = new ClockFacts(Hall, new Limit.WorkingDays(5), At("2026-03-02T10:00"), [new Pause(At("2026-03-09T18:00") + Duration.FromMilliseconds(1), null)]);
        var reckoning = Reckoning.Of(facts, At("2026-04-01T10:00"));
        Assert.Equal((ClockState.Breached, At("2026-03-09T18:00")), (reckoning.State, reckoning.DueAt));
    }

    [Fact]
    public void A_granted_pause_left_open_ends_with_its_length()
    {
        var granted = new Pause(At("2026-03-03T10:00"), null, new Limit.WorkingDays(2));
        // Two working days from Tuesday end at Thursday's close; what is left then counts from Friday.
        Assert.Equal(Due("2026-03-02T10:00", 5, new Pause(At("2026-03-03T10:00"), At("2026-03-05T18:00"))), Due("2026-03-02T10:00", 5, granted));
    }

    [Fact]
    public void Extensions_count_up_to_the_cap_and_not_after_due()
    {
        List<RefusedExtension> refused = [];
        var facts = new ClockFacts(
            Hall, new Limit.WorkingDays(20), At("2026-03-02T10:00"),
            Extensions: [new Extension(At("2026-03-10T10:00"), new Limit.WorkingDays(8)), new Extension(At("2026-03-11T10:00"), new Limit.WorkingDays(8)), new Extension(At("2026-05-11T10:00"), new Limit.WorkingDays(1)), new Extension(At("2026-03-12T10:00"), new Limit.CalendarDays(1))],
            ExtensionCap: 10);
        Assert.Equal(At("2026-04-14T18:00"), Reckoning.Of(facts, refused: refused).DueAt);
        Assert.Equal([ExtensionRefusal.OverCap, ExtensionRefusal.OtherUnit, ExtensionRefusal.AfterDue], refused.Select(r => r.Refusal));
    }

    private static Instant? Due(string start, int days, params Pause[] pauses) => Reckoning.Of(new ClockFacts(Hall, new Limit.WorkingDays(days), At(start), pauses)).DueAt;

    private static Instant At(string local) => TestCalendars.At(local, Hall);
}
