using System.Threading.Channels;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Brings the events of a file into the log: one task reads, maps and checks, another appends, so that both processors are
/// used and events keep their order. It can be stopped anywhere, by kill -9 too, and started again: what is there already
/// is recognised by its id and counted as a duplicate.
/// </summary>
internal sealed class ImportRun(EventLog log, Mapping? mapping, ImportTally tally, Rejects rejects, SourceHolds holds)
{
    private const int BatchSize = 1_000;
    private const int BatchesAhead = 4;
    private bool _repeating = true;

    /// <summary>Runs to the end of the events; progress is told after each batch.</summary>
    public async Task RunAsync(IEnumerable<CheckedEvent> events, Action progress, CancellationToken ct)
    {
        var batches = Channel.CreateBounded<List<CheckedEvent>>(BatchesAhead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = Task.Run(() => ReadAsync(events, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(ct))
            {
                foreach (var source in batch.Select(e => e.Source).Distinct())
                    await holds.HoldAsync(batch[0].Centre, source, ct);
                await AppendAsync(batch, ct);
                progress();
            }
        }
        finally
        {
            // Whatever ended it: nothing may read on from a file that is closed next.
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>Reads in batches of one centre. What was read before a fault of the file is handed on, and the fault behind it.</summary>
    private static async Task ReadAsync(IEnumerable<CheckedEvent> events, ChannelWriter<List<CheckedEvent>> batches, CancellationToken ct)
    {
        var batch = new List<CheckedEvent>(BatchSize);
        try
        {
            try
            {
                foreach (var e in events)
                {
                    if (batch.Count == BatchSize || (batch.Count > 0 && batch[0].Centre != e.Centre))
                    {
                        await batches.WriteAsync(batch, ct);
                        batch = new List<CheckedEvent>(BatchSize);
                    }

                    batch.Add(e);
                }
            }
            finally
            {
                if (batch.Count > 0)
                    await batches.WriteAsync(batch, ct);
            }

            batches.Complete();
        }
        catch (Exception fault)
        {
            batches.Complete(fault);
        }
    }

    /// <summary>Appends a batch. While what comes was there already, which is so from the start of a file that is imported again, it is looked up first.</summary>
    private async Task AppendAsync(List<CheckedEvent> batch, CancellationToken ct)
    {
        if (_repeating)
            batch = await PassOverRecordedAsync(batch, ct);
        if (batch.Count == 0)
            return;
        try
        {
            var result = await log.AppendAsync(batch[0].Centre, batch.ConvertAll(e => e.Event), ct: ct);
            tally.Appended += result.Appended;
            tally.Duplicates += result.Duplicates;
            _repeating = result.Duplicates > batch.Count / 2;
        }
        catch (EventIdReusedException) when (!_repeating)
        {
            _repeating = true;
            await AppendAsync(batch, ct);
        }
        catch (AppendRefusedException) when (batch.Count > 1)
        {
            // A stream of it is archived, or another import brings the same ids; halving finds it and stores the others.
            var half = batch.Count / 2;
            await AppendAsync(batch[..half], ct);
            await AppendAsync(batch[half..], ct);
        }
        catch (AppendRefusedException refused)
        {
            Reject(batch[0], refused is StreamArchivedException ? new RecordFault("", "subject", "is a case that is archived; it takes nothing more") : Reused(batch[0]));
        }
    }

    /// <summary>What is not recorded yet. An id that stands for other content, in the log or above in the batch, is rejected.</summary>
    private async Task<List<CheckedEvent>> PassOverRecordedAsync(List<CheckedEvent> batch, CancellationToken ct)
    {
        var recorded = await log.FindRecordedAsync(batch[0].Centre, batch.ConvertAll(e => e.Event), ct);
        var (left, first) = (new List<CheckedEvent>(), new Dictionary<Guid, EventToAppend>());
        for (var i = 0; i < batch.Count; i++)
        {
            if (recorded[i] is not { } same)
                same = first.TryAdd(batch[i].Event.Id, batch[i].Event) || IsSame(first[batch[i].Event.Id], batch[i].Event);
            if (!same)
                Reject(batch[i], Reused(batch[i]));
            else if (recorded[i] is null)
                left.Add(batch[i]);
            else
                tally.Duplicates++;
        }

        return left;
    }

    private static bool IsSame(EventToAppend a, EventToAppend b) => a.Type == b.Type && a.StreamId == b.StreamId && a.Data.Span.SequenceEqual(b.Data.Span);

    private void Reject(CheckedEvent e, RecordFault fault) => rejects.Add(e.Line, fault);

    private RecordFault Reused(CheckedEvent e) =>
        new(mapping is not null && e.Rule is { } rule ? mapping.ColumnOf(rule, "id") : "id", "id", "was recorded before with other content; events that differ need ids that differ");
}
