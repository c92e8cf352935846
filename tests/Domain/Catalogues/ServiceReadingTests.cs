using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Catalogues;

/// <summary>Services and agreements as they are read.</summary>
public class ServiceReadingTests
{
    [Theory]
    [InlineData("id: a, hours: day, color: red", "services[0].color is not a field here; use id, names, hours")]
    [InlineData("hours: day", "services[0].id is missing; give a text")]
    [InlineData("id: a", "services[0].hours is missing; give the id of one of this catalogue's calendars, or 24x7")]
    [InlineData("id: a, hours: night", "services[0].hours is not among this catalogue's calendars; add it there, or give 24x7")]
    [InlineData("id: a, hours: [day]", "services[0].hours must be a text, not a list")]
    [InlineData("id: a, hours: day, from: soon", "services[0].from is not a date")]
    [InlineData("id: a, hours: day, until: 9999-12-31", "services[0].until is not between 1900 and 2190")]
    [InlineData("id: a, hours: day, from: 2026-02-01, until: 2026-02-01", "services[0].until is not after from; give the first day on which it no longer holds")]
    [InlineData("id: a, hours: day, observed: never", "services[0].observed is not one of byMonitor, always")]
    [InlineData("id: a, hours: day, combine: min", "services[0].combine is not one of max, sum, independent")]
    [InlineData("id: a, hours: day, mergeGap: 5 minutes", "services[0].mergeGap is not a length")]
    [InlineData("id: a, hours: day, interruptionFrom: 10", "services[0].interruptionFrom is not a share from 0 to 1 with at most nine decimals; a tenth is written 0.1")]
    [InlineData("id: a, hours: day, interruptionFrom: \"0.0000000001\"", "services[0].interruptionFrom is not a share")]
    [InlineData("id: a, hours: day, components: [1]", "services[0].components[0] must be a text, not a number")]
    [InlineData("id: a, hours: day, targets: { uptime: 1 }", "services[0].targets.uptime is not a field here; use availability, period, interruptionsPerYear, restore")]
    [InlineData("id: a, hours: day, targets: { availability: 99.5 }", "services[0].targets.availability is not above 0 and at most 1; 99.5 % is written 0.995")]
    [InlineData("id: a, hours: day, targets: { availability: 0 }", "services[0].targets.availability is not above 0")]
    [InlineData("id: a, hours: day, targets: { availability: 0.9999999999 }", "services[0].targets.availability has more than nine decimals; round it")]
    [InlineData("id: a, hours: day, targets: { period: week }", "services[0].targets.period is not one of month, quarter, year")]
    [InlineData("id: a, hours: day, targets: { interruptionsPerYear: -1 }", "services[0].targets.interruptionsPerYear is out of bounds")]
    [InlineData("id: a, hours: day, targets: { restore: [] }", "services[0].targets.restore lists no limit")]
    [InlineData("id: a, hours: day, targets: { restore: [{ kind: joint, limit: { elapsed: PT1H } }] }", "services[0].targets.restore[0].kind is not a field here; use priority, limit")]
    [InlineData("id: a, hours: day, targets: { restore: { workingDays: 2 } }", "services[0].targets.restore is not a length of time; give workingTime, which counts the service's hours, or elapsed")]
    [InlineData("id: a, hours: day, of: a", "services[0].of is one service; give {all: […]}, {any: […]}")]
    [InlineData("id: a, hours: day, of: { most: [b] }", "services[0].of.most is not a field here; use all, any, kOf, weighted")]
    [InlineData("id: a, hours: day, of: { all: [b], any: [b] }", "services[0].of says in no one way what it is made of")]
    [InlineData("id: a, hours: day, of: {}", "services[0].of says in no one way what it is made of")]
    [InlineData("id: a, hours: day, of: { all: [] }", "services[0].of.all lists no part; give the ids of services")]
    [InlineData("id: a, hours: day, of: { all: [b, 7] }", "services[0].of.all[1] must be an object, not a number")]
    [InlineData("id: a, hours: day, of: { any: [b, b] }", "services[0].of.any has 'b' 2 times; name each part once")]
    [InlineData("id: a, hours: day, of: { all: [{ any: [b, x] }] }", "services[0].of names 'x', which is not among this catalogue's services")]
    [InlineData("id: a, hours: day, of: { kOf: { parts: [b] } }", "services[0].of.kOf.k is missing; give how many of the parts are needed")]
    [InlineData("id: a, hours: day, of: { kOf: { k: 2, parts: [b] } }", "services[0].of.kOf.k is out of bounds; give 1 to 1")]
    [InlineData("id: a, hours: day, of: { kOf: { k: 0, parts: [b] } }", "services[0].of.kOf.k is out of bounds; give 1 to 1")]
    [InlineData("id: a, hours: day, of: { weighted: [] }", "services[0].of.weighted lists no part")]
    [InlineData("id: a, hours: day, of: { weighted: [{ weight: 1 }] }", "services[0].of.weighted[0].part is missing; give the id of a service")]
    [InlineData("id: a, hours: day, of: { weighted: [{ part: b }] }", "services[0].of.weighted[0].weight is missing; give its share of the whole")]
    [InlineData("id: a, hours: day, of: { weighted: [{ part: b, weight: 0 }] }", "services[0].of.weighted[0].weight is 0; give a share above it, or take the part out")]
    [InlineData("id: a, hours: day, of: { weighted: [{ part: b, weight: 0.999999999 }] }", "services[0].of.weighted has weights that are not exactly 1 together; change one of them")]
    [InlineData("id: a, hours: day, of: { all: [a] }", "services[0].of is made of itself: a, made of a; take one of them out")]
    [InlineData("id: b, hours: day", "services has 'b' 2 times; ids are unique")]
    [InlineData("id: item, hours: day", "services has 'item', which is an item as well; clocks of both stand side by side: give the service another id")]
    public void A_service_that_cannot_be_used_is_refused_with_the_field_and_the_remedy(string service, string fault) =>
        Assert.Contains(ServiceFile.Of([service, "id: b, hours: day"], [], "items: [{ id: item, names: { zh: 名, en: Item }, kind: instant }]").Faults, f => f.Contains(": " + fault, StringComparison.Ordinal));

