using System.Diagnostics;
using Npgsql;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections.Engine;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>1,434 real permit applications through the real program: the CoSeLoG receipt log, as XES and as CSV.</summary>
public class PermitImportTests(ITestOutputHelper output)
{
    private const int Events = 11_340;

    /// <summary>Says what each clock should be from the log alone, without any code of ours.</summary>
    private const string Recount = """
        WITH facts AS (
            SELECT stream_id,
                   min((data ->> 'occurredAt')::timestamptz) FILTER (WHERE type = 'case_received') AS started,
                   min((data ->> 'occurredAt')::timestamptz) FILTER (WHERE type = 'case_closed') AS stopped,
                   min((data #>> '{data,given,deadline}')::timestamptz) AS deadline
            FROM mt_events WHERE tenant_id = 'permits-nl' AND type LIKE 'case%' GROUP BY stream_id),
        due AS (
            SELECT stream_id, 'permit.deadline' AS commitment, started, stopped, deadline AS due FROM facts
            UNION ALL
            SELECT stream_id, 'permit.eight-weeks', started, stopped, (started AT TIME ZONE 'Europe/Amsterdam' + interval '56 days') AT TIME ZONE 'Europe/Amsterdam' FROM facts)
        SELECT stream_id, commitment, started, stopped, due, CASE WHEN stopped IS NULL THEN 'open' WHEN stopped <= due THEN 'met' ELSE 'breached' END,
               CASE WHEN stopped <= due THEN stopped WHEN stopped IS NOT NULL THEN due - interval '1 microsecond' END
        FROM due
        """;

    private const string ReadModel = "SELECT stream_id, commitment, started_at, stopped_at, due_at, state, settled_at FROM sla.commitment_clock WHERE tenant_id = 'permits-nl'";

    [Theory]
    [InlineData("permit-receipt-nl.xes.gz", "permits-nl-xes.yaml")]
    [InlineData("permit-receipt-nl.csv.gz", "permits-nl-csv.yaml")]
    public async Task Both_formats_give_the_same_cases_and_verdicts(string file, string mapping)
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var database = await PostgresServers.CreateDatabaseAsync();
        Assert.Equal(0, await ImportAsync(database, file, mapping));
        await CatchUpAsync(database);
        await CheckVerdictsAsync(database);
    }

    [Fact]
    public async Task One_format_after_the_other_adds_nothing()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var database = await PostgresServers.CreateDatabaseAsync();
        Assert.Equal(0, await ImportAsync(database, "permit-receipt-nl.xes.gz", "permits-nl-xes.yaml"));
        Assert.Equal(0, await ImportAsync(database, "permit-receipt-nl.csv.gz", "permits-nl-csv.yaml"));
        Assert.Equal(Events, await CountAsync(database, "SELECT count(*) FROM mt_events WHERE tenant_id = 'permits-nl' AND type LIKE 'case%'"));
    }

    [Fact]
    public async Task Killed_five_times_and_resumed_everything_is_there_once_and_the_read_model_equals_a_recount()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var database = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(database.DataSource, CatalogueFiles.Folder, default);
        using var stop = new CancellationTokenSource();
        using var follower = new Follower(database.DataSource, fault => output.WriteLine(fault.ToString()));
        var following = follower.RunAsync(stop.Token);
        for (var round = 1; round <= 5; round++)
            await KillInsideAnAppendAsync(database);
        Assert.InRange(await CountAsync(database, "SELECT count(*) FROM mt_events WHERE type LIKE 'case%'"), 5_000, Events - 1);

        Assert.Equal(0, await ImportAsync(database, "permit-receipt-nl.xes.gz", "permits-nl-xes.yaml"));
        var last = await CountAsync(database, "SELECT max(seq_id) FROM mt_events");
        await Condition.HoldsAsync(() => Task.FromResult(follower.Checkpoint >= last));
        await stop.CancelAsync();
        await following;
        await CheckVerdictsAsync(database);
    }

    /// <summary>Lets an import store at least one batch, then holds the table so that the next append waits inside its transaction, and kills it there.</summary>
    private static async Task KillInsideAnAppendAsync(TestDatabase database)
    {
        var before = await CountAsync(database, "SELECT count(*) FROM mt_events");
        using var import = Start(database, "permit-receipt-nl.xes.gz", "permits-nl-xes.yaml");
        await Condition.HoldsAsync(async () => await CountAsync(database, "SELECT count(*) FROM mt_events") > before);
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE mt_events IN SHARE MODE", connection))
            await hold.ExecuteNonQueryAsync();
        await Condition.HoldsAsync(async () => await CountAsync(database, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'mt_events'::regclass") > 0);
        import.Kill();
        await import.WaitForExitAsync();
        Assert.Equal(128 + 9, import.ExitCode);
    }

    private static async Task CheckVerdictsAsync(TestDatabase database)
    {
        Assert.Equal(Events, await CountAsync(database, "SELECT count(*) FROM mt_events WHERE tenant_id = 'permits-nl' AND type LIKE 'case%'"));
        Assert.Equal(1_434, await CountAsync(database, "SELECT count(*) FROM mt_streams WHERE tenant_id = 'permits-nl' AND type = 'case'"));
        Assert.Equal(1_434, await CountAsync(database, "SELECT count(DISTINCT stream_id) FROM sla.commitment_clock WHERE tenant_id = 'permits-nl'"));
        foreach (var (commitment, late) in ((string, long)[])[("permit.deadline", 377), ("permit.eight-weeks", 529)])
        {
            Assert.Equal(1_329, await CountAsync(database, $"SELECT count(*) FROM sla.commitment_clock WHERE commitment = '{commitment}' AND stopped_at IS NOT NULL"));
            Assert.Equal(late, await CountAsync(database, $"SELECT count(*) FROM sla.commitment_clock WHERE commitment = '{commitment}' AND stopped_at IS NOT NULL AND state = 'breached'"));
        }

        // Two cases are closed before they were received; the log is like that.
        Assert.Equal(4, await CountAsync(database, "SELECT sum(anomalies)::bigint FROM sla.commitment_clock WHERE tenant_id = 'permits-nl'"));
        Assert.Equal(0, await CountAsync(database, $"SELECT count(*) FROM (({Recount}) EXCEPT ({ReadModel})) d"));
        Assert.Equal(0, await CountAsync(database, $"SELECT count(*) FROM (({ReadModel}) EXCEPT ({Recount})) d"));
    }

    private static async Task<int> ImportAsync(TestDatabase database, string file, string mapping)
    {
        using var import = Start(database, file, mapping);
        var errors = await import.StandardError.ReadToEndAsync();
        await import.WaitForExitAsync();
        Assert.Equal("", errors);
        return import.ExitCode;
    }

    private static Process Start(TestDatabase database, string file, string mapping)
    {
        var start = SlaProgram.StartInfo("import", SharedFolder.PathOf("data", file), "--mapping", Path.Combine(CatalogueFiles.Folder, "mappings", mapping), "--rejects", Path.GetTempFileName());
        start.Environment[SlaMonitor.Host.Database.Variable] = database.ConnectionString;
        return Process.Start(start)!;
    }

    private static async Task CatchUpAsync(TestDatabase database)
    {
        using var follower = new Follower(database.DataSource, fault => throw fault);
        await follower.CatchUpAsync(default);
    }

    private static async Task<long> CountAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
