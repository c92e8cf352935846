using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Ingest;

/// <summary><c>POST /webhooks/{name}</c>: a document as another system sends it, turned into events by the mapping of that name. One that tells nothing we map is answered with none.</summary>
internal static class PostWebhook
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/{name}", HandleAsync).RequireRateLimiting(IngestQueue.Policy)
        .WithName("PostWebhook").WithSummary("Take a document as another system sends it, by the mapping of that name.")
        .Takes("application/json", "webhook.json").Answers("webhook-stored.json").Refuses(400, "Malformed: every fault with field and remedy").Refuses(404, "No mapping has that name")
        .Refuses(409, "It was sent before with other content").Refuses(413, "Too large").Refuses(415, "Not JSON").Refuses(429, "The queue is full; see Retry-After");

    private static async Task<Results<Ok<PostEvents.Answer>, ProblemHttpResult>> HandleAsync(string name, HttpRequest request, Sender sender, Intake intake, Webhooks webhooks, IngestLimits limits, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            return TypedResults.Problem("Content-Type must be application/json.", statusCode: 415);
        if (!webhooks.Knows(name))
            return TypedResults.Problem($"No mapping has that name; there are: {string.Join(", ", webhooks.Names)}.", statusCode: 404, title: "No such webhook");
        await using var body = await Spool.FillAsync(request.Body, gzip: false, limits.MaxEventBytes, $"The document is longer than {limits.MaxEventBytes} bytes; have less of it sent. Nothing was stored.", ct);
        try
        {
            using var document = JsonDocument.Parse(body);
            var items = webhooks.Map(name, document)!;
            return PostEvents.Answered(await intake.TakeAsync(sender, _ => items.ToAsyncEnumerable(), ct));
        }
        catch (JsonException malformed)
        {
            return TypedResults.Problem($"The body is not JSON, or is nested deeper than 64 levels: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}. Nothing was stored.", statusCode: 400);
        }
    }
}
