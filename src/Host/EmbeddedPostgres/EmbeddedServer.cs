using System.Globalization;
using Npgsql;

namespace SlaMonitor.Host.EmbeddedPostgres;

/// <summary>
/// A PostgreSQL server of our own in a data folder. Several processes may use one folder: the first starts the server, the
/// last to leave stops it. A server left behind by killed processes is adopted. Only this machine can reach it.
/// </summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    internal const string User = "sla";
    private const string DatabaseName = "sla";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["listen_addresses"] = "",
        ["unix_socket_permissions"] = "0700",
        ["port"] = "5432",
        ["shared_buffers"] = "256MB",
        ["max_connections"] = "100",
        ["max_prepared_transactions"] = "10",
        ["fsync"] = "on",
        // After a crash the server ends, and whoever uses it starts it again: a server that recovers in place and finds the disk
        // still full stays up for ever without serving (PostgreSQL 18.4).
        ["restart_after_crash"] = "off",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
        ["logging_collector"] = "off",
        ["log_destination"] = "stderr",
        ["log_checkpoints"] = "off",
        // Details and contexts repeat values, and values may be personal data.
        ["log_error_verbosity"] = "terse",
    };

    private readonly DataFolder _folder;
    private readonly EmbeddedServerOptions _options;
    private IDisposable? _holder;
    private bool _launched;
    private long _logStart;

    private EmbeddedServer(DataFolder folder, EmbeddedServerOptions options)
    {
        _folder = folder;
        _options = options;
    }

    /// <summary>How Npgsql reaches the server's database.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The server's main process.</summary>
    public int ProcessId { get; private set; }

    /// <summary>False once the server has gone without being stopped by its users, as after kill -9.</summary>
    public bool IsRunning => Postmaster.Find(_folder)?.IsAlive(_folder) ?? false;

    /// <summary>Whether the server was already running.</summary>
    public bool Adopted { get; private set; }

    /// <summary>Starts the server of a data folder or joins the one that is running, and waits until it answers.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be started; the message says why and what to do.</exception>
    public static async Task<EmbeddedServer> StartAsync(
        string dataFolder, EmbeddedServerOptions? options = null, CancellationToken ct = default)
    {
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException("The embedded server runs on Linux only. Set SLA_DATABASE to a server's connection string.");
        var server = new EmbeddedServer(DataFolder.At(dataFolder), options ?? new EmbeddedServerOptions());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(server._options.StartTimeout);
        try
        {
            await server.JoinAsync(deadline.Token);
            return server;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw server.Failure($"did not answer within {server._options.StartTimeout}");
        }
    }

    /// <summary>Leaves the server, and stops it when nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _holder, null) is not { } holder)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            using var turn = await FolderLock.StartAsync(_folder, patience.Token);
            await LeaveAsync(holder);
        }
        catch (OperationCanceledException)
        {
            // Somebody's start takes long. It will use the server, and stop it when it leaves.
            holder.Dispose();
        }
    }

    private async Task JoinAsync(CancellationToken ct)
    {
        using var turn = await FolderLock.StartAsync(_folder, ct);
        var othersUseIt = !FolderLock.IsFree(_folder);
        var holder = FolderLock.Hold(_folder);
        try
        {
            var postmaster = await AdoptAsync(ct) ?? await LaunchAsync(othersUseIt, ct);
            await PrepareDatabaseAsync(postmaster, ct);
            ConnectionString = postmaster.ConnectionTo(DatabaseName).ConnectionString;
            ProcessId = postmaster.ProcessId;
            _holder = holder;
        }
        catch when (!_launched)
        {
            // A server that somebody else started and that refuses us is not ours to stop.
            holder.Dispose();
            throw;
        }
        catch
        {
            await LeaveAsync(holder);
            throw;
        }
    }

    /// <summary>Needs the start lock: between the question whether we are the last and the stop nobody may join.</summary>
    private async Task LeaveAsync(IDisposable holder)
    {
        holder.Dispose();
        if (!FolderLock.IsFree(_folder))
            return;
        if (Postmaster.Find(_folder) is { } postmaster)
            await postmaster.StopAsync(_folder, _options.StopTimeout);
        _folder.RemoveSocketFolder();
    }

    private async Task<Postmaster?> AdoptAsync(CancellationToken ct)
    {
        // A running server that its last user has told to stop goes away while we wait; then a new one is started.
        if (Postmaster.Find(_folder) is not { } running || !await AnswersAsync(running, () => running.IsAlive(_folder), ct))
            return null;
        Adopted = true;
        return running;
    }

    private async Task<Postmaster> LaunchAsync(bool othersUseIt, CancellationToken ct)
    {
        var account = ServerAccount.For(_folder.Path);
        _folder.RequireNoOtherContainer(othersUseIt);
        var binaries = PostgresBinaries.For(_folder.Path, _options.Major, _options.Places);
        var bin = binaries.Prepare(account, _options.Places);
        await Postmaster.ClearRemnantsAsync(_folder, ct);
        await _folder.CreateIfNewAsync(binaries, bin, account, ct);
        _folder.MakeSocketFolder(account);
        _logStart = _folder.RotateLog();
        using var process = ChildProcess.StartDetached(account.Run(Command(bin)));
        _launched = true;
        try
        {
            var expected = new Postmaster(process.Id, _folder.SocketFolder, int.Parse(Settings()["port"], CultureInfo.InvariantCulture));
            // The process started may be a wrapper that waits for the server (runuser), so its number is read again.
            return await AnswersAsync(expected, () => !process.HasExited, ct) && Postmaster.Find(_folder) is { } postmaster
                ? postmaster
                : throw Failure("ended while starting");
        }
        catch
        {
            // It may not have written its postmaster.pid yet, so leaving would not find it.
            if (!process.HasExited)
                Posix.Signal(process.Id, Posix.Quit);
            throw;
        }
    }

    /// <summary>The log is opened by the server's user and not by us: what root opens in another user's folder that user can redirect.</summary>
    private IEnumerable<string> Command(string bin) =>
    [
        "sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", _folder.Log, Path.Combine(bin, "postgres"), "-D", _folder.Path,
        .. Settings().SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
    ];

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>(Defaults) { ["unix_socket_directories"] = _folder.SocketFolder };
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        return settings;
    }

    /// <summary>Tries until a connection succeeds; false when the server has gone.</summary>
    private async Task<bool> AnswersAsync(Postmaster postmaster, Func<bool> lives, CancellationToken ct)
    {
        while (lives())
        {
            try
            {
                await using var connection = await OpenAsync(postmaster, "postgres", ct);
                return true;
            }
            catch (PostgresException error) when (error.SqlState is not (PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown))
            {
                throw new EmbeddedPostgresException($"The server in {_folder.Path} refuses us: {error.MessageText}", error);
            }
            catch (NpgsqlException)
            {
                // Not listening yet, starting up, recovering or stopping.
            }

            await Task.Delay(Pause, ct);
        }

        return false;
    }

    private async Task PrepareDatabaseAsync(Postmaster postmaster, CancellationToken ct)
    {
        await using var connection = await OpenAsync(postmaster, "postgres", ct);
        await using var find = new NpgsqlCommand(
            $"SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = '{DatabaseName}'", connection);
        if (await find.ExecuteScalarAsync(ct) is not string encoding)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {DatabaseName}", connection);
            await create.ExecuteNonQueryAsync(ct);
            encoding = (string)(await find.ExecuteScalarAsync(ct))!;
        }

        if (encoding != "UTF8")
            throw new EmbeddedPostgresException(
                $"The database in {_folder.Path} has encoding {encoding}, not UTF8. Choose another data folder with --data or SLA_DATA.");
    }

    private static async Task<NpgsqlConnection> OpenAsync(Postmaster postmaster, string database, CancellationToken ct)
    {
        var target = postmaster.ConnectionTo(database);
        // A pooled connection would keep the database in use after we have let go of it.
        target.Pooling = false;
        var connection = new NpgsqlConnection(target.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private EmbeddedPostgresException Failure(string what) =>
        new($"The server in {_folder.Path} {what}. Last lines of {_folder.Log}:\n{_folder.LogTail(_logStart)}");
}
