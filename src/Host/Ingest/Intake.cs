using System.Diagnostics.Metrics;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Takes events into the log. All of a request is checked first, against the log too; only then it is appended: in one
/// transaction, or in several where it is longer than one should be. So a request is for one centre. One whose answer was lost,
/// or of which others took an id while it was stored, can be sent again, whole: what is stored already is recognised.
/// </summary>
internal sealed class Intake(GroupCommit log, EventLog store, EventSealing sealing, IClock clock, Action appended) : IDisposable
{
    // Each holds two parts of some megabytes, and the disk and the database are what they wait for.
    private const int LongAtATime = 2;

    // With what each has, well below what one transaction takes.
    private const int EventsAtATime = 5_000;

    private static readonly Counter<long> Events = Meters.Sla.CreateCounter<long>("sla_ingest_events", description: "Events received, by what became of them.");

    private readonly SemaphoreSlim _long = new(LongAtATime);

    /// <summary>Takes what a body holds.</summary>
    /// <param name="sender">Who sends it.</param>
    /// <param name="read">Reads the body from its beginning, each time it is called, until what it is given cancels.</param>
    /// <param name="ct">Cancels, until storing begins.</param>
    public async Task<IntakeResult> TakeAsync(Sender sender, Func<CancellationToken, IAsyncEnumerable<IncomingItem>> read, CancellationToken ct)
    {
        using var span = Meters.Spans.StartActivity("ingest");
        var check = new IntakeCheck(sender, clock.GetCurrentInstant(), sealing);
        using var several = new LongRequest(this, check);
        IReadOnlyList<CheckedItem> only = [];
        await foreach (var part in check.GoodAsync(read(ct), ct))
        {
            if (only.Count > 0)
                await several.LookAsync(only, ct);
            only = part;
        }

        var result = several.HasBegun ? await several.FinishAsync(only, read, ct) : await TakeAsync(check, only, ct);
        if (result is IntakeResult.Refused { Before: var before })
            Count("refused", check.Items - (before?.Appended + before?.Duplicates ?? 0));
        span?.SetTag("sla.events", check.Items);
        return result;
    }

    /// <summary>
    /// Takes groups of events each by itself. A group in which anything is malformed is left out whole; of the others an event whose
    /// id stands in the log for other content is left out alone, for what was told first stays.
    /// </summary>
    /// <param name="sender">Who sends them.</param>
    /// <param name="groups">The groups of one document, which are no more than fit into memory.</param>
    /// <param name="ct">Cancels, until storing begins.</param>
    /// <returns>What was stored, and what is wrong with the others, by the numbers of their groups.</returns>
    public async Task<(IntakeResult.Stored Stored, IReadOnlyList<ItemFault> Faults)> TakeEachAsync(Sender sender, IReadOnlyList<IReadOnlyList<IncomingItem>> groups, CancellationToken ct)
    {
        using var span = Meters.Spans.StartActivity("ingest");
        var (stored, faults) = (new IntakeResult.Stored(0, 0, null), new List<ItemFault>());
        foreach (var some in groups.Select((items, group) => (items, group)).Chunk(Math.Max(1, EventsAtATime / groups.Select(g => g.Count).DefaultIfEmpty(1).Max())))
            stored = stored.And(await TakeSomeAsync(sender, [.. some.SelectMany(g => g.items.Select(i => (g.group, i)))], faults, ct));
        span?.SetTag("sla.events", groups.Sum(g => g.Count));
        return (stored, faults);
    }

    /// <summary>Lets the counters be seen before anything has come: whoever waits for them to grow must see where from.</summary>
    public static void CountNothing()
    {
        foreach (var result in (string[])["appended", "duplicate", "refused"])
            Events.Add(0, KeyValuePair.Create<string, object?>("result", result));
    }

    public void Dispose() => _long.Dispose();

    private async Task<IntakeResult> TakeAsync(IntakeCheck check, IReadOnlyList<CheckedItem> events, CancellationToken ct)
    {
        if (check.Refusal is not null)
            await LookAsync(check, events, ct);
        if (check.Refusal is { } refusal)
            return refusal;
        return await AppendAsync(check, events);
    }

    private async Task LookAsync(IntakeCheck check, IReadOnlyList<CheckedItem> events, CancellationToken ct)
    {
        if (events.Count == 0)
            return;
        var foreseen = await store.ForeseeAsync(check.Centre!, [.. events.Select(e => e.Event)], ct);
        for (var i = 0; i < events.Count && !check.IsFull; i++)
        {
            if (foreseen[i].Refusal is { } refusal)
                check.Refuse(events[i], refusal);
        }
    }

