using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>What a page did.</summary>
/// <param name="Owner">False: another host has the checkpoint; nothing was done.</param>
/// <param name="Checkpoint">The position committed.</param>
/// <param name="More">True when there is more to do at once.</param>
public readonly record struct PageResult(bool Owner, long Checkpoint, bool More);

/// <summary>
/// One step of the projections: the events of a page, the rows they change and the checkpoint, in one transaction that
/// owns the checkpoint row. Killed anywhere, either all of it stands or none.
/// </summary>
internal sealed class Page(NpgsqlDataSource dataSource, EventLog log, CatalogueLogs catalogues)
{
    /// <summary>The checkpoint's name in <c>mt_event_progression</c>; changed logic takes a new version.</summary>
    public const string Name = "sla:commitment_clock:1";

    private const int MaxEvents = 10_000;
    private const int MaxDirty = 1_000;
    private long? _committed;

    public async Task<PageResult> RunAsync(long mark, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await LockCheckpointAsync(connection, ct) is not { } last)
            return default;
        // Another host moved it, or a page of ours failed half-way: what is kept in memory may be of a future that never came.
        if (last != _committed)
            catalogues.Forget();
        _committed = null;

        var (events, full) = await HeadsAsync(connection, last, mark, ct);
        var end = full ? events[^1].Position : Math.Max(last, mark);
        await MarkDirtyAsync(connection, events.Where(e => e.Type == CatalogueJson.Published).Select(e => e.Centre).Distinct().ToArray(), ct);
        var dirty = events.Count == 0 ? await TakeDirtyAsync(connection, ct) : [];
        var touched = events.Where(e => CaseJson.Knows(e.Type)).Select(e => (e.Centre, e.Stream)).Concat(dirty).Distinct().ToList();
        if (touched.Count > 0)
            await FoldAsync(connection, touched, end, ct);
        if (end == last && dirty.Count == 0)
        {
            _committed = last;
            return new PageResult(true, last, false);
        }