    [Fact]
    public void A_circle_of_composites_is_told_once_with_its_chain()
    {
        var read = ServiceFile.Of(["id: x, hours: day, of: { all: [a] }", "id: a, hours: day, of: { any: [b] }", "id: b, hours: day, of: { all: [{ any: [c] }] }", "id: c, hours: day, of: { all: [a] }"], []);
        Assert.Contains("services[1].of is made of itself: a, made of b, made of c, made of a; take one of them out", read.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: SLA, services: [s]", "agreements[0].id is missing; give a text")]
    [InlineData("id: a, services: [s]", "agreements[0].kind is missing; give one of SLA, OLA, UC")]
    [InlineData("id: a, kind: SLO, services: [s]", "agreements[0].kind is not one of SLA, OLA, UC")]
    [InlineData("id: a, kind: SLA", "agreements[0].services is missing or empty; list the services it is about")]
    [InlineData("id: a, kind: SLA, services: [x]", "agreements[0].services[0] is 'x', which is not among this catalogue's services")]
    [InlineData("id: a, kind: SLA, services: [{ service: x }]", "agreements[0].services[0] is 'x', which is not among")]
    [InlineData("id: a, kind: SLA, services: [{ targets: {} }]", "agreements[0].services[0].service is missing; give a text")]
    [InlineData("id: a, kind: SLA, services: [s, { service: s }]", "agreements[0].services has 's' 2 times; name each service once")]
    [InlineData("id: a, kind: SLA, services: [{ service: s, targets: { availability: 2 } }]", "agreements[0].services[0].targets.availability is not above 0 and at most 1")]
    [InlineData("id: a, kind: SLA, services: [s], from: 2026-02-01, until: 2026-01-01", "agreements[0].until is not after from")]
    [InlineData("id: a, kind: SLA, services: [s], from: ~", "agreements[0].from is missing; give the date from which it holds")]
    [InlineData("id: a, kind: SLA, services: [s], unobserved: ignored", "agreements[0].unobserved is not one of left-out, up, down")]
    [InlineData("id: a, kind: SLA, services: [s], agreementYear: April", "agreements[0].agreementYear is not a month and a day")]
    [InlineData("id: a, kind: SLA, services: [s], agreementYear: 13-01", "agreements[0].agreementYear is not a month and a day")]
    [InlineData("id: a, kind: SLA, services: [s], review: PT6H", "agreements[0].review is not a span between reviews; give months, weeks or days as ISO 8601, such as P6M")]
    [InlineData("id: a, kind: SLA, services: [s], review: P0M", "agreements[0].review is not a span between reviews")]
    [InlineData("id: a, kind: SLA, services: [s], exclusions: { weather: { treat: up } }", "agreements[0].exclusions.weather is not a kind of exclusion; use plannedMaintenance, forceMajeure, thirdParty, customer")]
    [InlineData("id: a, kind: SLA, services: [s], exclusions: { forceMajeure: {} }", "agreements[0].exclusions.forceMajeure.treat is missing; give one of left-out, up")]
    [InlineData("id: a, kind: SLA, services: [s], exclusions: { plannedMaintenance: { treat: up, notice: { sameDay: true } } }", "agreements[0].exclusions.plannedMaintenance.notice is not a length of time before")]
    [InlineData("id: a, kind: SLA, services: [s], security: \"\"", "agreements[0].security is empty")]
    [InlineData("id: b, kind: SLA, services: [s]", "agreements has 'b' 2 times; ids are unique")]
    public void An_agreement_that_cannot_be_used_is_refused_with_the_field_and_the_remedy(string agreement, string fault) =>
        Assert.Contains(ServiceFile.Of(["id: s, hours: day"], [agreement, "id: b, kind: OLA, services: [s]"]).Faults, f => f.Contains(": " + fault, StringComparison.Ordinal));

    [Fact]
    public void Everything_a_service_says_is_kept_and_what_it_does_not_say_has_a_default()
    {
        var services = ServiceFile.Of(
            [
                "id: a, hours: late, from: 2026-02-01, until: 2027-01-01, observed: always, components: [x], combine: sum, mergeGap: PT5M, interruptionFrom: 0.1, "
                + "of: { weighted: [{ part: b, weight: 0.7 }, { part: { kOf: { k: 1, parts: [b] } }, weight: 0.3 }] }, "
                + "targets: { availability: 0.995, period: month, interruptionsPerYear: 6, restore: [{ priority: P1, limit: { workingTime: PT4H } }, { limit: { elapsed: PT24H } }] }",
                "id: b, hours: day",
            ],
            []).Catalogue!.Services;
        var a = services["a"];
        Assert.Equal(("late", new LocalDate(2026, 2, 1), new LocalDate(2027, 1, 1), Observed.Always, Combine.Sum), (a.Hours, a.From!.Value, a.Until!.Value, a.Observed, a.Combine));
        Assert.Equal((Duration.FromMinutes(5), new LostShare(100_000_000), "[x]"), (a.MergeGap, a.InterruptionFrom, a.Components.ToString()));
        Assert.Equal(
            new ServicePart.Weighted([new(new ServicePart.Named("b"), new LostShare(700_000_000)), new(new ServicePart.KOf(1, [new ServicePart.Named("b")]), new LostShare(300_000_000))]), a.Of);
        Assert.Equal((0.995m, TargetPeriod.Month, 6), (a.Targets.Availability, a.Targets.Period, a.Targets.InterruptionsPerYear));
        Assert.Equal(new Limit.WorkingTime(Duration.FromHours(4)), a.Targets.RestoreFor(["P3", null, "P1"]));
        Assert.Equal(new Limit.Elapsed(Duration.FromHours(24)), a.Targets.RestoreFor(["P3"]));
        Assert.Equal(new Limit.Elapsed(Duration.FromHours(24)), a.Targets.RestoreFor([null]));
        var b = services["b"];
        Assert.Equal((null, null, Observed.ByMonitor, null, Combine.Max, Duration.Zero, LostShare.None, ServiceTargets.None), (b.From, b.Until, b.Observed, b.Of, b.Combine, b.MergeGap, b.InterruptionFrom, b.Targets));
        Assert.Null(b.Targets.RestoreFor([null]));
    }

    [Fact]
    public void Everything_an_agreement_says_is_kept_and_targets_it_does_not_give_are_those_of_the_service()
    {
        var catalogue = ServiceFile.Of(
            ["id: s, hours: day, targets: { availability: 0.99, period: month, interruptionsPerYear: 5 }", "id: t, hours: day"],
            [
                "id: a, kind: OLA, services: [t, { service: s, targets: { availability: 0.995 } }], until: 2027-01-01, unobserved: down, agreementYear: 04-01, review: P6M, "
                + "exclusions: { plannedMaintenance: { treat: left-out, notice: { workingDays: 3 } }, customer: { treat: up } }, overview: o, changeControl: c, processes: p, duties: d, contact: k, security: s",
                "id: b, kind: UC, services: [s]",
            ]).Catalogue!;
        var (a, b) = (catalogue.Agreements[0], catalogue.Agreements[1]);
        Assert.Equal((AgreementKind.Ola, "it", "hall", new LocalDate(2026, 1, 1), new LocalDate(2027, 1, 1)), (a.Kind, a.Provider, a.Customer, a.From, a.Until!.Value));
        Assert.Equal((UnobservedAs.Down, new AnnualDate(4, 1), Period.FromMonths(6), new AgreementTexts("o", "c", "p", "d", "k", "s")), (a.Unobserved, a.AgreementYear!.Value, a.Review!, a.Texts));
        Assert.Equal((UnobservedAs.LeftOut, null, null, null), (b.Unobserved, b.AgreementYear, b.Review, b.Until));
        Assert.Equal(new ExclusionRule(ExclusionKind.PlannedMaintenance, ExclusionTreatment.LeftOut, new Limit.WorkingDays(3)), a.ExclusionOf(ExclusionKind.PlannedMaintenance));
        Assert.Equal(new ExclusionRule(ExclusionKind.Customer, ExclusionTreatment.Up, null), a.ExclusionOf(ExclusionKind.Customer));
        Assert.Null(a.ExclusionOf(ExclusionKind.ForceMajeure));
        Assert.Equal(new ServiceTargets(0.995m, TargetPeriod.Month, 5, null), a.TargetsOf(catalogue.Services["s"]));
        Assert.Equal(catalogue.Services["s"].Targets, b.TargetsOf(catalogue.Services["s"]));
        Assert.Equal(ServiceTargets.None, b.TargetsOf(catalogue.Services["t"]));
    }

    [Fact]
    public void Hours_without_end_are_a_calendar_in_the_centres_zone_unless_the_catalogue_has_its_own_of_that_name()
    {
        var calendar = ServiceFile.Of(["id: a, hours: 24x7"], []).Catalogue!.Calendars[ItService.AlwaysOpen];
        Assert.Equal(new Calendar(CalendarDefinition.AlwaysOpen(DateTimeZoneProviders.Tzdb["Asia/Shanghai"])).Version, calendar.Version);
        Assert.DoesNotContain(ItService.AlwaysOpen, ServiceFile.Of(["id: a, hours: day"], []).Catalogue!.Calendars.Keys);
        var own = ServiceFile.Of(["id: a, hours: 24x7"], [], "  24x7: { zone: UTC, week: { mon: [\"00:00-24:00\"] } }").Catalogue!.Calendars[ItService.AlwaysOpen];
        Assert.Equal("UTC", own.Zone.Id);
        var commitment = """commitments: [{ id: c, names: { zh: 名, en: C }, start: case_received, stop: { any: [case_closed] }, limit: { workingTime: PT1H }, calendar: 24x7 }]""";
        Assert.Equal(ItService.AlwaysOpen, ServiceFile.Of(["id: a, hours: 24x7"], [], commitment).Catalogue!.Commitments[0].Calendar);
    }
}
