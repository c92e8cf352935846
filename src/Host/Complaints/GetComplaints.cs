using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Complaints;

/// <summary><c>GET /complaints</c>: complaints, the newest first; <c>GET /complaints/{id}</c>: one with its clocks; <c>GET /complaints/{id}/explain</c>: why they say what they say.</summary>
internal static class GetComplaints
{
    private const int MaxLimit = 1000;

    private static readonly string[] Channels = [.. Enum.GetValues<ComplaintChannel>().Select(ComplaintJson.WordOf)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/complaints", HandleAsync)
            .CanBeCsv(
                "complaints", "complaint", "channel", "category", "case", "window", "staff", "state", "registeredAt", "transferredAt", "transferredTo", "respondedAt", "copied", "fedBackAt", "reviewRequestedAt", "reviewedAt",
                "finding", "foundAt", "reversals", "closedAt", "revisitedAt", "satisfied")
            .Means("state", "Only complaints that are open or closed.", "open").Means("window", "Only complaints about this window.", "W1").Means("staff", "Only complaints about this staff code.", "W1-01")
            .Means("period", "Only those registered in a year, quarter or month in the centre's zone: 2026, 2026-Q1, 2026-03.", "2026-Q1").CanWait().WithName("GetComplaints").WithSummary("Complaints, the one registered last first.").Answers("complaints.json").Refuses(400, "A parameter cannot be used; which, and why");
        routes.MapGet("/complaints/{id}", HandleOneAsync)
            .CanWait().WithName("GetComplaint").WithSummary("What is known of a complaint, and all its clocks; not who complained.").Answers("complaint.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such complaint");
        routes.MapGet("/complaints/{id}/explain", ExplainAsync)
            .CanWait().WithName("ExplainComplaint").WithSummary("Why each clock of a complaint says what it says, segment by segment.").Answers("complaint-explanation.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such complaint");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? state, string? finding, string? category, string? channel, string? window, string? staff, string? @case, string? period, string? after, int? limit, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        foreach (var (name, value, known) in ((string, string?, IReadOnlyList<string>)[])[("state", state, ComplaintList.States), ("finding", finding, ComplaintList.Findings), ("channel", channel, Channels)])
        {
            if (value is not null && !known.Contains(value))
                return Problems.Parameter(name, $"is not one of {string.Join(", ", known)}");
        }

        var span = period is null ? null : CalendarPeriod.Parse(period, asked.Newest.Zone);
        if (period is not null && span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        if (!PlaceCursor.TryParse(after, out var last))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var list = new ComplaintList(asked.Centre, state, finding) { Category = category, Channel = channel, Window = window, Staff = staff, Case = @case, Registered = span is null ? null : (span.From, span.Until) };
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var rows = await list.ReadAsync(models, last, limit ?? 100, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["complaints"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(asked.Newest.Zone))]),
            ["next"] = rows.Count < (limit ?? 100) ? null : PlaceCursor.Write(rows[^1].RegisteredAt ?? Instant.FromUnixTimeTicks(0), rows[^1].Stream),
        }));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleOneAsync(
        string id, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var stream = $"complaint/{RouteText.Unescape(id)}";
        await using var models = await asked.ReadModelsAsync(dataSource, ct, stream);
        if (await ComplaintList.FindAsync(models, asked.Centre, stream, ct) is not { } entry)
            return None(asked);
        var answer = entry.ToJson(asked.Newest.Zone);
        answer["centre"] = asked.Centre;
        answer["person"] = (await KeptPerson.OfAsync(dataSource, asked.Centre, stream, ct)).ToJson(asked.Newest.Zone);
        answer["clocks"] = await GetCase.ClocksAsync(models, asked.Centre, stream, asked.At(clock), asked.Newest.Zone, ct);
        return TypedResults.Ok(asked.Marked(answer));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> ExplainAsync(
        string id, VisibleCentres centres, EventLog log, NpgsqlDataSource dataSource, IClock clock, string? centre, string? at, string? asOf, CancellationToken ct)
    {
        var instant = default(Instant);
        if (at is not null && !Timestamps.TryParse(at, out instant))
            return Problems.Parameter("at", $"is not {Timestamps.Expected}; in an address the + of an offset is written %2B");
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var explained = await StreamExplanation.ReadAsync(log, asked.Centre, asked.Published, $"complaint/{RouteText.Unescape(id)}", clock.GetCurrentInstant(), at is null ? null : instant, asked.AsOf, ct);
        return explained is null ? None(asked) : TypedResults.Ok(explained.ToJson());
    }

    private static ProblemHttpResult None(Asked asked) => TypedResults.Problem($"Centre {asked.Centre} has no such complaint.", statusCode: 404, title: "No such complaint");
}
