using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.EventStore;

/// <summary>One attempt at appending one batch, in one transaction and three round trips.</summary>
/// <remarks>
/// Each statement sees what was committed when it began, so they stay separate: the look for known ids must begin after the locks are held.
/// <para>Plans are pinned. Prepared statements, the foreign key's check and the trigger keep generic plans per connection; one made while the tables
/// were empty scanned them whole ever after. So the transaction plans with index nested loops only, whatever the statistics say, and
/// takes the generic plan from the first execution on.</para>
/// </remarks>
/// <param name="connection">Where to.</param>
/// <param name="batch">What.</param>
/// <param name="within">True: the caller has begun a transaction on the connection and ends it.</param>
internal sealed class AppendTransaction(NpgsqlConnection connection, AppendBatch batch, bool within = false)
{
    // Below this, one INSERT costs less than the COPY protocol's extra round trips.
    private const int CopyFrom = 200;

    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    internal const string PinPlans = """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
               set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """;

    // Streams are looked up one by one, here and below, whatever the planner thinks: joined plainly, a plan made while the table was empty
    // went through all streams of the tenant and, for each, through the batch.
    // Both statements take their locks in the database's order of keys, so that batches wait for each other and never in a circle.
    private const string MakeStreams = """
        INSERT INTO public.mt_streams (tenant_id, id, type, version)
        SELECT $1, s.id, s.type, 0 FROM unnest($2, $3) AS s (id, type) ORDER BY s.id
        ON CONFLICT DO NOTHING
        """;

    private const string LockStreams = """
        SELECT m.id, m.version, m.is_archived FROM (SELECT id FROM unnest($2) AS u (id) ORDER BY id) AS s
        CROSS JOIN LATERAL (
            SELECT t.id, coalesce(t.version, 0) AS version, coalesce(t.is_archived, false) AS is_archived FROM public.mt_streams t
            WHERE t.tenant_id = $1 AND t.id = s.id FOR UPDATE) AS m
        """;

    private const string FindKnown = "SELECT id, tenant_id, stream_id, type, data FROM public.mt_events WHERE id = ANY ($1)";

    private const string Draw = """
        SELECT array_agg(nextval('public.mt_events_sequence')), clock_timestamp() FROM generate_series(1, $1)
        """;

    private const string Insert = """
        INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
        SELECT e.seq_id, e.id, e.stream_id, e.version, e.data, e.type, e.timestamp, $8, e.dotnet_type
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $9) AS e (seq_id, id, stream_id, version, data, type, timestamp, dotnet_type)
        """;

    private const string Copy = """
        COPY public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type) FROM STDIN (FORMAT BINARY)
        """;

    // They are locked, so their places hold.
    private const string MoveStreams = """
        UPDATE public.mt_streams m SET version = s.version, timestamp = $4
        FROM unnest($2, $3) AS s (id, version)
        CROSS JOIN LATERAL (SELECT t.ctid AS place FROM public.mt_streams t WHERE t.tenant_id = $1 AND t.id = s.id OFFSET 0) AS t
        WHERE m.ctid = t.place
        """;

    /// <summary>Runs it, and says what it wrote and where. On any exception the transaction is left to be rolled back by the connection's return to its
    /// pool.</summary>
    public async Task<AppendedRows> RunAsync(CancellationToken ct)
    {
        var streams = new Dictionary<string, StreamHead>(StringComparer.Ordinal);
        var known = await LockAsync(streams, ct);
        var rows = batch.Number(known, streams);
        if (rows.Count == 0)
        {
            if (!within)
                await new NpgsqlCommand("ROLLBACK", connection).ExecuteNonQueryAsync(ct);
            return new([], []);
        }
        var (positions, recordedAt) = await DrawAsync(rows.Count, ct);
        await using var last = new NpgsqlBatch(connection);
        if (rows.Count < CopyFrom)
            last.BatchCommands.Add(InsertCommand(rows, positions, recordedAt));
        else
            await CopyAsync(rows, positions, recordedAt, ct);
        last.BatchCommands.Add(MoveCommand(streams, RecordedAt(rows[^1].Event, recordedAt)));
        if (!within)
            last.BatchCommands.Add(new("COMMIT"));
        await last.PrepareAsync(ct);
        await last.ExecuteNonQueryAsync(ct);
        return new(rows, positions);
    }

