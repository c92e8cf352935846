namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>
/// An advisory lock on a file beside the data folder, gone with its process however that ends. .NET takes flock LOCK_SH for
/// FileShare.Read and LOCK_EX for FileShare.None. The files are never deleted: a lock on a deleted file excludes nobody.
/// </summary>
internal static class FolderLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Serialises starting and stopping; waits for its turn.</summary>
    public static async Task<IDisposable> StartAsync(DataFolder folder, CancellationToken ct)
    {
        while (true)
        {
            if (TryOpen(folder.StartLock, FileShare.None) is { } held)
                return held;
            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>Marks this process as one that uses the server. Needs the start lock, so that nobody tests for being last meanwhile.</summary>
    public static IDisposable Hold(DataFolder folder) =>
        TryOpen(folder.HoldersLock, FileShare.Read)
        ?? throw new EmbeddedPostgresException($"{folder.HoldersLock} is locked by another program.");

    /// <summary>Whether nobody uses the server any more. Needs the start lock.</summary>
    public static bool IsFree(DataFolder folder)
    {
        using var all = TryOpen(folder.HoldersLock, FileShare.None);
        return all is not null;
    }

    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            // Read access is enough for both kinds of lock and works for a file that root has made.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, share);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EmbeddedPostgresException($"{path} cannot be opened: {error.Message} Choose another data folder with --data or SLA_DATA.", error);
        }
    }
}
