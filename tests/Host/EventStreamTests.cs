using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SlaMonitor.Tests.Host;

/// <summary>An event a line, more of them than one transaction takes; packing, limits and the queue.</summary>
public class EventStreamTests
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Lines_of_any_number_are_stored_once_however_often_they_are_sent()
    {
        await using var server = await TestServer.StartAsync();
        var body = string.Concat(Enumerable.Range(0, 25_000).Select(i => Line(i) + (i % 2 == 0 ? "\n" : "\r\n\r\n")));
        var (status, first) = await server.PostAsync("\uFEFF" + body, Lines);
        Assert.Equal((200, 25_000, 0), (status, (int)first!["appended"]!, (int)first["duplicates"]!));
        Assert.Equal(25_000L, await CountAsync(server));
        Assert.Equal(200, (await server.GetAsync($"/cases/s24999/explain?centre=service-hall&wait={first["position"]}")).Status);
        (_, var second) = await server.PostAsync(body, Lines);
        Assert.Equal((0, 25_000), ((int)second!["appended"]!, (int)second["duplicates"]!));
    }

    [Fact]
    public async Task A_fault_far_down_stores_nothing_and_is_told_with_its_line()
    {
        await using var server = await TestServer.StartAsync();
        var lines = Enumerable.Range(0, 12_000).Select(i => Line(i)).ToList();
        (lines[3], lines[11_000], lines[11_999]) = ("", lines[11_000].Replace("case_closed", "case_eaten", StringComparison.Ordinal), "{\"cut\":");
        var (status, problem) = await server.PostAsync(string.Join('\n', lines), Lines);
        Assert.Equal(400, status);
        Assert.Equal(["10999 11001 type", "11998 12000 (whole)"], problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["line"]} {e["field"]}"));
        Assert.Equal(0L, await CountAsync(server));
    }

    [Fact]
    public async Task An_id_with_two_contents_is_found_before_anything_is_stored_however_far_apart_they_are()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync(Event(7, "2026-03-02T11:00:00+08:00"));
        var lines = Enumerable.Range(0, 11_000).Select(i => Line(i)).ToList();
        lines.Add(Line(5, "2026-03-03T10:00:00+08:00"));
        // The same content, written in another order, is no contradiction.
        lines.Add(new JsonObject(Event(6).Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))).ToJsonString());
        var (status, problem) = await server.PostAsync(string.Join('\n', lines), Lines);
        Assert.Equal(409, status);
        Assert.Equal(["7 8 id", "11000 11001 id"], problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["line"]} {e["field"]}"));
        Assert.Equal(1L, await CountAsync(server));
        lines.RemoveAt(7);
        lines.RemoveAt(10_999);
        (status, var stored) = await server.PostAsync(string.Join('\n', lines), Lines);
        Assert.Equal((200, 10_999, 1), (status, (int)stored!["appended"]!, (int)stored["duplicates"]!));
    }

    [Fact]
    public async Task Every_contradiction_of_a_batch_is_listed_beside_its_other_faults()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync(Event(1), Event(2));
        var (status, problem) = await server.PostAsync(Event(1, "2026-03-03T10:00:00+08:00"), Event(2), Event(3), Event(3, "2026-03-03T10:00:00+08:00"));
        Assert.Equal((409, "0,3"), (status, string.Join(',', problem!["errors"]!.AsArray().Select(e => (int)e!["item"]!))));
        var eaten = Event(4);
        eaten["type"] = "case_eaten";
        (status, problem) = await server.PostAsync(Event(1, "2026-03-03T10:00:00+08:00"), eaten);
        Assert.Equal((400, "1 type,0 id"), (status, string.Join(',', problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["field"]}"))));
        Assert.Equal(2L, await CountAsync(server));
    }

    [Theory]
    [InlineData("[{0}, {1}, {0}]", "1 (whole)")]
    [InlineData(" [{2},\n {1}]", "0 type,1 (whole)")]
    [InlineData("[{1}", "0 (whole)")]
    [InlineData("{\"a\":{1}}", "0 (whole)")]
    public async Task Nothing_that_is_too_long_for_an_event_is_read_out_of_a_list(string body, string faults)
    {
        await using var server = await TestServer.StartAsync();
        var nothings = "[" + string.Concat(Enumerable.Repeat("[],\"],[\\\"\",", 100_000)) + "1]";
        var text = body.Replace("{0}", Line(1), StringComparison.Ordinal).Replace("{1}", nothings, StringComparison.Ordinal).Replace("{2}", Line(2).Replace("case_closed", "case_eaten", StringComparison.Ordinal), StringComparison.Ordinal);
        var (status, problem) = await server.PostAsync(text, "application/json");
        Assert.Equal((400, faults), (status, string.Join(',', problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["field"]}"))));
        Assert.Equal(0L, await CountAsync(server));
    }

    [Fact]
    public async Task After_a_thousand_faults_nobody_looks_further()
    {
        await using var server = await TestServer.StartAsync();
        var (status, problem) = await server.PostAsync(string.Join('\n', Enumerable.Repeat("{}", 1_500)), Lines);
        Assert.InRange(problem!["errors"]!.AsArray().Count, 1_000, 1_010);
        Assert.Equal((400, "Nothing was stored. Faults: more than can be listed; what follows the last of these was not looked at."), (status, (string)problem["detail"]!));
    }

    [Fact]
    public async Task A_body_may_be_packed_but_not_to_do_harm()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(200, await PackedAsync(server, Pack(Encoding.UTF8.GetBytes(Line(1)))));
        Assert.Equal(400, await PackedAsync(server, Pack(Encoding.UTF8.GetBytes(Line(2)))[..^9]));
        Assert.Equal(400, await PackedAsync(server, Encoding.UTF8.GetBytes(Line(2))));
        Assert.Equal(413, await PackedAsync(server, Pack(new byte[300 * 1024 * 1024])));
        Assert.Equal(415, await PackedAsync(server, Encoding.UTF8.GetBytes(Line(2)), "br"));
        Assert.Equal(1L, await CountAsync(server));
    }

    [Theory]
    [InlineData("Ingest:MaxEventBytes", "100", "application/cloudevents+json", 413)]
    [InlineData("Ingest:MaxEventBytes", "100", "application/cloudevents-batch+json", 400)]
    [InlineData("Ingest:MaxEventBytes", "100", Lines, 400)]
    [InlineData("Ingest:MaxBatchBytes", "100", "application/cloudevents-batch+json", 413)]
    [InlineData("Ingest:MaxBatchBytes", "100", "application/json", 413)]
    [InlineData("Ingest:MaxStreamBytes", "100", Lines, 413)]
    public async Task Limits_are_what_the_configuration_says(string key, string value, string contentType, int status)
    {
        await using var server = await TestServer.StartAsync(null, null, null, (key, value));
        var body = contentType == "application/cloudevents-batch+json" ? $"[{Line(1)}]" : Line(1);
        Assert.Equal(status, (await server.PostAsync(body, contentType)).Status);
        // Without a length told beforehand as well.
        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
        chunked.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = chunked };
        request.Headers.TransferEncodingChunked = true;
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(0L, await CountAsync(server));
    }

    [Theory]
    [InlineData("Ingest:MaxEventBytes", "-1")]
    [InlineData("Ingest:MaxEventBytes", "much")]
    [InlineData("Ingest:MaxEvent", "1")]
    public async Task A_setting_that_means_nothing_is_refused_at_start(string key, string value)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(null, null, null, (key, value)));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_when_the_queue_is_full_is_asked_to_come_again()
    {
        await using var server = await TestServer.StartAsync(null, null, null, ("Ingest:Concurrent", "1"), ("Ingest:Waiting", "1"));
        // Whichever two come first, one of them is in work and one waits until their bodies end; the others find the queue full.
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Without waiting for leave to send, a client would not look at the answer before its body has ended.
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = server.Client.BaseAddress };
        patient.DefaultRequestHeaders.ExpectContinue = true;
        List<Task<HttpResponseMessage>> sent = [.. Enumerable.Range(1, 4).Select(i => PostAsync(patient, new SlowBody(Line(i), finish.Task)))];
        for (var refused = 0; refused < 2; refused++)
        {
            var done = await Task.WhenAny(sent);
            using var full = await done;
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)), (full.StatusCode, full.Headers.RetryAfter?.Delta));
            sent.Remove(done);
        }

        finish.SetResult();
        foreach (var taken in await Task.WhenAll(sent))
        {
            using (taken)
                Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        Assert.Equal(2L, await CountAsync(server));
    }

    [Fact]
    public async Task What_is_spooled_leaves_no_file_behind_that_has_a_name()
    {
        await using var spool = await SlaMonitor.Host.Ingest.Spool.FillAsync(new MemoryStream(new byte[1_000_000]), false, long.MaxValue, "", default);
        Assert.Equal(1_000_000, spool.Length);
        Assert.IsType<SlaMonitor.Host.Ingest.CoveredFile>(spool);
        await using var file = SlaMonitor.Host.Ingest.Spool.File();
        Assert.False(File.Exists(file.Name));
    }

    [Fact]
    public async Task Who_is_overtaken_between_look_and_store_is_told_and_can_send_again()
    {
        await using var server = await TestServer.StartAsync();
        var (lines, held, sending) = await BeginAsync(server);
        Assert.Equal(200, (await server.PostAsync(Event(10_500, "2026-03-02T11:00:00+08:00"))).Status);
        await held.DisposeAsync();
        var (status, problem) = await sending;
        Assert.Equal((409, "10500 10501 e10500 id"), (status, string.Join(',', problem!["errors"]!.AsArray().Select(e => $"{e!["item"]} {e["line"]} {e["id"]} {e["field"]}"))));
        Assert.StartsWith("Of its events 10000 were stored before", (string)problem["detail"]!, StringComparison.Ordinal);
        lines[10_500] = Line(10_500, "2026-03-02T11:00:00+08:00");
        (_, var stored) = await server.PostAsync(string.Join('\n', lines), Lines);
        Assert.Equal((999, 10_001), ((int)stored!["appended"]!, (int)stored["duplicates"]!));
    }

    [Fact]
    public async Task What_was_begun_to_be_stored_is_stored_to_its_end_though_the_sender_goes()
    {
        await using var server = await TestServer.StartAsync();
        using var leaving = new CancellationTokenSource();
        var (_, held, sending) = await BeginAsync(server, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await held.DisposeAsync();
        await Condition.HoldsAsync(async () => await CountAsync(server) == 11_001);
    }

    /// <summary>Sends a request of two parts, of which the first waits to be stored until its stream is let go.</summary>
    private static async Task<(string[] Lines, IAsyncDisposable Held, Task<(int Status, JsonNode? Body)> Sending)> BeginAsync(TestServer server, CancellationToken ct = default)
    {
        await server.PostAsync(TestServer.Event("case_delivered", "case/s0", "2026-03-02T12:00:00+08:00"));
        var held = await server.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using (var hold = new Npgsql.NpgsqlCommand("BEGIN; SELECT 1 FROM mt_streams WHERE id = 'case/s0' FOR UPDATE", held))
            await hold.ExecuteNonQueryAsync(CancellationToken.None);
        string[] lines = [.. Enumerable.Range(0, 11_000).Select(i => Line(i))];
        var sending = SendAsync();
        await Condition.HoldsAsync(async () => await CountAsync(server, "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0);
        return (lines, held, sending);

        async Task<(int, JsonNode?)> SendAsync()
        {
            using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(Lines);
            using var response = await server.Client.PostAsync("/events", content, ct);
            return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(ct)));
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent content)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(Lines);
        return await client.PostAsync("/events", content);
    }

    private static async Task<int> PackedAsync(TestServer server, byte[] body, string encoding = "gzip")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await PostAsync(server.Client, content);
        return (int)response.StatusCode;
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(plain);
        return packed.ToArray();
    }

    private static JsonObject Event(int i, string time = "2026-03-02T10:00:00+08:00") => TestServer.Event("case_closed", $"case/s{i}", time, new JsonObject { ["via"] = "窗口", ["note"] = 1.50 }, $"e{i}");

    private static string Line(int i, string time = "2026-03-02T10:00:00+08:00") => Event(i, time).ToJsonString();

    private static async Task<long> CountAsync(TestServer server, string of = "mt_events WHERE type LIKE 'case%'")
    {
        await using var command = server.Database.DataSource.CreateCommand($"SELECT count(*) FROM {of}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
