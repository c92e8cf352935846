using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>
/// The npm package with the server's programs. npm packages cannot hold links, so a script makes them after installation;
/// where scripts are switched off the libraries are not found under the names the programs ask for.
/// </summary>
internal sealed class NpmPackage(string folder)
{
    private sealed record Link(string Source, string Target);

    public string Version
    {
        get
        {
            var file = Path.Combine(folder, "package.json");
            if (!File.Exists(file))
                return "";
            using var description = JsonDocument.Parse(File.ReadAllText(file));
            return description.RootElement.GetProperty("version").GetString() ?? "";
        }
    }

    /// <summary>A folder with programs that the account can run, made so when needed.</summary>
    public string Prepare(ServerAccount account, string cacheFolder)
    {
        // Another user may not be able to reach the package (it may lie below /root), hence the copy.
        if (account.IsOurselves && TryMakeLinks(folder))
            return Path.Combine(folder, "native", "bin");
        return Path.Combine(CopyInto(cacheFolder), "native", "bin");
    }

    private static bool TryMakeLinks(string root)
    {
        try
        {
            MakeLinks(root);
            return true;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static void MakeLinks(string root)
    {
        foreach (var link in Links(root))
        {
            var target = Path.Combine(root, link.Target);
            if (File.Exists(target))
                continue;
            var content = Path.GetRelativePath(Path.GetDirectoryName(link.Target)!, link.Source);
            try
            {
                File.CreateSymbolicLink(target, content);
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another start made the same link in the meantime.
            }
        }
    }

    private static Link[] Links(string root)
    {
        var file = Path.Combine(root, "native", "pg-symlinks.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<Link[]>(File.ReadAllText(file), JsonSerializerOptions.Web) ?? [] : [];
    }

    private string CopyInto(string cacheFolder)
    {
        try
        {
            Directory.CreateDirectory(cacheFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"{cacheFolder}, where a copy of the programs in {folder} belongs, cannot be made: {error.Message} "
                + "Make it writable, install Debian's postgresql-15, or set SLA_DATABASE to a server's connection string.", error);
        }

        RequireOurs(cacheFolder);
        Posix.SetMode(cacheFolder, Posix.RunnableByAll);
        var copy = Path.Combine(cacheFolder, $"postgres-{Version}-{Fingerprint()}");
        if (!Directory.Exists(copy))
            Publish(copy);
        RequireOurs(copy);
        return copy;
    }

    /// <summary>The copy appears whole under its name or not at all, so parallel starts can use one another's.</summary>
    private void Publish(string copy)
    {
        RemoveAbandoned(copy);
        var unfinished = $"{copy}.{Guid.NewGuid():n}";
        try
        {
            CopyTree(Path.Combine(folder, "native"), Path.Combine(unfinished, "native"));
            Posix.SetMode(unfinished, Posix.RunnableByAll);
            MakeLinks(unfinished);
            // Without this a power cut could leave the name with empty programs under it.
            Posix.SyncFileSystem(unfinished);
            Directory.Move(unfinished, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            // A parallel start was first; its copy is the same.
        }
        finally
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
        }
    }

    /// <summary>Copies whose maker was killed. A copy takes seconds, so an hour leaves parallel starts alone.</summary>
    private static void RemoveAbandoned(string copy)
    {
        var siblings = new DirectoryInfo(Path.GetDirectoryName(copy)!).GetDirectories(Path.GetFileName(copy) + ".*");
        foreach (var abandoned in siblings.Where(sibling => sibling.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1)))
            abandoned.Delete(recursive: true);
    }

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        // Set, not asked for at creation: a umask of 077 would lock the server's user out.
        Posix.SetMode(to, Posix.RunnableByAll);
        var programs = Path.GetFileName(from) is "bin";
        foreach (var file in new DirectoryInfo(from).GetFiles().Where(file => file.LinkTarget is null))
        {
            var target = Path.Combine(to, file.Name);
            file.CopyTo(target);
            Posix.SetMode(target, programs ? Posix.RunnableByAll : Posix.ReadableByAll);
        }

        foreach (var child in new DirectoryInfo(from).GetDirectories().Where(child => child.LinkTarget is null))
            CopyTree(child.FullName, Path.Combine(to, child.Name));
    }

    /// <summary>Names and sizes rather than contents: a start should not read 60 MB.</summary>
    private string Fingerprint()
    {
        var native = Path.Combine(folder, "native");
        var files = new DirectoryInfo(native).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.LinkTarget is null)
            .Select(file => $"{Path.GetRelativePath(native, file.FullName)} {file.Length}")
            .Order(StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Version + "\n" + string.Join('\n', files)));
        return Convert.ToHexStringLower(hash.AsSpan(0, 6));
    }

    /// <summary>Programs are only run from folders that nobody else could have filled.</summary>
    private static void RequireOurs(string path)
    {
        if (Posix.OwnerOf(path) is not { IsFolder: true } owner || owner.User != Posix.EffectiveUser)
            throw new EmbeddedPostgresException($"{path} belongs to another user, so its programs are not run. Remove it and start again.");
    }
}
