using Npgsql;

namespace SlaMonitor.Tests.EventStore;

/// <summary>Two transactions that last as long as this and never draw a position: one reads all the while, one sits idle with a transaction id.</summary>
internal sealed class Bystanders : IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly NpgsqlConnection _idle;
    private readonly NpgsqlConnection _reader;
    private readonly Task _reading;

    private Bystanders(NpgsqlConnection idle, NpgsqlConnection reader) => (_idle, _reader, _reading) = (idle, reader, ReadAsync(reader, _leaving.Token));

    public static async Task<Bystanders> BeginAsync(TestStore store) => new(
        await OpenAsync(store, "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_current_xact_id()"),
        await OpenAsync(store, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT count(*) FROM mt_events"));

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reading);
        await _idle.DisposeAsync();
        await _reader.DisposeAsync();
        _leaving.Dispose();
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestStore store, string begin)
    {
        var connection = await store.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(begin, connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task ReadAsync(NpgsqlConnection reader, CancellationToken leaving)
    {
        await using var query = new NpgsqlCommand("SELECT count(*), pg_sleep(600) FROM mt_events", reader) { CommandTimeout = 0 };
        await query.ExecuteNonQueryAsync(leaving);
    }
}
