using System.Threading.Channels;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Folds the whole log, stream by stream: what a rebuild writes and a verification compares. Some batches are in memory, never more.
/// </summary>
/// <param name="catalogues">Not used by anyone else meanwhile.</param>
/// <param name="upTo">The position it is folded up to.</param>
/// <param name="now">The instant what is owed is judged at.</param>
internal sealed class WholeLog(CatalogueLogs catalogues, long upTo, Instant now)
{
    private const int EventsPerBatch = 5_000;
    private const long BytesPerBatch = 16L << 20;
    private const int BatchesInMemory = 4;

    private readonly Dictionary<string, CatalogueLog> _centres = [];

    /// <summary>Positions read so far.</summary>
    public long Done { get; private set; }

    /// <summary>The centres met so far.</summary>
    public IReadOnlyCollection<string> Centres => _centres.Keys;

    /// <summary>What they have published.</summary>
    public IReadOnlyDictionary<string, CatalogueLog> Catalogues => _centres;

    /// <summary>Who sent it, once all is folded.</summary>
    public SourceDays Sources { get; } = new();

    /// <summary>Catalogues of which some version could not be read, once all is folded.</summary>
    public IEnumerable<(StreamKey Key, string Reason)> UnreadableCatalogues =>
        _centres.Keys.Where(c => catalogues.UnreadableOf(c) is not null).Select(c => (new StreamKey(c, CatalogueLogs.Stream), catalogues.UnreadableOf(c)!));

    /// <summary>Folds it, batch after batch, reading and folding ahead of whoever takes them.</summary>
    /// <param name="reader">In a transaction of its own; busy until the end.</param>
    /// <param name="alwaysTypes">Types that are read whatever their position.</param>
    /// <param name="take">Given each batch in turn.</param>
    /// <param name="ct">Cancels.</param>
    public async Task FoldAsync(NpgsqlConnection reader, IReadOnlyList<string> alwaysTypes, Func<FoldedBatch, Task> take, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var batches = Channel.CreateBounded<Task<FoldedBatch>>(BatchesInMemory);
        var reading = Task.Run(() => ReadAsync(reader, alwaysTypes, batches.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(stop.Token))
                await take(await batch);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
    }

    private async Task ReadAsync(NpgsqlConnection reader, IReadOnlyList<string> alwaysTypes, ChannelWriter<Task<FoldedBatch>> batches, CancellationToken ct)
    {
        try
        {
            // One sort of the whole log: memory for it is the server's, for this transaction alone.
            await using (var settings = new NpgsqlCommand("SET LOCAL work_mem = '64MB'; SET LOCAL idle_in_transaction_session_timeout = 0", reader))
                await settings.ExecuteNonQueryAsync(ct);
            var (streams, count, bytes) = (new List<(StreamKey Key, List<RecordedEvent> Events)>(), 0, 0L);
            await foreach (var e in EventLog.ReadByStreamAsync(reader, upTo, alwaysTypes, ct))
            {
                var key = new StreamKey(e.Centre, e.StreamId);
                if (streams.Count == 0 || streams[^1].Key != key)
                {
                    if (count >= EventsPerBatch || bytes >= BytesPerBatch)
                    {
                        await WriteAsync(streams);
                        (streams, count, bytes) = ([], 0, 0);
                    }

                    streams.Add((key, []));
                }

                Sources.Add(e);
                streams[^1].Events.Add(e);
                (Done, count, bytes) = (Done + 1, count + 1, bytes + e.Data.Length);
            }

            await WriteAsync(streams);
            batches.Complete();
        }
        catch (Exception fault)
        {
            batches.Complete(fault);
            throw;
        }

        async Task WriteAsync(List<(StreamKey Key, List<RecordedEvent> Events)> streams)
        {
            foreach (var centre in streams.Select(s => s.Key.Centre).Distinct().Where(c => !_centres.ContainsKey(c)))
                _centres[centre] = await catalogues.OfAsync(centre, upTo, ct);
            await batches.WriteAsync(Task.Run(async () => await FoldAsync(streams), ct), ct);
        }
    }

    private async Task<FoldedBatch> FoldAsync(List<(StreamKey Key, List<RecordedEvent> Events)> streams)
    {
        var (folded, told) = (new List<FoldedStream>(streams.Count), new List<ClockNoticeRow>());
        foreach (var (key, events) in streams)
        {
            if (events.Exists(e => NoticeJson.Knows(e.Type)))
            {
                told.AddRange(Told(key, events));
                continue;
            }

            var state = new StreamState(key);
            state.Add(events);
            if (!state.IsEmpty)
                folded.Add(state.Fold(await catalogues.OfAsync(key.Centre, upTo, CancellationToken.None), now));
        }

        return new FoldedBatch(folded, told);
    }

    private static List<ClockNoticeRow> Told(StreamKey key, List<RecordedEvent> events)
    {
        var notices = new List<ClockNotice>();
        foreach (var e in events.Where(e => NoticeJson.Knows(e.Type)))
        {
            if (StreamState.ReadNotice(e) is { } notice)
                notices.Add(notice);
        }

        return new StreamState(key).Tell(notices);
    }
}

/// <summary>Some streams of the log: what their folding gave, and what was told about clocks.</summary>
internal sealed record FoldedBatch(IReadOnlyList<FoldedStream> Streams, IReadOnlyList<ClockNoticeRow> Told);
