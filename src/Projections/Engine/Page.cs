using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>What a page did.</summary>
/// <param name="Owner">False: another host has the checkpoint; nothing was done.</param>
/// <param name="Checkpoint">The position committed.</param>
/// <param name="More">True when there is more to do at once.</param>
internal readonly record struct PageResult(bool Owner, long Checkpoint, bool More);

/// <summary>
/// One step of the projections: the events of a page, the rows they change and the checkpoint, in one transaction that
/// owns the checkpoint row. Killed anywhere, either all of it stands or none.
/// </summary>
/// <param name="work">What is kept between pages.</param>
/// <param name="limit">The most events of a page; null: as many as suit how far behind it is.</param>
internal sealed class Page(Workspace work, int? limit = null)
{
    // A page small enough that the next reader never waits long for it; and one for whoever is far behind, where what
    // counts is that a stream's rows are written once for many of its events.
    private const int MaxEvents = 10_000;
    private const int MaxEventsBehind = 100_000;
    private const int MaxRetries = 100;

    // An event may be a megabyte long; what it says beyond what is folded is dropped once the page is.
    private const long MaxBytes = 64L << 20;

    /// <summary>Projects the next events up to a mark.</summary>
    /// <param name="mark">Nothing at or below it can still commit.</param>
    /// <param name="now">By the database's clock; decides only which notices are owed no more.</param>
    /// <param name="ct">Cancels; a page cut off never was.</param>
    public async Task<PageResult> RunAsync(long mark, Instant now, CancellationToken ct)
    {
        await using var turn = await work.TryBeginAsync(ct);
        if (turn is null)
            return default;
        var most = Math.Min(work.MostEvents, limit ?? (mark - turn.Checkpoint > MaxEventsBehind ? MaxEventsBehind : MaxEvents));
        var read = await ReadAsync(turn, mark, most, ct);
        // What is asked for and not taken is sent all the same, so after long events fewer are asked for.
        work.MostEvents = read.Bytes >= MaxBytes ? read.Count : (int)Math.Min(int.MaxValue, work.MostEvents * 2L);
        var isFull = read.Count == most || read.Bytes >= MaxBytes;
        var end = isFull ? read.Last : Math.Max(turn.Checkpoint, mark);
        var (again, sweeping) = await CatalogueSweep.TakeAsync(turn.Connection, work.Generation, ct);
        again.AddRange(await Quarantine.ToRetryAsync(turn.Connection, work.Generation, MaxRetries, ct));
        var recount = await AvailabilitySweep.TakeAsync(turn.Connection, work.Generation, ct);
        if (end == turn.Checkpoint && again.Count == 0 && recount.Count == 0 && !sweeping)
        {
            turn.Leave();
            return new PageResult(true, end, false);
        }

        // Begun here, for pages without anything to do come four times a second.
        using var span = Spans.Source.StartActivity("projection page");
        sweeping |= await PublishAsync(turn, read, again, end, ct);
        var touched = await StatesAsync(turn, read, again, ct);
        await read.Sources.WriteAsync(turn.Connection, work.Generation, ct);
        await work.Stages.RunAsync(turn.Connection, touched, recount, end, now, ct);
        await turn.CommitAsync(end, ct);
        work.States.Trim(read.Count);
        span?.SetTag("sla.events", read.Count).SetTag("sla.streams", touched.Count).SetTag("sla.position", end);
        return new PageResult(true, end, isFull || again.Count > 0 || recount.Count > 0 || sweeping);
    }

    private static async Task<PageEvents> ReadAsync(Workspace.Turn turn, long mark, int limit, CancellationToken ct)
    {
        var read = new PageEvents();
        if (turn.Checkpoint < mark)
        {
            await foreach (var e in EventLog.ReadAsync(turn.Connection, turn.Checkpoint, mark, limit, ct))
            {
                read.Add(e);
                if (read.Bytes >= MaxBytes)
                    break;
            }
        }

        return read;
    }

