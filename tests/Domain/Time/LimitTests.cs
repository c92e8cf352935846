using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Time;

public class LimitTests
{
    private static readonly Calendar Amsterdam = TestCalendars.Weekly("Europe/Amsterdam", "09:00-17:00");

    [Theory]
    // The last day is a Saturday: it ends at its midnight, or rolls to Monday.
    [InlineData("""{"calendarDays":5,"roll":false}""", "2026-03-02T10:00", "2026-03-08T00:00")]
    [InlineData("""{"calendarDays":5}""", "2026-03-02T10:00", "2026-03-09T17:00")]
    [InlineData("""{"calendarDays":5,"ends":"endOfDay","roll":false}""", "2026-03-02T10:00", "2026-03-08T00:00")]
    [InlineData("""{"calendarDays":5,"ends":"endOfDay"}""", "2026-03-02T10:00", "2026-03-10T00:00")]
    // Eight weeks at the same wall-clock time across the change to summer time.
    [InlineData("""{"calendarDays":56,"ends":"sameTime","roll":false}""", "2026-03-02T10:00", "2026-04-27T10:00")]
    [InlineData("""{"elapsed":"PT1344H"}""", "2026-03-02T10:00", "2026-04-27T11:00")]
    [InlineData("""{"workingTime":"PT8H"}""", "2026-03-02T10:00", "2026-03-03T10:00")]
    [InlineData("""{"workingTime":"PT7H"}""", "2026-03-02T10:00", "2026-03-02T17:00")]
    [InlineData("""{"workingTime":"PT7H","boundary":"open"}""", "2026-03-02T10:00", "2026-03-03T09:00")]
    [InlineData("""{"sameDay":true}""", "2026-03-06T17:01", "2026-03-09T17:00")]
    [InlineData("""{"workingDays":1,"ends":"endOfDay"}""", "2026-03-06T10:00", "2026-03-10T00:00")]
    [InlineData("\"2026-03-20T12:00:00+01:00\"", "2026-03-06T10:00", "2026-03-20T12:00")]
    public void A_limit_runs_out_where_its_kind_says(string limit, string start, string due) =>
        Assert.Equal(At(due), Reckoning.Of(new ClockFacts(Amsterdam, Read(limit), At(start))).DueAt);

    [Theory]
    [InlineData("2026-03-07T09:00", "2026-03-07T09:30", "2026-03-07T10:00")]
    [InlineData("2026-03-07T09:00", "2026-03-08T12:00", "2026-03-09T10:00")]
    public void Same_time_of_day_resumed_with_nothing_left_is_due_at_that_time_next(string from, string until, string due)
    {
        var facts = new ClockFacts(Amsterdam, new Limit.CalendarDays(5, DayEnd.SameTime, Roll: false), At("2026-03-02T10:00"), [new Pause(At(from), At(until))]);
        Assert.Equal(At(due), Reckoning.Of(facts).DueAt);
    }

    [Theory]
    [InlineData("""{"workingDays":-1}""", "workingDays")]
    [InlineData("""{"workingDays":2.5}""", "workingDays")]
    [InlineData("""{"workingDays":5,"calendarDays":5}""", "names workingDays and calendarDays")]
    [InlineData("""{"days":5}""", "names no limit")]
    [InlineData("""{"elapsed":"P1D"}""", "elapsed")]
    [InlineData("""{"elapsed":"4 hours"}""", "elapsed")]
    [InlineData("""{"workingTime":"PT4H","boundary":"middle"}""", "boundary")]
    [InlineData("""{"workingDays":5,"roll":true}""", "roll")]
    [InlineData("\"2026-03-20T12:00:00\"", "deadline")]
    [InlineData("5", "object")]
    public void A_limit_that_is_none_is_refused_by_name(string limit, string named)
    {
        List<Fault> faults = [];
        Assert.Null(LimitJson.Read(JsonDocument.Parse(limit).RootElement, faults, "limit"));
        Assert.Contains(faults, f => $"{f.Field} {f.Reason}".Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_opening_hours_never_use_up_is_an_error_that_says_so()
    {
        var never = new Calendar(new CalendarDefinition { Zone = DateTimeZone.Utc });
        Assert.Throws<CalendarRangeException>(() => Reckoning.Of(new ClockFacts(never, new Limit.WorkingDays(1), At("2026-03-02T10:00"))));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", 25)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", 24.5)]
    [InlineData("America/Sao_Paulo", "2015-10-18", 23)]
    [InlineData("Pacific/Apia", "2011-12-30", 0)]
    public void A_day_that_is_open_all_day_has_the_hours_its_zone_gives_it(string zone, string date, double hours)
    {
        var calendar = new Calendar(CalendarDefinition.AlwaysOpen(DateTimeZoneProviders.Tzdb[zone]));
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        var (from, until) = (day.AtMidnight().InZoneLeniently(calendar.Zone).ToInstant(), day.PlusDays(1).AtMidnight().InZoneLeniently(calendar.Zone).ToInstant());
        Assert.Equal(Duration.FromHours(hours), calendar.OpenTimeBetween(from, until));
        Assert.Equal(hours > 0, calendar.IsWorkingDay(day));
    }

    [Fact]
    public void Day_lengths_prime_to_each_other_are_summed_exactly_and_can_always_be_written_down()
    {
        Fraction sum = 0;
        foreach (var length in (long[])[25_301, 25_303, 25_307, 25_309, 25_321, 25_339])
            sum += new Fraction(length / 2, length);
        Assert.Equal(2.999881485m, sum.ToDecimal());
        Assert.Equal((Fraction)3, sum + ((Fraction)3 - sum));
        Assert.True(sum < 3 && sum > 2 && -sum < -2 && sum.Ceiling == 3 && (-sum).Floor == -3);
        Assert.Equal(new Fraction(1, 2), new Fraction(-3, -6));
    }

    [Fact]
    public void A_lookup_answers_the_same_whatever_was_asked_before()
    {
        var mondays = new CalendarDefinition { Zone = DateTimeZone.Utc, Week = System.Collections.Immutable.ImmutableDictionary<IsoDayOfWeek, OpeningHours>.Empty.Add(IsoDayOfWeek.Monday, OpeningHours.Parse(["09:00-17:00"])) };
        var (asked, at) = (new Calendar(mondays), Instant.FromUtc(2035, 2, 27, 10, 0));
        asked.IsOpen(Instant.FromUtc(2026, 3, 2, 10, 0));
        Assert.Equal(new Calendar(mondays).AddWorkingDaysElapsed(at, 0, Boundary.Open), asked.AddWorkingDaysElapsed(at, 0, Boundary.Open));
    }

    [Fact]
    public void A_year_without_a_published_calendar_is_provisional()
    {
        var hall = TestCalendars.Shipped("cn");
        Assert.True(hall.IsProvisional(new LocalDate(2027, 1, 4)));
        Assert.False(hall.IsProvisional(new LocalDate(2026, 12, 31)));
    }

    private static Limit Read(string json)
    {
        List<Fault> faults = [];
        var limit = LimitJson.Read(JsonDocument.Parse(json).RootElement, faults, "limit");
        Assert.Empty(faults);
        return limit!;
    }

    private static Instant At(string local) => TestCalendars.At(local, Amsterdam);
}
