using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>What GitHub told of its incidents from 2022 to 2026 (shared/data/README.md says from where).</summary>
public class GithubStatusTests(ITestOutputHelper output)
{
    private static readonly Instant From = Instant.FromUtc(2022, 1, 1, 0, 0);
    private static readonly Instant Until = Instant.FromUtc(2027, 1, 1, 0, 0);

    [Fact]
    public void Downtime_is_the_union_of_what_was_reported_and_not_its_sum()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var incidents = Read();
        Assert.Equal((819, 801), (incidents.Count, incidents.Count(IsOutage)));
        var outages = incidents.Where(IsOutage).Select(i => i.Outage).ToArray();
        Assert.Equal(1_886.4m, Hours(outages.Aggregate(Int128.Zero, (sum, o) => sum + Lost(o))));
        var totals = ServiceAvailability.Totals(Always(outages), From, Until, Until);
        Assert.Equal(1_801.9m, Hours(totals.Downtime));
        Assert.Equal(5 * 365 + 1, totals.Agreed / Tick.PerStandardDay);
    }

    [Fact]
    public void Each_component_s_quarters_are_what_counting_every_minute_gives()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var components = Read().Where(IsOutage).SelectMany(i => i.Components.Select(c => (Component: c, i.Outage))).GroupBy(c => c.Component, c => c.Outage).ToList();
        Assert.True(components.Count > 8, "the log tells components apart");
        var quarters = Enumerable.Range(0, 21).Select(q => new LocalDate(2022, 1, 1).PlusMonths(3 * q).AtStartOfDayInZone(DateTimeZone.Utc).ToInstant()).ToArray();
        foreach (var component in components)
        {
            var (lost, begins) = ByMinute([.. component]);
            var totals = ServiceAvailability.ByBucket(Always([.. component]), quarters, Until);
            for (var q = 0; q < totals.Count; q++)
            {
                var (from, until) = (Minute(quarters[q]), Minute(quarters[q + 1]));
                var minutes = lost[from..until].Count(l => l);
                Assert.Equal(((Int128)minutes * 60 * Tick.PerSecond * LostShare.Scale, (until - from) * 60L * Tick.PerSecond), (totals[q].Downtime, totals[q].Agreed));
                Assert.Equal(begins[from..until].Count(b => b), ServiceAvailability.Interruptions(Always([.. component]), quarters[q], quarters[q + 1], Until).Count);
            }
        }
    }

    private static (bool[] Lost, bool[] Begins) ByMinute(OutageSpan[] outages)
    {
        var lost = new bool[Minute(Until)];
        foreach (var outage in outages)
        {
            for (var minute = Minute(outage.From); minute < Minute(outage.Until!.Value); minute++)
                lost[minute] = true;
        }

        return (lost, [.. lost.Select((l, i) => l && (i == 0 || !lost[i - 1]))]);
    }

    private static TermsSpan[] Always(OutageSpan[] outages) => [new(Instant.MinValue, Instant.MaxValue, AvailabilityTerms.Always, new ServiceNode.Own(new ServiceFacts(outages, [], []), Combine.Max))];

    private static int Minute(Instant instant) => (int)((instant - From).BclCompatibleTicks / TimeSpan.TicksPerMinute);

    private static Int128 Lost(OutageSpan outage) => (Int128)(Tick.Of(outage.Until!.Value) - Tick.Of(outage.From)) * LostShare.Scale;

    private static decimal Hours(Int128 tickBillionths) => decimal.Round((decimal)tickBillionths / LostShare.Scale / Tick.PerSecond / 3_600, 1);

    // What was announced as maintenance is no outage; an impact of none is one all the same, as in the figures known of this log.
    private static bool IsOutage(Incident incident) => incident.Impact != "maintenance";

    private static List<Incident> Read()
    {
        List<Incident> incidents = [];
        using var reader = SharedFolder.OpenGzip("data", "github-status-incidents.jsonl.gz");
        while (reader.ReadLine() is { } line)
        {
            var json = JsonDocument.Parse(line).RootElement;
            Instant Time(string name) => Timestamps.TryParse(json.GetProperty(name).GetString()!, out var time) ? time : throw new FormatException(name);
            incidents.Add(new Incident(
                json.GetProperty("impact").GetString()!,
                new OutageSpan(Time("downtime_start"), Time("downtime_end"), LostShare.Whole, json.GetProperty("id").GetString()!),
                [.. json.TryGetProperty("components", out var components) ? components.EnumerateArray().Select(c => c.GetString()!).Distinct() : []]));
        }

        return incidents;
    }

    private sealed record Incident(string Impact, OutageSpan Outage, string[] Components);
}