        await MoveCheckpointAsync(connection, last, end, ct);
        await transaction.CommitAsync(ct);
        _committed = end;
        return new PageResult(true, end, full || dirty.Count == MaxDirty || (events.Count > 0 && end == mark));
    }

    private async Task FoldAsync(NpgsqlConnection connection, List<(string Centre, string Stream)> touched, long end, CancellationToken ct)
    {
        var streams = new List<(string Centre, string Stream, List<RecordedEvent> Events)>();
        await foreach (var recorded in log.ReadStreamsAsync(touched, end, ct))
        {
            if (streams.Count == 0 || streams[^1].Centre != recorded.Centre || streams[^1].Stream != recorded.StreamId)
                streams.Add((recorded.Centre, recorded.StreamId, []));
            streams[^1].Events.Add(recorded);
        }

        var versions = new Dictionary<string, CatalogueLog>();
        foreach (var centre in streams.Select(s => s.Centre).Distinct())
            versions[centre] = await catalogues.OfAsync(centre, end, ct);
        var folded = streams.AsParallel().AsOrdered().WithCancellation(ct).Select(s => Fold(s.Centre, s.Stream, s.Events, versions[s.Centre])).ToList();
        await CommitmentClock.WriteAsync(connection, [.. folded.Select(f => f.Folded).OfType<FoldedStream>()], ct);
        await QuarantineAsync(connection, folded.Where(f => f.Folded is null).Select(f => (f.Centre, f.Stream, f.Reason!)).ToList(), end, ct);
    }

    private static (string Centre, string Stream, FoldedStream? Folded, string? Reason) Fold(string centre, string stream, List<RecordedEvent> events, CatalogueLog catalogue)
    {
        try
        {
            var facts = events.Where(e => CaseJson.Knows(e.Type)).Select(e => EventJson.ReadCase(e.Type, e.Id, e.Data, e.Position, e.RecordedAt));
            return (centre, stream, CommitmentClock.RowsOf(centre, stream, CaseClocks.Fold(facts, catalogue)), null);
        }
        catch (Exception poison) when (poison is not OutOfMemoryException)
        {
            // Nothing here waits or reads: whatever is thrown comes of these events alone and would come again.
            // Our own messages name fields and never values; of others that is not known.
            return (centre, stream, null, poison is UnreadableEventException or CalendarRangeException ? poison.Message : $"folding it ends in {poison.GetType().Name}");
        }
    }

    private static async Task<long?> LockCheckpointAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT last_seq_id FROM public.mt_event_progression WHERE name = $1 FOR UPDATE SKIP LOCKED", connection) { Parameters = { new() { Value = Name } } };
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    private static async Task<(List<(long Position, string Centre, string Stream, string Type)> Events, bool Full)> HeadsAsync(NpgsqlConnection connection, long after, long mark, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT seq_id, tenant_id, stream_id, type FROM public.mt_events WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = mark }, new() { Value = MaxEvents } },
        };
        var events = new List<(long, string, string, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            events.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return (events, events.Count == MaxEvents);
    }

    /// <summary>Open clocks follow the newest catalogue's calendars: their streams are folded anew, in pages of their own.</summary>
    private async Task MarkDirtyAsync(NpgsqlConnection connection, string[] centres, CancellationToken ct)
    {
        if (centres.Length == 0)
            return;
        foreach (var centre in centres)
            catalogues.Forget(centre);
        await using var command = new NpgsqlCommand("""
            INSERT INTO sla.dirty_stream SELECT DISTINCT tenant_id, stream_id FROM sla.commitment_clock_v1 WHERE tenant_id = ANY ($1) AND state = 'open'
            ON CONFLICT DO NOTHING
            """, connection) { Parameters = { new() { Value = centres } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<(string Centre, string Stream)>> TakeDirtyAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            DELETE FROM sla.dirty_stream d USING (SELECT tenant_id, stream_id FROM sla.dirty_stream ORDER BY 1, 2 LIMIT $1) k
            WHERE d.tenant_id = k.tenant_id AND d.stream_id = k.stream_id RETURNING d.tenant_id, d.stream_id
            """, connection) { Parameters = { new() { Value = MaxDirty } } };
        var dirty = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            dirty.Add((reader.GetString(0), reader.GetString(1)));
        return dirty;
    }

    private static async Task QuarantineAsync(NpgsqlConnection connection, List<(string Centre, string Stream, string Reason)> poisoned, long position, CancellationToken ct)
    {
        if (poisoned.Count == 0)
            return;
        // A verdict made before the event that cannot be read is not one to show.
        await CommitmentClock.DeleteAsync(connection, [.. poisoned.Select(p => (p.Centre, p.Stream))], ct);
        await using var command = new NpgsqlCommand("""
            INSERT INTO sla.quarantine (tenant_id, stream_id, reason, position) SELECT k.*, $4 FROM unnest($1, $2, $3) k
            ON CONFLICT (tenant_id, stream_id) DO UPDATE SET reason = excluded.reason, position = excluded.position
            """, connection)
        {
            Parameters =
            {
                new() { Value = poisoned.Select(p => p.Centre).ToArray() }, new() { Value = poisoned.Select(p => p.Stream).ToArray() },
                new() { Value = poisoned.Select(p => p.Reason).ToArray() }, new() { Value = position },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task MoveCheckpointAsync(NpgsqlConnection connection, long last, long end, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE public.mt_event_progression SET last_seq_id = $3, last_updated = clock_timestamp() WHERE name = $1 AND last_seq_id = $2", connection)
        {
            Parameters = { new() { Value = Name }, new() { Value = last }, new() { Value = end } },
        };
        if (await command.ExecuteNonQueryAsync(ct) != 1)
            throw new InvalidOperationException("the checkpoint moved while its row was locked");
    }
}
