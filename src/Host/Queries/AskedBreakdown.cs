using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Host.Queries;

/// <summary>What a breakdown asks for: figures of a period, by something.</summary>
/// <param name="Asked">Of whom, and of which past.</param>
/// <param name="Span">The period.</param>
/// <param name="By">What it is grouped by.</param>
/// <param name="Now">The instant it is judged at.</param>
internal sealed record AskedBreakdown(Asked Asked, CalendarPeriod Span, string By, Instant Now)
{
    /// <summary>Reads the parameters. Without a period it is the current quarter.</summary>
    /// <param name="centres">Those the caller may see.</param>
    /// <param name="dataSource">The database.</param>
    /// <param name="clock">The time.</param>
    /// <param name="given">The parameters as they came.</param>
    /// <param name="groups">What can be grouped by; the first where it is not said.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The question, or why there is none.</returns>
    public static async Task<(AskedBreakdown? Asked, ProblemHttpResult? Problem)> ResolveAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, (string? Centre, string? Period, string? By, string? AsOf) given, IEnumerable<string> groups, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, given.Centre, given.AsOf, ct);
        if (asked is null)
            return (null, problem);
        var (zone, now, by) = (asked.Newest.Zone, asked.At(clock), given.By ?? groups.First());
        if (!groups.Contains(by))
            return (null, Problems.Parameter("by", $"is not one of {string.Join(", ", groups)}"));
        var span = given.Period is null ? CalendarPeriod.QuarterOf(now, zone) : CalendarPeriod.Parse(given.Period, zone);
        return span is null ? (null, Problems.Parameter("period", $"is not {CalendarPeriod.Expected}")) : (new AskedBreakdown(asked, span, by, now), null);
    }

    /// <summary>The answer with its rows; the instant where they are judged at one.</summary>
    public JsonObject Answer(IEnumerable<JsonObject> rows, Instant? at = null)
    {
        var zone = Asked.Newest.Zone;
        var answer = new JsonObject
        {
            ["centre"] = Asked.Centre,
            ["period"] = Span.Name,
            ["from"] = Timestamps.Format(Span.From, zone),
            ["until"] = Timestamps.Format(Span.Until, zone),
        };
        if (at is { } instant)
            answer["at"] = Timestamps.Format(instant, zone);
        answer["by"] = By;
        answer["rows"] = new JsonArray([.. rows]);
        return Asked.Marked(answer);
    }
}
