using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;
using static SlaMonitor.Tests.Host.EmbeddedPostgres.Servers;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

public sealed class EmbeddedServerTests
{
    public static TheoryData<int> Majors => PostgresServers.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_answers_after_its_start_and_leaves_nothing_running_after_its_stop(int major)
    {
        var server = await StartAsync(NewDataFolder(), major);
        Assert.Equal(major, await AskAsync(server.ConnectionString, "SELECT current_setting('server_version_num')::int / 10000"));
        Assert.False(server.Adopted);
        await server.DisposeAsync();
        await server.DisposeAsync();
        Assert.False(IsRunning(server.ProcessId));
        Assert.False(Directory.Exists(SocketFolder(server)));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_restart_keeps_the_data_and_the_version_of_its_folder(int major)
    {
        var folder = NewDataFolder();
        await using (var first = await StartAsync(folder, major))
            await AskAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await using var second = await EmbeddedServer.StartAsync(folder);
        Assert.Equal(42, await AskAsync(second.ConnectionString, "SELECT answer FROM kept"));
        Assert.Equal(major, await AskAsync(second.ConnectionString, "SELECT current_setting('server_version_num')::int / 10000"));
    }

    [Theory]
    [InlineData(15, "POSIX")]
    [InlineData(18, "POSIX")]
    [InlineData(15, null)]
    [InlineData(18, null)]
    public async Task Text_is_UTF8_and_sorts_by_code_point_whatever_the_callers_environment(int major, string? locale)
    {
        var environment = new Dictionary<string, string?>
        {
            ["LC_ALL"] = locale,
            ["LANG"] = locale,
            ["PGDATA"] = "/nowhere",
            ["PGPORT"] = "1",
            ["PGCLIENTENCODING"] = "LATIN1",
            ["LD_LIBRARY_PATH"] = "/nowhere",
        };
        var folder = NewDataFolder();
        using var maker = HoldingProcess.Begin(folder, major, environment: environment);
        await maker.HoldsAsync();
        await using var server = await StartAsync(folder, major);
        Assert.Equal("UTF8", await AskAsync(server.ConnectionString, "SHOW server_encoding"));
        Assert.Equal("BZab\u00e9\u4e2d", await AskAsync(
            server.ConnectionString, "SELECT string_agg(v, '' ORDER BY v) FROM unnest('{a,\u4e2d,Z,b,\u00e9,B}'::text[]) v"));
        Assert.Equal("\u00c9", await AskAsync(server.ConnectionString, "SELECT upper('\u00e9')"));
        await maker.LeaveAsync();
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Only_this_machine_and_the_servers_user_reach_it(int major)
    {
        await using var server = await StartAsync(NewDataFolder(), major);
        Assert.Equal("", await AskAsync(server.ConnectionString, "SHOW listen_addresses"));
        var modes = new[] { SocketFolder(server), Path.Combine(SocketFolder(server), ".s.PGSQL.5432") }.Select(path => new FileInfo(path).UnixFileMode);
        Assert.All(modes, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode));
    }

    [Fact]
    public async Task Settings_suit_an_embedded_server_and_the_caller_may_change_them()
    {
        var settings = new Dictionary<string, string> { ["max_connections"] = "20", ["application_name"] = "it's; a \"name\"" };
        await using var server = await EmbeddedServer.StartAsync(NewDataFolder(), new() { Settings = settings });
        Assert.Equal("256MB", await AskAsync(server.ConnectionString, "SHOW shared_buffers"));
        Assert.Equal("10", await AskAsync(server.ConnectionString, "SHOW max_prepared_transactions"));
        Assert.Equal("on", await AskAsync(server.ConnectionString, "SHOW fsync"));
        Assert.Equal("UTC", await AskAsync(server.ConnectionString, "SHOW timezone"));
        Assert.Equal("UTC", await AskAsync(server.ConnectionString, "SHOW log_timezone"));
        Assert.Equal("on", await AskAsync(server.ConnectionString, "SHOW data_checksums"));
        Assert.Equal("20", await AskAsync(server.ConnectionString, "SHOW max_connections"));
        Assert.Equal("it's; a \"name\"", await AskAsync(server.ConnectionString, "SHOW application_name"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_path_longer_than_a_socket_allows_and_full_of_odd_signs_works(int major)
    {
        var folder = Path.Combine(TestFolders.New(), new string('x', 120), "it's \"$HOME\" \u4e2d\u6587 -c fsync=off", "postgres-data");
        await using var server = await StartAsync(folder, major);
        Assert.Equal(folder, await AskAsync(server.ConnectionString, "SHOW data_directory"));
        Assert.Equal("on", await AskAsync(server.ConnectionString, "SHOW fsync"));
    }

    [Fact]
    public async Task A_server_runs_in_a_session_of_its_own_so_that_Ctrl_C_does_not_reach_it()
    {
        await using var server = await EmbeddedServer.StartAsync(NewDataFolder());
        Assert.NotEqual(await GroupAndSessionAsync("self"), await GroupAndSessionAsync($"{server.ProcessId}"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_that_does_not_start_is_reported_with_the_end_of_its_log(int major)
    {
        var options = new EmbeddedServerOptions { Major = major, Settings = new Dictionary<string, string> { ["shared_buffers"] = "a lot" } };
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(NewDataFolder(), options));
        Assert.Contains("invalid value for parameter \"shared_buffers\": \"a lot\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_start_leaves_nothing_running_and_can_be_repeated()
    {
        var folder = NewDataFolder();
        for (var patience = 100; patience <= 1600; patience *= 2)
        {
            using var impatient = new CancellationTokenSource(patience);
            var start = EmbeddedServer.StartAsync(folder, ct: impatient.Token);
            if (await Record.ExceptionAsync(async () => await (await start).DisposeAsync()) is { } error)
                Assert.IsAssignableFrom<OperationCanceledException>(error);
            Assert.False(File.Exists(Path.Combine(folder, "postmaster.pid")));
        }

        await using var server = await EmbeddedServer.StartAsync(folder);
        Assert.False(server.Adopted);
    }

    [Fact]
    public async Task A_socket_folder_made_by_somebody_else_is_refused()
    {
        var folder = NewDataFolder();
        string sockets;
        await using (var server = await EmbeddedServer.StartAsync(folder))
            sockets = SocketFolder(server);
        await File.WriteAllTextAsync(sockets, "");
        try
        {
            var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(folder));
            Assert.Contains(sockets, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(sockets);
        }
    }

    [Fact]
    public async Task A_log_that_has_grown_large_is_put_aside_at_the_next_start()
    {
        var folder = NewDataFolder();
        await (await EmbeddedServer.StartAsync(folder)).DisposeAsync();
        var log = Path.Combine(folder, "server.log");
        await using (var stream = new FileStream(log, FileMode.Open, FileAccess.Write))
            stream.SetLength(20_000_000);
        await using var server = await EmbeddedServer.StartAsync(folder);
        Assert.Equal(20_000_000, new FileInfo(log + ".1").Length);
        Assert.InRange(new FileInfo(log).Length, 1, 100_000);
    }

    [Fact]
    public async Task The_connection_string_stays_usable_through_a_pool()
    {
        await using var server = await EmbeddedServer.StartAsync(NewDataFolder());
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await using var command = source.CreateCommand($"SELECT {number}");
            return (int)(await command.ExecuteScalarAsync())!;
        }));
        Assert.Equal(Enumerable.Range(0, 50), answers);
    }

    private static async Task<(string Group, string Session)> GroupAndSessionAsync(string process)
    {
        var fields = (await File.ReadAllTextAsync($"/proc/{process}/stat")).Split(") ")[1].Split(' ');
        return (fields[2], fields[3]);
    }
}
