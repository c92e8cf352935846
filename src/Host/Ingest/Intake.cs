using System.Diagnostics.Metrics;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Host.Ingest;

/// <summary>A fault of one item of a request: its number from 0, its id where it has one, the field and the remedy.</summary>
internal sealed record ItemFault(int Item, string? Id, string Field, string Reason);

/// <summary>One item of a request: the event when it could be read, its id where it has one, and what is wrong with it.</summary>
internal sealed record IncomingItem(WireEvent? Event, string? Id, IReadOnlyList<Fault> Faults);

/// <summary>What became of a request.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>All of it is committed.</summary>
    public sealed record Stored(int Appended, int Duplicates, long? Position) : IntakeResult;

    /// <summary>Nothing of it is stored.</summary>
    public sealed record Malformed(IReadOnlyList<ItemFault> Faults) : IntakeResult;

    /// <summary>An id of it stands in the log for another event; nothing of the request is stored.</summary>
    public sealed record Conflict(string Reason) : IntakeResult;
}

/// <summary>
/// Takes events into the log: all of a request is checked first, then all of it is appended in one transaction. So a request
/// is for one centre, and has at most <see cref="MaxEvents"/>.
/// </summary>
internal sealed class Intake(GroupCommit log, Centres centres, IClock clock, Action appended)
{
    /// <summary>The most events of one request.</summary>
    public const int MaxEvents = EventLog.MaxEventsPerTransaction;

    private static readonly Counter<long> Events = Meters.Sla.CreateCounter<long>("sla_ingest_events", description: "Events received, by what became of them.");

    public async Task<IntakeResult> TakeAsync(IReadOnlyList<IncomingItem> items, CancellationToken ct)
    {
        var faults = new List<ItemFault>();
        var (tenant, events) = ((string?)null, new List<EventToAppend>());
        var resolved = new Dictionary<string, (string? Centre, CatalogueLog Catalogue, string Reason)>();
        for (var i = 0; i < items.Count; i++)
        {
            var all = new List<Fault>(items[i].Faults);
            if (items[i].Event is { } wire)
            {
                var asked = wire.Centre ?? "";
                if (!resolved.TryGetValue(asked, out var centre))
                    resolved[asked] = centre = await centres.ResolveAsync(wire.Centre, ct);
                Check(wire.Reported, centre, all);
                tenant ??= centre.Centre;
                if (centre.Centre is { } named && named != tenant)
                    all.Add(new Fault("centre", $"is another than that of the events before, {tenant}; a request is stored whole or not at all, so send one for each centre"));
                if (all.Count == 0)
                    events.Add(EventCheck.ToAppend(tenant!, wire.Reported));
            }

            faults.AddRange(all.Select(f => new ItemFault(i, items[i].Id, f.Field, f.Reason)));
        }

        if (faults.Count > 0)
        {
            Count("refused", items.Count);
            return new IntakeResult.Malformed(faults);
        }

        return await AppendAsync(tenant ?? "", events, ct);
    }

    private void Check(ReportedEvent reported, (string? Centre, CatalogueLog Catalogue, string Reason) centre, List<Fault> faults)
    {
        if (centre.Centre is null)
            faults.Add(new Fault("centre", centre.Reason));
        EventCheck.Check(reported, centre.Catalogue, clock.GetCurrentInstant(), faults);
    }

    private async Task<IntakeResult> AppendAsync(string centre, List<EventToAppend> events, CancellationToken ct)
    {
        if (events.Count == 0)
            return new IntakeResult.Stored(0, 0, null);
        try
        {
            var result = await log.AppendAsync(centre, events, ct);
            Count("appended", result.Appended);
            Count("duplicate", result.Duplicates);
            appended();
            return new IntakeResult.Stored(result.Appended, result.Duplicates, result.LastPosition);
        }
        catch (AppendRefusedException refused)
        {
            Count("refused", events.Count);
            return new IntakeResult.Conflict(refused.Message);
        }
    }

    private static void Count(string result, int count)
    {
        if (count > 0)
            Events.Add(count, KeyValuePair.Create<string, object?>("result", result));
    }
}
