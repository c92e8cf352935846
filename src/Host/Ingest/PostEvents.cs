using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest;

/// <summary><c>POST /events</c>: one CloudEvent or a batch. Answered once everything is committed; else nothing is stored.</summary>
internal static class PostEvents
{
    /// <summary>Bytes a body may have.</summary>
    public const long MaxBody = 32 * 1024 * 1024;

    // A page of them is enough to mend the rest by; fifty thousand would be an answer of megabytes.
    private const int MaxErrors = 1000;
    private const string Single = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/events", HandleAsync);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(HttpRequest request, Intake intake, CancellationToken ct)
    {
        var kind = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (kind is not (Single or Batch or "application/json"))
            return TypedResults.Problem($"Content-Type must be {Single} for one event or {Batch} for several.", statusCode: 415);
        if (request.ContentLength > MaxBody)
            return TypedResults.Problem($"The body is larger than {MaxBody} bytes; send smaller batches.", statusCode: 413);
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: ct);
            var several = body.RootElement.ValueKind == JsonValueKind.Array;
            if (several != (kind == Batch) && kind != "application/json")
                return TypedResults.Problem($"{kind} needs {(several ? "one object" : "a list")}; for {(several ? "several events" : "one event")} send {(several ? Batch : Single)}.", statusCode: 400);
            if (several && body.RootElement.GetArrayLength() > Intake.MaxEvents)
                return TypedResults.Problem($"The batch holds more than {Intake.MaxEvents} events, which are stored whole or not at all; send smaller ones.", statusCode: 413);
            IEnumerable<JsonElement> elements = several ? body.RootElement.EnumerateArray() : [body.RootElement];
            return Answered(await intake.TakeAsync([.. elements.Select(Read)], ct));
        }
        catch (JsonException malformed)
        {
            return TypedResults.Problem($"The body is not JSON: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}.", statusCode: 400);
        }
    }

    private static IncomingItem Read(JsonElement element)
    {
        List<Fault> faults = [];
        var read = CloudEvents.Read(element, faults);
        return new IncomingItem(read, read?.Reported.SenderId ?? IdOf(element), faults);
    }

    /// <summary>The id of an event that could not be read, where it has one that can be told.</summary>
    private static string? IdOf(JsonElement element)
    {
        List<Fault> faults = [];
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("id", out var id))
            return null;
        Storable.Check(id, "id", faults);
        return faults.Count == 0 && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
    }

    private static Results<Ok<Answer>, ProblemHttpResult> Answered(IntakeResult result) => result switch
    {
        IntakeResult.Stored stored => TypedResults.Ok(new Answer(stored.Appended, stored.Duplicates, stored.Position)),
        IntakeResult.Malformed malformed => TypedResults.Problem(
            $"Nothing was stored. Faults: {malformed.Faults.Count}, in events: {malformed.Faults.Select(f => f.Item).Distinct().Count()}; the first {MaxErrors} are listed.",
            statusCode: 400, title: "Malformed events", extensions: new Dictionary<string, object?> { ["errors"] = malformed.Faults.Take(MaxErrors) }),
        IntakeResult.Conflict conflict => TypedResults.Problem($"{conflict.Reason} Nothing was stored. Give the other event an id of its own.", statusCode: 409, title: "Event id used before"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Counts and the last position written; null when all were duplicates.</summary>
    internal sealed record Answer(int Appended, int Duplicates, long? Position);
}
