using System.Diagnostics;
using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

/// <summary>Small steps the tests of the embedded server share.</summary>
internal static class Servers
{
    public static string NewDataFolder() => Path.Combine(TestFolders.New(), "postgres-data");

    public static Task<EmbeddedServer> StartAsync(string folder, int major) => EmbeddedServer.StartAsync(folder, new() { Major = major });

    public static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public static string SocketFolder(EmbeddedServer server) => new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;

    /// <summary>A zombie has ended; whether somebody has collected it is not the server's affair.</summary>
    public static bool IsRunning(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[1][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(60), $"Still not true after a minute: {what}");
            await Task.Delay(10);
        }
    }
}
