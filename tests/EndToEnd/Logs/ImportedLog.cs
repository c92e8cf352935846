using System.Diagnostics;
using System.Globalization;
using CsvHelper;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>A real log brought in by the real program: its catalogue applied, its file imported by its mapping, its cases judged.</summary>
internal sealed class ImportedLog : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Action<string> _say;
    private readonly KeyFile _keys = new(Path.Combine(TestFolders.New(), KeyFile.DefaultName), mayMake: true);

    private ImportedLog(TestDatabase database, Action<string> say) => (_database, _say) = (database, say);

    /// <summary>A database in which the catalogue of an example is published.</summary>
    public static async Task<ImportedLog> CreateAsync(string example, Action<string> say)
    {
        var log = new ImportedLog(await PostgresServers.CreateDatabaseAsync(), say);
        log._keys.Make();
        Assert.Contains("is published at position", await log.RunAsync("catalogue", "apply", Path.Combine(CatalogueFiles.Folder, "examples", example), "--by", "tests"), StringComparison.Ordinal);
        return log;
    }

    /// <summary>Imports a log of the shared folder, or any file, of which nothing may be rejected, and projects it; returns what the import said.</summary>
    public async Task<string> ImportAsync(string file, string mapping)
    {
        var started = Stopwatch.GetTimestamp();
        var said = await RunAsync("import", Path.IsPathRooted(file) ? file : SharedFolder.PathOf("data", file), "--mapping", Path.Combine(CatalogueFiles.Folder, "mappings", mapping), "--rejects", Path.GetTempFileName());
        var imported = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        using var follower = new Follower(_database.DataSource, fault => throw fault);
        await follower.CatchUpAsync(default);
        _say(string.Create(CultureInfo.InvariantCulture, $"{said.Trim()}; imported in {imported.TotalSeconds:0.0} s, projected in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        return said;
    }

    /// <summary>Verdict and due of each clock of a commitment, by the number of the case or complaint.</summary>
    public async Task<Dictionary<string, (string State, Instant? Due)>> ClocksAsync(string commitment)
    {
        var clocks = new Dictionary<string, (string, Instant?)>();
        await using var command = _database.DataSource.CreateCommand("SELECT substr(stream_id, strpos(stream_id, '/') + 1), state, due_at FROM sla.commitment_clock WHERE commitment = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = commitment });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            clocks.Add(reader.GetString(0), (reader.GetString(1), await reader.IsDBNullAsync(2) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(2))));
        return clocks;
    }

    /// <summary>How many events of a type there are.</summary>
    public async Task<long> EventsAsync(string type) => await CountAsync($"SELECT count(*) FROM mt_events WHERE type = '{type}'");

    public async Task<long> CountAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The rows of a log as its owner wrote them.</summary>
    public static IEnumerable<CsvReader> Rows(string file)
    {
        using var csv = new CsvReader(SharedFolder.OpenGzip("data", file), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
            yield return csv;
    }

    /// <summary>Runs the program on it, which must have nothing against that; returns what it said.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await TryAsync(arguments);
        Assert.Equal("", errors);
        Assert.True(code == 0, output);
        return output;
    }

    /// <summary>Runs the program on it, whatever comes of that.</summary>
    public async Task<(int Code, string Output, string Errors)> TryAsync(params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments);
        start.Environment[SlaMonitor.Host.Database.Variable] = _database.ConnectionString;
        start.Environment[KeyFile.Variable] = _keys.Path;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
