using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;

namespace SlaMonitor.EventStore;

// Reads are not prepared: each is planned with its own values, and no plan outlives the statistics it was made with.
public sealed partial class EventLog
{
    private const string Columns = "e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.data, e.timestamp";

    private const string OneStream = $"""
        SELECT {Columns} FROM public.mt_events e
        WHERE e.tenant_id = $1 AND e.stream_id = $2 AND e.seq_id <= $3 ORDER BY e.version
        """;

    private const string ByPosition = $"""
        SELECT {Columns} FROM public.mt_events e WHERE e.seq_id > $1 AND e.seq_id <= $2 ORDER BY e.seq_id LIMIT $3
        """;

    // The ordered subquery cannot be flattened into a join: whatever the statistics say, each stream is one range of the stream index.
    private const string ManyStreams = $"""
        SELECT s.* FROM unnest($1, $2) WITH ORDINALITY AS k (tenant_id, stream_id, place)
        CROSS JOIN LATERAL (SELECT {Columns} FROM public.mt_events e
                            WHERE e.tenant_id = k.tenant_id AND e.stream_id = k.stream_id AND e.seq_id <= $3
                            ORDER BY e.version OFFSET 0) s
        ORDER BY k.place, s.version
        """;

    // The names of one beginning lie in one range of the key whatever the database sorts by, since what follows begins with a digit: signs, which
    // some collations pass over, are the same in all of them. Names that only sort into the range are passed over.
    private const string Beside = """
        SELECT DISTINCT s.id FROM unnest($2, $3) AS k (beginning, own)
        CROSS JOIN LATERAL (
            (SELECT m.id FROM public.mt_streams m
             WHERE m.tenant_id = $1 AND m.id >= k.beginning || '0' AND m.id <= k.own AND starts_with(m.id, k.beginning) ORDER BY m.id DESC LIMIT $4)
            UNION ALL
            (SELECT m.id FROM public.mt_streams m
             WHERE m.tenant_id = $1 AND m.id > k.own AND m.id <= k.beginning || '99999999T999999' AND starts_with(m.id, k.beginning) ORDER BY m.id LIMIT $4)) s
        """;

    private const string WholeByStream = $"""
        SELECT {Columns} FROM public.mt_events e WHERE e.seq_id <= $1 OR e.type = ANY ($2) ORDER BY e.tenant_id, e.stream_id, e.version
        """;

    /// <summary>Reads one stream in version order.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="streamId">The stream within it.</param>
    /// <param name="upToPosition">The last position to read; null reads to the end of what is committed.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The events; empty when there is no such stream.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public async Task<IReadOnlyList<RecordedEvent>> ReadStreamAsync(
        string centre, string streamId, long? upToPosition = null, CancellationToken ct = default)
    {
        var events = new List<RecordedEvent>();
        await foreach (var e in QueryAsync(dataSource.CreateCommand(OneStream), [Value(centre), Value(streamId), Value(upToPosition ?? long.MaxValue)], ct))
            events.Add(e);
        return events;
    }

    /// <summary>Reads the log in position order on a connection of the caller's, in its transaction if it has one. Nothing above a
    /// <see cref="HighWaterMark"/> is settled, so followers pass the mark as <paramref name="upToPosition"/>.</summary>
    /// <param name="connection">Busy until the last event is taken.</param>
    /// <param name="afterPosition">The last position already read; 0 reads from the start.</param>
    /// <param name="upToPosition">The last position to read.</param>
    /// <param name="limit">The most events to read, at least 1.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The events as they arrive.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public static IAsyncEnumerable<RecordedEvent> ReadAsync(NpgsqlConnection connection, long afterPosition, long upToPosition, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return QueryAsync(new NpgsqlCommand(ByPosition, connection), [Value(afterPosition), Value(upToPosition), Value(limit)], ct);
    }

    /// <summary>Reads several streams on a connection of the caller's, in its transaction if it has one.</summary>
    /// <param name="connection">Busy until the last event is taken.</param>
    /// <param name="streams">Centre and stream id of each; a stream named twice is read twice.</param>
    /// <param name="upToPosition">The last position to read.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The events as they arrive, stream by stream in the order given, each in version order.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public static IAsyncEnumerable<RecordedEvent> ReadStreamsAsync(NpgsqlConnection connection, IReadOnlyCollection<(string Centre, string StreamId)> streams, long upToPosition, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(streams);
        return QueryAsync(new NpgsqlCommand(ManyStreams, connection), [Value(streams.Select(s => s.Centre).ToArray()), Value(streams.Select(s => s.StreamId).ToArray()), Value(upToPosition)], ct);
    }

    /// <summary>Reads streams whose ids begin alike and go on with a time as digits: those nearest to one of them, whether or not it is there.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="places">What ids begin with, and the id that others are near to.</param>
    /// <param name="most">How many are read on either side.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The events, stream by stream, each in version order.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public async Task<IReadOnlyList<RecordedEvent>> ReadBesideAsync(string centre, IReadOnlyCollection<(string Beginning, string StreamId)> places, int most, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(places);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var (streams, events) = (new List<(string, string)>(), new List<RecordedEvent>());
        await using (var command = new NpgsqlCommand(Beside, connection))
        {
            command.Parameters.AddRange((NpgsqlParameter[])[Value(centre), Value(places.Select(p => p.Beginning).ToArray()), Value(places.Select(p => p.StreamId).ToArray()), Value(most)]);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                streams.Add((centre, reader.GetString(0)));
        }

        await foreach (var e in ReadStreamsAsync(connection, streams, long.MaxValue, ct))
            events.Add(e);
        return events;
    }

    /// <summary>Reads the whole log up to a position, stream by stream, each in version order; streams in the database's order of their keys, those of a centre together.</summary>
    /// <param name="connection">Busy until the last event is taken.</param>
    /// <param name="upToPosition">The last position to read.</param>
    /// <param name="alwaysTypes">Types that are read beyond it, too.</param>
    /// <param name="ct">Cancels.</param>
    public static IAsyncEnumerable<RecordedEvent> ReadByStreamAsync(NpgsqlConnection connection, long upToPosition, IReadOnlyList<string> alwaysTypes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(alwaysTypes);
        return QueryAsync(new NpgsqlCommand(WholeByStream, connection) { CommandTimeout = 0 }, [Value(upToPosition), Value(alwaysTypes.ToArray())], ct);
    }

    private static async IAsyncEnumerable<RecordedEvent> QueryAsync(
        NpgsqlCommand ownCommand, NpgsqlParameter[] parameters, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = ownCommand;
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return Read(reader);
    }

    private static RecordedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5),
        row.GetFieldValue<byte[]>(6), Instant.FromDateTimeUtc(row.GetDateTime(7)));

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
