using NodaTime;
using SlaMonitor.Domain.Availability;
using static SlaMonitor.Tests.Domain.Availability.TestServices;

namespace SlaMonitor.Tests.Domain.Availability;

public class InterruptionTests
{
    private static readonly AvailabilityTerms InOffice = AvailabilityTerms.Always with { Hours = Office };

    [Fact]
    public void Outages_that_touch_or_overlap_are_one_interruption_with_all_their_ids_and_priorities()
    {
        var one = Assert.Single(Interruptions(Service(Outage(2, 4, id: "b", priority: "P2"), Outage(4, 5, id: "a", priority: "P1"), Outage(3, 5, 0.5m, "c", "P2"))));
        Assert.Equal((At(2), At(5), "[a, b, c]", "[P1, P2]", 3 * Hour), (one.From, one.Until!.Value, one.Outages.ToString(), one.Priorities.ToString(), one.RestoreTicks));
    }

    [Fact]
    public void Outages_apart_are_two_unless_the_agreement_joins_them()
    {
        var service = Service(Outage(2, 4), Outage(5, 6));
        Assert.Equal(2, Interruptions(service).Count);
        Assert.Equal(2, Interruptions(service, AvailabilityTerms.Always with { MergeGap = Duration.FromMinutes(59) }).Count);
        var joined = Assert.Single(Interruptions(service, AvailabilityTerms.Always with { MergeGap = Duration.FromHours(1) }));
        Assert.Equal(4 * Hour, joined.RestoreTicks);
    }

    [Fact]
    public void A_closed_night_does_not_part_what_touches_in_service_time()
    {
        var over = Assert.Single(Interruptions(Service(Outage(17, 18), Outage(33, 34)), InOffice, until: 48, at: 48));
        Assert.Equal((At(17), At(34), 2 * Hour), (over.From, over.Until!.Value, over.RestoreTicks));
    }

    [Fact]
    public void An_outage_outside_service_hours_interrupts_nothing_and_one_across_begins_at_opening()
    {
        Assert.Empty(Interruptions(Service(Outage(1, 8)), InOffice));
        Assert.Equal((At(9), At(10)), Assert.Single(Interruptions(Service(Outage(1, 10)), InOffice)) is var i ? (i.From, i.Until!.Value) : default);
    }

    [Fact]
    public void Left_out_time_in_the_middle_does_not_make_two_of_one_and_time_up_by_exclusion_does()
    {
        var one = Assert.Single(Interruptions(Service(Outage(2, 6), LeftOut(3, 4))));
        Assert.Equal(3 * Hour, one.RestoreTicks);
        Assert.Equal(2, Interruptions(Service(Outage(2, 6), Up(3, 4))).Count);
        Assert.Single(Interruptions(Service(Outage(2, 6), Up(3, 4)), AvailabilityTerms.Always with { MergeGap = Duration.FromHours(1) }));
    }

    [Fact]
    public void An_interruption_belongs_to_the_period_it_begins_in_and_is_whole_there()
    {
        var service = Service(Outage(20, 30, priority: "P1"));
        Assert.Equal(10 * Hour, Assert.Single(Interruptions(service, at: 48)).RestoreTicks);
        Assert.Empty(Interruptions(service, from: 24, until: 48, at: 48));
        // What joins the first makes it begin before the period.
        Assert.Empty(Interruptions(Service(Outage(20, 23), Outage(24.5, 26)), AvailabilityTerms.Always with { MergeGap = Duration.FromHours(2) }, from: 24, until: 48, at: 48));
    }

    [Fact]
    public void One_that_has_not_ended_has_no_end_also_when_asked_outside_hours()
    {
        Assert.Null(Assert.Single(Interruptions(Service(Outage(10, null)))).Until);
        var evening = Assert.Single(Interruptions(Service(Outage(17, null)), InOffice, at: 20));
        Assert.Null(evening.Until);
        Assert.Equal(Hour, evening.RestoreTicks);
        Assert.Equal(At(18), Assert.Single(Interruptions(Service(Outage(17, 19)), InOffice, at: 20)).Until);
        // Known as of 17:30, the end at 19:00 is still ahead.
        Assert.Null(Assert.Single(Interruptions(Service(Outage(17, 19)), InOffice, at: 17.5)).Until);
        Assert.Null(Assert.Single(Interruptions(Service(Outage(10, null), LeftOut(20, 30)))).Until);
    }

    [Fact]
    public void A_loss_below_the_floor_interrupts_nothing()
    {
        var terms = AvailabilityTerms.Always with { InterruptionFrom = Share(0.5m) };
        Assert.Empty(Interruptions(Service(Outage(2, 4, 0.25m)), terms));
        Assert.Equal(At(3), Assert.Single(Interruptions(Service(Outage(2, 4, 0.25m), Outage(3, 5, 0.5m)), terms)).From);
    }

    [Fact]
    public void Unobserved_time_read_as_down_is_no_interruption() =>
        Assert.Empty(Interruptions(Service(Unobserved(2, 4)), AvailabilityTerms.Always with { UnobservedAs = UnobservedAs.Down }));

    [Fact]
    public void Only_outages_that_took_something_while_it_lasted_are_named()
    {
        var found = Interruptions(Service(Outage(1, 2, id: "before"), Outage(3, 5, id: "excluded", priority: "P1"), Up(3, 4), Outage(4.5, 6, id: "counted")));
        Assert.Equal(["[before]", "[counted, excluded]"], found.Select(f => f.Outages.ToString()));
        Assert.Equal(At(4), found[1].From);
    }

    [Fact]
    public void The_budget_is_of_the_whole_period_and_may_be_overdrawn()
    {
        var terms = Always(Service(Outage(2, null), LeftOut(20, 24)));
        var budget = ServiceAvailability.Budget(terms, Share(0.9m), At(0), At(24), At(3));
        Assert.Equal((2m, 1m, 1m), (InHours(budget.Allowed), InHours(budget.Used), InHours(budget.Left)));
        Assert.Equal(-1m, InHours(ServiceAvailability.Budget(terms, Share(0.9m), At(0), At(24), At(5)).Left));
        Assert.Equal(default, ServiceAvailability.Budget(terms, Share(0.9m), At(5), At(5), At(5)));
    }

    [Fact]
    public void Burn_rates_look_back_over_wall_time_and_say_nothing_where_nothing_was_agreed()
    {
        var rates = ServiceAvailability.BurnRates(Always(Service(Outage(17, 18)), InOffice), Share(0.9m), At(20));
        // Three days back from a Monday evening hold no other working day.
        Assert.Equal([null, 2.5m, 10m / 9, 10m / 9], rates.Select(r => r?.ToDecimal()));
        Assert.All(ServiceAvailability.BurnRates(Always(Service(Outage(17, 18))), Share(1), At(20)), Assert.Null);
    }

    private static decimal InHours(Int128 tickBillionths) => (decimal)tickBillionths / LostShare.Scale / Hour;
}
