using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;
using SlaMonitor.Tests.Domain.Time;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>Days, months and quarters of a wall clock, also where clocks change.</summary>
public class DaysTests
{
    private static readonly int[] Years = [2023, 2024];

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Shanghai")]
    [InlineData("America/Havana")]
    [InlineData("Asia/Beirut")]
    public void Days_add_up_to_months_and_quarters_exactly(string zone)
    {
        foreach (var hours in new[] { null, TestCalendars.Weekly(zone, "08:00-18:00"), TestCalendars.EveryDay(zone, "00:00-02:30", "22:00-24:00") })
        {
            var tz = DateTimeZoneProviders.Tzdb[zone];
            TermsSpan[] terms = [new(Instant.MinValue, Instant.MaxValue, AvailabilityTerms.Always with { Hours = hours }, Troubled())];
            var at = Instant.FromUtc(2024, 12, 15, 3, 0);
            foreach (var quarter in Years.SelectMany(y => Enumerable.Range(0, 4).Select(q => new LocalDate(y, (3 * q) + 1, 1))))
            {
                var days = Bounds(tz, Enumerable.Range(0, 93).Select(quarter.PlusDays).Where(d => d < quarter.PlusMonths(3)).Append(quarter.PlusMonths(3)));
                var months = Bounds(tz, Enumerable.Range(0, 4).Select(quarter.PlusMonths));
                var whole = ServiceAvailability.Totals(terms, days[0], days[^1], at);
                Assert.Equal(whole, Sum(ServiceAvailability.ByBucket(terms, days, at)));
                Assert.Equal(whole, Sum(ServiceAvailability.ByBucket(terms, months, at)));
                Assert.Equal(whole, Sum(days.Zip(days.Skip(1), (a, b) => ServiceAvailability.Totals(terms, a, b, at))));
                Assert.Equal(
                    ServiceAvailability.Interruptions(terms, days[0], days[^1], at).Select(i => i.ToString()),
                    months.Zip(months.Skip(1)).SelectMany(m => ServiceAvailability.Interruptions(terms, m.First, m.Second, at)).Select(i => i.ToString()));
                if (hours is null && days[^1] <= at)
                    Assert.Equal((days[^1] - days[0]).BclCompatibleTicks / 10, whole.Hours);
            }
        }
    }

    [Fact]
    public void Office_hours_never_drift_over_a_year_with_two_changes_of_the_clocks()
    {
        var office = TestCalendars.Weekly("Europe/Berlin", "08:00-18:00");
        TermsSpan[] terms = [new(Instant.MinValue, Instant.MaxValue, AvailabilityTerms.Always with { Hours = office }, TestServices.Service())];
        var bounds = Bounds(office.Zone, [new LocalDate(2024, 1, 1), new LocalDate(2024, 10, 1), new LocalDate(2025, 1, 1)]);
        var windows = ServiceAvailability.Segments(terms, bounds[0], bounds[2], bounds[2]).Where(s => s.IsAgreed).ToList();
        Assert.Equal((262, 66), (windows.Count, windows.Count(w => w.From >= bounds[1])));
        Assert.All(windows, w => Assert.Equal(
            (new LocalTime(8, 0), new LocalTime(18, 0)), (w.From.InZone(office.Zone).TimeOfDay, w.Until.InZone(office.Zone).TimeOfDay)));
        Assert.Equal(262L * 36_000 * Tick.PerSecond, ServiceAvailability.Totals(terms, bounds[0], bounds[2], bounds[2]).Agreed);
    }

    /// <summary>Two years of outages at odd times, some long, one over each change of the clocks, with exclusions and gaps in watching.</summary>
    private static ServiceNode.Own Troubled()
    {
        var start = Instant.FromUtc(2022, 12, 30, 0, 0);
        Instant After(int i, long step, long offset) => start + Duration.FromSeconds((i * step) + offset);
        var outages = Enumerable.Range(0, 700).Select(i => new OutageSpan(After(i, 100_003, 17), After(i, 100_003, 17 + (i * 7_919L % 40_000)), new LostShare(1 + (int)(i * 123_456_789L % LostShare.Scale)), $"{i}"));
        var changes = new[] { (2023, 3, 25), (2023, 10, 28), (2024, 3, 30), (2024, 10, 26) }.Select(d => Instant.FromUtc(d.Item1, d.Item2, d.Item3, 12, 0)).Select(i => new OutageSpan(i, i + Duration.FromDays(2), LostShare.Whole, "change"));
        return new ServiceNode.Own(
            new ServiceFacts(
                [.. outages, .. changes],
                [.. Enumerable.Range(0, 100).Select(i => new ExclusionSpan(After(i, 700_001, 0), After(i, 700_001, 20_000), (ExclusionTreatment)(i % 2)))],
                [.. Enumerable.Range(0, 30).Select(i => new UnobservedSpan(After(i, 2_000_003, 0), After(i, 2_000_003, 100_000)))]),
            Combine.Independent);
    }

    private static Instant[] Bounds(DateTimeZone zone, IEnumerable<LocalDate> dates) => [.. dates.Select(d => zone.AtStartOfDay(d).ToInstant())];

    private static AvailabilityTotals Sum(IEnumerable<AvailabilityTotals> totals) => totals.Aggregate(default(AvailabilityTotals), (a, b) => a + b);
}
