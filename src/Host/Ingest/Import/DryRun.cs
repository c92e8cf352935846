using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>What an import would do, without doing it: the first cases as they would look, totals by type, and what is wrong by kind.</summary>
internal sealed class DryRun(IReadOnlyDictionary<string, CatalogueLog> centres, AttributeNames? names, int cases)
{
    private const int MaxEvents = 1_000;
    private const int MaxShown = 10;
    private const int MaxKinds = 100;
    private readonly Dictionary<(string Centre, string Stream), List<CheckedEvent>> _cases = [];
    private readonly List<(string Centre, string Stream)> _order = [];
    private readonly SortedDictionary<string, long> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordFault, RejectKind> _rejects = [];

    /// <summary>Events by type.</summary>
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
                kind.Shown.Add((line, ValueOf(fault.Column, record)));
        }
    }

    /// <summary>Reads to the end.</summary>
    public void Read(IEnumerable<CheckedEvent> events, CancellationToken ct)
    {
        foreach (var e in events)
        {
            ct.ThrowIfCancellationRequested();
            _totals[e.Event.Type] = _totals.GetValueOrDefault(e.Event.Type) + 1;
            var key = (e.Centre, e.Event.StreamId);
            if (!_cases.TryGetValue(key, out var known))
            {
                if (_cases.Count >= cases)
                    continue;
                _cases.Add(key, known = []);
                _order.Add(key);
            }

            if (known.Count < MaxEvents)
                known.Add(e);
        }
    }

    /// <summary>The first cases, folded as if everything had been stored.</summary>
    public IEnumerable<(CaseExplanation Explained, IReadOnlyDictionary<Guid, CheckedEvent> Events)> Cases(Instant now)
    {
        foreach (var key in _order)
        {
            // Stored once, as the log would: the first of an id is the event.
            var events = _cases[key].DistinctBy(e => e.Event.Id).ToDictionary(e => e.Event.Id);
            var position = centres[key.Centre].Versions.Select(v => v.Position).DefaultIfEmpty().Max();
            var facts = events.Values.Select(e => EventJson.ReadCase(e.Event.Type, e.Event.Id, e.Event.Data, ++position, now)).ToList();
            if (CaseExplanation.Of(key.Centre, key.Stream["case/".Length..], facts, centres[key.Centre], now, null) is { } explained)
                yield return (explained, events);
        }
    }

    private string ValueOf(string column, ImportRecord? record)
    {
        if (record is null || names is null || column.Length == 0)
            return "";
        return string.Join(", ", Columns(column).Select(slot => record.Event?[slot] ?? record.Case[slot] ?? ""));
    }

    private IEnumerable<int> Columns(string column)
    {
        if (names!.TryFind(column, out var only))
            return [only];
        return column.Split(", ").Select(c => names.TryFind(c, out var slot) ? slot : -1).Where(s => s >= 0);
    }
}

/// <summary>One thing that is wrong with records, how many, and some of them with what stands there.</summary>
internal sealed class RejectKind(RecordFault fault)
{
    public RecordFault Fault { get; } = fault;

    public long Count { get; set; }

    public List<(long Line, string Value)> Shown { get; } = [];
}
