using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>A stream as a page works on it: its facts up to the page's end, and what the read models hold of it.</summary>
internal sealed class StreamState(StreamKey key)
{
    private static readonly Dictionary<ClockId, ToldNotices> Nothing = [];

    private readonly List<RecordedEvent> _unread = [];

    /// <summary>Which stream.</summary>
    public StreamKey Key { get; } = key;

    private StreamKind Kind { get; } = StreamKinds.Of(key.Stream) ?? StreamKind.Case;

    /// <summary>Its facts as far as it has been folded, in the order of their positions.</summary>
    public List<Recorded> Facts { get; } = [];

    /// <summary>True when it holds nothing that concerns a read model.</summary>
    public bool IsEmpty => Facts.Count == 0 && !_unread.Exists(e => EventTypes.Concerns(e.Type, Key.Stream));

    /// <summary>True while its case, or a clock of it, is open.</summary>
    public bool IsOpen => Rows.Any(r => r.CaseOpen || r.State == "open");

    /// <summary>Its rows as they are stored.</summary>
    public IReadOnlyList<CommitmentClockRow> Rows { get; set; } = [];

    /// <summary>What has been told about its clocks, as it is stored.</summary>
    public IReadOnlyList<ClockNoticeRow> Notices { get; set; } = [];

    /// <summary>Its contradictions, as they are stored.</summary>
    public IReadOnlyList<AnomalyRow> Anomalies { get; set; } = [];

    /// <summary>What was restated of it, as it is stored.</summary>
    public IReadOnlyList<RestatementRow> Restatements { get; set; } = [];

    /// <summary>What it says about services, as it is stored.</summary>
    public ServiceRows Services { get; set; } = ServiceRows.None;

    /// <summary>What citizens say in it, as it is stored.</summary>
    public CitizenRows Citizens { get; set; } = CitizenRows.None;

    /// <summary>The position up to which <see cref="Restatements"/> are all there are; what was restated stays so.</summary>
    public long RestatedUpTo { get; set; }

    /// <summary>The number of the page that used it last.</summary>
    public long LastUsed { get; set; }

    /// <summary>Keeps stored facts, to be read when the stream is folded.</summary>
    public void Add(IEnumerable<RecordedEvent> stored) => _unread.AddRange(stored);

    /// <summary>Keeps a stored fact, to be read when the stream is folded.</summary>
    public void Add(RecordedEvent stored) => _unread.Add(stored);

