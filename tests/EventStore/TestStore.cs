using System.Globalization;
using System.Text;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

/// <summary>An empty store on a real server.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private TestStore(TestDatabase database)
    {
        _database = database;
        DataSource = Open("sla-tests");
        Log = new EventLog(DataSource);
    }

    public NpgsqlDataSource DataSource { get; }

    public EventLog Log { get; }

    public static async Task<TestStore> CreateAsync(int major)
    {
        var store = new TestStore(await PostgresServers.CreateDatabaseAsync(major));
        await Schema.ApplyAsync(store.DataSource);
        return store;
    }

    public static EventToAppend Event(string streamId, string json = "{}", Guid? id = null, string type = "case_reported") =>
        new(id ?? Guid.NewGuid(), streamId, "case", type, "Sla.CaseReported, Sla", Encoding.UTF8.GetBytes(json));

    public static EventToAppend[] Events(string streamId, int count) =>
        [.. Enumerable.Range(1, count).Select(n => Event(streamId, string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{n}}}""")))];

    public NpgsqlDataSource Open(string applicationName) => StoreConnection.CreateDataSource(_database.ConnectionString, applicationName);

    public HighWaterMark Mark(long start = 0) => new(DataSource, start);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
            values.Add(await reader.GetFieldValueAsync<T>(0));
        return values;
    }

    public Task<List<long>> PositionsAsync(long after = 0, long upTo = long.MaxValue) => QueryAsync<long>(
        string.Create(CultureInfo.InvariantCulture, $"SELECT seq_id FROM mt_events WHERE seq_id > {after} AND seq_id <= {upTo} ORDER BY seq_id"));

    public async Task<List<RecordedEvent>> ReadAsync(long after = 0, long upTo = long.MaxValue, int limit = int.MaxValue)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return await EventLog.ReadAsync(connection, after, upTo, limit, default).ToListAsync();
    }

    public async Task<List<RecordedEvent>> ReadStreamsAsync((string Centre, string StreamId)[] streams, long upTo)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return await EventLog.ReadStreamsAsync(connection, streams, upTo, default).ToListAsync();
    }

    /// <summary>The server's time, now.</summary>
    public async Task<DateTime> ClockAsync() => (await QueryAsync<DateTime>("SELECT clock_timestamp()"))[0];

    /// <summary>Asks until the answer is yes; the wait ends with the test's own patience of a minute.</summary>
    public async Task UntilAsync(string condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await QueryAsync<bool>($"SELECT {condition}"))[0])
            patience.Token.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }
}
