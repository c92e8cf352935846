using System.Text.Json;
using NodaTime;
using SlaMonitor.Host.Demo;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>What cannot be in a hall is not in the made-up one, where nobody bends anything.</summary>
public class DemoSenseTests
{
    private static readonly string[] PaperOnly = ["passport", "residence-permit", "driver-licence-renewal", "residential-property-transfer"];
    private static readonly HallTime Time = HallTime.Of(SampleDays.Catalogue);

    [Fact]
    public void Things_happen_in_an_order_and_at_a_pace_in_which_they_can()
    {
        List<DemoEvent> told = [.. SampleDays.Of(SampleDays.Hall(60_000), 200)];
        var bent = told.Where(e => e.Proof is not null).Select(e => e.Case).ToHashSet();
        var (faults, seen) = (new List<string>(), new HashSet<string>());
        foreach (var one in told.Where(e => !bent.Contains(e.Case)).DistinctBy(e => e.SenderId).GroupBy(e => e.Case))
        {
            List<Told> events = [.. one.Select(e => new Told(e)).OrderBy(e => e.At)];
            faults.AddRange(Faults(events, seen).Select(f => $"{f} {one.Key}"));
        }

        Assert.Empty(faults);
        // Each of these has been there to be looked at.
        Assert.Equal(["automatic", "courier", "electronic", "fee", "paused", "reassigned", "tolerance", "window", "withdrawn"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_courier_takes_days_and_nearly_all_papers_arrive_within_the_ten_that_the_law_allows()
    {
        List<DemoEvent> told = [.. SampleDays.Of(SampleDays.Hall(20_000), 200)];
        var bent = told.Where(e => e.Proof is not null).Select(e => e.Case).ToHashSet();
        var days = told.Where(e => e.Type is "case_decided" or "case_delivered").DistinctBy(e => e.SenderId).GroupBy(e => e.Case)
            .Where(g => g.Count() == 2 && !bent.Contains(g.Key))
            .Select(g => (Via: new Told(g.Last()).Field("via"), Days: Time.Days(Time.DayOf(g.First().OccurredAt), Time.DayOf(g.Last().OccurredAt)))).ToList();
        var couriers = days.Where(d => d.Via == "courier").ToList();
        Assert.InRange((double)couriers.Count(d => d.Days is >= 1 and <= 5) / couriers.Count, 0.97, 0.999);
        Assert.InRange((double)days.Count(d => d.Days <= 10) / days.Count, 0.98, 0.9999);
    }

    [Fact]
    public void Who_helps_himself_gets_a_number_made_of_the_date_and_the_minute()
    {
        var service = new SelfService(SampleDays.Catalogue, SampleDays.Plan(2_000));
        var midnight = Instant.FromUtc(2026, 11, 21, 16, 0);
        var first = SelfService.SlotFrom(midnight) + 2;
        Assert.Equal(["20261121-S1438", "20261122-S0000", "20261122-S0002"], service.Events(first - 1, []).Where(e => e.Type == "case_received").DistinctBy(e => e.Case).Take(3).Select(e => e.Case));
        Assert.Equal([first - 1, first, first + 720], new[] { "20261121-S1438", "20261122-S0000", "20261123-S0000" }.Select(service.SlotOf));
        Assert.All(["20261122-00020", "20261122-S", "2026-S0000", "", "ZZ14961194"], n => Assert.Null(service.SlotOf(n)));
    }

    private static IEnumerable<string> Faults(List<Told> events, HashSet<string> seen)
    {
        var item = events.First(e => e.Type == "case_received").Field("item");
        var paused = events.FirstOrDefault(e => e.Type == "case_special_procedure_started");
        var resumed = events.FirstOrDefault(e => e.Type == "case_special_procedure_ended");
        var decided = events.FirstOrDefault(e => e.Type == "case_decided");
        var withdrawn = events.FirstOrDefault(e => e.Type is "case_withdrawn" or "case_returned");
        foreach (var e in events)
        {
            if (WhatIs(e, paused) is { } kind)
                seen.Add(kind);
            var fault = e.Type switch
            {
                "case_delivered" => Delivery(events, e, item),
                "case_fee_charged" when e.At >= decided?.At => "paid after the decision",
                "case_reassigned" when e.At >= decided?.At || e.At >= withdrawn?.At => "reassigned after the end",
                "case_tolerance_met" when e.At >= withdrawn?.At => "papers after a withdrawal",
                "case_branch_done" or "case_stage_entered" or "case_branch_handed_over" when e.At >= paused?.At && e.At <= resumed?.At => "worked on in a pause",
                "case_decided" when !Open(e.At) && e.Source.EndsWith("/windows", StringComparison.Ordinal) => "decided at a window that is closed",
                _ => null,
            };
            if (fault is not null)
                yield return fault;
        }
    }

    private static string? WhatIs(Told e, Told? paused) => e.Type switch
    {
        "case_delivered" => e.Field("via"),
        "case_fee_charged" => "fee",
        "case_reassigned" => "reassigned",
        "case_tolerance_met" => "tolerance",
        "case_withdrawn" => "withdrawn",
        "case_branch_done" or "case_stage_entered" when e.At > paused?.At => "paused",
        "case_decided" when !Open(e.At) => "automatic",
        _ => null,
    };

    private static string? Delivery(List<Told> events, Told delivered, string item)
    {
        var via = delivered.Field("via");
        var decided = events.Last(e => e.Type == "case_decided" && e.At <= delivered.At);
        var known = events.LastOrDefault(e => e.Type == "case_applicant_notified" && e.At >= decided.At && e.At <= delivered.At)?.At ?? decided.At;
        return via switch
        {
            "courier" when Time.Days(Time.DayOf(decided.At), Time.DayOf(delivered.At)) < 1 => "by courier at once",
            "electronic" when delivered.At - known > Duration.FromMinutes(30) => "electronic, and slow",
            "electronic" when PaperOnly.Contains(item) => "paper made electronic",
            "window" when !Open(delivered.At) => "handed over while closed",
            _ => null,
        };
    }

    private static bool Open(Instant at)
    {
        var day = at.InZone(Time.Zone).Date;
        return Time.IsWorkingDay(day) && at >= Time.Open(day) && at < Time.Close(day);
    }

    /// <summary>What was told, with its fields.</summary>
    private sealed record Told(DemoEvent Event)
    {
        public string Type => Event.Type;

        public string Source => Event.Source;

        public Instant At => Event.OccurredAt;

        public string Field(string name)
        {
            using var stored = JsonDocument.Parse(Event.Json);
            return stored.RootElement.GetProperty("data").GetProperty(name).GetString()!;
        }
    }
}
