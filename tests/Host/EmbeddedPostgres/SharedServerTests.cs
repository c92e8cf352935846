using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;
using static SlaMonitor.Tests.Host.EmbeddedPostgres.Servers;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

public sealed class SharedServerTests
{
    public static TheoryData<int> Majors => PostgresServers.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_last_one_out_stops_the_server(int major)
    {
        var folder = NewDataFolder();
        using var starter = HoldingProcess.Begin(folder, major);
        var id = await starter.HoldsAsync();
        var first = await StartAsync(folder, major);
        var second = await StartAsync(folder, major);
        Assert.Equal((id, id), (first.ProcessId, second.ProcessId));
        Assert.True(first.Adopted);

        await starter.LeaveAsync();
        await first.DisposeAsync();
        Assert.Equal(1, await AskAsync(second.ConnectionString, "SELECT 1"));
        await second.DisposeAsync();
        Assert.False(IsRunning(id));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_whose_users_were_all_killed_is_adopted_and_stopped_at_the_end(int major)
    {
        var folder = NewDataFolder();
        using var owner = HoldingProcess.Begin(folder, major);
        var id = await owner.HoldsAsync();
        await owner.KillAsync();
        Assert.True(IsRunning(id));

        var server = await StartAsync(folder, major);
        Assert.True(server.Adopted);
        Assert.Equal(id, server.ProcessId);
        Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
        await server.DisposeAsync();
        Assert.False(IsRunning(id));
    }

    [Fact]
    public async Task A_killed_user_does_not_stop_the_server_for_the_others()
    {
        var folder = NewDataFolder();
        using var owner = HoldingProcess.Begin(folder);
        await owner.HoldsAsync();
        await using var server = await EmbeddedServer.StartAsync(folder);
        await owner.KillAsync();
        Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_server_started_by_hand_is_adopted_where_it_listens(int major)
    {
        var folder = NewDataFolder();
        var settings = new Dictionary<string, string> { ["port"] = "6543" };
        // The other settings stand for those of whoever started it: what counts is postmaster.pid.
        await using var byHand = await EmbeddedServer.StartAsync(folder, new() { Major = major, Settings = settings });
        await using var server = await StartAsync(folder, major);
        Assert.Equal(byHand.ProcessId, server.ProcessId);
        Assert.Equal("6543", await AskAsync(server.ConnectionString, "SHOW port"));
    }

    [Fact]
    public async Task A_server_of_somebody_else_that_refuses_us_is_left_running()
    {
        var folder = NewDataFolder();
        await using var theirs = await EmbeddedServer.StartAsync(folder);
        await AskAsync(theirs.ConnectionString, "CREATE ROLE other SUPERUSER LOGIN");
        var asOther = new NpgsqlConnectionStringBuilder(theirs.ConnectionString) { Username = "other" }.ConnectionString;
        await AskAsync(asOther, "ALTER ROLE sla RENAME TO renamed");
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(folder));
        Assert.Contains("role \"sla\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await AskAsync(asOther, "SELECT 1"));
    }

    [Fact]
    public async Task Simultaneous_starts_of_a_new_folder_share_one_server_and_one_copy_of_the_programs()
    {
        var folder = NewDataFolder();
        var places = BinaryPlaces.Default with { CacheFolder = Path.Combine(TestFolders.New(), "cache") };
        var others = Enumerable.Range(0, 2).Select(_ => HoldingProcess.Begin(folder)).ToList();
        var servers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => EmbeddedServer.StartAsync(folder, new() { Places = places }))));
        foreach (var other in others)
            Assert.Equal(servers[0].ProcessId, await other.HoldsAsync());
        Assert.All(servers, server => Assert.Equal(servers[0].ProcessId, server.ProcessId));
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()).Concat(others.Select(other => other.LeaveAsync())));
        Assert.False(IsRunning(servers[0].ProcessId));
        Assert.False(Directory.Exists(places.CacheFolder) && Directory.GetDirectories(places.CacheFolder).Length > 1);
    }

    [Fact]
    public async Task Starting_and_stopping_at_the_same_time_never_leaves_a_user_without_a_server()
    {
        var folder = NewDataFolder();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++)
            {
                await using var server = await EmbeddedServer.StartAsync(folder);
                Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
            }
        })));
        Assert.False(File.Exists(Path.Combine(folder, "postmaster.pid")));
    }
}