    /// <summary>Reads a notice; null for one that we did not write: ours can be read, and another says nothing about what was told.</summary>
    public static ClockNotice? ReadNotice(RecordedEvent e)
    {
        try
        {
            return NoticeJson.Read(e.Type, e.Id, e.Data);
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    /// <summary>Keeps what was told about its clocks, and gives the rows that changed by it.</summary>
    public List<ClockNoticeRow> Tell(IEnumerable<ClockNotice> notices)
    {
        var changed = new Dictionary<ClockId, ClockNoticeRow>();
        foreach (var notice in notices)
        {
            var before = changed.GetValueOrDefault(notice.Clock) ?? Notices.FirstOrDefault(n => n.Id == notice.Clock) ?? new ClockNoticeRow(Key.Centre, notice.Clock, ToldNotices.None, false);
            var told = ToldNotices.Evolve(before.Told, notice);
            if (told != before.Told)
                changed[notice.Clock] = before with { Told = told };
        }

        if (changed.Count > 0)
            Notices = [.. Notices.Where(n => !changed.ContainsKey(n.Id)), .. changed.Values];
        return [.. changed.Values];
    }

    /// <summary>Folds it into its rows. The clocks themselves are let go of, so that they die young, before a page is written.</summary>
    public FoldedStream Fold(CatalogueLog catalogue, Instant now)
    {
        var folded = new FoldedStream(this, [], [], [], [], ServiceRows.None, CitizenRows.None, null);
        var poison = Try(() => folded = Kind switch
        {
            StreamKind.Case or StreamKind.Complaint or StreamKind.Outage => FoldClocks(catalogue, now),
            StreamKind.Maintenance => folded with { Services = ServiceRows.OfMaintenance(Key, Facts) },
            StreamKind.Service => folded with { Services = ServiceRows.OfWatch(Key, Facts) },
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        return folded with { Poison = poison };
    }

    private FoldedStream FoldClocks(CatalogueLog catalogue, Instant now)
    {
        var clocks = StreamClocks.Fold(Kind, Facts, catalogue);
        var told = Notices.Count == 0 ? Nothing : Notices.ToDictionary(n => n.Id, n => n.Told);
        return new FoldedStream(
            this, CommitmentClockRow.Of(Key.Centre, Key.Stream, clocks, catalogue, told, now), NoticesWith(clocks, now), AnomalyRow.Of(Key.Centre, Key.Stream, clocks),
            [.. Restatements.Where(r => r.Position <= RestatedUpTo), .. RestatementRow.Of(Key.Centre, Key.Stream, Domain.Commitments.Restatements.Of(Kind, Facts, catalogue, RestatedUpTo), catalogue)],
            clocks is OutageClocks outages ? ServiceRows.Of(Key, outages, catalogue) : ServiceRows.None, CitizenRows.Of(Key, clocks, catalogue), null);
    }

    /// <summary>The notices its clocks are owed at an instant; none when it cannot be folded.</summary>
    public List<ClockNotice> Owed(CatalogueLog catalogue, Instant now)
    {
        var owed = new List<ClockNotice>();
        if (Kind is not (StreamKind.Case or StreamKind.Complaint or StreamKind.Outage))
            return owed;
        Try(() =>
        {
            var clocks = StreamClocks.Fold(Kind, Facts, catalogue);
            var told = Notices.ToDictionary(n => n.Id, n => n.Told);
            var byId = ById(clocks);
            owed = [.. byId.Keys.Union(told.Keys).SelectMany(id => NoticeDecision.Decide(id, byId.GetValueOrDefault(id), told.GetValueOrDefault(id) ?? ToldNotices.None, now))];
        });
        return owed;
    }

    /// <summary>Nothing in here waits or reads: whatever is thrown comes of these events alone and would come again.</summary>
    /// <returns>Why it cannot be folded; null when it could.</returns>
    private string? Try(Action fold)
    {
        try
        {
            foreach (var e in _unread)
            {
                if (e.Fact() is { } fact)
                    Facts.Add(fact);
            }

            _unread.Clear();
            fold();
            return null;
        }
        catch (Exception poison) when (poison is not OutOfMemoryException)
        {
            return ReasonOf(poison);
        }
    }

    private List<ClockNoticeRow> NoticesWith(StreamClocks clocks, Instant now)
    {
        if (Notices.Count == 0)
            return [];
        var byId = ById(clocks);
        return [.. Notices.Select(n => n with { Retract = NoticeDecision.MustRetract(byId.GetValueOrDefault(n.Id)?.Read(), n.Told, now) })];
    }

    private Dictionary<ClockId, Clock> ById(StreamClocks clocks) => clocks.Clocks.ToDictionary(c => new ClockId(Key.Stream, c.Definition.Id, c.Key ?? "", c.Ordinal));

    // Our own messages name fields and never values; of others that is not known.
    private static string ReasonOf(Exception poison) =>
        poison is UnreadableEventException or CalendarRangeException ? poison.Message : $"folding it ends in {poison.GetType().Name}";
}

/// <summary>What folding a stream gave.</summary>
/// <param name="State">The stream.</param>
/// <param name="Rows">Its rows as they should be; none when it cannot be folded.</param>
/// <param name="Notices">What has been told about its clocks, with what is to be retracted.</param>
/// <param name="Anomalies">Its contradictions.</param>
/// <param name="Restatements">What was restated of it.</param>
/// <param name="Services">What it says about services.</param>
/// <param name="Citizens">What citizens say in it.</param>
/// <param name="Poison">Why it cannot be folded.</param>
internal sealed record FoldedStream(
    StreamState State, IReadOnlyList<CommitmentClockRow> Rows, IReadOnlyList<ClockNoticeRow> Notices, IReadOnlyList<AnomalyRow> Anomalies, IReadOnlyList<RestatementRow> Restatements, ServiceRows Services,
    CitizenRows Citizens, string? Poison);
