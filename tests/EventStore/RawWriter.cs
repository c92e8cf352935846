using System.Globalization;
using Npgsql;

namespace SlaMonitor.Tests.EventStore;

/// <summary>A writer that is not ours: a transaction in plain SQL that draws and inserts when the test says so, into a stream of its own.</summary>
internal sealed class RawWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _streamId = $"raw/{Guid.NewGuid():n}";
    private int _version;

    private RawWriter(NpgsqlConnection connection) => _connection = connection;

    public static async Task<RawWriter> BeginAsync(TestStore store)
    {
        var writer = new RawWriter(await store.DataSource.OpenConnectionAsync());
        await writer.ExecuteAsync("BEGIN");
        return writer;
    }

    public int ProcessId => _connection.ProcessID;

    public async Task<long> DrawAsync()
    {
        await using var command = new NpgsqlCommand("SELECT nextval('mt_events_sequence')", _connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Task InsertAsync(long position) => ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $$"""
        INSERT INTO mt_streams (tenant_id, id, type, version) VALUES ('raw', '{{_streamId}}', 'raw', 0) ON CONFLICT DO NOTHING;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
        VALUES ({{position}}, gen_random_uuid(), '{{_streamId}}', {{++_version}}, '{}', 'raw_written', 'raw')
        """));

    public async Task<long> AppendAsync()
    {
        var position = await DrawAsync();
        await InsertAsync(position);
        return position;
    }

    public Task CommitAsync() => ExecuteAsync("COMMIT");

    public Task RollbackAsync() => ExecuteAsync("ROLLBACK");

    /// <summary>Leaves the session; what finishes the transaction later is COMMIT PREPARED or ROLLBACK PREPARED of the name returned.</summary>
    public async Task<string> PrepareAsync()
    {
        await ExecuteAsync($"PREPARE TRANSACTION '{_streamId}'");
        return $"'{_streamId}'";
    }

    /// <summary>Has the server end the session.</summary>
    public async Task TerminateAsync(TestStore store)
    {
        await store.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_terminate_backend({_connection.ProcessID})"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync("SELECT 1"));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
