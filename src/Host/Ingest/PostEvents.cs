using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Ingest;

/// <summary><c>POST /events</c>: one CloudEvent, a list of them, or one a line. Answered once everything is committed; else nothing is stored.</summary>
internal static class PostEvents
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/events", HandleAsync).RequireRateLimiting(IngestQueue.Policy)
        .WithName("PostEvents").WithSummary("Report events: one, a list, or one a line of any number. Answered once all are committed; on any fault nothing is stored.")
        .Takes("application/cloudevents+json", "event.json").Takes("application/cloudevents-batch+json", "events.json").Takes("application/x-ndjson", "events.ndjson")
        .Answers("stored.json").Refuses(400, "Malformed: every fault with item, field and remedy", "malformed.json").Refuses(409, "An id was used before for another event", "conflict-answer.json")
        .Refuses(413, "Too large; the limits are settings").Refuses(415, "Another content type, character set or encoding than those taken").Refuses(429, "The queue is full; see Retry-After");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(HttpRequest request, Sender sender, Intake intake, IngestLimits limits, CancellationToken ct)
    {
        if (EventBody.FormOf(request.ContentType) is not { } form)
            return TypedResults.Problem($"Content-Type must be one of {string.Join(", ", EventBody.Forms.Keys)}, in UTF-8.", statusCode: 415);
        var encoding = request.Headers.ContentEncoding.ToString().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip"))
            return TypedResults.Problem("Content-Encoding must be gzip or left out.", statusCode: 415);
        var limit = form switch { EventBodyForm.Lines => limits.MaxStreamBytes, EventBodyForm.Single => limits.MaxEventBytes, _ => limits.MaxBatchBytes };
        if (request.ContentLength > limit)
            return TypedResults.Problem(TooLarge(form, limit), statusCode: 413);
        // Ours is counted after unpacking, too; Kestrel's own would cut long streams off.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limit;
        await using var body = await Spool.FillAsync(request.Body, encoding == "gzip", limit, TooLarge(form, limit), ct);
        return Answered(await intake.TakeAsync(sender, again => EventBody.ReadAsync(body, form, limits, again), ct));
    }

    private static string TooLarge(EventBodyForm form, long limit) => form switch
    {
        EventBodyForm.Single => $"The event is longer than {limit} bytes; an event holds facts, so leave documents out of it. Nothing was stored.",
        EventBodyForm.Lines => $"The body is longer than {limit} bytes; send it in several requests. Nothing was stored.",
        _ => $"The list is longer than {limit} bytes; send several, or one event a line as application/x-ndjson, which may be longer. Nothing was stored.",
    };

    internal static Results<Ok<Answer>, ProblemHttpResult> Answered(IntakeResult result) => result switch
    {
        IntakeResult.Stored stored => TypedResults.Ok(new Answer(stored.Appended, stored.Duplicates, stored.Position)),
        IntakeResult.Refused refused => TypedResults.Problem(
            refused.Before is { } before ? $"Of its events {before.Appended + before.Duplicates} were stored before another request took an id of those that follow, or its case was archived. Correct what is listed and send it again, whole: what is stored is recognised."
            : refused.More ? "Nothing was stored. Faults: more than can be listed; what follows the last of these was not looked at." : $"Nothing was stored. Faults: {refused.Faults.Count}, in events: {refused.Items}.",
            statusCode: refused.Malformed ? 400 : 409, title: refused.Malformed ? "Malformed events" : "Event ids used before", extensions: new Dictionary<string, object?> { ["errors"] = refused.Faults }),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Counts and the last position written, null when all were duplicates; a note where something else is worth saying; where items are taken each by itself, what is wrong with those that were not.</summary>
    internal sealed record Answer(
        long Appended, long Duplicates, long? Position, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ItemFault>? Errors = null);
}
