using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Brings the events of a file into the log: one task reads, maps and checks, another appends, so that both processors are
/// used and events keep their order. It can be stopped anywhere, by kill -9 too, and started again: what is there already
/// is recognised by its id and counted as a duplicate.
/// </summary>
internal sealed class ImportRun(EventLog log, EventSealing sealing, Mapping? mapping, ImportTally tally, Rejects rejects, SourceHolds holds)
{
    private const int BatchSize = 1_000;
    private const int BatchesAhead = 4;

    // A thousand events of a megabyte each would be more than memory, and more than one statement, takes.
    private const long BatchBytes = 4L << 20;
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
                await AppendAsync(await SealAsync(batch, ct), ct);
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

    /// <summary>Events in batches of one centre, as many and as much as one append takes. What was read before a fault of the file comes first, then the fault.</summary>
    public static IEnumerable<List<CheckedEvent>> Batches(IEnumerable<CheckedEvent> events)
    {
        using var source = events.GetEnumerator();
        var (batch, bytes) = (new List<CheckedEvent>(BatchSize), 0L);
        ExceptionDispatchInfo? fault;
        while (MoveNext(source, out fault))
        {
            var e = source.Current;
            if (batch.Count == BatchSize || (batch.Count > 0 && (batch[0].Centre != e.Centre || bytes + e.Event.Data.Length > BatchBytes)))
            {
                yield return batch;
                (batch, bytes) = (new List<CheckedEvent>(BatchSize), 0);
            }

            batch.Add(e);
            bytes += e.Event.Data.Length;
        }

        if (batch.Count > 0)
            yield return batch;
        fault?.Throw();
    }

    private static bool MoveNext(IEnumerator<CheckedEvent> source, out ExceptionDispatchInfo? fault)
    {
        fault = null;
        try
        {
            return source.MoveNext();
        }
        catch (Exception broken)
        {
            fault = ExceptionDispatchInfo.Capture(broken);
            return false;
        }
    }

    private static async Task ReadAsync(IEnumerable<CheckedEvent> events, ChannelWriter<List<CheckedEvent>> batches, CancellationToken ct)
    {
        try
        {
            foreach (var batch in Batches(events))
                await batches.WriteAsync(batch, ct);
            batches.Complete();
        }
        catch (Exception fault)
        {
            batches.Complete(fault);
        }
    }

    private async Task<List<CheckedEvent>> SealAsync(List<CheckedEvent> batch, CancellationToken ct)
    {
        var given = batch.ConvertAll(e => e.Event);
        var events = await sealing.SealAsync(batch[0].Centre, given, ct);
        return ReferenceEquals(events, given) ? batch : [.. batch.Select((e, i) => e with { Event = events[i] })];
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
        catch (AppendRefusedException) when (!_repeating)
        {
            _repeating = true;
            await AppendAsync(batch, ct);
        }
        catch (AppendRefusedException) when (batch.Count > 1)
        {
            // Another import brings the same ids, or archives a stream; halving finds it and stores the others.
            var half = batch.Count / 2;
            await AppendAsync(batch[..half], ct);
            await AppendAsync(batch[half..], ct);
        }
        catch (AppendRefusedException refused)
        {
            Reject(batch[0], refused);
        }
    }

    /// <summary>What is not recorded yet. An id that stands for other content, in the log or above in the batch, is rejected, and so is what goes to an archived case.</summary>
    private async Task<List<CheckedEvent>> PassOverRecordedAsync(List<CheckedEvent> batch, CancellationToken ct)
    {
        var (foreseen, left) = (await log.ForeseeAsync(batch[0].Centre, batch.ConvertAll(e => e.Event), ct), new List<CheckedEvent>());
        for (var i = 0; i < batch.Count; i++)
        {
            if (foreseen[i].Refusal is { } refusal)
                Reject(batch[i], refusal);
            else if (foreseen[i].IsKnown)
                tally.Duplicates++;
            else
                left.Add(batch[i]);
        }

        return left;
    }

    private void Reject(CheckedEvent e, AppendRefusedException refused) => rejects.Add(e.Line, e.Refused(mapping, refused is StreamArchivedException));
}
