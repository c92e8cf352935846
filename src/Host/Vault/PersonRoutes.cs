using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Vault;

/// <summary>
/// <c>GET /complaints/{id}/person</c>: what a complaint tells of people, for a purpose that is recorded; <c>GET /complaints/{id}/readings</c>: who read it; <c>POST /complaints/{id}/erase</c>:
/// erases it. The same of cases, whose ratings may have a text. No other route opens what is sealed.
/// </summary>
internal static class PersonRoutes
{
    private const int MaxText = 200;
    private static readonly DecisionBody Body = new("erasure", "erased", "centre", "reason", "by");

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "complaints", "Complaint", StreamKind.Complaint);
        Map(routes, "cases", "Case", StreamKind.Case);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string name, StreamKind kind)
    {
        var thing = StreamKinds.WordOf(kind);
        routes.MapGet($"/{path}/{{id}}/person", (string id, HttpContext http, Requester requester, VisibleCentres centres, NpgsqlDataSource dataSource, PersonDesk desk, string? centre, string? purpose, string? reader, CancellationToken ct) =>
                ReadAsync(kind, id, http, requester, centres, dataSource, desk, centre, purpose, reader, ct))
            .WithName($"Get{name}Person").WithSummary($"What the events of a {thing} tell of people, opened for a purpose; that it was read, by whom and what for is recorded first.")
            .Answers($"{thing}-person.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, $"No such {thing}").Refuses(410, "Erased: when, and by whom").Refuses(500, "Changed in the database; restore it from a backup").Refuses(503, "A key is not on this host; which, and the remedy");
        routes.MapGet($"/{path}/{{id}}/readings", (string id, VisibleCentres centres, NpgsqlDataSource dataSource, PersonDesk desk, string? centre, CancellationToken ct) => ReadingsAsync(kind, id, centres, dataSource, desk, centre, ct))
            .WithName($"Get{name}Readings").WithSummary($"Who read what a {thing} tells of people, when and what for, and its erasure.")
            .Answers($"{thing}-readings.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, $"No such {thing}");
        routes.MapPost($"/{path}/{{id}}/erase", (string id, HttpRequest http, Requester requester, VisibleCentres centres, PersonDesk desk, CancellationToken ct) => EraseAsync(kind, id, http, requester, centres, desk, ct))
            .WithName($"Post{name}Erasure").WithSummary($"Erase for good what a {thing} tells of people; all that is counted stays as it is. Erasing it again changes nothing.")
            .Takes("application/json", "erasure.json").Answers("erasure-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(404, $"No such {thing}").Refuses(415, "Another content type");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> ReadAsync(
        StreamKind kind, string id, HttpContext http, Requester requester, VisibleCentres centres, NpgsqlDataSource dataSource, PersonDesk desk, string? centre, string? purpose, string? reader, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        // A page of elsewhere could not see the answer, but it could have a reading recorded that nobody made.
        if (http.Request.Headers["Sec-Fetch-Site"] is ["cross-site"] or ["same-site"])
            return TypedResults.Problem("A page of elsewhere asks for this; open it from its own address.", statusCode: 403, title: "Asked from elsewhere");
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, null, ct);
        if (asked is null)
            return problem!;
        if (TextFault(purpose) is { } fault)
            return Problems.Parameter("purpose", $"{fault}; it is kept beside who read it, so it must tell nothing of the person");
        if (requester.Token is not null && reader is not null)
            return Problems.Parameter("reader", "is the token's name and not yours to give; leave it out");
        if (requester.Token is null && TextFault(reader) is { } nobody)
            return Problems.Parameter("reader", $"{nobody}; it is kept as who read it");
        id = RouteText.Unescape(id);
        var (events, erasure) = await desk.ReadAsync(asked.Centre, $"{StreamKinds.WordOf(kind)}/{id}", new VaultActor(requester.Token?.Name ?? reader!, requester.Token?.Id), purpose!, ct);
        if (events is null)
            return None(kind, id, asked.Centre);
        if (erasure is not null)
            return TypedResults.Problem($"It was erased at {Timestamps.Format(erasure.At, asked.Newest.Zone)} by {erasure.By}. Nobody can read it any more.", statusCode: 410, title: "Erased");
        return TypedResults.Ok(Answer(asked.Centre, kind, id, "events", events.Select(e => new JsonObject
        {
            ["type"] = e.Type,
            ["at"] = Timestamps.Format(e.At, asked.Newest.Zone),
            ["source"] = e.Source,
            ["event"] = e.Id.ToString(),
            ["fields"] = e.Fields,
        })));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> ReadingsAsync(
        StreamKind kind, string id, VisibleCentres centres, NpgsqlDataSource dataSource, PersonDesk desk, string? centre, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, null, ct);
        if (asked is null)
            return problem!;
        id = RouteText.Unescape(id);
        if (await desk.RecordsOfAsync(asked.Centre, $"{StreamKinds.WordOf(kind)}/{id}", ct) is not { } records)
            return None(kind, id, asked.Centre);
        return TypedResults.Ok(Answer(asked.Centre, kind, id, "readings", records.Select(r => new JsonObject
        {
            ["what"] = r.Type == PersonDesk.Erased ? "erased" : "read",
            ["recordedAt"] = Timestamps.Format(r.At, asked.Newest.Zone),
            ["by"] = r.By,
            ["token"] = r.Token,
            [r.Type == PersonDesk.Erased ? "reason" : "purpose"] = r.Why,
        })));
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> EraseAsync(StreamKind kind, string id, HttpRequest http, Requester requester, VisibleCentres centres, PersonDesk desk, CancellationToken ct)
    {
        var (order, refusal) = await Body.ReadAsync(http, fields => new ErasureOrder(fields.OptionalText("centre"), Told(fields, "reason"), fields.TokenName(requester) ?? Told(fields, "by")), ct);
        if (order is null)
            return refusal!;
        var (centre, published, refused) = await centres.ResolveAsync(order.Centre, ct);
        if (centre is null)
            return Body.Refused(new Fault("centre", refused));
        id = RouteText.Unescape(id);
        if (await desk.EraseAsync(centre, $"{StreamKinds.WordOf(kind)}/{id}", new VaultActor(order.By, requester.Token?.Id), order.Reason, ct) is not { } erased)
            return None(kind, id, centre);
        return TypedResults.Ok(new JsonObject { ["centre"] = centre, [StreamKinds.WordOf(kind)] = id, ["before"] = !erased.First, ["recordedAt"] = Timestamps.Format(erased.Erasure.At, published.Newest!.Zone), ["by"] = erased.Erasure.By });
    }

    private static string Told(JsonFields fields, string name)
    {
        var text = fields.Text(name);
        if (text.Length > 0 && TextFault(text) is { } fault)
            fields.Refuse(name, $"{fault}; it stands in the log, so it must tell nothing of the person");
        return text;
    }

    /// <summary>What is wrong with a text that says who or why; null: nothing.</summary>
    internal static string? TextFault(string? text) =>
        string.IsNullOrWhiteSpace(text) ? "is missing or blank" : text.Length > MaxText ? $"is longer than {MaxText} characters" : text.Any(Storable.IsInvisible) ? "has control or invisible characters in it" : null;

    private static JsonObject Answer(string centre, StreamKind kind, string id, string list, IEnumerable<JsonObject> items) =>
        new() { ["centre"] = centre, [StreamKinds.WordOf(kind)] = id, [list] = new JsonArray([.. items]) };

    private static ProblemHttpResult None(StreamKind kind, string id, string centre) =>
        TypedResults.Problem($"Centre {centre} has no {StreamKinds.WordOf(kind)} {id}.", statusCode: 404, title: $"No such {StreamKinds.WordOf(kind)}");

    private sealed record ErasureOrder(string? Centre, string Reason, string By);
}
