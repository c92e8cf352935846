using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Host.Vault;
using SlaMonitor.Tests.Host;
using SlaMonitor.Tests.Host.Metrics;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>What is told of somebody is sent by every way there is, and then looked for in all that the program and its database leave on disk or say.</summary>
public sealed class VaultLeakTests : IAsyncDisposable
{
    private const int Terminate = 15;

    // The version whose pg_dump is on this machine.
    private const int Major = 15;

    // Each part of a long request is some megabytes; these are two.
    private const int LongEvents = 40;
    private const int LongText = 450_000;

    // All that tells something of cases and complaints, as JSON, as CSV and as pages.
    private static readonly string[] Asked =
    [
        "/metrics", "/openapi/v1.json", "/cases", "/cases/1", "/cases/1/explain", "/compliance", "/restatements", "/anomalies", "/complaints", "/complaints/single", "/complaints/single/explain", "/complaints/single/readings",
        "/complaints/figures?by=staff", "/complaints/consecutive", "/satisfaction?by=channel", "/ratings", "/samples", "/cases?format=csv", "/anomalies?format=csv", "/complaints?format=csv", "/complaints/figures?format=csv", "/ratings?format=csv", "/satisfaction?format=csv",
        "/", "/board/cases", "/board/anomalies", "/board/complaints", "/board/complaints?tab=all", "/board/complaints/single", "/board/satisfaction", "/view/" + PlantedPerson.Centre + "/1",
    ];

    private readonly string _folder = TestFolders.New();
    private readonly string _catalogues = PlantedPerson.Catalogues();
    private readonly List<string> _answers = [];
    private EmbeddedServer? _server;

    private string Data => Path.Combine(_folder, "postgres-data");

    private string Keys => Path.Combine(_folder, "keys");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_told_of_somebody_is_found_nowhere_and_what_may_be_read_is_found()
    {
        await File.WriteAllTextAsync(Keys, KeyRing.NewLine());
        _server = await EmbeddedServer.StartAsync(Data, new() { Major = Major, Settings = new Dictionary<string, string> { ["log_statement"] = "all", ["log_min_duration_statement"] = "0" } });
        await using var collector = await Collector.StartAsync();
        await RunAsync(collector.Url);
        await ImportAsync();
        var (explained, clocks, refused) = await SlaAsync("explain", "complaint/single", "--json");
        Assert.True(explained == 0, refused);
        _answers.Add(clocks);
        var (verified, told, complained) = await SlaAsync("verify");
        Assert.True(verified == 0, told + complained);
        await CheckDumpsAsync();
        await using (var source = NpgsqlDataSource.Create(_server.ConnectionString))
        await using (var checkpoint = source.CreateCommand("CHECKPOINT"))
            await checkpoint.ExecuteNonQueryAsync();
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();

        CheckNothing("an answer", _answers);
        CheckNothing("what the collector was sent", [collector.Text]);
        var files = Directory.GetFiles(Data, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains(files, f => Path.GetFileName(f) == "server.log");
        var (found, control) = (new List<string>(), 0);
        foreach (var file in files.Concat(Directory.GetFiles(_folder)).Where(f => !f.EndsWith(".ndjson", StringComparison.Ordinal)))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            if (PlantedPerson.FindIn(bytes) is { } secret)
                found.Add($"{Path.GetRelativePath(_folder, file)}: {secret}");
            control += bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(PlantedPerson.Control)) >= 0 ? 1 : 0;
        }

