using System.Globalization;
using Npgsql;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>A running server as its postmaster.pid describes it, whoever started it.</summary>
internal sealed record Postmaster(int ProcessId, string Host, int Port)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>The server living in a folder, or null.</summary>
    public static Postmaster? Find(DataFolder folder)
    {
        // Lines: process id, data folder, start time, port, first socket folder, first listen address, shared memory, status.
        var lines = ReadLines(folder.PidFile);
        if (lines.Length < 5 || !int.TryParse(lines[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            return null;
        if (id < 0 && LivesIn(folder, -id))
            throw new EmbeddedPostgresException($"{folder.Path} is in use by a single-user server (process {-id}). End it first.");
        if (!LivesIn(folder, id) || !int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        var address = lines.Length > 5 && lines[5] is { Length: > 0 } and not "*" ? lines[5] : "localhost";
        return new Postmaster(id, lines[4] is { Length: > 0 } socket ? socket : address, port);
    }

    /// <summary>How to reach one of its databases.</summary>
    public NpgsqlConnectionStringBuilder ConnectionTo(string database) => new()
    {
        Host = Host,
        Port = Port,
        Username = EmbeddedServer.User,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    public bool IsAlive(DataFolder folder) => LivesIn(folder, ProcessId);

    /// <summary>Stops the server: disconnecting its clients, and if that takes too long, as if the power were cut.</summary>
    public async Task StopAsync(DataFolder folder, TimeSpan patience)
    {
        foreach (var (signal, wait) in new[] { (Posix.Interrupt, patience), (Posix.Quit, TimeSpan.FromSeconds(10)), (Posix.Kill, TimeSpan.FromSeconds(10)) })
        {
            Posix.Signal(ProcessId, signal);
            if (await WaitAsync(() => !IsAlive(folder), wait, CancellationToken.None))
                return;
        }
    }

    /// <summary>
    /// Clears what a killed server leaves: processes that have not yet noticed, whose shared memory would refuse a new server,
    /// and a postmaster.pid whose number now belongs to some other process, which PostgreSQL would take for a living server.
    /// </summary>
    public static async Task ClearRemnantsAsync(DataFolder folder, CancellationToken ct)
    {
        foreach (var signal in new[] { Posix.Quit, Posix.Kill })
        {
            foreach (var id in AllIn(folder))
                Posix.Signal(id, signal);
            if (!await WaitAsync(() => AllIn(folder).Count == 0, TimeSpan.FromSeconds(5), ct))
                continue;
            if (File.Exists(folder.PidFile))
                File.Delete(folder.PidFile);
            return;
        }

        throw new EmbeddedPostgresException(
            $"Processes of an earlier server in {folder.Path} do not end: {string.Join(", ", AllIn(folder))}.");
    }

    private static async Task<bool> WaitAsync(Func<bool> condition, TimeSpan patience, CancellationToken ct)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > until)
                return false;
            await Task.Delay(Pause, ct);
        }

        return true;
    }

    private static List<int> AllIn(DataFolder folder) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && LivesIn(folder, id))];

    /// <summary>Every process of a server has its data folder as its current folder; a zombie has none, which is right: it is dead.</summary>
    private static bool LivesIn(DataFolder folder, int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim() == "postgres"
                && new FileInfo($"/proc/{id}/cwd").LinkTarget == folder.Path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
