using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;
using static SlaMonitor.Tests.Host.EmbeddedPostgres.Servers;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

public sealed class CrashTests
{
    public static TheoryData<int> Majors => PostgresServers.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_killed_server_starts_again_with_its_data(int major)
    {
        var folder = NewDataFolder();
        using var owner = HoldingProcess.Begin(folder, major);
        var id = await owner.HoldsAsync();
        await using (var before = await StartAsync(folder, major))
            await AskAsync(before.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        Kill(id);
        await owner.KillAsync();
        Assert.True(File.Exists(Path.Combine(folder, "postmaster.pid")));

        await using var server = await StartAsync(folder, major);
        Assert.NotEqual(id, server.ProcessId);
        Assert.Equal(42, await AskAsync(server.ConnectionString, "SELECT answer FROM kept"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_busy_backend_that_outlives_its_server_does_not_block_the_next_start(int major)
    {
        var folder = NewDataFolder();
        await using var first = await StartAsync(folder, major);
        await using var connection = new NpgsqlConnection(first.ConnectionString);
        await connection.OpenAsync();
        var backend = connection.ProcessID;
        await using var endless = new NpgsqlCommand("DO $$ BEGIN LOOP NULL; END LOOP; END $$", connection) { CommandTimeout = 0 };
        var busy = endless.ExecuteNonQueryAsync();
        var running = $"SELECT count(*)::int FROM pg_stat_activity WHERE pid = {backend} AND state = 'active'";
        while (await AskAsync(first.ConnectionString, running) is not 1)
            await Task.Yield();
        Kill(first.ProcessId);
        await UntilAsync(() => !IsRunning(first.ProcessId), "the killed server has ended");
        Assert.True(IsRunning(backend));

        await using var second = await StartAsync(folder, major);
        Assert.False(second.Adopted);
        Assert.False(IsRunning(backend));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => busy);
    }

    [Fact]
    public async Task A_stale_process_number_that_now_belongs_to_another_program_does_not_block_a_start()
    {
        var folder = NewDataFolder();
        string sockets;
        string pidFile;
        await using (var first = await EmbeddedServer.StartAsync(folder))
        {
            sockets = SocketFolder(first);
            pidFile = await File.ReadAllTextAsync(Path.Combine(folder, "postmaster.pid"));
        }

        string[] stale = [$"{Environment.ProcessId}", .. pidFile.Split('\n').Skip(1)];
        await File.WriteAllLinesAsync(Path.Combine(folder, "postmaster.pid"), stale);
        Directory.CreateDirectory(sockets);
        await File.WriteAllLinesAsync(Path.Combine(sockets, ".s.PGSQL.5432.lock"), stale);
        await using var server = await EmbeddedServer.StartAsync(folder);
        Assert.False(server.Adopted);
    }

    [Fact]
    public async Task A_folder_in_use_from_another_container_gets_no_second_server()
    {
        var folder = NewDataFolder();
        using var owner = HoldingProcess.Begin(folder);
        var id = await owner.HoldsAsync();
        // From here a server in another container looks like none at all, as a killed one does.
        Kill(id);
        await UntilAsync(() => !IsRunning(id), "the killed server has ended");
        await File.WriteAllTextAsync(folder + ".container", "pid:[1]");
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(folder));
        Assert.Contains("in use from another container", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "postmaster.pid")));

        await owner.KillAsync();
        await using var server = await EmbeddedServer.StartAsync(folder);
        Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(18, true)]
    [InlineData(15, false)]
    [InlineData(18, false)]
    public async Task An_interrupted_initdb_leaves_a_folder_that_starts(int major, bool initdbToo)
    {
        var folder = NewDataFolder();
        using var owner = HoldingProcess.Begin(folder, major);
        string[] Unfinished() => Directory.GetDirectories(Path.GetDirectoryName(folder)!, "*.unfinished-*");
        await UntilAsync(() => Unfinished() is [var half] && File.Exists(Path.Combine(half, "PG_VERSION")), "initdb has written PG_VERSION");
        await owner.KillAsync();
        foreach (var id in initdbToo ? ProcessesNaming(Unfinished()[0]) : [])
            Kill(id);
        Assert.False(Directory.Exists(folder));

        await using (var server = await StartAsync(folder, major))
            Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
        await UntilAsync(() => Unfinished() is not [var half] || ProcessesNaming(half).Count == 0, "the interrupted initdb has ended");
        await (await StartAsync(folder, major)).DisposeAsync();
        Assert.Empty(Unfinished());
    }

    private static List<int> ProcessesNaming(string word) =>
        [.. from path in Directory.GetDirectories("/proc")
            where int.TryParse(Path.GetFileName(path), out _) && CommandOf(path).Contains(word, StringComparison.Ordinal)
            select int.Parse(Path.GetFileName(path), null)];

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
