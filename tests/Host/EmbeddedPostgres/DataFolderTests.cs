using SlaMonitor.Host.EmbeddedPostgres;
using static SlaMonitor.Tests.Host.EmbeddedPostgres.Servers;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

public sealed class DataFolderTests
{
    [Fact]
    public void The_folder_named_by_the_caller_comes_first() =>
        Assert.Equal("/some/where/postgres-data", DataFolder.Default("/some/where/"));

    [Fact]
    public async Task An_empty_folder_is_used_and_one_with_other_files_is_not_touched()
    {
        var folder = NewDataFolder();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "letter.txt"), "Dear all");
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(folder));
        Assert.Contains("holds files but no database", error.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "letter.txt"));
        await using var server = await EmbeddedServer.StartAsync(folder);
        Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_link_to_a_folder_means_the_folder()
    {
        var folder = NewDataFolder();
        await using var server = await EmbeddedServer.StartAsync(folder);
        var link = NewDataFolder();
        Directory.CreateSymbolicLink(link, folder);
        await using var same = await EmbeddedServer.StartAsync(link);
        Assert.Equal(server.ProcessId, same.ProcessId);
    }

    [Fact]
    public async Task A_place_the_servers_user_cannot_enter_is_named_with_the_remedy()
    {
        var closed = TestFolders.New();
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = EmbeddedServer.StartAsync(Path.Combine(closed, "below", "postgres-data"));
        if (!Environment.IsPrivilegedProcess)
        {
            // Without root the server's user is ourselves and the folder is ours.
            await (await start).DisposeAsync();
            return;
        }

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => start);
        Assert.All([$"cannot enter {closed}.", "SLA_DATA", $"chmod o+x {closed}"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_belongs_to_root_is_refused_with_the_remedy()
    {
        var folder = NewDataFolder();
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "PG_VERSION"), "18\n");
        // Without root the folder is ours, and what is wrong with it is for the server to say.
        var complaint = Environment.IsPrivilegedProcess ? $"chown -R postgres {folder}" : "ended while starting";
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedServer.StartAsync(folder));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }
}
