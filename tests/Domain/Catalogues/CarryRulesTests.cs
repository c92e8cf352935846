namespace SlaMonitor.Tests.Domain.Catalogues;

/// <summary>Rules 203 and 222: an SLA promises no more than the OLAs and UCs that support it.</summary>
public class CarryRulesTests
{
    private const string Sla = "id: sla, kind: SLA, services: [whole]";

    [Theory]
    [InlineData("{ all: [a, b] }", "0.992", null)]
    [InlineData("{ all: [a, b] }", "0.993", "agreements[0].services[0] promises 99.3 % of 'whole', and what carries it guarantees 99.2 % (a 99.6 %, b 99.6 %)")]
    [InlineData("{ any: [a, b] }", "0.996", null)]
    [InlineData("{ any: [a, b] }", "0.997", "guarantees 99.6 % (a 99.6 %, b 99.6 %)")]
    [InlineData("{ kOf: { k: 1, parts: [a, b, c] } }", "0.999", null)]
    [InlineData("{ kOf: { k: 3, parts: [a, b, c] } }", "0.991", null)]
    [InlineData("{ kOf: { k: 3, parts: [a, b, c] } }", "0.992", "guarantees 99.1 %")]
    // Two of them are down at once for half of 0.4 + 0.4 + 0.1 %, which is less than the two smaller ones take together.
    [InlineData("{ kOf: { k: 2, parts: [a, b, c] } }", "0.9955", null)]
    [InlineData("{ kOf: { k: 2, parts: [a, b, c] } }", "0.9956", "guarantees 99.55 %")]
    // One is down as long as the largest allows, so the others alone make it: 0.1 + 0.1 %.
    [InlineData("{ kOf: { k: 2, parts: [worst, c, c2] } }", "0.998", null)]
    [InlineData("{ kOf: { k: 2, parts: [worst, c, c2] } }", "0.9981", "guarantees 99.8 %")]
    [InlineData("{ weighted: [{ part: a, weight: 0.7 }, { part: c, weight: 0.3 }] }", "0.9969", null)]
    [InlineData("{ weighted: [{ part: a, weight: 0.7 }, { part: c, weight: 0.3 }] }", "0.997", "guarantees 99.69 % (a 99.6 %, c 99.9 %)")]
    [InlineData("{ all: [c, { any: [a, b] }] }", "0.995", null)]
    [InlineData("{ all: [c, { any: [a, b] }] }", "0.9951", "guarantees 99.5 %")]
    // What two composites need is down for both at once, and counts once.
    [InlineData("{ all: [pair, c, { all: [a, c] }] }", "0.991", null)]
    [InlineData("{ all: [pair, c, { all: [a, c] }] }", "0.9911", "guarantees 99.1 % (c 99.9 %, a 99.6 %, b 99.6 %)")]
    // Thirds of a share are exact.
    [InlineData("{ all: [{ kOf: { k: 2, parts: [c, c2, c3, c4] } }, { kOf: { k: 2, parts: [c2, c, c3, c4] } }, { kOf: { k: 2, parts: [c3, c, c2, c4] } }] }", "0.996", null)]
    [InlineData("{ all: [{ kOf: { k: 2, parts: [c, c2, c3, c4] } }, { kOf: { k: 2, parts: [c2, c, c3, c4] } }] }", "0.9974", "guarantees 99.7333333 %")]
    public void What_is_guaranteed_of_a_composite_is_what_is_left_when_its_parts_fail_as_badly_as_they_may(string of, string promised, string? fault)
    {
        string[] parts = ["a 0.996", "b 0.996", "c 0.999", "c2 0.999", "c3 0.999", "c4 0.999", "worst 0.9"];
        var services = parts.Select(p => p.Split(' ')).Select(p => $"id: {p[0]}, hours: 24x7, targets: {{ availability: {p[1]} }}")
            .Append("id: pair, hours: 24x7, of: { all: [a, b] }").Append($"id: whole, hours: 24x7, of: {of}, targets: {{ availability: {promised} }}");
        var read = ServiceFile.Of([.. services], [Sla, $"id: ola, kind: OLA, supports: [sla], services: [{string.Join(", ", parts.Select(p => p.Split(' ')[0]))}]"]);
        Assert.Equal(fault is null ? 0 : 1, read.Faults.Count);
        Assert.Contains(fault ?? "", string.Join("", read.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_promised_of_the_service_itself_counts_before_its_parts()
    {
        string[] services = ["id: a, hours: day, targets: { availability: 0.9 }", "id: whole, hours: day, of: { all: [a] }, targets: { availability: 0.995 }"];
        Assert.Empty(ServiceFile.Of(services, [Sla, "id: uc, kind: UC, supports: [sla], services: [a, { service: whole, targets: { availability: 0.995 } }]"]).Faults);
        Assert.Contains("guarantees 99.4 % (whole 99.4 %)", ServiceFile.Of(services, [Sla, "id: uc, kind: UC, supports: [sla], services: [a, { service: whole, targets: { availability: 0.994 } }]"]).Fault, StringComparison.Ordinal);
        Assert.Empty(ServiceFile.Of(services, [Sla, "id: uc, kind: UC, supports: [sla], services: [{ service: whole, targets: { availability: 0.9 } }]", "id: ola, kind: OLA, supports: [sla], services: [whole]"]).Faults);
    }

    [Fact]
    public void A_part_nothing_is_promised_of_is_named_once_something_supports_the_SLA()
    {
        string[] services = ["id: a, hours: day, targets: { availability: 0.999 }", "id: b, hours: day", "id: whole, hours: day, of: { all: [a, b] }, targets: { availability: 0.99 }"];
        Assert.Empty(ServiceFile.Of(services, [Sla]).Faults);
        const string Nothing = "promises 99 % of 'whole', and nothing is promised of the availability for part 'b' by what supports this SLA, so nothing carries it";
        Assert.Contains(Nothing, ServiceFile.Of(services, [Sla, "id: ola, kind: OLA, supports: [sla], services: [a]"]).Fault, StringComparison.Ordinal);
        Assert.Contains(Nothing, ServiceFile.Of(services, [Sla, "id: ola, kind: OLA, supports: [sla], services: [a, b]"]).Fault, StringComparison.Ordinal);
        Assert.Contains("for it by what supports this SLA", ServiceFile.Of(["id: whole, hours: day, targets: { availability: 0.99 }", "id: a, hours: day"], [Sla, "id: ola, kind: OLA, supports: [sla], services: [a]"]).Fault, StringComparison.Ordinal);
        // One of two is enough, and that one is promised.
        Assert.Empty(ServiceFile.Of([services[0], services[1], services[2].Replace("all", "any", StringComparison.Ordinal)], [Sla, "id: ola, kind: OLA, supports: [sla], services: [a]"]).Faults);
    }

    [Fact]
    public void Support_has_to_hold_as_long_as_the_SLA_does()
    {
        string[] services = ["id: whole, hours: day, targets: { availability: 0.99 }"];
        const string Until = "id: sla, kind: SLA, services: [whole], until: 2027-01-01";
        string Fault(params string[] support) => ServiceFile.Of(services, [Until, .. support]).Faults is { Count: > 0 } faults ? Assert.Single(faults) : "";
        Assert.Equal("", Fault("id: uc, kind: UC, supports: [sla], services: [whole], from: 2025-01-01, until: 2027-01-01"));
        Assert.Equal("", Fault("id: uc, kind: UC, supports: [sla], services: [whole], until: 2026-07-01", "id: next, kind: UC, supports: [sla], services: [whole], from: 2026-07-01"));
        Assert.Contains("uc, which covers it, does not hold then: let it hold as long as this SLA does; so it is from 2026-12-31 on", Fault("id: uc, kind: UC, supports: [sla], services: [whole], until: 2026-12-31"), StringComparison.Ordinal);
        Assert.EndsWith("let it hold as long as this SLA does", Fault("id: uc, kind: UC, supports: [sla], services: [whole], from: 2026-01-02"), StringComparison.Ordinal);
        // An SLA without end needs support without end.
        Assert.Contains("so it is from 2040-01-01 on", ServiceFile.Of(services, [Sla, "id: uc, kind: UC, supports: [sla], services: [whole], until: 2040-01-01"]).Fault, StringComparison.Ordinal);
        // What the service is not offered for needs none.
        Assert.Empty(ServiceFile.Of([services[0] + ", until: 2026-12-31"], [Until, "id: uc, kind: UC, supports: [sla], services: [whole], until: 2026-12-31"]).Faults);
    }

    [Theory]
    [InlineData("{ all: [day, always] }", "day", null)]
    [InlineData("{ all: [late, always] }", "day", "promises 'whole' on 2026-01-01 09:00, outside the hours of what carries it (late)")]
    [InlineData("{ all: [day] }", "24x7", "promises 'whole' on 2026-01-01 00:00, outside the hours of what carries it (day)")]
    [InlineData("{ any: [late, day] }", "day", null)]
    [InlineData("{ any: [late, day] }", "24x7", "on 2026-01-01 00:00, outside the hours of what carries it (day, late)")]
    [InlineData("{ kOf: { k: 2, parts: [late, day, always] } }", "day", null)]
    [InlineData("{ kOf: { k: 2, parts: [late, day, late2] } }", "day", "on 2026-01-01 09:00, outside the hours of what carries it (late, late2)")]
    public void What_carries_a_service_has_to_be_there_in_its_hours(string of, string hours, string? fault)
    {
        string[] services =
        [
            "id: day, hours: day, targets: { availability: 1 }", "id: late, hours: late, targets: { availability: 1 }", "id: late2, hours: late, targets: { availability: 1 }",
            "id: always, hours: 24x7, targets: { availability: 1 }", $"id: whole, hours: {hours}, of: {of}, targets: {{ availability: 0.9 }}",
        ];
        var read = ServiceFile.Of(services, [Sla, "id: ola, kind: OLA, supports: [sla], services: [day, late, late2, always]"]);
        Assert.Equal(fault is null ? 0 : 1, read.Faults.Count);
        Assert.Contains(fault ?? "", string.Join("", read.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ all: [a, b] }", "[{ priority: P1, limit: { workingTime: PT4H } }, { limit: { workingTime: PT16H } }]", null)]
    [InlineData("{ all: [a, b] }", "[{ priority: P1, limit: { workingTime: PT3H } }, { limit: { workingTime: PT16H } }]", "sooner than what carries it, for an outage of priority P1 that begins on 2026-01-01 09:00")]
    [InlineData("{ all: [a, b] }", "[{ limit: { workingTime: PT15H } }]", "for an outage without a priority of its own that begins on 2026-01-01 09:00")]
    // Four hours of wall time end sooner than four of opening hours once the day closes before.
    [InlineData("{ all: [a, b] }", "[{ priority: P1, limit: { elapsed: PT4H } }]", "for an outage of priority P1 that begins on 2026-01-01 15:00")]
    [InlineData("{ all: [a] }", "[{ priority: P1, limit: { elapsed: PT2H } }]", "for an outage of priority P1 that begins on 2026-01-01 16:59")]
    [InlineData("{ any: [a, b] }", "[{ priority: P1, limit: { workingTime: PT2H } }, { limit: { workingTime: PT8H } }]", null)]
    [InlineData("{ any: [a, b] }", "[{ limit: { workingTime: PT7H } }]", "for an outage without a priority of its own")]
    [InlineData("{ any: [a, silent] }", "[{ priority: P1, limit: { workingTime: PT4H } }]", null)]
    [InlineData("{ all: [a, silent] }", "[{ priority: P1, limit: { workingTime: PT4H } }]", "promises a restore limit for an outage of priority P1 of 'whole', and nothing is promised of restoring for part 'silent'")]
    // What the SLA does not tell apart the support may not let wait.
    [InlineData("{ all: [a] }", "[{ limit: { workingTime: PT8H } }]", null)]
    [InlineData("{ all: [slow] }", "[{ limit: { workingTime: PT8H } }]", "for an outage of priority P9")]
    public void What_carries_a_service_is_restored_no_later_than_promised(string of, string restore, string? fault)
    {
        string[] services =
        [
            "id: a, hours: day, targets: { restore: [{ priority: P1, limit: { workingTime: PT2H } }, { limit: { workingTime: PT8H } }] }",
            "id: b, hours: day, targets: { restore: [{ priority: P1, limit: { workingTime: PT4H } }, { limit: { workingTime: PT16H } }] }",
            "id: slow, hours: day, targets: { restore: [{ priority: P9, limit: { workingTime: PT80H } }, { limit: { workingTime: PT8H } }] }",
            "id: silent, hours: day", $"id: whole, hours: day, of: {of}, targets: {{ restore: {restore} }}",
        ];
        var read = ServiceFile.Of(services, [Sla, "id: ola, kind: OLA, supports: [sla], services: [a, b, slow, silent]"]);
        Assert.Equal(fault is null ? 0 : 1, read.Faults.Count);
        Assert.Contains(fault ?? "", string.Join("", read.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ all: [a, b] }", 7, null)]
    [InlineData("{ all: [a, b] }", 6, "promises at most 6 interruptions a year of 'whole', and what carries it allows 7")]
    [InlineData("{ weighted: [{ part: a, weight: 0.5 }, { part: b, weight: 0.5 }] }", 6, "allows 7")]
    [InlineData("{ all: [a, { all: [a, b] }] }", 7, null)]
    [InlineData("{ all: [a, silent] }", 9, "nothing is promised of interruptions for part 'silent'")]
    // How often all of several are down at once no promise about each tells.
    [InlineData("{ any: [a, b] }", 1, null)]
    public void Interruptions_of_needed_parts_add_up(string of, int promised, string? fault)
    {
        string[] services =
        [
            "id: a, hours: day, targets: { interruptionsPerYear: 3 }", "id: b, hours: day, targets: { interruptionsPerYear: 4 }", "id: silent, hours: day",
            $"id: whole, hours: day, of: {of}, targets: {{ interruptionsPerYear: {promised} }}",
        ];
        var read = ServiceFile.Of(services, [Sla, "id: ola, kind: OLA, supports: [sla], services: [a, b, silent]"]);
        Assert.Equal(fault is null ? 0 : 1, read.Faults.Count);
        Assert.Contains(fault ?? "", string.Join("", read.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_promise_by_the_month_on_one_by_the_year_is_advised_of()
    {
        string[] services = ["id: whole, hours: day, targets: { availability: 0.99, period: month }"];
        const string Ola = "id: ola, kind: OLA, supports: [sla], services: [{ service: whole, targets: { availability: 0.999, period: PERIOD } }]";
        Assert.Contains(ServiceFile.Of(services, [Sla, Ola.Replace("PERIOD", "year", StringComparison.Ordinal)]).Advice, a => a.Contains("is promised by the month, and 'whole', which carries it, by the year in ola", StringComparison.Ordinal));
        Assert.DoesNotContain(ServiceFile.Of(services, [Sla, Ola.Replace("PERIOD", "month", StringComparison.Ordinal)]).Advice, a => a.Contains("is promised by the", StringComparison.Ordinal));
    }
}
