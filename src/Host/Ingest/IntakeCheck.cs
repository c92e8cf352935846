using System.Runtime.CompilerServices;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Ingest;

/// <summary>A checked event with the item of the request it came as.</summary>
internal sealed record CheckedItem(int Item, long? Line, string? Id, EventToAppend Event);

/// <summary>Checks the items of one request and keeps what is wrong with them.</summary>
internal sealed class IntakeCheck(Sender sender, Instant now, EventSealing sealing)
{
    // A page of them is enough to mend the rest by; millions would only cost the time of those who send well.
    private const int MaxFaults = 1000;

    // Enough for an event that names the only centre and one that names none; more are wrong whatever they are.
    private const int MaxResolved = 4;

    private readonly Dictionary<string, (string? Centre, CatalogueLog Catalogue, string Reason)> _resolved = [];
    private readonly List<ItemFault> _faults = [];
    private bool _malformed;

    /// <summary>The centre of the request, once an event of it was read.</summary>
    public string? Centre { get; private set; }

    /// <summary>Items so far.</summary>
    public int Items { get; private set; }

    /// <summary>True when so much is wrong that nobody need look further.</summary>
    public bool IsFull => _faults.Count >= MaxFaults;

    /// <summary>What is wrong; null: nothing.</summary>
    public IntakeResult.Refused? Refusal => _faults.Count == 0 ? null : new IntakeResult.Refused(_faults, _faults.DistinctBy(f => f.Item).Count(), IsFull, _malformed);

    /// <summary>The events that can be stored, in parts that fit into a transaction and into memory; what is personal of them is sealed.</summary>
    public async IAsyncEnumerable<IReadOnlyList<CheckedItem>> GoodAsync(IAsyncEnumerable<IncomingItem> items, [EnumeratorCancellation] CancellationToken ct)
    {
        var part = new EventPart();
        await foreach (var item in items.WithCancellation(ct))
        {
            var number = Items++;
            if (await CheckAsync(item, number, ct) is { } good && part.Add(new CheckedItem(number, item.Line, item.Id, good)) is { } full)
                yield return await SealAsync(full, ct);
            if (IsFull)
                yield break;
        }

        if (part.Rest is { Count: > 0 } rest)
            yield return await SealAsync(rest, ct);
    }

    /// <summary>Seals what is personal of a part.</summary>
    public async Task<IReadOnlyList<CheckedItem>> SealAsync(IReadOnlyList<CheckedItem> part, CancellationToken ct)
    {
        IReadOnlyList<EventToAppend> given = [.. part.Select(i => i.Event)];
        var events = await sealing.SealAsync(Centre!, given, ct);
        return ReferenceEquals(events, given) ? part : [.. part.Select((item, i) => item with { Event = events[i] })];
    }

    /// <summary>Notes why the log would refuse an event.</summary>
    public void Refuse(CheckedItem refused, AppendRefusedException reason) => Add(refused.Item, refused.Line, refused.Id, reason is StreamArchivedException
        ? new Fault("subject", $"names {refused.Event.StreamId}, which is archived and takes no more events")
        : new Fault("id", "stands in the log, or before in the request, for another event or with other content; give the other event an id of its own"));

    /// <summary>Notes that an item has the id of an earlier one and other content.</summary>
    public void RefuseId(int item, long? line)
    {
        if (!_faults.Any(f => f.Item == item && f.Field == "id"))
            Add(item, line, null, new Fault("id", "stands before in the request for another event or with other content; give the other event an id of its own"));
    }

    private async ValueTask<EventToAppend?> CheckAsync(IncomingItem item, int number, CancellationToken ct)
    {
        var faults = new List<Fault>(item.Faults);
        if (item.Event is { } wire)
        {
            var centre = await ResolveAsync(wire.Centre, ct);
            Centre ??= centre.Centre;
            if (centre.Centre is null)
                faults.Add(new Fault("centre", centre.Reason));
            else if (centre.Centre != Centre)
                faults.Add(new Fault("centre", $"is another than that of the events before, {Centre}; a request is stored whole or not at all, so send one for each centre"));
            sender.CheckSource(wire.Reported, faults);
            EventCheck.Check(wire.Reported, centre.Catalogue, now, faults);
            if (faults.Count == 0)
                return EventCheck.ToAppend(Centre!, wire.Reported);
        }

        foreach (var fault in faults)
            Add(number, item.Line, item.Id, fault);
        _malformed = true;
        return null;
    }

    private async ValueTask<(string? Centre, CatalogueLog Catalogue, string Reason)> ResolveAsync(string? asked, CancellationToken ct)
    {
        if (_resolved.TryGetValue(asked ?? "", out var centre))
            return centre;
        if (_resolved.Count >= MaxResolved)
            return (null, CatalogueLog.Empty, "is another than that of the events before; a request is for one centre, so send one for each");
        return _resolved[asked ?? ""] = await sender.ResolveAsync(asked, ct);
    }

    private void Add(int item, long? line, string? id, Fault fault) => _faults.Add(new ItemFault(item, line, id, fault.Field, fault.Reason));
}

/// <summary>Gathers events until they are as many, or as much, as one transaction should take.</summary>
internal sealed class EventPart
{
    private const int MaxEvents = EventLog.MaxEventsPerTransaction;
    private const long MaxBytes = 16L * 1024 * 1024;
    private long _bytes;

    /// <summary>What is gathered and not full yet.</summary>
    public List<CheckedItem> Rest { get; private set; } = [];

    /// <summary>Adds one; the part that is full without it, if any.</summary>
    public IReadOnlyList<CheckedItem>? Add(CheckedItem next)
    {
        var full = Rest.Count == MaxEvents || (Rest.Count > 0 && _bytes + next.Event.Data.Length > MaxBytes) ? Rest : null;
        if (full is not null)
            (Rest, _bytes) = ([], 0);
        Rest.Add(next);
        _bytes += next.Event.Data.Length;
        return full;
    }
}
