using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host;

/// <summary>
/// The database a command works on: the server of <c>SLA_DATABASE</c>, or the embedded one in the data folder. Ready to use:
/// schema applied, read models made, shipped catalogues published.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>Environment variable with the connection string of a server to use instead of the embedded one.</summary>
    public const string Variable = "SLA_DATABASE";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly string _folder;
    private readonly Task _watching;
    private EmbeddedServer? _server;

    private Database(EmbeddedServer? server, string folder, NpgsqlDataSource source)
    {
        (_server, _folder, Source) = (server, folder, source);
        _watching = server is null ? Task.CompletedTask : WatchAsync();
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>The key file of personal data: one that is named, or beside an embedded database its own.</summary>
    /// <param name="named">What the command line names; null: the environment may.</param>
    public KeyFile KeysOf(string? named) =>
        KeyFile.Named(named) ?? (_server is null ? KeyFile.None : new KeyFile(Path.Combine(Path.GetDirectoryName(_folder)!, KeyFile.DefaultName), mayMake: true));

    /// <summary>Seals what is personal on its way into this database's log.</summary>
    /// <param name="named">The key file the command line names; null: the environment may.</param>
    public EventSealing Sealing(string? named) => new(Source, new KeyTable(Source, KeysOf(named)));

    /// <summary>Opens and prepares it, and publishes the catalogues of a folder. A folder of data given wins over the variable.</summary>
    public static Task<Database> OpenAsync(string? dataFolder, string catalogueFolder, CancellationToken ct) => OpenAsync(dataFolder, (string?)catalogueFolder, mustExist: false, ct);

    /// <summary>Opens one that is there, for a question or for care: that is no reason to make one, or to publish anything in it.</summary>
    /// <exception cref="ArgumentException">There is no database yet.</exception>
    public static Task<Database> OpenExistingAsync(string? dataFolder, CancellationToken ct) => OpenAsync(dataFolder, null, mustExist: true, ct);

    private static async Task<Database> OpenAsync(string? dataFolder, string? catalogueFolder, bool mustExist, CancellationToken ct)
    {
        var given = dataFolder is null ? Environment.GetEnvironmentVariable(Variable) : null;
        var folder = DataFolder.Default(dataFolder);
        if (mustExist && string.IsNullOrEmpty(given) && PostgresBinaries.MajorOf(folder) is null)
            throw new ArgumentException($"there is no database in {folder}; name its folder with --data, or its server with {Variable}");
        var server = string.IsNullOrEmpty(given) ? await EmbeddedServer.StartAsync(folder, ct: ct) : null;
        var database = new Database(server, folder, Connect(server?.ConnectionString ?? given!));
        try
        {
            await PrepareAsync(database.Source, catalogueFolder, ct);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Applies the schema, makes the read models and publishes the catalogues of a folder, if one is given.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource source, string? catalogueFolder, CancellationToken ct)
    {
        await Schema.ApplyAsync(source, ct);
        await Generations.PrepareAsync(source, ct);
        if (catalogueFolder is not null)
            await CataloguePublishing.PublishAsync(source, CatalogueFiles.ReadAll(catalogueFolder), ct);
    }

    private static NpgsqlDataSource Connect(string connectionString)
    {
        try
        {
            return StoreConnection.CreateDataSource(connectionString);
        }
        catch (ArgumentException malformed)
        {
            throw new ArgumentException($"{Variable} is no connection string such as Host=db;Database=sla;Username=sla: {malformed.Message}", malformed);
        }
    }

    /// <summary>Starts the embedded server again when it has gone, so that a host outlives it.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(WatchInterval);
        var told = "";
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
                told = await ReviveAsync(told);
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>
    /// Starts the server if it has gone. What keeps it from starting, such as a full disk, may be mended while we run, so it is
    /// tried again and again; the same hindrance is told once.
    /// </summary>
    private async Task<string> ReviveAsync(string told)
    {
        try
        {
            if (_server!.IsRunning)
                return "";
            if (told.Length == 0)
                Console.Error.WriteLine("sla: the embedded PostgreSQL has gone; it is started again");
            var gone = _server;
            _server = await EmbeddedServer.StartAsync(_folder, ct: _closing.Token);
            await gone.DisposeAsync();
            return "";
        }
        catch (Exception hindrance) when (!_closing.IsCancellationRequested)
        {
            // The lines of the server's log that follow the first one bear the time.
            var reason = hindrance.Message.Split('\n')[0];
            if (reason != told)
                Console.Error.WriteLine($"sla: {hindrance.Message}");
            return reason;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watching;
        _closing.Dispose();
        await Source.DisposeAsync();
        // Last, so that everything above it has ended in order.
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
