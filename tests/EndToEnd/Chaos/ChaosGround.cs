using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>
/// Where the blows fall: a durable PostgreSQL on a disk so small that it can be made full. A watchdog, a process of its own,
/// ends hosts and server and takes the disk away however this process ends.
/// </summary>
internal sealed class ChaosGround : IAsyncDisposable
{
    /// <summary>The hosts' connections are told apart by their application name.</summary>
    public const string HostPrefix = "chaos-host";

    private const int DiskMegabytes = 256;

    // Logs stay when a run failed, that is when the file "passed" is not there.
    private const string Watch = """
        exec >/dev/null 2>&1
        read -r _
        for file in "$1"/*.pid; do
            id=$(cat "$file") && grep -q sla.dll "/proc/$id/cmdline" && kill -KILL "$id"
        done
        kill -QUIT "$(head -n 1 "$1/disk/postgres-data/postmaster.pid")"
        sockets=$(sed -n 5p "$1/disk/postgres-data/postmaster.pid")
        cp "$1/disk/postgres-data/server.log" "$1/server.log"
        for attempt in $(seq 100); do
            umount "$1/disk" && break
            sleep 0.1
        done
        case "$sockets" in /tmp/sla-*) rm -rf "$sockets";; esac
        rmdir "$1/disk"
        if [ -e "$1/passed" ]; then rm -rf "$1"; fi
        """;

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["fsync"] = "on",
        ["full_page_writes"] = "on",
        // As a server has it that is not embedded.
        ["restart_after_crash"] = "on",
        // WAL that is full needs a new segment, which a full disk has no room for: recycled ones would hide it.
        ["wal_recycle"] = "off",
        ["min_wal_size"] = "32MB",
        ["max_wal_size"] = "64MB",
        ["shared_buffers"] = "32MB",
    };

    private readonly Process _watchdog;
    private EmbeddedServer? _server;

    private ChaosGround(string folder, Process watchdog) => (Folder, _watchdog) = (folder, watchdog);

    /// <summary>Logs and catalogues; the disk is below it.</summary>
    public string Folder { get; }

    /// <summary>The folder of catalogues that hosts publish when they start.</summary>
    public string Catalogues => Path.Combine(Folder, "catalogues");

    private string Disk => Path.Combine(Folder, "disk");

    private string DataFolder => Path.Combine(Disk, "postgres-data");

    private string Ballast => Path.Combine(Disk, "ballast");

    public static async Task<ChaosGround> CreateAsync()
    {
        var folder = Directory.CreateDirectory($"/tmp/sla-chaos-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}").FullName;
        var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        foreach (var open in (string[])[folder, disk])
            Posix.SetMode(open, Posix.RunnableByAll);
        await MountAsync(disk);
        var watchdog = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Watch, "sh", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ground = new ChaosGround(folder, watchdog);
        await ground.StartServerAsync();
        return ground;
    }

    /// <summary>How a program of the test reaches the database; the name is seen in <c>pg_stat_activity</c>.</summary>
    public string ConnectionString(string applicationName) =>
        new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { ApplicationName = applicationName }.ConnectionString;

    /// <summary>A connection of the test's own. None is pooled, as the server is going to go away under them.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString("chaos-test")) { Pooling = false, CommandTimeout = 120 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> ListAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
            values.Add(await reader.GetFieldValueAsync<T>(0));
        return values;
    }

    /// <summary>Puts a version of the catalogue where a host finds it when it starts next; whole, whenever that is.</summary>
    public async Task OfferCatalogueAsync(int version)
    {
        var file = Path.Combine(Directory.CreateDirectory(Catalogues).FullName, "chaos.yaml");
        await File.WriteAllTextAsync($"{file}.new", ChaosCases.Catalogue(version));
        File.Move($"{file}.new", file, overwrite: true);
    }

    /// <summary>Stops the server: disconnecting everybody, or as if the power were cut. Then starts it, as an operator would.</summary>
    public async Task RestartServerAsync(bool crash)
    {
        Posix.Signal(int.Parse(File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture), crash ? Posix.Quit : Posix.Interrupt);
        await Condition.HoldsAsync(() => Task.FromResult(!_server!.IsRunning));
        await StartServerAsync();
    }

    /// <summary>Fills the disk to the last byte.</summary>
    public async Task FillDiskAsync()
    {
        await using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1024 * 1024, 4096, 1])
        {
            try
            {
                var block = new byte[size];
                while (ballast.Length < DiskMegabytes * 1024L * 1024)
                    await ballast.WriteAsync(block);
            }
            catch (IOException)
            {
                // Full for blocks of this size; what is left takes smaller ones.
            }
        }
    }

    /// <summary>
    /// Makes room again, and does what an operator would: starts the server if it has given up, and restarts it if it is stuck. A
    /// recovery that ends for want of space can leave a server that neither recovers nor ends.
    /// </summary>
    public async Task FreeDiskAsync()
    {
        File.Delete(Ballast);
        try
        {
            await StartServerAsync(TimeSpan.FromSeconds(10));
        }
        catch (EmbeddedPostgresException)
        {
            await RestartServerAsync(crash: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _watchdog.StandardInput.Close();
        await _watchdog.WaitForExitAsync();
        _watchdog.Dispose();
    }

    /// <summary>What the server has to say, for a run that failed.</summary>
    public string ServerLogTail() => string.Join('\n', File.ReadLines(Path.Combine(DataFolder, "server.log")).TakeLast(40));

    private async Task StartServerAsync(TimeSpan? patience = null)
    {
        var gone = _server;
        _server = await EmbeddedServer.StartAsync(DataFolder, new() { Settings = Settings, StartTimeout = patience ?? TimeSpan.FromMinutes(1) });
        if (gone is not null)
            await gone.DisposeAsync();
    }

    private static async Task MountAsync(string disk)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", $"size={DiskMegabytes}m,mode=755", "sla-chaos", disk]) { RedirectStandardError = true })!;
        var errors = await mount.StandardError.ReadToEndAsync();
        await mount.WaitForExitAsync();
        Assert.True(mount.ExitCode == 0, $"A full disk needs a small one, which needs the right to mount a tmpfs (root with CAP_SYS_ADMIN; in a container, --cap-add SYS_ADMIN): {errors}");
    }
}
