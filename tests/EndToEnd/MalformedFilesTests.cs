using System.Diagnostics;
using System.Text;
using SlaMonitor.Fuzz;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>
/// Whatever is wrong with a file: <c>sla import</c> ends in 1, says where and what to do, repeats no value, keeps what is good, and
/// needs little memory for it: the heap of the program is held to <see cref="Heap"/>, beyond which it would die.
/// </summary>
public class MalformedFilesTests
{
    // 128 MB, in the hexadecimal digits the runtime asks for.
    private const string Heap = "8000000";

    private const string Head = "case,at,item\n";
    private const string Good = "C1,2026-03-02T09:30:00+08:00,business-licence\n";

    private static readonly string Person = GoodEvents.Personal[0];

    private static readonly Dictionary<string, FileRow> Files = Make();

    public static TheoryData<string> Rows => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task It_is_said_where_and_what_to_do_and_the_good_is_kept(string name)
    {
        var row = Files[name];
        var folder = Directory.CreateTempSubdirectory("sla-malformed-");
        await using var database = await PostgresServers.CreateDatabaseAsync();
        try
        {
            var (code, told) = await ImportAsync(database, folder.FullName, row);
            Assert.True(code == 1, told);
            Assert.Contains(row.Told, told, StringComparison.Ordinal);
            Assert.DoesNotContain(GoodEvents.Personal, p => told.Contains(p, StringComparison.Ordinal));
            Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
            var stored = await CountAsync(database);
            Assert.True(row.Stored is null || row.Stored == stored, $"{stored} stored");
            if (row.Stored is not null)
                return;
            // Broken in the middle: the mended file adds the rest.
            (code, told) = await ImportAsync(database, folder.FullName, new FileRow("good.csv", Csv(Good), "", 0));
            Assert.True(code == 0, told);
            Assert.InRange(await CountAsync(database), Math.Max(stored, 1), stored + 1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, FileRow> Make() => new()
    {
        ["a broken line"] = new("f.ndjson", Lines(Event("1"), "{\"id\":", Event("2")), "is not JSON", 2),
        ["a line nested 1,000 deep"] = new("f.ndjson", Lines(Event("1"), $"{{\"data\":{BadValues.Nested(new Random(1), 1_000)}}}"), "is not JSON", 1),
        ["a line of 10 MB"] = new("f.ndjson", Lines(Event("1"), $"{{\"data\":\"{new string('x', 10_000_000)}\"}}"), "larger than 1 MiB", 1),
        ["a line that is no event"] = new("f.ndjson", Lines(Event("1"), $"{{\"id\":\"{Person}\"}}"), "specversion", 1),
        ["an event of an unknown centre"] = new("f.ndjson", Lines(Event("1"), Event("2").Replace("service-hall", Person, StringComparison.Ordinal)), "centre", 1),
        ["packing that is cut off"] = new("f.csv.gz", ByteMutations.Gzip(Csv(Good))[..^12], "the gzip packing is broken or cut off", null),
        ["a bomb"] = new("f.csv.gz", Bomb(Head), "larger than 1 MiB", 0),
        ["a bomb of XML"] = new("f.xes.gz", Bomb("<log><trace>"), "", 0),
        ["a bomb of lines"] = new("f.ndjson.gz", Bomb(Event("1") + "\n"), "larger than 1 MiB", 1),
        ["a broken line after 200 of almost a megabyte"] = new("f.ndjson.gz", [.. Enumerable.Range(0, 200).SelectMany(i => ByteMutations.Gzip(Lines(Event($"{i}").Replace("\"specversion\"", $"\"note\":\"{new string('x', 900_000)}\",\"specversion\"", StringComparison.Ordinal)))), .. ByteMutations.Gzip("{"u8.ToArray())], "is not JSON", 200),
        ["an external entity"] = new("f.xes", Xes("<!DOCTYPE log [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;"), "DTD", 0),
        ["entities of entities"] = new("f.xes", Xes("<!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>", "&c;"), "DTD", 0),
        ["XML that is cut off"] = new("f.xes", Xes("", "business-licence")[..^30], "not well-formed or cut off", null),
        ["XML in UTF-16"] = new("f.xes", Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Xes("", "business-licence"))), "write UTF-8", 0),
        ["bytes of another encoding"] = new("f.csv", [.. Csv(Good), .. "C2,2026-03-02T09:30:00+08:00,"u8, 0xd5, 0xc5, 0xc8, 0xfd, (byte)'\n'], "encoding", null),
        ["a NUL"] = new("f.csv", Csv(Good + "C\02,2026-03-02T09:30:00+08:00,business-licence\n"), "NUL", 1),
        ["a field of 10 MB"] = new("f.csv", Csv(Good + $"C2,2026-03-02T09:30:00+08:00,\"{new string('x', 10_000_000)}\"\n"), "larger than 1 MiB", null),
        ["a quote that is not closed"] = new("f.csv", Csv(Good + "C2,\"2026-03-02T09:30:00+08:00,business-licence\n"), "a quote is not closed", null),
        ["an unknown item"] = new("f.csv", Csv(Good + $"C2,2026-03-02T09:30:00+08:00,{Person}\n"), "is not an item of catalogue", 1),
        ["a time without offset, and no zone"] = new("f.csv", Csv(Good + "C2,2026-03-02 09:30:00,business-licence\n"), "zone", 1),
        ["a time in 1969"] = new("f.csv", Csv(Good + "C2,1969-03-02T09:30:00Z,business-licence\n"), "before 1970", 1),
        ["a time that is a person"] = new("f.csv", Csv(Good + $"C2,{Person},business-licence\n"), "time", 1),
        ["no case"] = new("f.csv", Csv(Good + ",2026-03-02T09:30:00+08:00,business-licence\n"), "give the record its case", 1),
        ["a row that is cut off"] = new("f.csv", Csv(Good + "C2\n"), "fewer than the 3 columns", 1),
        ["no such column"] = new("f.csv", Encoding.UTF8.GetBytes($"{Person},at\nC1,2026-03-02T09:30:00+08:00\n"), "column", 0),
        ["no workbook"] = new("f.xlsx", Csv(Good), "", 0),
        ["a workbook that is cut off"] = new("f.xlsx", Workbook.Write([["case", "at", "item"], ["C1", "2026-03-02T09:30:00+08:00", "business-licence"]])[..^40], "", 0),
        ["nothing"] = new("f.csv", [], "header", 0),
    };

    private static byte[] Csv(string rows) => Encoding.UTF8.GetBytes(Head + rows);

    private static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private static string Event(string id) => MalformedRows.Good(id).ToJsonString();

    private static byte[] Xes(string before, string item) =>
        Encoding.UTF8.GetBytes($"""{before}<log><trace><string key="case" value="C1"/><event><date key="at" value="2026-03-02T09:30:00+08:00"/><string key="item" value="{item}"/></event></trace></log>""");

    /// <summary>A beginning, and then ten gigabytes in ten megabytes: members that unpack to 10 MB each.</summary>
    private static byte[] Bomb(string begin)
    {
        var member = ByteMutations.Gzip(Encoding.UTF8.GetBytes(new string('x', 10_000_000)));
        return [.. ByteMutations.Gzip(Encoding.UTF8.GetBytes(begin)), .. Enumerable.Repeat(member, 1_000).SelectMany(m => m)];
    }

    private static async Task<(int Code, string Told)> ImportAsync(TestDatabase database, string folder, FileRow row)
    {
        var (file, rejects, mapping) = (Path.Combine(folder, row.Name), Path.Combine(folder, "rejects.csv"), Path.Combine(folder, "mapping.yaml"));
        await File.WriteAllBytesAsync(file, row.Body);
        File.Delete(rejects);
        var format = row.Name.Split('.')[1];
        await File.WriteAllTextAsync(mapping, $$"""
            format: {{format}}
            centre: service-hall
            source: test/files
            case: case
            events:
              - { type: case_received, each: event, at: at, id: received, data: { item: { from: item } } }
            """);
        var start = SlaProgram.StartInfo(["import", file, "--rejects", rejects, .. format == "ndjson" ? (string[])[] : ["--mapping", mapping]]);
        start.Environment[SlaMonitor.Host.Database.Variable] = database.ConnectionString;
        start.Environment["DOTNET_GCHeapHardLimit"] = Heap;
        using var import = Process.Start(start)!;
        var (output, errors) = (import.StandardOutput.ReadToEndAsync(), import.StandardError.ReadToEndAsync());
        await import.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (import.ExitCode, await output + await errors + (File.Exists(rejects) ? await File.ReadAllTextAsync(rejects) : ""));
    }

    private static async Task<long> CountAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT count(*) FROM mt_events WHERE stream_id LIKE 'case/%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A file that must not come in as it is, what is told of it, and how many events of it are stored; null: any number, it is broken in the middle.</summary>
    private sealed record FileRow(string Name, byte[] Body, string Told, long? Stored);
}
