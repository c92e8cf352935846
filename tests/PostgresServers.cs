using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests;

/// <summary>Real servers for tests: one of each major version, started when first asked for and stopped after the last test.</summary>
public static class PostgresServers
{
    // Durability is not what most tests are about, and syncing is most of what they would wait for.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["fsync"] = "off",
        ["full_page_writes"] = "off",
        ["max_connections"] = "300",
        ["max_prepared_transactions"] = "100",
    };

    private static readonly Dictionary<int, Lazy<Task<EmbeddedServer>>> Servers =
        new int[] { 15, 18 }.ToDictionary(major => major, major => new Lazy<Task<EmbeddedServer>>(() => StartAsync(major)));

    public static TheoryData<int> Majors => [15, 18];

    /// <summary>A new, empty database of the test's own.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync(int major = 18)
    {
        var server = await Servers[major].Value;
        return await TestDatabase.CreateAsync(server.ConnectionString);
    }

    /// <summary>Ends what was started; called once after the last test.</summary>
    internal static async Task StopAsync()
    {
        foreach (var server in Servers.Values.Where(server => server.IsValueCreated && server.Value.IsCompletedSuccessfully))
            await (await server.Value).DisposeAsync();
        await TestFolders.DeleteAllAsync();
    }

    private static Task<EmbeddedServer> StartAsync(int major) =>
        EmbeddedServer.StartAsync(Path.Combine(TestFolders.New(), "postgres-data"), new() { Major = major, Settings = Settings });
}

/// <summary>A database that lives as long as its test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;

    private TestDatabase(string server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        // Code under test may have opened its own connections from the string.
        await using (var own = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(own);
        await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    internal static async Task<TestDatabase> CreateAsync(string server)
    {
        var name = "test_" + Guid.NewGuid().ToString("n");
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE template0");
        return new TestDatabase(server, name);
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
