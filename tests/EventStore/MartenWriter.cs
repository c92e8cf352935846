using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Tests.EventStore;

/// <summary>The ways in which Marten comes to a stream's version: it reads it, it moves it on from the one it expects, or it locks it first.</summary>
internal enum MartenAppend
{
    Plain,
    Optimistic,
    Exclusive,
}

/// <summary>Appends as Marten does, in a transaction of its own, and statement by statement, so that others come in between.</summary>
internal sealed class MartenWriter : IAsyncDisposable
{
    // Marten's reading takes no lock: it may have inserted a version that we come to while we hold the stream it then waits for. This much
    // sooner than after the server's second the deadlock is found, and Marten is the one to end.
    private const string Begin = "BEGIN; SET LOCAL deadlock_timeout = '20ms'";

    private const string InsertEvent = """
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type)
        VALUES ($1, $2, $3, $4, '{}', 'case_reported', $5, 'Sla.CaseReported, Sla')
        """;

    private readonly NpgsqlConnection _connection;
    private readonly string _tenant;
    private readonly string _stream;

    private MartenWriter(NpgsqlConnection connection, string tenant, string stream) => (_connection, _tenant, _stream) = (connection, tenant, stream);

    /// <summary>False when another writer was there first and nothing was appended: Marten then leaves it to its caller to come again.</summary>
    public static async Task<bool> AppendAsync(TestStore store, string tenant, string stream, IReadOnlyList<Guid> ids, MartenAppend how)
    {
        await using var writer = new MartenWriter(await store.DataSource.OpenConnectionAsync(), tenant, stream);
        try
        {
            return await writer.AppendAsync(ids, how);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    // What was not committed is rolled back with the connection's return.
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<bool> AppendAsync(IReadOnlyList<Guid> ids, MartenAppend how)
    {
        // The optimistic caller decided upon the version before.
        if (how != MartenAppend.Optimistic)
            await ExecuteAsync(Begin);
        var head = await HeadAsync(how == MartenAppend.Exclusive ? "FOR UPDATE" : "");
        if (how == MartenAppend.Optimistic)
            await ExecuteAsync(Begin);
        if (head is null)
            await ExecuteAsync("INSERT INTO mt_streams (tenant_id, id, type, version) VALUES ($1, $2, 'case', 0)", Text(_tenant), Text(_stream));
        var version = head ?? 0;
        if (how == MartenAppend.Optimistic && !await MoveAsync(version + ids.Count, version))
            return false;
        foreach (var id in ids)
        {
            var position = (await ScalarAsync("SELECT nextval('mt_events_sequence')"))!;
            await ExecuteAsync(InsertEvent, new() { Value = position }, new() { Value = id }, Text(_stream), new() { Value = ++version }, Text(_tenant));
        }
        if (how != MartenAppend.Optimistic)
            await MoveAsync(version);
        await ExecuteAsync("COMMIT");
        return true;
    }

    // Null when there is no such stream.
    private async Task<long?> HeadAsync(string locking)
    {
        await using var command = Command($"SELECT version, is_archived FROM mt_streams WHERE tenant_id = $1 AND id = $2 {locking}", Text(_tenant), Text(_stream));
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
            return null;
        return reader.GetBoolean(1) ? throw new InvalidOperationException($"Attempted to append to archived stream {_stream}.") : reader.GetInt64(0);
    }

    private async Task<bool> MoveAsync(long version, long? expected = null) =>
        await ExecuteAsync("UPDATE mt_streams SET version = $3, timestamp = now() WHERE tenant_id = $1 AND id = $2 AND version = coalesce($4, version)",
            Text(_tenant), Text(_stream), new() { Value = version }, new() { Value = (object?)expected ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }) == 1;

    private async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Command(sql);
        return await command.ExecuteScalarAsync();
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Varchar };
}
