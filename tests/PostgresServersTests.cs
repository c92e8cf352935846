using Npgsql;

namespace SlaMonitor.Tests;

public sealed class PostgresServersTests
{
    [Theory]
    [MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_test_gets_an_empty_database_of_the_version_it_asks_for(int major)
    {
        await using var database = await PostgresServers.CreateDatabaseAsync(major);
        await using var version = database.DataSource.CreateCommand("SELECT current_setting('server_version_num')::int / 10000");
        Assert.Equal(major, await version.ExecuteScalarAsync());
        await using var tables = database.DataSource.CreateCommand("SELECT count(*) FROM pg_stat_user_tables");
        Assert.Equal(0L, await tables.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_database_is_gone_after_its_test_even_with_open_connections()
    {
        var database = await PostgresServers.CreateDatabaseAsync();
        await using var open = new NpgsqlConnection(database.ConnectionString);
        await open.OpenAsync();
        await database.DisposeAsync();
        await using var other = await PostgresServers.CreateDatabaseAsync();
        await using var find = other.DataSource.CreateCommand($"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'");
        Assert.Equal(0L, await find.ExecuteScalarAsync());
    }
}
