using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// The streams of the last pages, kept as the committed checkpoint left them, so that one more event on a case costs no reading
/// of its past. Only the owner of the checkpoint may trust them; they are dropped whenever that is in doubt.
/// </summary>
internal sealed class StreamStates
{
    // A hall's open cases; with what a page far behind takes beside them, most of a host's memory.
    private const int MaxFacts = 400_000;

    private readonly Dictionary<StreamKey, StreamState> _kept = [];
    private long _page;
    private int _facts;

    /// <summary>Drops all.</summary>
    public void Forget()
    {
        _kept.Clear();
        _facts = 0;
    }

    /// <summary>Drops one that is not to be trusted.</summary>
    public void Forget(StreamState state)
    {
        if (_kept.Remove(state.Key))
            _facts -= state.Facts.Count;
    }

    /// <summary>Some streams as of the checkpoint, from memory or else from the log and the read models.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="generation">Whose read models.</param>
    /// <param name="keys">Which, each once.</param>
    /// <param name="isNew">Those of which the log holds nothing before the page.</param>
    /// <param name="checkpoint">The last position to read.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<List<StreamState>> LoadAsync(NpgsqlConnection connection, Generation generation, IReadOnlyCollection<StreamKey> keys, Func<StreamKey, bool> isNew, long checkpoint, CancellationToken ct)
    {
        _page++;
        var (states, missing) = (new List<StreamState>(keys.Count), new Dictionary<StreamKey, StreamState>());
        foreach (var key in keys)
        {
            if (!_kept.TryGetValue(key, out var state))
            {
                _kept.Add(key, state = new StreamState(key));
                if (!isNew(key))
                    missing.Add(key, state);
            }

            state.LastUsed = _page;
            states.Add(state);
        }

        if (missing.Count > 0)
            await ReadAsync(connection, generation, missing, checkpoint, ct);
        return states;
    }

    /// <summary>Counts what a page added, and makes room by dropping what was used longest ago.</summary>
    public void Trim(int added)
    {
        _facts += added;
        if (_facts <= MaxFacts)
            return;
        // What has ended is seldom heard of again.
        foreach (var state in _kept.Values.OrderBy(s => s.IsOpen).ThenBy(s => s.LastUsed).ToList())
        {
            if (_facts <= MaxFacts * 3 / 4)
                return;
            Forget(state);
        }
    }

    private async Task ReadAsync(NpgsqlConnection connection, Generation generation, Dictionary<StreamKey, StreamState> missing, long checkpoint, CancellationToken ct)
    {
        var keys = new StreamKeys([.. missing.Keys]);
        foreach (var state in missing.Values)
            state.RestatedUpTo = checkpoint;
        await foreach (var e in EventLog.ReadStreamsAsync(connection, [.. missing.Keys.Select(k => (k.Centre, k.Stream))], checkpoint, ct))
        {
            missing[new StreamKey(e.Centre, e.StreamId)].Add(e);
            _facts++;
        }

        foreach (var rows in (await CommitmentClock.Table.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            missing[rows.Key].Rows = [.. rows];
        foreach (var anomalies in (await Anomalies.Table.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            missing[anomalies.Key].Anomalies = [.. anomalies];
        foreach (var restatements in (await CaseRestatements.Table.LoadAsync(connection, generation, keys, ct)).GroupBy(r => new StreamKey(r.Centre, r.Stream)))
            missing[restatements.Key].Restatements = [.. restatements];
        foreach (var (key, services) in await ServiceTables.LoadAsync(connection, generation, keys.Keys, ct))
            missing[key].Services = services;
        foreach (var (key, citizens) in await CitizenTables.LoadAsync(connection, generation, keys.Keys, ct))
            missing[key].Citizens = citizens;
        foreach (var notices in (await ClockNotices.Table.LoadAsync(connection, generation, keys, ct)).GroupBy(n => new StreamKey(n.Centre, n.Id.Stream)))
            missing[notices.Key].Notices = [.. notices];
    }
}
