using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SlaMonitor.Clients;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host;

/// <summary>The clients of <c>docs/clients</c>, as somebody would use them.</summary>
public class ClientTests
{
    private static readonly string Clients = FolderOf();

    public static TheoryData<string> All => new() { "send.sh", "send.py", "SlaClient.cs" };

    [Theory, MemberData(nameof(All))]
    public async Task A_file_is_sent_once_however_often_the_client_is_run(string client)
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Ingest);
        var file = await FileAsync(500);
        Assert.Equal((0, 500, 0), await CountsAsync(client, server, token, file));
        Assert.Equal((0, 0, 500), await CountsAsync(client, server, token, file));
    }

    [Theory, MemberData(nameof(All))]
    public async Task What_is_wrong_with_which_line_is_told(string client)
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Ingest);
        var file = await FileAsync(3, "case_eaten");
        var (exit, output) = await RunAsync(client, server, token, file);
        Assert.NotEqual(0, exit);
        Assert.Contains("Nothing was stored. Faults: 3, in events: 3.", output, StringComparison.Ordinal);
        Assert.Contains("is not a known event", output, StringComparison.Ordinal);
        (exit, output) = await RunAsync(client, server, "sla_no_token", file);
        Assert.NotEqual(0, exit);
        Assert.Contains("token", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_server_that_is_full_is_asked_again(string client)
    {
        await using var server = await TestServer.StartAsync(null, new AccessRules(TokensRequired: true), null, ("Ingest:Concurrent", "1"), ("Ingest:Waiting", "1"));
        var (_, token) = await server.TokenAsync(Roles.Ingest);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Two that go on until they are let go fill it. A third that is refused shows that they have arrived.
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = server.Client.BaseAddress };
        patient.DefaultRequestHeaders.ExpectContinue = true;
        patient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        List<Task<HttpResponseMessage>> filling = [.. Enumerable.Range(1, 3).Select(_ => PostAsync(patient, new SlowBody("", finish.Task)))];
        var first = await Task.WhenAny(filling);
        using (var full = await first)
            Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        using var refusals = new Refusals(server);
        var sending = CountsAsync(client, server, token, await FileAsync(5));
        await Condition.HoldsAsync(() => Task.FromResult(refusals.Count > 0 || sending.IsCompleted));
        Assert.False(sending.IsCompleted);
        finish.SetResult();
        Assert.Equal((0, 5, 0), await sending);
        filling.Remove(first);
        foreach (var filled in await Task.WhenAll(filling))
            filled.Dispose();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent content)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-ndjson");
        return await client.PostAsync("/events", content);
    }

    private static async Task<string> FileAsync(int events, string type = "case_closed")
    {
        var file = Path.Combine(TestFolders.New(), "events.ndjson");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, events).Select(i => TestServer.Event(type, $"case/c{i}", "2026-03-02T10:00:00+08:00").ToJsonString()));
        return file;
    }

    private static async Task<(int Exit, int Appended, int Duplicates)> CountsAsync(string client, TestServer server, string token, string file)
    {
        var (exit, output) = await RunAsync(client, server, token, file);
        Assert.True(exit == 0, output);
        var answer = JsonNode.Parse(output)!;
        return (exit, (int)answer["appended"]!, (int)answer["duplicates"]!);
    }

    private static async Task<(int Exit, string Output)> RunAsync(string client, TestServer server, string token, string file)
    {
        if (client.EndsWith(".cs", StringComparison.Ordinal))
            return await SendAsync(server, token, file);
        var start = new ProcessStartInfo(client.EndsWith(".py", StringComparison.Ordinal) ? "python3" : "bash", [Path.Combine(Clients, client), file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["SLA_URL"], start.Environment["SLA_TOKEN"]) = (server.Client.BaseAddress!.ToString().TrimEnd('/'), token);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + (process.ExitCode == 0 ? "" : await errors));
    }

    private static async Task<(int Exit, string Output)> SendAsync(TestServer server, string token, string file)
    {
        try
        {
            var stored = await new SlaClient(server.Client, token).SendAsync(file);
            return (0, new JsonObject { ["appended"] = stored.Appended, ["duplicates"] = stored.Duplicates }.ToJsonString());
        }
        catch (EventsRefusedException refused)
        {
            return (1, refused.Message);
        }
    }

    /// <summary>Counts the requests that one server refuses because its queue is full, from here on.</summary>
    private sealed class Refusals : IDisposable
    {
        private readonly MeterListener _listener = new();
        private int _count;

        public Refusals(TestServer server)
        {
            var meters = server.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aspnetcore.rate_limiting.requests" && instrument.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            {
                if (tags.ToArray().Any(t => t.Key == "aspnetcore.rate_limiting.result" && t.Value is "endpoint_limiter"))
                    Interlocked.Increment(ref _count);
            });
            _listener.Start();
        }

        public int Count => _count;

        public void Dispose() => _listener.Dispose();
    }

    private static string FolderOf([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "docs", "clients");
}
