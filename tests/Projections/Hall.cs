using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>A small centre on a real database, with a promise that SQL can recount and one that asks for a calendar.</summary>
internal sealed class Hall : IAsyncDisposable
{
    public const string Centre = "counter";
    public const string Source = "test/desk";

    private readonly TestDatabase _database;

    private Hall(TestDatabase database)
    {
        _database = database;
        DataSource = StoreConnection.CreateDataSource(database.ConnectionString);
        Log = new EventLog(DataSource);
    }

    public NpgsqlDataSource DataSource { get; }

    public EventLog Log { get; }

    public string ConnectionString => _database.ConnectionString;

    /// <summary>The hall with its first catalogue published.</summary>
    public static async Task<Hall> CreateAsync(string hours = "00:00-24:00", string zone = "UTC", int major = 18)
    {
        var hall = await EmptyAsync(major);
        await hall.PublishAsync("1", hours, zone);
        return hall;
    }

    /// <summary>The hall before it has published anything.</summary>
    public static async Task<Hall> EmptyAsync(int major = 18)
    {
        var hall = new Hall(await PostgresServers.CreateDatabaseAsync(major));
        await Schema.ApplyAsync(hall.DataSource);
        await Generations.PrepareAsync(hall.DataSource, default);
        return hall;
    }

    /// <summary>Publishes a version whose only difference is in its opening hours, which are those of every day.</summary>
    public Task PublishAsync(string version, string hours, string zone = "UTC") => CataloguePublishing.PublishAsync(DataSource, [Read(version, hours, zone)], default);

    /// <summary>Such a version as a file gives it.</summary>
    public static CatalogueFile Read(string version, string hours, string zone = "UTC")
    {
        var folder = Directory.CreateTempSubdirectory("sla-hall");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "counter.yaml"), Catalogue(version, hours, zone));
            return CatalogueFiles.ReadAll(folder.FullName).Single();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A fact about a case; told again it is the same one.</summary>
    public static EventToAppend Fact(string type, string number, Instant at, JsonObject? data = null, string source = Source) => EventCheck.ToAppend(Centre, new ReportedEvent(
        type, $"case/{number}", source, string.Create(CultureInfo.InvariantCulture, $"{number}/{type}/{at.ToUnixTimeTicks()}"), at, null, JsonSerializer.SerializeToElement(data ?? [])));

    public static EventToAppend Received(string number, Instant at, Instant? deadline = null, string source = Source) =>
        Fact("case_received", number, at, new JsonObject { ["item"] = "job", ["window"] = "W1", ["given"] = deadline is { } d ? new JsonObject { ["deadline"] = Timestamps.Format(d) } : null }, source);

    public static EventToAppend Decided(string number, Instant at) => Fact("case_decided", number, at, new JsonObject { ["outcome"] = "approved" });

    public async Task AppendAsync(params IEnumerable<EventToAppend> facts) => await Log.AppendAllAsync(Centre, facts);

    /// <summary>Works off all that is settled now, in this test's own turn.</summary>
    public async Task CatchUpAsync()
    {
        using var follower = new Follower(DataSource, fault => throw fault);
        await follower.CatchUpAsync(default);
    }

    /// <summary>Derives everything anew and finds no difference.</summary>
    public async Task VerifyAsync()
    {
        var differences = new List<Difference>();
        var result = await new Verification(DataSource, differences.Add, (_, _) => { }).RunAsync(default);
        Assert.Empty(differences);
        Assert.Equal(0, result.Pending);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All rows, each as one text.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = DataSource.CreateCommand($"SELECT r::text FROM ({sql}) r ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>By the database's clock.</summary>
    public async Task<Instant> NowAsync() => Instant.FromDateTimeUtc(await ScalarAsync<DateTime>("SELECT clock_timestamp()"));

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static string Catalogue(string version, string hours, string zone) => $$"""
        version: "{{version}}"
        effectiveFrom: 2020-01-01
        centre:
          id: counter
          names: { zh: 柜台, en: Counter }
          calendar: every-day
        calendars:
          every-day:
            zone: {{zone}}
            week: { mon: ["{{hours}}"], tue: ["{{hours}}"], wed: ["{{hours}}"], thu: ["{{hours}}"], fri: ["{{hours}}"], sat: ["{{hours}}"], sun: ["{{hours}}"] }
        windows:
          - { id: W1, names: { zh: 一号窗口, en: Window 1 } }
          - { id: W2, names: { zh: 二号窗口, en: Window 2 } }
        causes:
          - { id: hearing, names: { zh: 听证, en: Hearing }, basis: law }
        items:
          - id: job
            names: { zh: 事项, en: Job }
            kind: commitment
        commitments:
          - id: job.deadline
            names: { zh: 期限, en: Deadline }
            start: case_received
            stop: { any: [case_decided] }
            void: [case_withdrawn]
            pause: { from: case_special_procedure_started, until: case_special_procedure_ended, by: procedure, causes: [hearing] }
            limit: { given: given.deadline }
            levels:
              - { name: dueSoon, before: { elapsed: PT1H } }
              - { name: escalation, after: { elapsed: PT1H } }
          - id: job.day
            names: { zh: 当日, en: Same day }
            start: case_received
            stop: { all: [case_decided, case_closed] }
            void: [case_withdrawn]
            pause: { from: case_special_procedure_started, until: case_special_procedure_ended, by: procedure, causes: [hearing] }
            limit: { workingDays: 1 }
            levels:
              - { name: dueSoon, before: { workingTime: PT1H } }
        """;
}
