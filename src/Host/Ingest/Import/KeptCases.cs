using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The cases, or the other streams, of a file that a dry run shows: from the first on, as many as fit into memory.</summary>
internal sealed class KeptCases(IReadOnlyDictionary<string, CatalogueLog> centres)
{
    private const int MaxEvents = 200_000;
    private const int MaxOfCase = 1_000;
    private const int ReadAtOnce = 200;
    private readonly Dictionary<(string Centre, string Stream), List<EventToAppend>> _events = [];
    private readonly List<(string Centre, string Stream)> _order = [];
    private int _kept;

    /// <summary>How many cases there are.</summary>
    public int Count => _order.Count;

    /// <summary>False when the file has cases that were not kept.</summary>
    public bool AreAll { get; private set; } = true;

    /// <summary>Keeps an event that the log would take, or holds already.</summary>
    public void Add(CheckedEvent e)
    {
        var key = (e.Centre, e.Event.StreamId);
        if (!_events.TryGetValue(key, out var known))
        {
            if (!AreAll)
                return;
            _events.Add(key, known = []);
            _order.Add(key);
        }

        if (known.Count == MaxOfCase)
            return;
        known.Add(e.Event);
        if (++_kept > MaxEvents)
            LetGo();
    }

    /// <summary>The facts of each as if everything had been stored, those that are stored already among them, in the order of the file.</summary>
    public async IAsyncEnumerable<KeptCase> ReadAsync(NpgsqlDataSource? database, Instant now, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var keys in _order.Chunk(ReadAtOnce))
        {
            var stored = database is null ? [] : await StoredAsync(database, keys, ct);
            foreach (var key in keys)
                yield return Case(key, stored.GetValueOrDefault(key, []), now);
        }
    }

    /// <summary>The cases that came last go, so that of those that stay every fact is there.</summary>
    private void LetGo()
    {
        AreAll = false;
        while (_kept > MaxEvents && _order.Count > 1)
        {
            _events.Remove(_order[^1], out var events);
            _kept -= events!.Count;
            _order.RemoveAt(_order.Count - 1);
        }
    }

    private KeptCase Case((string Centre, string Stream) key, List<RecordedEvent> stored, Instant now)
    {
        var facts = stored.Facts().ToList();
        var data = stored.ToDictionary(e => e.Id, e => e.Data);
        var position = centres[key.Centre].Versions.Select(v => v.Position).Concat(stored.Select(e => e.Position)).DefaultIfEmpty().Max();
        // Stored once, as the log would: the first of an id is the event.
        foreach (var e in _events[key].Where(e => data.TryAdd(e.Id, e.Data)))
            facts.Add(EventJson.ReadFact(e.Type, e.Id, e.Data, ++position, now));
        return new KeptCase(key.Centre, StreamKinds.Of(key.Stream) == StreamKind.Case ? key.Stream["case/".Length..] : key.Stream, facts, data, stored.Select(e => e.Id).ToHashSet());
    }

    private static async Task<Dictionary<(string Centre, string Stream), List<RecordedEvent>>> StoredAsync(NpgsqlDataSource database, (string Centre, string Stream)[] keys, CancellationToken ct)
    {
        var stored = new Dictionary<(string, string), List<RecordedEvent>>();
        await using var connection = await database.OpenConnectionAsync(ct);
        await foreach (var e in EventLog.ReadStreamsAsync(connection, keys, long.MaxValue, ct))
        {
            if (!stored.TryGetValue((e.Centre, e.StreamId), out var events))
                stored[(e.Centre, e.StreamId)] = events = [];
            events.Add(e);
        }

        return stored;
    }
}

/// <summary>A case as it would be.</summary>
/// <param name="Centre">Its centre.</param>
/// <param name="Id">Its number; of another stream its name.</param>
/// <param name="Facts">Those of the log and those of the file.</param>
/// <param name="Data">Their stored form, by id.</param>
/// <param name="Stored">The ids of those that the log holds already.</param>
internal sealed record KeptCase(string Centre, string Id, IReadOnlyList<Recorded> Facts, IReadOnlyDictionary<Guid, ReadOnlyMemory<byte>> Data, IReadOnlySet<Guid> Stored);
