using System.Globalization;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>The user that runs the server: ourselves, unless we are root, as which PostgreSQL refuses to run.</summary>
internal sealed record ServerAccount(uint User, uint Group, bool IsOurselves)
{
    private const uint Root = 0;
    private const uint NobodyEverywhere = 65534;

    /// <summary>The user for a data folder: whoever owns it, and for a new one an unprivileged user.</summary>
    public static ServerAccount For(string dataFolder)
    {
        var ourselves = Posix.EffectiveUser;
        var owner = Posix.OwnerOf(dataFolder);
        if (ourselves != Root)
            return owner is null || owner.Value.User == ourselves
                ? new ServerAccount(ourselves, Posix.EffectiveGroup, true)
                : throw new EmbeddedPostgresException(
                    $"{dataFolder} belongs to user {owner.Value.User}. Run as that user or as root, or choose another folder with --data or SLA_DATA.");
        if (owner is { User: not Root } other)
            return new ServerAccount(other.User, other.Group, false);
        if (PostgresBinaries.MajorOf(dataFolder) is not null)
            throw new EmbeddedPostgresException(
                $"{dataFolder} belongs to root, as which PostgreSQL refuses to run. Give it to another user: chown -R postgres {dataFolder}");
        return Named("postgres") ?? Named("nobody") ?? new ServerAccount(NobodyEverywhere, NobodyEverywhere, false);
    }

    /// <summary>The command line that runs a program as this user.</summary>
    public IEnumerable<string> Run(IEnumerable<string> command)
    {
        if (IsOurselves)
            return command;
        if (ChildProcess.Exists("setpriv"))
            return ["setpriv", $"--reuid={User}", $"--regid={Group}", "--clear-groups", "--", .. command];
        if (ChildProcess.Exists("runuser") && NameOf(User) is { } name)
            return ["runuser", "-u", name, "--", .. command];
        throw new EmbeddedPostgresException(
            "PostgreSQL refuses to run as root, and neither setpriv nor runuser is installed to run it as another user. "
            + "Install util-linux, run as another user, or set SLA_DATABASE to a server's connection string.");
    }

    /// <summary>Gives a folder to the server's user, who alone may look into it.</summary>
    public void Own(string folder)
    {
        Posix.SetMode(folder, Posix.OwnerOnly);
        if (!IsOurselves)
            Posix.SetOwner(folder, User, Group);
    }

    /// <summary>Fails when the server's user cannot get to a folder, typically because it lies below /root.</summary>
    public async Task RequireReachableAsync(string folder, CancellationToken ct)
    {
        if (IsOurselves || await ReachesAsync(folder, ct))
            return;
        var barrier = folder;
        for (var parent = Path.GetDirectoryName(folder); parent is not null && !await ReachesAsync(parent, ct); parent = Path.GetDirectoryName(parent))
            barrier = parent;
        throw new EmbeddedPostgresException(
            $"The server runs as user {User}, because PostgreSQL refuses to run as root, and that user cannot enter {barrier}. "
            + $"Choose another data folder with --data or SLA_DATA, for example /var/lib/sla-monitor, or allow it: chmod o+x {barrier}");
    }

    private async Task<bool> ReachesAsync(string folder, CancellationToken ct) =>
        (await ChildProcess.RunAsync(Run(["test", "-x", folder]), ct)).ExitCode == 0;

    private static ServerAccount? Named(string name) =>
        Accounts().FirstOrDefault(fields => fields[0] == name) is { } fields
            ? new ServerAccount(Id(fields[2]), Id(fields[3]), false)
            : null;

    private static string? NameOf(uint user) => Accounts().FirstOrDefault(fields => Id(fields[2]) == user)?[0];

    private static IEnumerable<string[]> Accounts() =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4);

    private static uint Id(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
