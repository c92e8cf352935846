namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>Where server binaries are looked for and where copies of them are kept.</summary>
/// <param name="UpwardsFrom">Folders from which <c>node_modules</c> is searched upwards.</param>
/// <param name="DebianFolder">The folder under which Debian installs one folder per major version.</param>
/// <param name="CacheFolder">Where copies go when the package itself cannot be used in place.</param>
public sealed record BinaryPlaces(IReadOnlyList<string> UpwardsFrom, string DebianFolder, string CacheFolder)
{
    /// <summary>The places of an ordinary installation.</summary>
    public static BinaryPlaces Default => new(
        [AppContext.BaseDirectory, Environment.CurrentDirectory],
        "/usr/lib/postgresql",
        Posix.EffectiveUser == 0 ? "/var/cache/sla-monitor" : UserCache);

    private static string UserCache =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "sla-monitor");
}
