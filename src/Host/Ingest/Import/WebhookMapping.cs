using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What one item of a document's list becomes.</summary>
/// <param name="Number">Its place in the list, from 0.</param>
/// <param name="Events">Its events; none: no rule is met, or it has faults.</param>
/// <param name="Faults">What is wrong with it: then nothing of it is to be stored.</param>
/// <param name="Series">What its outage has in common with those before and after it; null: nothing.</param>
internal sealed record MappedItem(int Number, IReadOnlyList<IncomingItem> Events, IReadOnlyList<Fault> Faults, string? Series)
{
    /// <summary>The log its outages stand in: where those of its series lie; null: it is of none.</summary>
    public string? Stream => Series is null || Events.Count == 0 ? null : Events[0].Event!.Reported.Stream;
}

/// <summary>
/// Maps one document, as a webhook sends it, to events for <see cref="Intake"/>. Nothing is remembered from one document to
/// the next, so it may be called from many requests at once.
/// </summary>
internal sealed class WebhookMapping
{
    private readonly Mapping _mapping;
    private readonly JsonSlots _slots;

    /// <exception cref="ArgumentException">The mapping is not of format json.</exception>
    public WebhookMapping(Mapping mapping)
    {
        if (mapping.Format != SourceFormat.Json)
            throw new ArgumentException("A webhook sends documents: its mapping must be of format json.", nameof(mapping));
        (_mapping, _slots) = (mapping, new JsonSlots(mapping.Attributes, mapping.Each));
    }

    /// <summary>The centre its cases belong to.</summary>
    public string Centre => _mapping.Centre;

    /// <summary>The source its events are sent under.</summary>
    public string Source => _mapping.Source;

    /// <summary>The list of which each item is taken by itself; null: a document is taken as one.</summary>
    public ItemList? Each => _mapping.Each;

    /// <summary>The events of a document, and one item with nothing but faults when anything is wrong with it: then nothing of it is to be stored. None: no rule is met.</summary>
    public IReadOnlyList<IncomingItem> Map(JsonDocument document)
    {
        List<Fault> unstorable = [];
        Storable.Check(document.RootElement, "", unstorable);
        if (unstorable.Count > 0)
            return [new IncomingItem(null, null, unstorable)];
        return [.. MapEach(document).SelectMany(i => i.Faults.Count == 0 ? i.Events : [.. i.Events, new IncomingItem(null, null, i.Faults)])];
    }

    /// <summary>What the items of a document's list become, each by itself; of a document without a list, the document.</summary>
    public IReadOnlyList<MappedItem> MapEach(JsonDocument document)
    {
        var (mapper, items) = (new RecordMapper(_mapping), new List<MappedItem>());
        foreach (var record in _slots.Read(1, document.RootElement))
        {
            var faults = new List<RecordFault>();
            var events = mapper.Map(record, faults);
            items.Add(new MappedItem(
                items.Count,
                [.. events.Select(e => new IncomingItem(new WireEvent(_mapping.Centre, e.Reported), e.Reported.SenderId, []))],
                [.. faults.Select(f => new Fault(f.Column.Length > 0 ? f.Column : f.Field, f.Reason))],
                mapper.SeriesOf(record)));
        }

        return items;
    }

    /// <summary>How many items the sender says it left out of the list.</summary>
    public int LeftOutOf(JsonDocument document) =>
        _mapping.LeftOut?.Find(document.RootElement) is { ValueKind: JsonValueKind.Number } given && given.TryGetInt32(out var count) ? Math.Max(0, count) : 0;
}
