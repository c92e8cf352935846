using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /services/{service}/availability</c>: one service over any span of time, with every interruption and, when asked for, every stretch and what it counted for.</summary>
internal static class GetServiceAvailability
{
    // What is answered in one piece; longer spans are asked for piece by piece, and add up.
    private static readonly Duration Longest = Duration.FromDays(3_700);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/services/{service}/availability", HandleAsync)
        .OfServices().CanWait().WithName("GetServiceAvailability").WithSummary("Availability, interruptions and restore times of a service over any span of time, with the reason.").Answers("service-availability.json")
        .Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such service");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        string service, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? from, string? to, bool? segments, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var (log, now) = (asked.AsOf is { } past ? asked.Published.UpTo(past.Position) : asked.Published, asked.At(clock));
        var history = log.Newest is null ? [] : ServiceHistory.Of(log, service);
        if (history.Length == 0)
            return TypedResults.Problem($"Centre {asked.Centre} has no such service; GET /services lists those it has.", statusCode: 404, title: "No such service");
        var (span, refused) = SpanOf(period, from, to, history[^1].Targets.Period, now, log.Newest!.Zone);
        if (refused is not null)
            return refused;
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var reading = await ServiceReading.ReadAsync(models, asked.Centre, log, service, span.From, span.Until, now, ct);
        var explained = segments == true ? reading.Segments : null;
        if (segments == true && explained is null)
            return Problems.Parameter("segments", $"would be more than {ServiceReading.MostSegments} stretches and names of outages and exclusions in them; ask for a shorter span, or without segments");
        var answer = reading.ToJson(explained);
        answer["centre"] = asked.Centre;
        return TypedResults.Ok(asked.Marked(answer));
    }

    /// <summary>A period, or any two instants; without any the period that the availability is promised for.</summary>
    private static ((Instant From, Instant Until) Span, ProblemHttpResult? Refused) SpanOf(string? period, string? from, string? to, TargetPeriod promised, Instant now, DateTimeZone zone)
    {
        if (period is not null && (from ?? to) is not null)
            return (default, Problems.Parameter("period", "and from or to are given; give one of them"));
        if (period is not null)
            return CalendarPeriod.Parse(period, zone) is { } named ? ((named.From, named.Until), null) : (default, Problems.Parameter("period", $"is not {CalendarPeriod.Expected}"));
        if (from is null && to is null)
            return CalendarPeriod.Of(promised, now, zone) is var current ? ((current.From, current.Until), null) : default;
        if (from is null || !Timestamps.TryParse(from, out var begin))
            return (default, Problems.Parameter("from", from is null ? "is missing; give it with to" : $"is not {Timestamps.Expected}; in an address the + of an offset is written %2B"));
        var end = now;
        if (to is not null && !Timestamps.TryParse(to, out end))
            return (default, Problems.Parameter("to", $"is not {Timestamps.Expected}; in an address the + of an offset is written %2B"));
        return end <= begin || begin < ServiceHistory.Earliest || end > ServiceHistory.Latest || end - begin > Longest
            ? (default, Problems.Parameter("to", "is not after from, or more than ten years after it, or outside 1900 to 2199"))
            : ((begin, end), null);
    }
}
