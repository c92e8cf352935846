using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.EmbeddedPostgres;
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

    private readonly EmbeddedServer? _server;

    private Database(EmbeddedServer? server, NpgsqlDataSource source) => (_server, Source) = (server, source);

    public NpgsqlDataSource Source { get; }

    /// <summary>Opens and prepares it. A folder given wins over the variable.</summary>
    /// <exception cref="ArgumentException">There is no database yet, and a question is no reason to make one.</exception>
    public static async Task<Database> OpenAsync(string? dataFolder, string catalogueFolder, CancellationToken ct, bool mustExist = false)
    {
        var given = dataFolder is null ? Environment.GetEnvironmentVariable(Variable) : null;
        if (mustExist && string.IsNullOrEmpty(given) && PostgresBinaries.MajorOf(DataFolder.Default(dataFolder)) is null)
            throw new ArgumentException($"there is no database in {DataFolder.Default(dataFolder)}; name its folder with --data, or its server with {Variable}");
        var server = string.IsNullOrEmpty(given) ? await EmbeddedServer.StartAsync(DataFolder.Default(dataFolder), ct: ct) : null;
        var database = new Database(server, StoreConnection.CreateDataSource(server?.ConnectionString ?? given!));
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

    /// <summary>Applies the schema, makes the read models and publishes the catalogues of a folder.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource source, string catalogueFolder, CancellationToken ct)
    {
        await Schema.ApplyAsync(source, ct);
        await Follower.PrepareAsync(source, ct);
        await CataloguePublishing.PublishAsync(source, CatalogueFiles.ReadAll(catalogueFolder), ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        // Last, so that everything above it has ended in order.
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
