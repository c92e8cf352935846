using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.EventStore;

namespace SlaMonitor.Bench;

/// <summary>
/// Appends with versions and dedupe against plain Npgsql into the same tables: binary COPY of the same batches, and
/// prepared multi-row inserts by eight writers. Both sides write streams of their own, so that neither reads the other's.
/// </summary>
internal sealed class AppendRows(NpgsqlDataSource source, int rounds, bool quick)
{
    private const int BatchEvents = 1000;
    private const int BatchStreams = 100;
    private const int CallEvents = 10;
    private const string Centre = "bench";
    private static readonly byte[] Data = Encoding.UTF8.GetBytes("""{"occurredAt":"2026-03-02T02:00:00Z","source":"bench","id":"2026-000123/decided","data":{"outcome":"approved","window":"W1"}}""");

    private readonly SlaMonitor.EventStore.EventLog _log = new(source);
    private long _ids;

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(int preload, CancellationToken ct)
    {
        Console.Error.WriteLine($"preloading {preload} events");
        for (var loaded = 0; loaded < preload; loaded += 10_000)
            await CopyAsync($"preload-{loaded}", 10_000, 1000, fresh: true, ct);
        await ExecuteAsync("ANALYZE mt_events; ANALYZE mt_streams; CHECKPOINT", ct);
        var batches = quick ? 15 : 60;
        var calls = quick ? 800 : 4000;
        return
        [
            await BenchRow.InTurnAsync("append 1,000 events over 100 new streams a batch: events/s ÷ COPY", "≥ 0.75", rounds, r => BatchesAsync(r, batches, fresh: true, ours: true, ct), r => BatchesAsync(r, batches, fresh: true, ours: false, ct)),
            await BenchRow.InTurnAsync("append 1,000 events over 100 existing streams: events/s ÷ COPY", "≥ 0.75", rounds, r => BatchesAsync(r, batches, fresh: false, ours: true, ct), r => BatchesAsync(r, batches, fresh: false, ours: false, ct)),
            await BenchRow.InTurnAsync("append 10 events a call, 8 callers: events/s ÷ prepared inserts", "≥ 0.8", rounds, r => CallsAsync(r, calls, 8, ct), r => InsertsAsync(r, calls, ct)),
            await BenchRow.InTurnAsync("append 10 events a call, 64 callers: events/s ÷ prepared inserts", "≥ 1.2", rounds, r => CallsAsync(r, calls, 64, ct), r => InsertsAsync(r, calls, ct)),
        ];
    }

    private async Task<double> BatchesAsync(int round, int batches, bool fresh, bool ours, CancellationToken ct)
    {
        var side = $"{(ours ? "ours" : "copy")}-{(fresh ? "new" : "old")}";
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < batches; i++)
        {
            var prefix = fresh ? $"{side}-{round}-{i}" : side;
            if (ours)
                await _log.AppendAsync(Centre, Events(prefix, BatchEvents, BatchStreams), ct: ct);
            else
                await CopyAsync(prefix, BatchEvents, BatchStreams, fresh || (round == 0 && i == 0), ct);
        }

        return batches * BatchEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> CallsAsync(int round, int calls, int callers, CancellationToken ct)
    {
        await using var together = new GroupCommit(_log);
        var (next, started) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                int call;
                while ((call = Interlocked.Increment(ref next)) <= calls)
                    await together.AppendAsync(Centre, Events($"call-{callers}-{round}-{call}", CallEvents, 1), ct);
            },
            ct)));
        return calls * CallEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private List<EventToAppend> Events(string prefix, int count, int streams) =>
        [.. Enumerable.Range(0, count).Select(i => new EventToAppend(NextId(), $"case/{prefix}-{i % streams}", "case", "case_decided", null, Data))];

    // Hashed, as the ids of real events are: an index filled in order would flatter both sides.
    private Guid NextId() => EventId.From(Centre, "bench", Interlocked.Increment(ref _ids).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private readonly Dictionary<string, int> _versions = [];

    private async Task CopyAsync(string prefix, int count, int streams, bool fresh, CancellationToken ct)
    {
        var version = _versions[prefix] = _versions.GetValueOrDefault(prefix) + (count / streams);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (fresh)
        {
            await using var newStreams = await connection.BeginBinaryImportAsync("COPY mt_streams (tenant_id, id, type, version) FROM STDIN (FORMAT binary)", ct);
            for (var i = 0; i < streams; i++)
                await newStreams.WriteRowAsync(ct, Centre, $"case/{prefix}-{i}", "case", (long)version);
            await newStreams.CompleteAsync(ct);
        }

        await using (var draw = new NpgsqlCommand("SELECT setval('mt_events_sequence', nextval('mt_events_sequence') + $1 - 1)", connection) { Parameters = { new() { Value = (long)count } } })
        {
            var last = (long)(await draw.ExecuteScalarAsync(ct))!;
            await using var copy = await connection.BeginBinaryImportAsync("COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived) FROM STDIN (FORMAT binary)", ct);
            for (var i = 0; i < count; i++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(last - count + 1 + i, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(NextId(), NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync($"case/{prefix}-{i % streams}", NpgsqlDbType.Varchar, ct);
                await copy.WriteAsync((long)(version - (count / streams) + 1 + (i / streams)), NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(Data, NpgsqlDbType.Jsonb, ct);
                await copy.WriteAsync("case_decided", NpgsqlDbType.Varchar, ct);
                await copy.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(Centre, NpgsqlDbType.Varchar, ct);
                await copy.WriteAsync(false, NpgsqlDbType.Boolean, ct);
            }

            await copy.CompleteAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }

    private async Task<double> InsertsAsync(int round, int calls, CancellationToken ct)
    {
        const int writers = 8;
        var (next, started) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(
            async () =>
            {
                await using var connection = await source.OpenConnectionAsync(ct);
                await using var insert = await PreparedInsertAsync(connection, ct);
                int call;
                while ((call = Interlocked.Increment(ref next)) <= calls)
                    await InsertAsync(connection, insert, $"case/insert-{Interlocked.Increment(ref _ids)}-{round}-{call}", ct);
                connection.UnprepareAll();
            },
            ct)));
        return calls * CallEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task InsertAsync(NpgsqlConnection connection, NpgsqlCommand insert, string stream, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        insert.Parameters[0].Value = stream;
        for (var i = 0; i < CallEvents; i++)
            insert.Parameters[i + 1].Value = NextId();
        await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<NpgsqlCommand> PreparedInsertAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var json = Encoding.UTF8.GetString(Data);
        var rows = string.Join(", ", Enumerable.Range(1, CallEvents).Select(i => $"(nextval('mt_events_sequence'), ${i + 1}, $1, {i}, '{json}', 'case_decided', now(), '{Centre}', false)"));
        var insert = new NpgsqlCommand($"""
            WITH s AS (INSERT INTO mt_streams (tenant_id, id, type, version) VALUES ('{Centre}', $1, 'case', {CallEvents}))
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived) VALUES {rows}
            """, connection);
        insert.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Varchar });
        for (var i = 0; i < CallEvents; i++)
            insert.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid });
        await insert.PrepareAsync(ct);
        return insert;
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
