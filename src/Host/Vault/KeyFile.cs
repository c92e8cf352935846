using System.Security.Cryptography;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Host.Vault;

/// <summary>
/// Where the key ring lies. It is read whenever it is needed, so that a host that runs takes up a rotation, and never wraps by a key that was
/// taken out of the file. It lies beside the database and never in it: who has one of both has nothing.
/// </summary>
/// <param name="path">The file; null: none is named.</param>
/// <param name="mayMake">True: it belongs to a database of our own, and is made when it is first needed.</param>
internal sealed class KeyFile(string? path, bool mayMake = false)
{
    /// <summary>Environment variable that names it.</summary>
    public const string Variable = "SLA_VAULT_KEYS";

    /// <summary>Its name beside the embedded database.</summary>
    public const string DefaultName = "vault.keys";

    // The keys of a century of rotations.
    private const int MaxLength = 64 * 1024;

    /// <summary>None is named.</summary>
    public static KeyFile None { get; } = new(null);

    /// <summary>The file that was named, by an option or else by the environment; null: none.</summary>
    public static KeyFile? Named(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named ? new KeyFile(System.IO.Path.GetFullPath(named)) : null;

    /// <summary>The file; null: none is named.</summary>
    public string? Path { get; } = path;

    /// <summary>True: it lies there.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>True: it is not there, and may be made.</summary>
    public bool IsToBeMade => mayMake && !Exists;

    /// <summary>True: others than its owner can read it.</summary>
    public bool IsReadableByOthers =>
        Exists && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path!) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;

    /// <summary>Reads it.</summary>
    /// <exception cref="VaultClosedException">None is named, it is not there, or it cannot be read.</exception>
    public KeyRing Read()
    {
        if (Path is null)
            throw new VaultClosedException($"this host has no key for personal data, which is stored encrypted or not at all: name a key file with {Variable} or --vault-keys; sla vault key makes a line of it");
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            if (file.Length > MaxLength)
                throw new VaultClosedException($"{Path} is longer than a key file; name another");
            var text = new byte[file.Length];
            try
            {
                file.ReadExactly(text);
                return KeyRing.Read(text, Path);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(text);
            }
        }
        catch (Exception hindrance) when (hindrance is IOException or UnauthorizedAccessException)
        {
            throw new VaultClosedException($"the key file {Path} cannot be read: {(hindrance is FileNotFoundException or DirectoryNotFoundException ? "there is none" : hindrance.Message)}", hindrance);
        }
    }

    /// <summary>Makes it with one new key, unless somebody else makes it first. It is on the disk before any key is wrapped by it.</summary>
    public void Make()
    {
        var unfinished = $"{Path}.{System.IO.Path.GetRandomFileName()}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes($"# Keys of personal data. Keep a copy apart from backups of the database: without it nobody reads what is sealed.\n{KeyRing.NewLine()}\n"));
                file.Flush(flushToDisk: true);
            }

            Name(unfinished);
        }
        catch (Exception hindrance) when (hindrance is IOException or UnauthorizedAccessException or EmbeddedPostgresException)
        {
            throw new VaultClosedException($"the key file {Path} cannot be made: {hindrance.Message}", hindrance);
        }
        finally
        {
            // Where there is no folder there is nothing either, and deleting it would be a fault of its own.
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    /// <summary>Gives it its name once it is whole. Never over one that is there: what that has wrapped nobody could read again.</summary>
    private void Name(string unfinished)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Whoever made it: the name is on the disk before a key is wrapped.
            _ = Posix.TryLink(unfinished, Path!);
            Posix.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
            return;
        }

        try
        {
            File.Move(unfinished, Path!, overwrite: false);
        }
        catch (IOException) when (Exists)
        {
            // Somebody else was first.
        }
    }
}
