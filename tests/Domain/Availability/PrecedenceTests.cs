using SlaMonitor.Domain.Availability;
using static SlaMonitor.Tests.Domain.Availability.TestServices;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>At each instant: left out, outage, unobserved, up. Each rule by a day of its own.</summary>
public class PrecedenceTests
{
    private static readonly AvailabilityTerms CountedUp = AvailabilityTerms.Always with { UnobservedAs = UnobservedAs.Up };
    private static readonly AvailabilityTerms CountedDown = AvailabilityTerms.Always with { UnobservedAs = UnobservedAs.Down };

    [Fact]
    public void A_day_without_facts_is_up() => Assert.Equal((24, 0), Hours(Day(Service())));

    [Fact]
    public void Time_outside_service_hours_counts_neither_as_agreed_nor_as_lost() =>
        Assert.Equal((9, 2), Hours(Day(Service(Outage(16, 22)), AvailabilityTerms.Always with { Hours = Office })));

    [Fact]
    public void Left_out_time_takes_an_outage_with_it_and_gross_keeps_both()
    {
        var totals = Day(Service(Outage(8, 12), LeftOut(10, 14)));
        Assert.Equal((20, 2), Hours(totals));
        Assert.Equal((24, 4), GrossHours(totals));
        Assert.Equal(4 * Hour, totals.LeftOut);
    }

    [Fact]
    public void An_exclusion_that_counts_as_up_takes_the_loss_and_leaves_the_time()
    {
        var totals = Day(Service(Outage(8, 12), Up(10, 14)));
        Assert.Equal((24, 2), Hours(totals));
        Assert.Equal((24, 4), GrossHours(totals));
        Assert.Equal(new ExactRatio(22, 24).ToDecimal(), totals.Availability!.Value.ToDecimal());
    }

    [Fact]
    public void Left_out_wins_over_up() => Assert.Equal((22, 0), Hours(Day(Service(Outage(8, 12), Up(8, 12), LeftOut(8, 10)))));

    [Fact]
    public void An_outage_counts_as_observed()
    {
        var totals = Day(Service(Outage(8, 10), Unobserved(8, 12)));
        Assert.Equal((22, 2), Hours(totals));
        Assert.Equal(2 * Hour, totals.Unobserved);
        Assert.Equal(22m / 24, totals.Coverage!.Value.ToDecimal());
    }

    [Fact]
    public void Unobserved_time_counts_as_the_agreement_says()
    {
        var service = Service(Unobserved(0, 6));
        Assert.Equal((18, 0), Hours(Day(service)));
        Assert.Equal((24, 0), Hours(Day(service, CountedUp)));
        Assert.Equal((24, 6), Hours(Day(service, CountedDown)));
        Assert.All([Day(service), Day(service, CountedUp), Day(service, CountedDown)], t => Assert.Equal(0.75m, t.Coverage!.Value.ToDecimal()));
    }

    [Fact]
    public void Up_by_exclusion_makes_nothing_observed()
    {
        var totals = Day(Service(Up(0, 12), Unobserved(6, 18)));
        Assert.Equal(12, totals.Agreed / Hour);
        Assert.Equal(12 * Hour, totals.Unobserved);
        Assert.Equal((24, 12), Hours(Day(Service(Up(0, 12), Unobserved(6, 18)), CountedDown)));
    }

    [Fact]
    public void Left_out_time_is_no_unobserved_time() => Assert.Equal((20 * Hour, 2 * Hour, 2 * Hour), Day(Service(LeftOut(0, 2), Unobserved(0, 4))) is var t ? (t.Agreed, t.LeftOut, t.Unobserved) : default);

    [Fact]
    public void Outages_that_overlap_count_once_by_the_worst_or_by_the_rule_given()
    {
        object[] facts = [Outage(8, 12, 0.5m), Outage(10, 14, 0.75m)];
        Assert.Equal((24, 4), Hours(Day(Service(facts))));
        Assert.Equal((24, 1 + 2 + 1.5m), Hours(Day(Service(Combine.Sum, facts))));
        Assert.Equal((24, 1 + (2 * 0.875m) + 1.5m), Hours(Day(Service(Combine.Independent, facts))));
    }

    [Fact]
    public void An_open_outage_reaches_the_instant_asked_and_nothing_after_it_counts()
    {
        var terms = Always(Service(Outage(8, null)));
        Assert.Equal((10, 2), Hours(ServiceAvailability.Totals(terms, At(0), At(24), At(10))));
        Assert.Equal((24, 16), Hours(ServiceAvailability.Totals(terms, At(0), At(24), At(40))));
    }

    [Fact]
    public void Empty_and_reversed_spans_and_outages_that_take_nothing_count_nothing() =>
        Assert.Equal((24, 0), Hours(Day(Service(Outage(8, 8), Outage(9, 7), Outage(8, 12, 0), LeftOut(9, 9), LeftOut(9, 7), Unobserved(5, 5), Unobserved(9, 2)))));

