using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Ingest;

/// <summary><c>POST /webhooks/{name}</c>: a document as another system sends it, turned into events by the mapping of that name. One that tells nothing we map is answered with none.</summary>
internal static class PostWebhook
{
    private static readonly Counter<long> Unmapped = Meters.Sla.CreateCounter<long>("sla_webhook_documents_unmapped", description: "Documents of webhooks, and items of their lists, that no rule of their mapping took.");

    /// <summary>Counts what no rule of a mapping took.</summary>
    public static void CountUnmapped(string webhook, long count) => Unmapped.Add(count, KeyValuePair.Create<string, object?>("webhook", webhook));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/{name}", HandleAsync).RequireRateLimiting(IngestQueue.Policy)
        .WithName("PostWebhook").WithSummary("Take a document as another system sends it, by the mapping of that name.")
        .Takes("application/json", "webhook.json").Answers("webhook-stored.json").Refuses(400, "Malformed: every fault with field and remedy").Refuses(404, "No mapping has that name")
        .Refuses(409, "It was sent before with other content, or the mapping's centre has no catalogue").Refuses(413, "Too large").Refuses(415, "Not JSON").Refuses(429, "The queue is full; see Retry-After");

    private static async Task<Results<Ok<PostEvents.Answer>, ProblemHttpResult>> HandleAsync(string name, HttpRequest request, Requester requester, Sender sender, Intake intake, Webhooks webhooks, ListedItems listed, IngestLimits limits, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            return TypedResults.Problem("Content-Type must be application/json.", statusCode: 415);
        if (webhooks.Find(name, requester) is not { } mapping)
            return TypedResults.Problem($"No mapping has that name; there are: {string.Join(", ", webhooks.NamesFor(requester).DefaultIfEmpty("none"))}.", statusCode: 404, title: "No such webhook");
        await using var body = await Spool.FillAsync(request.Body, gzip: false, limits.MaxEventBytes, $"The document is longer than {limits.MaxEventBytes} bytes; have less of it sent. Nothing was stored.", ct);
        try
        {
            using var document = JsonDocument.Parse(body);
            if ((await sender.ResolveAsync(mapping.Centre, ct)).Centre is null)
                return TypedResults.Problem("The mapping is for a centre that has published no catalogue: publish one with sla catalogue apply, or correct centre in the mapping. Nothing was stored.", statusCode: 409, title: "No such centre");
            if (mapping.Each is not null)
                return await listed.TakeAsync(name, mapping, document, sender, ct);
            var items = mapping.Map(document);
            if (items.Count > 0)
                return PostEvents.Answered(await intake.TakeAsync(sender, _ => items.ToAsyncEnumerable(), ct));
            CountUnmapped(name, 1);
            return TypedResults.Ok(new PostEvents.Answer(0, 0, null, "No rule of the mapping takes this document; if it tells something that counts, add a rule for it."));
        }
        catch (JsonException malformed)
        {
            return TypedResults.Problem($"The body {Storable.Malformed(malformed)}. Nothing was stored.", statusCode: 400);
        }
    }
}
