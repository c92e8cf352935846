using Npgsql;

namespace SlaMonitor.Host.Vault;

/// <summary>Looks at the key file when a host starts: what is wrong with it is better heard then than with the first complaint.</summary>
internal static class VaultCheck
{
    /// <summary>Tells what is to be mended; a file that is named and cannot be used ends the start.</summary>
    /// <exception cref="VaultClosedException">It cannot be used.</exception>
    public static async Task RunAsync(NpgsqlDataSource dataSource, KeyFile file, Action<string> warn, CancellationToken ct)
    {
        if (file.IsReadableByOthers)
            warn($"the key file {file.Path} can be read by others than its owner; take that from them: chmod 600");
        var known = Known(file);
        try
        {
            var used = await new KeyTable(dataSource, file).UsedAsync(ct);
            if (used.Keys.Except(known).ToList() is { Count: > 0 } missing)
                warn($"personal data of this database is sealed by keys that {(file.Path is null ? "this host does not have: it has no key file" : $"are not in {file.Path}")}: {string.Join(", ", missing)}. Until their lines are put there, such data is neither read nor added to; all else goes on");
        }
        catch (VaultClosedException absent)
        {
            warn(absent.Message);
        }
    }

    private static IReadOnlyList<string> Known(KeyFile file)
    {
        if (file.Path is null || file.IsToBeMade)
            return [];
        using var ring = file.Read();
        return ring.Ids;
    }
}
