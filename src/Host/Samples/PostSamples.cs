using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Samples;

/// <summary><c>POST /samples</c>: draws the sample of a month's finished cases, under the token's name.</summary>
internal static class PostSamples
{
    /// <summary>The most cases drawn at a window: each of these applicants is spoken to.</summary>
    public const int MostPerWindow = 1000;

    private const int MaxText = 256;

    private static readonly DecisionBody Body = new("sample", "drawn", "centre", "month", "perWindow", "seed", "by");

    public static void Map(IEndpointRouteBuilder decide) => decide.MapPost("/samples", HandleAsync)
        .WithName("PostSample").WithSummary("Draw the sample of a month's finished cases at each window; once.")
        .Takes("application/json", "sample-order.json").Answers("sample-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(409, "It cannot be drawn; why").Refuses(415, "Another content type");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(HttpRequest http, VisibleCentres centres, Requester requester, SampleDesk desk, CancellationToken ct)
    {
        var (request, refusal) = await Body.ReadAsync(http, fields => Read(fields, requester), ct);
        if (request is null)
            return refusal!;
        var (centre, published, reason) = await centres.ResolveAsync(request.Centre, ct);
        if (centre is null)
            return Body.Refused(new Fault("centre", reason));
        var (drawn, position, refused) = await desk.DrawAsync(centre, published, request.Order, ct);
        if (drawn is null)
            return TypedResults.Problem($"It cannot be drawn: {refused}.", statusCode: 409, title: "Not drawn");
        var answer = drawn.ToJson();
        answer["centre"] = centre;
        answer["position"] = position;
        return TypedResults.Ok(answer);
    }

    private static Request Read(JsonFields fields, Requester requester)
    {
        var (month, by, perWindow) = (fields.Text("month"), fields.TokenName(requester), 0);
        if (month.Length > 0 && SampleDesk.MonthOf(month, NodaTime.DateTimeZone.Utc) is null)
            fields.Refuse("month", "is not a month such as 2026-10");
        if (fields.Find("perWindow") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out perWindow) || perWindow is < 1 or > MostPerWindow)
            fields.Refuse("perWindow", $"is not a whole number from 1 to {MostPerWindow}");
        foreach (var name in (string[])["seed", "by"])
        {
            if (fields.Find(name) is { ValueKind: JsonValueKind.String } text && (text.GetString()!.Length > MaxText || text.GetString()!.Any(Storable.IsInvisible)))
                fields.Refuse(name, $"is longer than {MaxText} characters, or has control or invisible characters in it");
        }

        return new Request(fields.OptionalText("centre"), new SampleOrder(month, perWindow, fields.Find("seed") is null ? null : fields.Said("seed"), by ?? fields.Said("by")));
    }

    private sealed record Request(string? Centre, SampleOrder Order);
}