        Assert.Empty(found);
        Assert.True(control >= 2, "what may be read is in the table and in the log of the database");
    }

    /// <summary>Sends it by every route that takes events, good and malformed, and asks every route that tells something.</summary>
    private async Task RunAsync(string collector)
    {
        var url = ProgramTests.FreeUrl();
        var start = Start("run", "--url", url);
        foreach (var (name, value) in new[] { ("OTEL_EXPORTER_OTLP_ENDPOINT", collector), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "300"), ("OTEL_BSP_SCHEDULE_DELAY", "200") })
            start.Environment[name] = value;
        using var run = Process.Start(start)!;
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await Condition.HoldsAsync(async () => run.HasExited || await ProgramTests.AnswersAsync(client, "/readyz"));
            var position = await SendAllAsync(client);
            await SendMalformedAsync(client);
            foreach (var path in Asked)
                _answers.Add(await client.GetStringAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}centre={PlantedPerson.Centre}&wait={position}"));
            foreach (var complaint in (string[])["single", "batch", "long-7", "packed", "form-1"])
                Assert.NotNull(PlantedPerson.FindIn(await client.GetStringAsync($"/complaints/{complaint}/person?centre={PlantedPerson.Centre}&purpose=test&reader=test")));
        }
        finally
        {
            Posix.Signal(run.Id, Terminate);
            await run.WaitForExitAsync();
            _answers.AddRange([await output, await errors]);
        }
    }

    private async Task<long> SendAllAsync(HttpClient client)
    {
        var kase = PlantedPerson.Event("case_received", "case/1", new JsonObject { ["item"] = "licence" });
        var rated = PlantedPerson.Event("case_rated", "case/1", new JsonObject { ["score"] = 5, ["text"] = PlantedPerson.Name, ["person"] = new JsonObject { ["phone"] = PlantedPerson.Phone } }, minute: 9);
        await SendAsync(client, 200, PlantedPerson.Registered("single").ToJsonString(), "application/cloudevents+json");
        await SendAsync(client, 200, new JsonArray(PlantedPerson.Registered("batch"), kase, rated).ToJsonString(), "application/cloudevents-batch+json");
        var lines = new StringBuilder();
        for (var i = 0; i < LongEvents; i++)
        {
            var one = PlantedPerson.Registered($"long-{i}");
            one["data"]!["text"] = string.Concat(Enumerable.Repeat(PlantedPerson.Secrets[4] + " ", LongText / 40));
            lines.Append(one.ToJsonString()).Append('\n');
        }

        await SendAsync(client, 200, lines.ToString(), "application/x-ndjson");
        await SendAsync(client, 200, PlantedPerson.Registered("packed").ToJsonString(), "application/x-ndjson", gzip: true);
        var form = new JsonObject { ["number"] = "form-1", ["at"] = "2026-03-17T10:00:00+08:00", ["text"] = PlantedPerson.Name, ["phone"] = PlantedPerson.Phone };
        var answer = await SendAsync(client, 200, form.ToJsonString(), "application/json", path: "/webhooks/form");
        return (long)JsonNode.Parse(answer)!["position"]!;
    }

    private async Task SendMalformedAsync(HttpClient client)
    {
        var wrongKind = PlantedPerson.Registered("bad-1");
        wrongKind["data"]!["person"] = PlantedPerson.Name;
        var wrongWord = PlantedPerson.Registered("bad-2");
        wrongWord["data"]!["channel"] = PlantedPerson.Name;
        var wrongTime = PlantedPerson.Registered("bad-3");
        wrongTime["time"] = PlantedPerson.Phone;
        var wrongPerson = PlantedPerson.Registered("bad-4");
        wrongPerson["data"]!["person"]!["name"] = new JsonArray(PlantedPerson.Name);
        foreach (var bad in new[] { wrongKind, wrongWord, wrongTime, wrongPerson })
            await SendAsync(client, 400, bad.ToJsonString(), "application/cloudevents+json");
        await SendAsync(client, 400, PlantedPerson.Registered("bad-5").ToJsonString()[..^9], "application/cloudevents+json");
        await SendAsync(client, 400, $"{PlantedPerson.Registered("bad-6").ToJsonString()}\n{PlantedPerson.Name}\n", "application/x-ndjson");
        var other = PlantedPerson.Registered("single");
        other["data"]!["text"] = PlantedPerson.Name;
        await SendAsync(client, 409, other.ToJsonString(), "application/cloudevents+json");
        await SendAsync(client, 400, $$"""{"centre":"{{PlantedPerson.Centre}}","why":"{{PlantedPerson.Name}}"}""", "application/json", path: "/complaints/single/erase");
    }

    private async Task<string> SendAsync(HttpClient client, int expected, string body, string contentType, bool gzip = false, string path = "/events")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (gzip)
        {
            using var packed = new MemoryStream();
            await using (var zip = new GZipStream(packed, CompressionLevel.Fastest))
                await zip.WriteAsync(bytes);
            bytes = packed.ToArray();
        }

        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (gzip)
            content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(path, content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expected, $"{path}: {(int)response.StatusCode} {answer}");
        _answers.Add(answer);
        return answer;
    }

    private async Task ImportAsync()
    {
        var bad = PlantedPerson.Registered("file-bad");
        bad["data"]!["category"] = PlantedPerson.Name;
        var file = Path.Combine(_folder, "events.ndjson");
        await File.WriteAllTextAsync(file, $"{PlantedPerson.Registered("file").ToJsonString()}\n{bad.ToJsonString()}\n{PlantedPerson.Name}\n");
        var (code, output, errors) = await SlaAsync("import", file, "--rejects", Path.Combine(_folder, "rejects.csv"), "--catalogues", _catalogues);
        Assert.True(code == 1 && output.Contains("1 events stored, 0 were there already, 2 rejected", StringComparison.Ordinal), output + errors);
        _answers.AddRange([output, errors]);
        var (erased, told, complained) = await SlaAsync("vault", "erase", "file", "--by", "records", "--reason", "asked for");
        Assert.True(erased == 0 && told.StartsWith("complaint/file was erased at ", StringComparison.Ordinal), told + complained);
        var (status, state, _) = await SlaAsync("vault", "status");
        Assert.True(status == 0 && state.Contains("1 erased", StringComparison.Ordinal), state);
    }

    private async Task CheckDumpsAsync()
    {
        foreach (var format in (string[])["plain", "custom"])
        {
            var file = Path.Combine(_folder, $"dump.{format}");
            var dump = new ProcessStartInfo("pg_dump", ["--dbname", LibPq(_server!.ConnectionString), $"--format={format}", "--compress=0", "--file", file]) { RedirectStandardError = true };
            using var running = Process.Start(dump)!;
            var errors = await running.StandardError.ReadToEndAsync();
            await running.WaitForExitAsync();
            Assert.True(running.ExitCode == 0, errors);
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(PlantedPerson.Control)) >= 0);
        }
    }

    /// <summary>A connection string of Npgsql in the words of libpq.</summary>
    internal static string LibPq(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        return $"host='{given.Host}' port={given.Port} user='{given.Username}' dbname='{given.Database}'";
    }

    private static void CheckNothing(string where, IEnumerable<string> texts)
    {
        foreach (var text in texts)
            Assert.True(PlantedPerson.FindIn(text) is null, $"{where} tells '{PlantedPerson.FindIn(text)}': {text}");
    }

    private ProcessStartInfo Start(params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments is ["run", ..] ? [.. arguments, "--catalogues", _catalogues] : arguments);
        start.Environment[SlaMonitor.Host.Database.Variable] = _server!.ConnectionString;
        start.Environment[KeyFile.Variable] = Keys;
        return start;
    }

    private async Task<(int Code, string Output, string Errors)> SlaAsync(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