    /// <summary>Catalogues published in the page: from here on they are what is folded with.</summary>
    private async Task<bool> PublishAsync(Workspace.Turn turn, PageEvents read, List<StreamKey> again, long end, CancellationToken ct)
    {
        var retried = again.Where(k => k.Stream == CatalogueLogs.Stream).Select(k => k.Centre).ToHashSet();
        again.RemoveAll(k => k.Stream == CatalogueLogs.Stream);
        var begun = new List<(string, bool)>();
        foreach (var centre in read.Published.Keys.Union(retried))
        {
            work.Catalogues.Forget(centre);
            var log = await work.Catalogues.OfAsync(centre, end, ct);
            begun.Add((centre, retried.Contains(centre) || read.Published.GetValueOrDefault(centre) || log.Versions.All(v => v.Position > turn.Checkpoint)));
            await AvailabilitySweep.BeginAsync(turn.Connection, work.Generation, centre, log, ct);
            await Quarantine.MoveAsync(turn.Connection, work.Generation, new StreamKey(centre, CatalogueLogs.Stream), work.Catalogues.UnreadableOf(centre), end, ct);
        }

        if (begun.Count > 0)
            await CatalogueSweep.BeginAsync(turn.Connection, work.Generation, begun, end, ct);
        return begun.Count > 0;
    }

    /// <summary>The streams to fold, with the page's facts in them.</summary>
    private async Task<List<StreamState>> StatesAsync(Workspace.Turn turn, PageEvents read, List<StreamKey> again, CancellationToken ct)
    {
        // What stands apart and is tried again is read anew: it was mended in the log, or by a program that reads more.
        var keys = read.Facts.Keys.Concat(read.Notices.Keys).Concat(again).ToHashSet();
        var states = await work.States.LoadAsync(turn.Connection, work.Generation, keys, read.IsNew, turn.Checkpoint, ct);
        var (touched, told) = (new List<StreamState>(states.Count), new List<ClockNoticeRow>());
        var repeated = again.ToHashSet();
        foreach (var state in states)
        {
            var concerned = repeated.Contains(state.Key);
            // One that stood apart has no list of what was restated of it.
            if (concerned)
                state.RestatedUpTo = 0;
            if (read.Facts.TryGetValue(state.Key, out var facts))
            {
                concerned = true;
                state.Add(facts);
            }

            if (read.Notices.TryGetValue(state.Key, out var notices) && state.Tell(notices) is { Count: > 0 } changed)
            {
                concerned = true;
                told.AddRange(changed);
            }

            if (concerned)
                touched.Add(state);
        }

        await ClockNotices.Table.UpsertAsync(turn.Connection, work.Generation, told, ct);
        return touched;
    }

    /// <summary>The events of a page, by what they concern.</summary>
    private sealed class PageEvents
    {
        public int Count { get; private set; }

        public long Bytes { get; private set; }

        public long Last { get; private set; }

        public Dictionary<StreamKey, List<RecordedEvent>> Facts { get; } = [];

        /// <summary>Notices by the stream of the clock they are about.</summary>
        public Dictionary<StreamKey, List<ClockNotice>> Notices { get; } = [];

        /// <summary>Centres whose catalogue log grew, each with whether settled clocks are concerned, too.</summary>
        public Dictionary<string, bool> Published { get; } = [];

        /// <summary>Who sent them.</summary>
        public SourceDays Sources { get; } = new();

        public bool IsNew(StreamKey key) => Facts.TryGetValue(key, out var facts) && facts[0].Version == 1 && !Notices.ContainsKey(key);

        public void Add(RecordedEvent e)
        {
            (Count, Bytes, Last) = (Count + 1, Bytes + e.Data.Length, e.Position);
            Sources.Add(e);
            if (EventTypes.Concerns(e.Type, e.StreamId))
                In(Facts, new StreamKey(e.Centre, e.StreamId)).Add(e);
            else if (e.Type is CatalogueJson.Published or Recalculation.Ordered)
                Published[e.Centre] = Published.GetValueOrDefault(e.Centre) || e.Type == Recalculation.Ordered;
            else if (NoticeJson.Knows(e.Type) && StreamState.ReadNotice(e) is { } notice)
                In(Notices, new StreamKey(e.Centre, notice.Clock.Stream)).Add(notice);
        }

        private static List<T> In<T>(Dictionary<StreamKey, List<T>> lists, StreamKey key)
        {
            if (!lists.TryGetValue(key, out var list))
                lists.Add(key, list = []);
            return list;
        }
    }
}
