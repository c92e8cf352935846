using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Watch.Rules;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>Opening hours as Alertmanager's intervals, read as its documentation says, against the calendar they are made of.</summary>
public class QuietHoursTests
{
    [Theory]
    [InlineData("cn")]
    [InlineData("nl")]
    [InlineData("boston")]
    [InlineData("mon-fri-14-23")]
    public void A_ticket_is_told_of_when_the_centre_is_open_and_at_no_other_time(string name)
    {
        var calendar = Shipped(name);
        AssertSame(calendar, QuietHours.LastYear(calendar) ?? 2026);
    }

    [Fact]
    public void Dates_with_hours_of_their_own_and_days_worked_like_another_are_as_they_are()
    {
        var calendar = new CalendarDefinition
        {
            Zone = DateTimeZoneProviders.Tzdb["Europe/Amsterdam"],
            Week = Shipped("cn").Week.SetItem(IsoDayOfWeek.Friday, OpeningHours.Parse(["08:00-12:30"])).SetItem(IsoDayOfWeek.Saturday, OpeningHours.Parse(["00:00-24:00"])),
            Holidays = [new LocalDate(2026, 3, 2), new LocalDate(2026, 3, 3), new LocalDate(2026, 3, 7), new LocalDate(2026, 3, 8), new LocalDate(2025, 12, 25)],
            Workdays = Shipped("cn").Workdays.Add(new LocalDate(2026, 3, 6), IsoDayOfWeek.Monday).Add(new LocalDate(2026, 3, 15), IsoDayOfWeek.Friday),
            Days = Shipped("cn").Days.Add(new LocalDate(2026, 3, 9), OpeningHours.Parse(["10:00-16:30"])).Add(new LocalDate(2026, 3, 10), OpeningHours.Closed).Add(new LocalDate(2026, 3, 22), OpeningHours.Parse(["20:00-24:00"])),
        };
        AssertSame(calendar, 2026);
        Assert.DoesNotContain("2025", string.Concat(new QuietHours("x", calendar, 2026).ToJson().Select(i => i.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_never_closes_has_no_quiet_hours()
    {
        var always = new QuietHours("x", CalendarDefinition.AlwaysOpen(DateTimeZone.Utc), 2026);
        Assert.True(always.Never);
        Assert.Empty(always.ToJson());
    }

    [Theory]
    [InlineData("cn", 2026)]
    [InlineData("mon-fri-14-23", null)]
    public void The_last_year_is_the_last_whose_dates_are_known(string name, int? year) => Assert.Equal(year, QuietHours.LastYear(Shipped(name)));

    private static CalendarDefinition Shipped(string name)
    {
        var faults = new List<SlaMonitor.Domain.Fault>();
        var file = SlaMonitor.Host.Catalogues.Yaml.ReadFile(Path.Combine(HouseRulesTests.Root, "catalogues", "calendars", $"{name}.yaml"));
        return CalendarJson.Read(System.Text.Json.JsonSerializer.SerializeToElement(file), faults, name)!;
    }

    /// <summary>Every quarter of an hour of the year, as it is on the wall.</summary>
    private static void AssertSame(CalendarDefinition calendar, int year)
    {
        var hours = new QuietHours("centre", calendar, year);
        var intervals = hours.ToJson().ToDictionary(i => (string)i["name"]!, i => i["time_intervals"]!.AsArray());
        Assert.Equal(new[] { hours.Open, hours.Closed }.OfType<string>(), intervals.Keys);
        Assert.All(intervals.Values.SelectMany(i => i), i => Assert.Equal(calendar.Zone.Id, (string?)i!["location"]));
        for (var at = new LocalDateTime(year, 1, 1, 0, 0); at.Year == year; at = at.PlusMinutes(15))
        {
            var tick = at.TimeOfDay.TickOfDay / 10;
            var open = calendar.HoursOn(at.Date).Hours.Intervals.ToArray().Any(i => i.From <= tick && tick < i.Until);
            Assert.True(open == (Contains(intervals[hours.Open], at) && !(hours.Closed is { } closed && Contains(intervals[closed], at))), $"{at}: the calendar says {(open ? "open" : "closed")}");
        }
    }

    private static bool Contains(JsonArray entries, LocalDateTime at) => entries.Any(e =>
        Has(e!["weekdays"], w => string.Equals(w, at.DayOfWeek.ToString(), StringComparison.OrdinalIgnoreCase)) && Has(e["years"], y => y == Text(at.Year)) && Has(e["months"], m => m == Text(at.Month))
        && Has(e["days_of_month"], d => d.Split(':') is var ends && int.Parse(ends[0], CultureInfo.InvariantCulture) <= at.Day && at.Day <= int.Parse(ends[^1], CultureInfo.InvariantCulture))
        && (e["times"] is not JsonArray times || times.Any(t => string.CompareOrdinal((string)t!["start_time"]!, Clock(at)) <= 0 && string.CompareOrdinal(Clock(at), (string)t["end_time"]!) < 0)));

    private static bool Has(JsonNode? values, Func<string, bool> one) => values is not JsonArray list || list.Any(v => one((string)v!));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Clock(LocalDateTime at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}