    private async Task<Dictionary<Guid, KnownEvent>> LockAsync(Dictionary<string, StreamHead> streams, CancellationToken ct)
    {
        var ids = batch.StreamIds;
        await using var first = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(PinPlans),
                new(MakeStreams) { Parameters = { Text(batch.Centre), Texts(ids), Texts(batch.StreamTypes) } },
                new(LockStreams) { Parameters = { Text(batch.Centre), Texts(ids) } },
                new(FindKnown) { Parameters = { new() { Value = batch.Ids } } },
            },
        };
        if (!within)
            first.BatchCommands.Insert(0, new(Begin));
        await first.PrepareAsync(ct);
        await using var reader = await first.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past PinPlans; statements without rows have no result
        while (await reader.ReadAsync(ct))
            streams.Add(reader.GetString(0), new(reader.GetInt64(1), reader.GetBoolean(2)));
        await reader.NextResultAsync(ct);
        var known = new Dictionary<Guid, KnownEvent>();
        while (await reader.ReadAsync(ct))
            known.Add(reader.GetGuid(0), new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
        return known;
    }

    private async Task<(long[] Positions, DateTime RecordedAt)> DrawAsync(int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Draw, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = count } } };
        await command.PrepareAsync(ct);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, ct);
        await reader.ReadAsync(ct);
        var positions = reader.GetFieldValue<long[]>(0);
        return (positions, reader.GetDateTime(1));
    }

    private NpgsqlBatchCommand InsertCommand(List<AppendRow> rows, long[] positions, DateTime recordedAt) => new(Insert)
    {
        Parameters =
        {
            new() { Value = positions },
            new() { Value = rows.ConvertAll(r => r.Event.Id) },
            Texts(rows.ConvertAll(r => r.Event.StreamId)),
            new() { Value = rows.ConvertAll(r => r.Version) },
            new() { Value = rows.ConvertAll(r => r.Event.Data), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            Texts(rows.ConvertAll(r => r.Event.Type)),
            new() { Value = rows.ConvertAll(r => RecordedAt(r.Event, recordedAt)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            Text(batch.Centre),
            Texts(rows.ConvertAll(r => r.Event.DotnetType)),
        },
    };

    private async Task CopyAsync(List<AppendRow> rows, long[] positions, DateTime recordedAt, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, ct);
        for (var i = 0; i < rows.Count; i++)
        {
            var (e, version) = rows[i];
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(positions[i], NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(e.Id, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(e.StreamId, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(e.Data, NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(e.Type, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(RecordedAt(e, recordedAt), NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(batch.Centre, NpgsqlDbType.Varchar, ct);
            if (e.DotnetType is null)
                await copy.WriteNullAsync(ct);
            else
                await copy.WriteAsync(e.DotnetType, NpgsqlDbType.Varchar, ct);
        }
        await copy.CompleteAsync(ct);
    }

    private NpgsqlBatchCommand MoveCommand(Dictionary<string, StreamHead> streams, DateTime recordedAt)
    {
        var grown = streams.Where(s => s.Value.Grown).ToList();
        return new(MoveStreams)
        {
            Parameters =
            {
                Text(batch.Centre),
                Texts(grown.ConvertAll(s => s.Key)),
                new() { Value = grown.ConvertAll(s => s.Value.Version) },
                new NpgsqlParameter<DateTime> { TypedValue = recordedAt },
            },
        };
    }

    private static DateTime RecordedAt(EventToAppend e, DateTime now) => e.RecordedAt?.ToDateTimeUtc() ?? now;

    // varchar, as the columns are: a text parameter would still find the index, but not the pinned plan's simplest form.
    internal static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Varchar };

    internal static NpgsqlParameter Texts<T>(IList<T> values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}
