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

    private static readonly string[] Fields = ["centre", "month", "perWindow", "seed", "by"];

    public static void Map(IEndpointRouteBuilder decide) => decide.MapPost("/samples", HandleAsync)
        .WithName("PostSample").WithSummary("Draw the sample of a month's finished cases at each window; once.")
        .Takes("application/json", "sample-order.json").Answers("sample-answer.json").Refuses(400, "A field cannot be used; which, and why").Refuses(409, "It cannot be drawn; why").Refuses(415, "Another content type");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(HttpRequest http, VisibleCentres centres, Requester requester, SampleDesk desk, CancellationToken ct)
    {
        // A page of elsewhere can have a browser send a plain text without being asked, but not this.
        if (!http.HasJsonContentType())
            return TypedResults.Problem("Content-Type must be application/json.", statusCode: 415);
        List<Fault> faults = [];
        var request = await ReadAsync(http, requester, faults, ct);
        if (faults.Count > 0)
            return Refused(faults);
        var (centre, published, reason) = await centres.ResolveAsync(request!.Value.Centre, ct);
        if (centre is null)
            return Refused([new Fault("centre", reason)]);
        var (drawn, position, refused) = await desk.DrawAsync(centre, published, request.Value.Order, ct);
        if (drawn is null)
            return TypedResults.Problem($"It cannot be drawn: {refused}.", statusCode: 409, title: "Not drawn");
        var answer = drawn.ToJson();
        answer["centre"] = centre;
        answer["position"] = position;
        return TypedResults.Ok(answer);
    }

    private static async Task<(string? Centre, SampleOrder Order)?> ReadAsync(HttpRequest http, Requester requester, List<Fault> faults, CancellationToken ct)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Body, cancellationToken: ct);
            Storable.Check(body.RootElement, "", faults);
            return faults.Count > 0 ? null : Read(new JsonFields(body.RootElement, faults), requester);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(whole)", Storable.Malformed(malformed)));
            return null;
        }
    }

    private static (string? Centre, SampleOrder Order)? Read(JsonFields fields, Requester requester)
    {
        if (fields.Faults.Count > 0)
            return null;
        fields.RefuseOthers(Fields);
        var (month, by, perWindow) = (fields.Text("month"), requester.Token?.Name, 0);
        if (month.Length > 0 && SampleDesk.MonthOf(month, NodaTime.DateTimeZone.Utc) is null)
            fields.Refuse("month", "is not a month such as 2026-10");
        if (fields.Find("perWindow") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out perWindow) || perWindow is < 1 or > MostPerWindow)
            fields.Refuse("perWindow", $"is not a whole number from 1 to {MostPerWindow}");
        if (by is not null && fields.Find("by") is not null)
            fields.Refuse("by", "is the token's name and not yours to give; leave it out");
        foreach (var name in (string[])["seed", "by"])
        {
            if (fields.Find(name) is { ValueKind: JsonValueKind.String } text && (string.IsNullOrWhiteSpace(text.GetString()) || text.GetString()!.Length > MaxText))
                fields.Refuse(name, $"is blank, or longer than {MaxText} characters");
        }

        return (fields.OptionalText("centre"), new SampleOrder(month, perWindow, fields.OptionalText("seed"), by ?? fields.Text("by")));
    }

    private static ProblemHttpResult Refused(IReadOnlyList<Fault> faults) => TypedResults.Problem(
        $"Nothing was drawn. {string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"))}.", statusCode: 400, title: "Bad sample", extensions: new Dictionary<string, object?> { ["errors"] = faults });
}