    /// <summary>Appends to the end, whatever the sender does meanwhile. Others may have taken an id since it was looked for.</summary>
    private async Task<IntakeResult> AppendAsync(IntakeCheck check, IReadOnlyList<CheckedItem> events)
    {
        if (events.Count == 0)
            return new IntakeResult.Stored(0, 0, null);
        try
        {
            var result = await log.AppendAsync(check.Centre!, [.. events.Select(e => e.Event)], CancellationToken.None);
            Count("appended", result.Appended);
            Count("duplicate", result.Duplicates);
            appended();
            return new IntakeResult.Stored(result.Appended, result.Duplicates, result.LastPosition);
        }
        catch (AppendRefusedException refused)
        {
            await LookAsync(check, events, CancellationToken.None);
            if (check.Refusal is null)
                check.Refuse(events.First(e => refused is EventIdReusedException reused ? e.Event.Id == reused.EventId : e.Event.StreamId == refused.StreamId), refused);
            return check.Refusal!;
        }
    }

    private async Task<IntakeResult.Stored> TakeSomeAsync(Sender sender, List<(int Group, IncomingItem Item)> left, List<ItemFault> faults, CancellationToken ct)
    {
        while (left.Count > 0)
        {
            var (check, good) = (new IntakeCheck(sender, clock.GetCurrentInstant(), sealing), new List<CheckedItem>());
            await foreach (var part in check.GoodAsync(left.Select(l => l.Item).ToAsyncEnumerable(), ct))
                good.AddRange(part);
            var malformed = check.Refusal is not null;
            if (!malformed && await TakeAsync(check, good, ct) is IntakeResult.Stored stored)
                return stored;
            var wrong = check.Refusal!.Faults;
            var (items, groups, before) = (wrong.Select(f => f.Item).ToHashSet(), wrong.Select(f => left[f.Item].Group).ToHashSet(), left.Count);
            faults.AddRange(wrong.Select(f => f with { Item = left[f.Item].Group }));
            left = [.. left.Where((l, i) => malformed ? !groups.Contains(l.Group) : !items.Contains(i))];
            Count("refused", before - left.Count);
        }

        return new IntakeResult.Stored(0, 0, null);
    }

    private static void Count(string result, long count)
    {
        if (count > 0)
            Events.Add(count, KeyValuePair.Create<string, object?>("result", result));
    }

    /// <summary>A request of more than one part: looked through part by part, then read and stored part by part.</summary>
    private sealed class LongRequest(Intake intake, IntakeCheck check) : IDisposable
    {
        private RequestIds? _ids;

        /// <summary>True once a part was looked at.</summary>
        public bool HasBegun => _ids is not null;

        /// <summary>Looks whether the log would refuse anything of a part, and notes its ids.</summary>
        public async Task LookAsync(IReadOnlyList<CheckedItem> part, CancellationToken ct)
        {
            if (_ids is null)
            {
                await intake._long.WaitAsync(ct);
                _ids = new RequestIds();
            }

            await intake.LookAsync(check, part, ct);
            foreach (var e in part)
                _ids.Add(e);
        }

        /// <summary>Looks at the last part; stores all of them when nothing is wrong with any.</summary>
        public async Task<IntakeResult> FinishAsync(IReadOnlyList<CheckedItem> last, Func<CancellationToken, IAsyncEnumerable<IncomingItem>> read, CancellationToken ct)
        {
            await LookAsync(last, ct);
            foreach (var (item, line) in _ids!.Contradicting().TakeWhile(_ => !check.IsFull))
                check.RefuseId(item, line);
            return check.Refusal is { } refusal ? refusal : await StoreAsync(read);
        }

        public void Dispose()
        {
            if (_ids is null)
                return;
            _ids.Dispose();
            intake._long.Release();
        }

        /// <summary>Stores all of it, whether or not the sender waits for the answer: one part is stored while the next is read. Ends at a part that is refused.</summary>
        private async Task<IntakeResult> StoreAsync(Func<CancellationToken, IAsyncEnumerable<IncomingItem>> read)
        {
            var (total, storing) = (new IntakeResult.Stored(0, 0, null), Task.FromResult<IntakeResult>(new IntakeResult.Stored(0, 0, null)));
            await foreach (var part in PartsAsync(read(CancellationToken.None)))
            {
                if (await storing is not IntakeResult.Stored stored)
                    break;
                (total, storing) = (total.And(stored), intake.AppendAsync(check, part));
            }

            return await storing switch
            {
                IntakeResult.Stored last => total.And(last),
                IntakeResult.Refused refused => refused with { Before = total },
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        private async IAsyncEnumerable<IReadOnlyList<CheckedItem>> PartsAsync(IAsyncEnumerable<IncomingItem> items)
        {
            var (part, number) = (new EventPart(), 0);
            await foreach (var item in items)
            {
                // All of it was found good before.
                if (part.Add(new CheckedItem(number++, item.Line, item.Id, EventCheck.ToAppend(check.Centre!, item.Event!.Reported))) is { } full)
                    yield return await check.SealAsync(full, CancellationToken.None);
            }

            yield return await check.SealAsync(part.Rest, CancellationToken.None);
        }
    }
}
