using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary><c>sla import</c> as somebody types it.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Mapping = """
        format: csv
        centre: service-hall
        source: test/export
        case: case
        zone: Asia/Shanghai
        times: ["d/M/uuuu HH:mm"]
        sequence: row
        events:
          - { type: case_received, at: opened, id: received, data: { item: { value: clinic-licence } } }
          - { type: case_stage_entered, each: row, at: changed, id: "{n}", when: { state: { changed: true } }, data: { stage: { from: state } } }
          - { type: case_closed, each: row, at: changed, id: "closed/{n}", when: { state: { becomes: Closed } } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sla-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_in_the_middle_and_resumed_the_log_is_that_of_an_import_that_was_not_killed()
    {
        var (file, mapping) = (await WriteAsync("log.csv", Rows(4_000)), await WriteAsync("m.yaml", Mapping));
        await using var whole = await PostgresServers.CreateDatabaseAsync();
        await using var killed = await PostgresServers.CreateDatabaseAsync();
        await SlaMonitor.Host.Database.PrepareAsync(killed.DataSource, CatalogueFiles.Folder, default);
        Assert.Equal(0, (await RunAsync(whole, "import", file, "--mapping", mapping)).Code);
        using (var import = Process.Start(StartInfo(killed, "import", file, "--mapping", mapping))!)
        {
            await Condition.HoldsAsync(async () => await CountAsync(killed) > 0);
            import.Kill();
            await import.WaitForExitAsync();
        }

        var (there, all) = (await CountAsync(killed), await CountAsync(whole));
        Assert.InRange(there, 1, all - 1);
        var (_, output, _) = await RunAsync(killed, "import", file, "--mapping", mapping);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{all - there:N0} events stored, {there:N0} were there already, 0 rejected"), output, StringComparison.Ordinal);
        Assert.Equal(await LogAsync(whole), await LogAsync(killed));
        Assert.Contains($"0 events stored, {all:N0} were there already", (await RunAsync(killed, "import", file, "--mapping", mapping)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_used_is_listed_with_line_column_field_and_reason_and_never_its_value()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        var mapping = await WriteAsync("m.yaml", Mapping);
        var file = await WriteAsync("log.csv", "case,n,opened,changed,state\nA,1,2/3/2026 09:00,2/3/2026 09:00,New\nB,1,someday,2/3/2026 09:00,New\nC,1,2/3/2026 09:00,31/2/2026 09:00,Closed\nA,1,2/3/2026 09:00,2/3/2026 10:00,Closed\nA,1,2/3/2026 09:00,2/3/2026 11:00,New\n");
        var (code, output, _) = await RunAsync(database, "import", file, "--mapping", mapping);
        Assert.Equal(1, code);
        Assert.Contains("5 records, 4 events stored, 0 were there already, 3 rejected", output, StringComparison.Ordinal);
        var rejects = await File.ReadAllLinesAsync(file + ".rejects.csv");
        Assert.Equal(["line,column,field,reason", "3,opened,time", "4,changed,time", "6,n,id"], rejects.Select(r => r == rejects[0] ? r : string.Join(',', r.Split(',')[..3])));
        Assert.DoesNotContain(rejects, r => r.Contains("someday", StringComparison.Ordinal) || r.Contains("31/2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_breaks_keeps_what_was_read_and_releases_its_source()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        var (mapping, sound) = (await WriteAsync("m.yaml", Mapping), Rows(3));
        var (code, _, errors) = await RunAsync(database, "import", await WriteAsync("log.csv", sound + "X,1,\"2/3/2026\n"), "--mapping", mapping);
        Assert.Equal(1, code);
        Assert.Contains("log.csv: line 11: a quote is not closed; what was read before is stored", errors, StringComparison.Ordinal);
        Assert.True(await CountAsync(database) > 0);
        await using var held = database.DataSource.CreateCommand("SELECT count(*) FROM sla.source_hold WHERE source = 'test/export' AND released_at IS NOT NULL");
        Assert.Equal(1L, await held.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_dry_run_shows_cases_clocks_and_rejects_with_their_values_and_needs_no_database()
    {
        var catalogue = Path.Combine(CatalogueFiles.Folder, "service-hall.yaml");
        var (file, mapping) = (await WriteAsync("log.csv", Rows(5) + "X,1,someday,2/3/2026 09:00,New\n"), await WriteAsync("m.yaml", Mapping));
        var (code, output, errors) = await RunAsync(null, "import", file, "--mapping", mapping, "--dry-run", "--cases", "2", "--catalogue", catalogue, "--data", Path.Combine(_folder, "none"));
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains("case 0\n  2026-03-02T09:00:00+08:00  case_received                {\"item\":\"clinic-licence\"}\n", output, StringComparison.Ordinal);
        Assert.Contains("  clock case.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("case 2\n", output, StringComparison.Ordinal);
        Assert.Contains("rejected: column opened, time is not a time", output, StringComparison.Ordinal);
        Assert.Contains("  line 17: \"someday\"", output, StringComparison.Ordinal);
        Assert.Contains("16 records, 20 events would be stored, 0 stand in the file before, 1 rejected; nothing was stored, and no database was asked", output, StringComparison.Ordinal);
        Assert.Contains("  case_closed                                 5\n", output, StringComparison.Ordinal);
        Assert.Equal(["log.csv", "m.yaml"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
        Assert.Equal(2, (await RunAsync(null, "import", file, "--mapping", mapping, "--cases", "2")).Code);
    }

    [Fact]
    public async Task A_dry_run_counts_the_cases_that_have_ended_and_whose_promises_run_on()
    {
        const string Accepted = "\n  - { type: case_accepted, at: opened, id: accepted }";
        var catalogue = Path.Combine(CatalogueFiles.Folder, "service-hall.yaml");
        var (file, closing) = (await WriteAsync("log.csv", Rows(5)), Mapping + Accepted);
        var (_, output, _) = await RunAsync(null, "import", file, "--mapping", await WriteAsync("m.yaml", closing), "--dry-run", "--catalogue", catalogue);
        Assert.Contains("5 cases have case_closed, and case.promised, which stops at case_decided, goes on in 5 of them\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("and case.joint", output, StringComparison.Ordinal);
        var deciding = closing.Replace("case_closed, each: row", "case_decided, data: { outcome: { value: approved } }, each: row", StringComparison.Ordinal);
        var (_, decided, _) = await RunAsync(null, "import", file, "--mapping", await WriteAsync("m.yaml", deciding), "--dry-run", "--catalogue", catalogue);
        Assert.Contains("case_decided                                5\n", decided, StringComparison.Ordinal);
        Assert.DoesNotContain("goes on in", decided, StringComparison.Ordinal);
        Assert.DoesNotContain("no case has", decided, StringComparison.Ordinal);
        var (_, unaccepted, _) = await RunAsync(null, "import", file, "--mapping", await WriteAsync("m.yaml", deciding.Replace(Accepted, "", StringComparison.Ordinal)), "--dry-run", "--catalogue", catalogue);
        Assert.Contains("no case has case_accepted, at which these start: case.promised, case.statutory", unaccepted, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_of_what_is_stored_already_what_the_import_does_then()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        var mapping = await WriteAsync("m.yaml", Mapping);
        var file = await WriteAsync("log.csv", Rows(2));
        Assert.Equal(0, (await RunAsync(database, "import", file, "--mapping", mapping)).Code);
        // Another opening of a case, another state of a record, a case that is new with a record twice, and what is there as it is.
        await WriteAsync("log.csv", "case,n,opened,changed,state\n0,1,3/3/2026 09:00,2/3/2026 10:00,New\n0,2,3/3/2026 09:00,2/3/2026 11:00,Waiting\n7,1,2/3/2026 09:00,2/3/2026 10:00,New\n7,2,2/3/2026 09:00,2/3/2026 11:00,Other\n7,2,2/3/2026 09:00,2/3/2026 12:00,Third\n1,1,2/3/2026 09:00,2/3/2026 10:00,New\n1,2,2/3/2026 09:00,2/3/2026 11:00,Active\n");
        var (code, output, _) = await RunAsync(database, "import", file, "--mapping", mapping, "--dry-run", "--cases", "9");
        Assert.Equal(1, code);
        Assert.Contains("rejected: column case, id was recorded before with other content; events that differ need ids that differ\n  line 2\n", output, StringComparison.Ordinal);
        Assert.Contains("rejected: column n, id was recorded before with other content; events that differ need ids that differ\n  line 3\n  line 6\n", output, StringComparison.Ordinal);
        var told = Regex.Match(output, @"log\.csv: (\S+) records, (\S+) events would be stored, (\S+) were there already, (\S+) rejected");
        Assert.Equal(["7", "2", "2", "3"], told.Groups.Values.Skip(1).Select(g => g.Value));
        // What is stored is part of what is shown.
        var shown = output.Split("case 1\n")[1].Split("\n\n")[0];
        Assert.Contains("case_closed                  {}  (stored already)", shown, StringComparison.Ordinal);
        Assert.Contains("2026-03-02T09:00:00+08:00  case_received", shown, StringComparison.Ordinal);
        var (_, stored, _) = await RunAsync(database, "import", file, "--mapping", mapping);
        Assert.Contains("7 records, 2 events stored, 2 were there already, 3 rejected", stored, StringComparison.Ordinal);
        Assert.Equal(["2,case,id", "3,n,id", "6,n,id"], (await File.ReadAllLinesAsync(file + ".rejects.csv"))[1..].Select(r => string.Join(',', r.Split(',')[..3])));
    }

    [Fact]
    public async Task Lines_that_are_events_need_no_mapping()
    {
        const string sound = """{"specversion":"1.0","type":"case_received","source":"desk","id":"1","centre":"service-hall","subject":"case/1","time":"2026-03-02T09:00:00+08:00","data":{"item":"clinic-licence"}}""";
        await using var database = await PostgresServers.CreateDatabaseAsync();
        var file = await WriteAsync("log.ndjson", $"{sound}\n{sound.Replace("\"1\"", "\"2\"", StringComparison.Ordinal).Replace("clinic-licence", "moon", StringComparison.Ordinal)}\nno\n{sound.Replace("service-hall", "nowhere", StringComparison.Ordinal)}\n");
        var (code, output, _) = await RunAsync(database, "import", file);
        Assert.Equal(1, code);
        Assert.Contains("4 records, 1 events stored, 0 were there already, 3 rejected", output, StringComparison.Ordinal);
        Assert.Equal(["2,data.item,data.item", "3,,(line)", "4,centre,centre"], (await File.ReadAllLinesAsync(file + ".rejects.csv"))[1..].Select(r => string.Join(',', r.Split(',')[..3])));
        var (_, _, refused) = await RunAsync(database, "import", await WriteAsync("log.csv", Rows(1)));
        Assert.Contains("line 1: is no CloudEvent in JSON; say with --mapping", refused, StringComparison.Ordinal);
    }

    /// <summary>Cases whose rows lie between each other, three rows each.</summary>
    private static string Rows(int cases)
    {
        var text = new StringBuilder("case,n,opened,changed,state\n");
        for (var n = 1; n <= 3; n++)
        {
            for (var i = 0; i < cases; i++)
                text.Append(CultureInfo.InvariantCulture, $"{i},{n},2/3/2026 09:00,2/3/2026 {9 + n}:00,{(n == 1 ? "New" : n == 2 ? "Active" : "Closed")}\n");
        }

        return text.ToString();
    }

    private async Task<string> WriteAsync(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private static ProcessStartInfo StartInfo(TestDatabase? database, params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments);
        start.Environment[SlaMonitor.Host.Database.Variable] = database?.ConnectionString ?? "";
        return start;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TestDatabase? database, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(database, arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static async Task<long> CountAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT count(*) FROM mt_events WHERE type LIKE 'case%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> LogAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT concat_ws(' ', stream_id, version, id, type, data) FROM mt_events WHERE type LIKE 'case%' ORDER BY stream_id, version");
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
