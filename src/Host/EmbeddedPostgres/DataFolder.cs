using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>
/// A server's data folder and what lies beside it: two lock files, the name of the container its server was started in, and
/// while a new database is being made, its unfinished folder.
/// Invariant: a folder under the final name that holds PG_VERSION was finished by initdb.
/// </summary>
public sealed class DataFolder
{
    private const string Unfinished = ".unfinished-";
    private const long LogLimit = 16 * 1024 * 1024;

    private DataFolder(string path) => Path = path;

    /// <summary>The full path, without links.</summary>
    public string Path { get; }

    internal string HoldersLock => Path + ".holders";

    internal string StartLock => Path + ".start";

    private string Container => Path + ".container";

    internal string Log => System.IO.Path.Combine(Path, "server.log");

    internal string PidFile => System.IO.Path.Combine(Path, "postmaster.pid");

    /// <summary>
    /// In /tmp and never in $TMPDIR: every process must come to the same name, and a socket's path may have 107 bytes at most.
    /// </summary>
    internal string SocketFolder =>
        "/tmp/sla-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)).AsSpan(0, 8));

    /// <summary>Where the server's data lies by default: what the caller says, else SLA_DATA, else the user's place for data.</summary>
    public static string Default(string? data = null)
    {
        var home = data
            ?? Set("SLA_DATA")
            ?? (Posix.EffectiveUser == 0 ? "/var/lib/sla-monitor" : System.IO.Path.Combine(UserData, "sla-monitor"));
        return System.IO.Path.Combine(System.IO.Path.GetFullPath(home), "postgres-data");
    }

    internal static DataFolder At(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        var parent = System.IO.Path.GetDirectoryName(full)
            ?? throw new EmbeddedPostgresException("The root of the file system cannot be a data folder.");
        try
        {
            Make(parent);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"{parent} cannot be made: {error.Message} Choose another data folder with --data or SLA_DATA, or set SLA_DATABASE to the connection string of a server.", error);
        }

        return new DataFolder(Directory.Exists(full)
            ? Posix.RealPath(full)
            : System.IO.Path.Combine(Posix.RealPath(parent), System.IO.Path.GetFileName(full)));
    }

    /// <summary>Makes the database when there is none. To be called with the start lock held.</summary>
    internal async Task CreateIfNewAsync(PostgresBinaries binaries, string bin, ServerAccount account, CancellationToken ct)
    {
        var parent = System.IO.Path.GetDirectoryName(Path)!;
        await account.RequireReachableAsync(parent, ct);
        RemoveUnfinished(parent);
        if (PostgresBinaries.MajorOf(Path) is not null)
            return;
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any())
            throw new EmbeddedPostgresException(
                $"{Path} holds files but no database. Choose another data folder with --data or SLA_DATA, or empty it.");
        var unfinished = Path + Unfinished + Guid.NewGuid().ToString("n");
        Directory.CreateDirectory(unfinished);
        account.Own(unfinished);
        var outcome = await ChildProcess.RunAsync(account.Run(InitDb(binaries.Major, bin, unfinished)), ct);
        if (outcome.ExitCode != 0)
            throw new EmbeddedPostgresException($"initdb could not make {Path}: {outcome.Output}");
        if (Directory.Exists(Path))
            Directory.Delete(Path);
        Directory.Move(unfinished, Path);
        Posix.SyncFolder(parent);
    }

    /// <summary>
    /// A server in another container cannot be seen from here, neither by us nor by PostgreSQL, and a second one would destroy
    /// the data. Its users can be seen, because file locks know no containers.
    /// </summary>
    internal void RequireNoOtherContainer(bool othersUseIt)
    {
        var ours = new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        var last = File.Exists(Container) ? File.ReadAllText(Container) : "";
        if (last == ours)
            return;
        if (othersUseIt)
            throw new EmbeddedPostgresException(
                $"The server in {Path} is in use from another container. Run the command in that container, or set SLA_DATABASE to a server both can reach.");
        // Not overwritten: the file may belong to another user, in which case the folder still lets us replace it.
        File.Delete(Container);
        File.WriteAllText(Container, ours);
    }

    /// <summary>
    /// A folder for the socket which only the server's user can have made. To be called when no server lives in the data
    /// folder: the lock of a killed one is removed, because its process number may belong to another program by now.
    /// </summary>
    internal void MakeSocketFolder(ServerAccount account)
    {
        if (Posix.OwnerOf(SocketFolder) is null)
            Directory.CreateDirectory(SocketFolder);
        var owner = Posix.OwnerOf(SocketFolder);
        // Ours but not yet the server's: we are root and were killed between making the folder and giving it away.
        if (owner is not { IsFolder: true } || (owner.Value.User != account.User && owner.Value.User != Posix.EffectiveUser))
            throw new EmbeddedPostgresException(
                $"{SocketFolder}, where the server's socket belongs, is owned by another user. Remove it, or choose another data folder with --data or SLA_DATA.");
        account.Own(SocketFolder);
        foreach (var left in Directory.GetFiles(SocketFolder, ".s.PGSQL.*"))
            File.Delete(left);
    }

    internal void RemoveSocketFolder()
    {
        try
        {
            Directory.Delete(SocketFolder);
        }
        catch (IOException)
        {
            // Not empty or already gone: it is a name without meaning to anybody else, so it may stay.
        }
        catch (UnauthorizedAccessException)
        {
            // The same.
        }
    }

    /// <summary>Keeps one previous log; only called while no server writes to it.</summary>
    internal long RotateLog()
    {
        var log = new FileInfo(Log);
        if (!log.Exists)
            return 0;
        if (log.Length <= LogLimit)
            return log.Length;
        File.Move(Log, Log + ".1", overwrite: true);
        return 0;
    }

    /// <summary>The last lines the server has written since a position in its log.</summary>
    internal string LogTail(long from)
    {
        if (!File.Exists(Log))
            return "(no log)";
        using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(Math.Max(Math.Min(from, stream.Length), stream.Length - 64 * 1024), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(20));
    }

    private static IEnumerable<string> InitDb(int major, string bin, string folder) =>
    [
        System.IO.Path.Combine(bin, "initdb"), "-D", folder, "-U", EmbeddedServer.User, "-E", "UTF8", "--data-checksums",
        "--auth-local=trust", "--auth-host=reject", "--no-instructions",
        // The built-in provider sorts by code point whatever the C library; before 17 the C library's C.UTF-8 does the same.
        .. major >= 17
            ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            : (string[])["--locale=C.UTF-8"],
    ];

    /// <summary>What root makes stays open to the server's user, also under a umask of 077.</summary>
    private static void Make(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (System.IO.Path.GetDirectoryName(folder) is { } parent)
            Make(parent);
        Directory.CreateDirectory(folder);
        if (Posix.EffectiveUser == 0)
            Posix.SetMode(folder, Posix.RunnableByAll);
    }

    private void RemoveUnfinished(string parent)
    {
        foreach (var folder in Directory.GetDirectories(parent, System.IO.Path.GetFileName(Path) + Unfinished + "*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // The initdb of a host that was killed may still be writing there; the next start removes the rest.
            }
        }
    }

    private static string UserData =>
        Set("XDG_DATA_HOME")
        ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");

    private static string? Set(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
