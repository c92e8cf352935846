using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Watch.Rules;

namespace SlaMonitor.Tests.Host.Watch;

/// <summary>Tiers against values worked out by hand: share of the budget × agreed hours of the period ÷ most agreed hours of the window.</summary>
public class BurnTierTests
{
    [Theory]
    // 0.02 × 2160 h / 1 h, 0.05 × 2160 / 6, 0.1 × 2160 / 72.
    [InlineData("0.995", "Quarter", "24x7", "page 1h 43.2, page 6h 18 1h, ticket 3d 3 6h")]
    // 43.2 × 0.023 = 0.9936 < 1: a total loss is just enough; × 0.024 it is not, and × 0.025 is 1.08.
    [InlineData("0.977", "Quarter", "24x7", "page 1h 43.2, page 6h 18 1h, ticket 3d 3 6h")]
    [InlineData("0.976", "Quarter", "24x7", "page 6h 18 1h, ticket 3d 3 6h")]
    [InlineData("0.975", "Quarter", "24x7", "page 6h 18 1h, ticket 3d 3 6h")]
    // 18 × 0.06 = 1.08: six hours are too short as well.
    [InlineData("0.94", "Quarter", "24x7", "page 3d 3 6h")]
    [InlineData("0.6", "Quarter", "24x7", "")]
    // 0.02 × 720, 0.05 × 720 / 6, 0.1 × 720 / 72.
    [InlineData("0.99", "Month", "24x7", "page 1h 14.4, page 6h 6 1h, ticket 3d 1 6h")]
    // 0.02 × 8760 = 175.2, whose hundredth is above 1; 0.05 × 8760 / 6; 0.1 × 8760 / 72 = 12.1666…, rounded up.
    [InlineData("0.99", "Year", "24x7", "page 6h 73 1h, ticket 3d 12.17 6h")]
    [InlineData("0.995", "Year", "24x7", "page 1h 175.2, page 6h 73 1h, ticket 3d 12.17 6h")]
    // 35 hours a week: 450 agreed in 90 days. Of an hour at most 1, of six 4 (09-12 and 14-15), of three days 21: 9, 5.625, 2.142857….
    [InlineData("0.99", "Quarter", "hall", "page 1h 9, page 6h 5.63 1h, ticket 3d 2.15 1d")]
    // 150 in 30 days: 3, 1.875, and 0.714…, at which all would be well: no tier is slower than the promise.
    [InlineData("0.985", "Month", "hall", "page 1h 3, page 6h 1.88 1h, ticket 3d 1 1d")]
    [InlineData("1", "Quarter", "24x7", "")]
    [InlineData(null, "Quarter", "24x7", "")]
    [InlineData("0.99", "Quarter", "never", "")]
    public void A_tier_is_the_speed_at_which_its_share_goes_in_its_window_and_one_that_cannot_be_reached_is_left_out(string? target, string period, string hours, string expected)
    {
        var targets = new ServiceTargets(target is null ? null : decimal.Parse(target, System.Globalization.CultureInfo.InvariantCulture), Enum.Parse<TargetPeriod>(period), null, null);
        var tiers = BurnTier.Of(targets, Hours(hours));
        Assert.Equal(expected, string.Join(", ", tiers.Select(t => FormattableString.Invariant($"{(t.Urgent ? "page" : "ticket")} {t.Window} {t.Threshold:0.####} {t.Short}").Trim())));
        Assert.Equal(Enumerable.Range(1, tiers.Length), tiers.Select(t => t.Place));
    }

    private static CalendarDefinition Hours(string name) => name switch
    {
        "24x7" => CalendarDefinition.AlwaysOpen(DateTimeZone.Utc),
        "hall" => CommittedRules.Catalogue("it-services.yaml").Catalogue.Calendars["cn"].Definition,
        _ => new CalendarDefinition { Zone = DateTimeZone.Utc },
    };
}
