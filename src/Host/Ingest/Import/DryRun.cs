using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Queries;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What an import would do, without doing it: the first cases as they would look, totals by type, and what is wrong by kind.</summary>
/// <param name="centres">The catalogues events are judged by.</param>
/// <param name="mapping">What makes the events; null: they stand in the file as they are.</param>
/// <param name="database">What is stored already; null: nothing is known of it.</param>
/// <param name="sealing">Seals what is compared with what is stored; null where nothing is known of that.</param>
internal sealed class DryRun(IReadOnlyDictionary<string, CatalogueLog> centres, Mapping? mapping, NpgsqlDataSource? database, EventSealing? sealing)
{
    private const int MaxShown = 10;
    private const int MaxKinds = 100;
    private readonly AttributeNames? _names = mapping?.Attributes;
    private readonly EventLog? _log = database is null ? null : new EventLog(database);
    private readonly Dictionary<Guid, UInt128> _contents = [];
    private readonly SortedDictionary<string, long> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordFault, RejectKind> _rejects = [];

    /// <summary>The cases that are folded.</summary>
    public KeptCases Cases { get; } = new(centres);

    /// <summary>Complaints, outages, maintenance and services.</summary>
    public KeptCases Others { get; } = new(centres);

    /// <summary>Cases and complaints that have ended and whose clocks run on.</summary>
    public RunningOn RunningOn { get; } = new();

    /// <summary>Events that are stored already, or stand in the file before.</summary>
    public long Known { get; private set; }

    /// <summary>Events that would be stored, by type.</summary>
    public IReadOnlyDictionary<string, long> Totals => _totals;

    /// <summary>What is wrong, by kind in the order found.</summary>
    public IReadOnlyCollection<RejectKind> Rejects => _rejects.Values;

    /// <summary>Records with faults.</summary>
    public long Rejected { get; private set; }

    /// <summary>Faults of further kinds, which are not listed.</summary>
    public long Unlisted { get; private set; }

    /// <summary>Notes a record that cannot be used.</summary>
    public void Reject(long line, IReadOnlyList<RecordFault> faults, ImportRecord? record)
    {
        Rejected++;
        foreach (var fault in faults)
        {
            if (!_rejects.TryGetValue(fault, out var kind))
            {
                if (_rejects.Count == MaxKinds)
                {
                    Unlisted++;
                    continue;
                }

                _rejects.Add(fault, kind = new RejectKind(fault));
            }

            kind.Count++;
            if (kind.Shown.Count < MaxShown)
                kind.Shown.Add((line, IsPersonal(fault.Field) ? "" : ValueOf(fault.Column, record)));
        }
    }

    /// <summary>Reads to the end, in the batches of an import, so that it says what that would do.</summary>
    public async Task ReadAsync(IEnumerable<CheckedEvent> events, CancellationToken ct)
    {
        foreach (var batch in ImportRun.Batches(events))
        {
            var foreseen = _log is null ? null : await _log.ForeseeAsync(batch[0].Centre, await sealing!.SealAsStoredAsync(batch[0].Centre, batch.ConvertAll(e => e.Event), ct), ct);
            for (var i = 0; i < batch.Count; i++)
                Note(batch[i], foreseen is null ? default : foreseen[i]);
        }
    }

    /// <summary>The cases, folded as if everything had been stored on top of what is: the first as people are shown them, and of all that were kept those that run on.</summary>
    public async Task<IReadOnlyList<(CaseExplanation Explained, KeptCase Case)>> FoldAsync(int shown, Instant now, CancellationToken ct)
    {
        var explained = new List<(CaseExplanation, KeptCase)>();
        await foreach (var kept in Cases.ReadAsync(database, now, ct))
        {
            RunningOn.Add(CaseClocks.Fold(kept.Facts, centres[kept.Centre]), now);
            if (explained.Count < shown && CaseExplanation.Of(kept.Centre, kept.Id, kept.Facts, centres[kept.Centre], now, null) is { } first)
                explained.Add((first, kept));
        }

        return explained;
    }

    /// <summary>The first of the streams that are no cases, as if everything had been stored, with the facts of each in order; complaints with their clocks, and of all that were kept those that run on.</summary>
    public async Task<IReadOnlyList<(KeptCase Kept, ExplainedClocks? Clocks)>> OthersAsync(int shown, Instant now, CancellationToken ct)
    {
        var others = new List<(KeptCase, ExplainedClocks?)>();
        await foreach (var kept in Others.ReadAsync(database, now, ct))
        {
            var folded = StreamKinds.Of(kept.Id) == StreamKind.Complaint ? ComplaintClocks.Fold(kept.Facts, centres[kept.Centre]) : null;
            if (folded is not null)
                RunningOn.Add(folded, now);
            if (others.Count < shown)
                others.Add((kept with { Facts = [.. kept.Facts.Order(Comparer<Recorded>.Create(FoldOrder.Compare))] }, folded is null ? null : ExplainedClocks.Of(folded, now)));
        }

        return others;
    }

    /// <summary>What the file itself says of an id comes first: it would be in the log by then.</summary>
    private void Note(CheckedEvent e, ForeseenAppend foreseen)
    {
        var content = ContentHash.Of(e.Event);
        var isRefused = _contents.TryGetValue(e.Event.Id, out var before) ? before != content : foreseen.Refusal is not null;
        if (isRefused)
        {
            Reject(e.Line, [e.Refused(mapping, foreseen.Refusal is StreamArchivedException)], null);
            return;
        }

        var isNew = _contents.TryAdd(e.Event.Id, content) && !foreseen.IsKnown;
        if (isNew)
            _totals[e.Event.Type] = _totals.GetValueOrDefault(e.Event.Type) + 1;
        else
            Known++;
        (StreamKinds.Of(e.Event.StreamId) == StreamKind.Case ? Cases : Others).Add(e);
    }

    // What an event of the mapping seals: it is no more to be read on a terminal, or in what is kept of it, than anywhere else.
    private bool IsPersonal(string field) =>
        field.Split('.') is ["data", var name, ..] && mapping is not null && mapping.Rules.Any(r => EventTypes.Find(r.Type) is { HasPersonal: true } type && type.Seals(name));

    private string ValueOf(string column, ImportRecord? record)
    {
        if (record is null || _names is null || column.Length == 0)
            return "";
        return string.Join(", ", Columns(column).Select(slot => record.Event?[slot] ?? record.Case[slot] ?? ""));
    }

    private IEnumerable<int> Columns(string column)
    {
        if (_names!.TryFind(column, out var only))
            return [only];
        return column.Split(", ").Select(c => _names!.TryFind(c, out var slot) ? slot : -1).Where(s => s >= 0);
    }
}

/// <summary>One thing that is wrong with records, how many, and some of them with what stands there.</summary>
internal sealed class RejectKind(RecordFault fault)
{
    public RecordFault Fault { get; } = fault;

    public long Count { get; set; }

    public List<(long Line, string Value)> Shown { get; } = [];
}
