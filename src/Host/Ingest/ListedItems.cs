using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Takes the items of a webhook's document, each by itself. Senders of such lists repeat what is answered by 5xx and drop what is
/// answered by 4xx, the good items with the bad: so it is 200 as long as one item could be read, and says what was not taken.
/// </summary>
internal sealed class ListedItems(Intake intake, SeriesEnds ends, ILogger<ListedItems> logger)
{
    public async Task<Results<Ok<PostEvents.Answer>, ProblemHttpResult>> TakeAsync(string name, WebhookMapping mapping, JsonDocument document, Sender sender, CancellationToken ct)
    {
        var (items, leftOut) = (mapping.MapEach(document), mapping.LeftOutOf(document));
        List<MappedItem> taken = [.. items.Where(i => i.Events.Count + i.Faults.Count > 0)];
        var (stored, faults) = await intake.TakeEachAsync(sender, [.. taken.Select(GroupOf)], ct);
        IReadOnlyList<ItemFault> errors = [.. faults.Select(f => f with { Item = taken[f.Item].Number })];
        var refused = errors.Select(e => e.Item).Distinct().Count();
        if (refused + leftOut > 0)
            Log.WebhookLoss(logger, name, items.Count, refused, leftOut, errors.Select(e => $"{e.Field} {e.Reason}").FirstOrDefault("none"));
        if (items.Count > 0 && items.All(i => i.Faults.Count > 0))
            return TypedResults.Problem("Nothing was stored: no item could be read.", statusCode: 400, title: "Malformed items", extensions: new Dictionary<string, object?> { ["errors"] = errors });
        if (items.Count > taken.Count)
            PostWebhook.CountUnmapped(name, items.Count - taken.Count);
        // One that was told otherwise before is in the log all the same.
        var malformed = errors.Where(e => e.Field != "id").Select(e => e.Item).ToHashSet();
        var ended = await EndAsync(mapping, sender, [.. taken.Where(t => t.Stream is not null && !malformed.Contains(t.Number)).Select(t => (t.Series!, t.Stream!))], ct);
        var all = stored.And(ended);
        return TypedResults.Ok(new PostEvents.Answer(all.Appended, all.Duplicates, all.Position, Note(items.Count, items.Count - taken.Count, refused, leftOut, ended.Appended), errors.Count > 0 ? errors : null));
    }

    /// <summary>What is wrong with an item keeps its events out.</summary>
    private static IReadOnlyList<IncomingItem> GroupOf(MappedItem item) => item.Faults.Count > 0 ? [new IncomingItem(null, item.Events.Select(e => e.Id).FirstOrDefault(), item.Faults)] : item.Events;

    private async Task<IntakeResult.Stored> EndAsync(WebhookMapping mapping, Sender sender, IReadOnlyCollection<(string Series, string Stream)> told, CancellationToken ct)
    {
        var found = await ends.FindAsync(mapping.Centre, mapping.Source, told, ct);
        return (await intake.TakeEachAsync(sender, [.. found.Select(e => (IReadOnlyList<IncomingItem>)[new IncomingItem(new WireEvent(mapping.Centre, e), e.SenderId, [])])], ct)).Stored;
    }

    private static string? Note(int items, int passedOver, int refused, int leftOut, long ended)
    {
        List<string> told = [];
        if (items == 0)
            told.Add("The document lists nothing.");
        if (passedOver > 0)
            told.Add(Told(passedOver, "item is", "items are", "taken by no rule of the mapping; if they tell something that counts, add a rule."));
        if (refused > 0)
            told.Add(Told(refused, "item was", "items were", "not stored, or not whole; see errors."));
        if (leftOut > 0)
            told.Add(Told(leftOut, "item was", "items were", "left out by the sender; have it send all of them."));
        if (ended > 0)
            told.Add(Told(ended, "outage whose end nobody told is", "outages whose end nobody told are", "taken to have ended when the next of its series was told of."));
        return told.Count == 0 ? null : string.Join(' ', told);
    }

    private static string Told(long count, string one, string several, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : several)} {what}");
}