    [Fact]
    public void Nothing_agreed_is_not_available()
    {
        Assert.Null(ServiceAvailability.Totals(Always(Service()), At(5), At(5), At(24)).Availability);
        Assert.Null(ServiceAvailability.Totals(Always(Service()), At(7), At(5), At(24)).Coverage);
        Assert.Null(Day(Service(LeftOut(0, 24), Outage(3, 4))).Availability);
        Assert.Null(ServiceAvailability.Totals([], At(0), At(24), At(24)).GrossAvailability);
    }

    [Fact]
    public void A_service_that_began_or_was_watched_only_later_is_not_up_before()
    {
        var valid = new[] { Always(Service(Outage(8, 14)))[0] with { From = At(12) } };
        Assert.Equal((12, 2), Hours(ServiceAvailability.Totals(valid, At(0), At(24), At(24))));
        var week = ServiceAvailability.Totals(Always(Service(Unobserved(0, 24 * 7), Outage(24 * 8, 24 * 9))), At(0), At(24 * 14), At(24 * 14));
        Assert.Equal((24 * 7, 24), Hours(week));
        Assert.Equal(0.5m, week.Coverage!.Value.ToDecimal());
    }

    [Fact]
    public void Terms_that_change_count_from_then_on_and_a_gap_between_them_not_at_all()
    {
        var node = Service(Outage(10, 20));
        TermsSpan[] terms = [new(At(0), At(12), AvailabilityTerms.Always, node), new(At(16), At(24), AvailabilityTerms.Always with { Hours = Office }, node)];
        Assert.Equal((12 + 2, 2 + 2), Hours(ServiceAvailability.Totals(terms, At(0), At(24), At(24))));
    }

    [Fact]
    public void The_explanation_names_every_stretch_with_what_it_counted_for()
    {
        var terms = Always(Service(Outage(10, 13, 0.5m, "a"), Outage(11, 13, 1, "b"), Up(12, 13, "storm"), LeftOut(14, 15, "works"), Unobserved(16, 17)), AvailabilityTerms.Always with { Hours = Office });
        var found = ServiceAvailability.Segments(terms, At(0), At(48), At(24)).Select(s => $"{(s.From - At(0)).TotalHours}-{(s.Until - At(0)).TotalHours} {s.Reason} {s.Lost.ToDecimal()}/{s.GrossLost.ToDecimal()} {s.Outages} {s.Exclusions}");
        Assert.Equal(
            [
                "0-9 OutsideHours 0/0 [] []", "9-10 Up 0/0 [] []", "10-11 Down 0.5/0.5 [a] []", "11-12 Down 1/1 [a, b] []", "12-13 UpByExclusion 0/1 [a, b] [storm]",
                "13-14 Up 0/0 [] []", "14-15 LeftOut 0/0 [] [works]", "15-16 Up 0/0 [] []", "16-17 UnobservedLeftOut 0/0 [] []", "17-18 Up 0/0 [] []", "18-24 OutsideHours 0/0 [] []",
            ],
            found);
    }

    [Fact]
    public void Many_partial_outages_at_once_are_rounded_once_at_the_end()
    {
        object[] facts = [.. Enumerable.Range(0, 1_000).Select(i => Outage(0, 24, 0.001m + (i * 0.000_001m), $"{i}"))];
        var left = Enumerable.Range(0, 1_000).Aggregate(1d, (product, i) => product * (1 - (0.001 + (i * 0.000_001))));
        var lost = (double)Hours(Day(Service(Combine.Independent, facts))).Down / 24;
        Assert.Equal(1 - left, lost, 1e-9);
        Assert.Equal(lost, (double)Hours(Day(Service(Combine.Independent, [.. facts.Reverse()]))).Down / 24);
        Assert.Equal(24, Hours(Day(Service(Combine.Sum, facts))).Down);
    }

    [Theory]
    [InlineData(Combine.Max)]
    [InlineData(Combine.Sum)]
    [InlineData(Combine.Independent)]
    public void Many_overlapping_losses_of_nine_places_are_the_same_in_any_order_and_cut_anywhere(Combine combine)
    {
        object[] facts = [.. Enumerable.Range(0, 400).Select(i => (At: i * 7_919L % 9_000 / 100d, Lost: 1 + (i % 7 == 0 ? 444_444_443 : (int)(i * 198_765_431L % 20_000_000))))
            .Select((o, i) => new OutageSpan(At(o.At), At(o.At + (i % 40)), new LostShare(o.Lost)))];
        var terms = Always(Service(combine, facts));
        var whole = ServiceAvailability.Totals(terms, At(0), At(130), At(130));
        Assert.Equal(whole, ServiceAvailability.Totals(Always(Service(combine, [.. facts.Reverse()])), At(0), At(130), At(130)));
        for (var cut = 1.37; cut < 130; cut += 3.71)
            Assert.Equal(whole, ServiceAvailability.Totals(terms, At(0), At(cut), At(130)) + ServiceAvailability.Totals(terms, At(cut), At(130), At(130)));
    }
}
