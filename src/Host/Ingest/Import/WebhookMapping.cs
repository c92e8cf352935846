using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

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
        (_mapping, _slots) = (mapping, new JsonSlots(mapping.Attributes));
    }

    /// <summary>The centre its cases belong to.</summary>
    public string Centre => _mapping.Centre;

    /// <summary>The events of a document, and one item with nothing but faults when anything is wrong with it: then nothing of it is to be stored. None: no rule is met.</summary>
    public IReadOnlyList<IncomingItem> Map(JsonDocument document)
    {
        List<Fault> unstorable = [];
        Storable.Check(document.RootElement, "", unstorable);
        if (unstorable.Count > 0)
            return [new IncomingItem(null, null, unstorable)];
        var faults = new List<RecordFault>();
        var events = new RecordMapper(_mapping).Map(_slots.Read(1, document.RootElement), faults);
        List<IncomingItem> items = [.. events.Select(e => new IncomingItem(new WireEvent(_mapping.Centre, e.Reported), e.Reported.SenderId, []))];
        if (faults.Count > 0)
            items.Add(new IncomingItem(null, null, [.. faults.Select(f => new Fault(f.Column.Length > 0 ? f.Column : f.Field, f.Reason))]));
        return items;
    }
}
