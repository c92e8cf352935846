using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Queries;

/// <summary>Figures of services as JSON: seconds as exact decimals, ratios as numbers, null for what cannot be said.</summary>
internal static class ServiceJson
{
    public static void AddTotals(JsonObject answer, AvailabilityTotals totals, ErrorBudget? budget, decimal? target)
    {
        answer["availability"] = totals.Availability?.ToDouble();
        answer["target"] = target;
        answer["kept"] = target is { } promised && LostShare.FromDecimal(promised) is { } share ? totals.Availability?.IsAtLeast(share) : null;
        answer["agreedSeconds"] = Seconds(totals.Agreed);
        answer["downtimeSeconds"] = Seconds(totals.Downtime);
        answer["grossAvailability"] = totals.GrossAvailability?.ToDouble();
        answer["grossAgreedSeconds"] = Seconds(totals.GrossAgreed);
        answer["grossDowntimeSeconds"] = Seconds(totals.GrossDowntime);
        answer["excludedSeconds"] = Seconds(totals.LeftOut);
        answer["unobservedSeconds"] = Seconds(totals.Unobserved);
        answer["coverage"] = totals.Coverage?.ToDouble();
        answer["budgetSeconds"] = budget is { } b ? Seconds(b.Allowed) : null;
        answer["budgetLeftSeconds"] = budget is { } l ? Seconds(l.Left) : null;
    }

    public static void AddInterruptions(JsonObject answer, InterruptionFigures figures, AvailabilityTotals totals)
    {
        answer["interruptions"] = figures.Count;
        answer["ended"] = figures.Ended;
        answer["longestRestoreSeconds"] = figures.Ended == 0 ? null : Seconds(figures.Longest);
        answer["restoredInTime"] = figures.Within;
        answer["restoredLate"] = figures.Late;
        answer["mtrsSeconds"] = Seconds(figures.MeanRestore);
        answer["mtbfSeconds"] = Seconds(figures.MeanBetween(totals));
        answer["mtbsiSeconds"] = Seconds(figures.MeanBetweenIncidents(totals));
    }

    public static JsonObject Interruption(Interruption interruption, Instant? due, Instant now, DateTimeZone zone) => new()
    {
        ["from"] = Timestamps.Format(interruption.From, zone),
        ["until"] = interruption.Until is { } until ? Timestamps.Format(until, zone) : null,
        ["restoreSeconds"] = interruption.Until is null ? null : Seconds(interruption.RestoreTicks),
        ["dueAt"] = due is { } at ? Timestamps.Format(at, zone) : null,
        ["state"] = StateOf(interruption, due, now),
        ["priorities"] = new JsonArray([.. interruption.Priorities.Select(p => (JsonNode)p)]),
        ["outages"] = new JsonArray([.. interruption.Outages.Select(o => (JsonNode)o)]),
    };

    /// <summary>met, breached or running; null: no limit is promised.</summary>
    public static string? StateOf(Interruption interruption, Instant? due, Instant now) => due is not { } at ? null : (interruption.Until ?? now) > at ? "breached" : interruption.Until is null ? "running" : "met";

    public static JsonObject Segment(AvailabilitySegment segment, DateTimeZone zone) => new()
    {
        ["from"] = Timestamps.Format(segment.From, zone),
        ["until"] = Timestamps.Format(segment.Until, zone),
        ["seconds"] = Seconds(Tick.Of(segment.Until) - Tick.Of(segment.From)),
        ["agreed"] = segment.IsAgreed,
        ["reason"] = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(segment.Reason.ToString()),
        ["lost"] = segment.Lost.ToDecimal(),
        ["grossLost"] = segment.GrossLost.ToDecimal(),
        ["outages"] = new JsonArray([.. segment.Outages.Select(o => (JsonNode)o)]),
        ["exclusions"] = new JsonArray([.. segment.Exclusions.Select(e => (JsonNode)e)]),
    };

    public static JsonObject Standing(ServiceStanding standing, DateTimeZone zone)
    {
        var answer = new JsonObject
        {
            ["service"] = standing.Service,
            ["names"] = new JsonObject { ["zh"] = standing.Span.Service.Names.Zh, ["en"] = standing.Span.Service.Names.En },
            ["agreement"] = standing.Span.Agreement?.Id,
            ["period"] = standing.Period.Name,
        };
        AddTotals(answer, standing.Totals, standing.Budget, standing.Targets.Availability);
        AddInterruptions(answer, standing.InPeriod, standing.Totals);
        answer["interruptionsInYear"] = standing.InYear;
        answer["interruptionsLimit"] = standing.Targets.InterruptionsPerYear;
        answer["yearFrom"] = Timestamps.Format(standing.YearFrom, zone);
        answer["burnRates"] = standing.Burn.Count == 0 ? null : new JsonObject(ErrorBudget.Windows.Zip(standing.Burn, (w, b) => KeyValuePair.Create(WindowName(w), (JsonNode?)b?.ToDouble())));
        answer["openOutages"] = new JsonArray([.. standing.Open.Select(o => (JsonNode)new JsonObject
        {
            ["outage"] = o.Stream["outage/".Length..],
            ["startedAt"] = Timestamps.Format(o.StartedAt, zone),
            ["lost"] = o.Lost.ToDecimal(),
            ["priority"] = o.Priority,
            ["restoreDueAt"] = o.DueAt is { } due ? Timestamps.Format(due, zone) : null,
        })]);
        return answer;
    }

    /// <summary>A window of burn rates, such as 6h or 3d.</summary>
    public static string WindowName(Duration window) => window.Days > 0 ? string.Create(CultureInfo.InvariantCulture, $"{window.Days}d") : string.Create(CultureInfo.InvariantCulture, $"{window.Hours}h");

    /// <summary>Ticks as seconds.</summary>
    private static decimal Seconds(long ticks) => Plain((decimal)ticks / 1_000_000);

    /// <summary>Ticks times billionths as seconds.</summary>
    private static decimal Seconds(Int128 ticks) => Plain((decimal)ticks / LostShare.Scale / 1_000_000);

    private static decimal? Seconds(Duration? length) => length is { } l ? Plain((decimal)l.ToInt64Nanoseconds() / 1_000_000_000) : null;

    // Without zeros at the end: dividing by one with all decimals takes them away.
    private static decimal Plain(decimal seconds) => seconds / 1.0000000000000000000000000000m;
}
