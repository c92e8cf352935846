using NodaTime;
using Npgsql;

namespace SlaMonitor.Tests;

/// <summary>
/// A database whose own clock a test sets, so that events are recorded, projected and told of at the time the test says: the function that tells the time is looked
/// for in a schema of the test's before the server's own is.
/// </summary>
internal sealed class ClockedDatabase
{
    private const string Clock = """
        CREATE SCHEMA test_clock;
        CREATE TABLE test_clock.shows (at timestamptz NOT NULL);
        INSERT INTO test_clock.shows VALUES (pg_catalog.clock_timestamp());
        CREATE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM test_clock.shows';
        """;

    private ClockedDatabase(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    /// <summary>A new, empty one.</summary>
    public static async Task<ClockedDatabase> CreateAsync(Instant now)
    {
        var clocked = new ClockedDatabase(await PostgresServers.CreateDatabaseAsync());
        await clocked.ExecuteAsync(Clock);
        // New tables go where they always do: into the first of these.
        await clocked.ExecuteAsync($"ALTER DATABASE {clocked.Database.Name} SET search_path = public, test_clock, pg_catalog");
        clocked.Database.DataSource.Clear();
        await clocked.SetAsync(now);
        return clocked;
    }

    /// <summary>Sets its clock.</summary>
    public Task SetAsync(Instant now) => ExecuteAsync("UPDATE test_clock.shows SET at = $1", now.ToDateTimeUtc());

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
