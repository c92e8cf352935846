using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SlaMonitor.Fuzz;

namespace SlaMonitor.Tests.Host;

/// <summary>Whatever is wrong with an event or a body: it is refused by item and field, with what to do, nothing of it is stored, and the next good one is served.</summary>
public class MalformedEventsTests(MalformedEventsTests.Ground ground) : IClassFixture<MalformedEventsTests.Ground>
{
    public static TheoryData<string> Rows => [.. MalformedRows.All.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task It_is_refused_by_item_and_field_and_nothing_is_stored(string name)
    {
        var row = MalformedRows.All[name];
        var before = await ground.ContentsAsync();
        var answer = await ground.Door.SendAsync(row.Body, row.ContentType, row.Encoding, default);
        Assert.True(answer.Status == row.Status, answer.Body);
        Assert.Null(HttpDoor.RefusalFault(answer));
        Assert.Equal(row.Faults, (answer.Json!["errors"]?.AsArray() ?? []).Select(e => $"{e!["item"]} {e["field"]}").Distinct());
        Assert.Equal(before, await ground.ContentsAsync());
        await ground.ServesAsync();
    }

    [Theory]
    [InlineData("Content-Length: 100000\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n", "400\r\n")]
    public async Task A_body_cut_off_in_the_middle_is_nothing(string header, string frame)
    {
        var before = await ground.ContentsAsync();
        foreach (var contentType in (string[])[MalformedRows.One, MalformedRows.List, MalformedRows.Lines])
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(ground.Address.Host, ground.Address.Port);
            await using var stream = socket.GetStream();
            var whole = MalformedRows.Good("cut").ToJsonString();
            // Of lines the first is whole and good: it, too, must not come in.
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\n{header}\r\n{frame}{whole}\n{whole[..40]}"));
            socket.Client.Shutdown(SocketShutdown.Send);
            // The connection ends, and with it the request.
            var answer = await ReadAsync(stream);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
            Assert.Equal(before, await ground.ContentsAsync());
        }

        await ground.ServesAsync();
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Hung up on: nobody is there any more to be answered.
            return "";
        }
    }

    [Fact]
    public async Task What_is_in_the_log_already_is_read_whatever_the_door_refuses_now()
    {
        await using var server = await TestServer.StartAsync();
        var old = MalformedRows.Good("old", "case_branch_opened", """{"branch":"b","agency":"a","limit":{"workingDays":25000}}""");
        var reported = new SlaMonitor.Domain.ReportedEvent("case_branch_opened", "case/old", "test", "old", NodaTime.Instant.FromUtc(1969, 5, 5, 2, 0), null, JsonSerializer.SerializeToElement(old["data"]));
        await new SlaMonitor.EventStore.EventLog(server.Database.DataSource).AppendAllAsync("service-hall", [SlaMonitor.Host.Ingest.EventCheck.ToAppend("service-hall", reported)]);
        var (status, explained) = await server.GetAsync("/cases/old/explain?centre=service-hall");
        Assert.Equal((200, "1969-05-05T10:00:00+08:00"), (status, (string?)explained!["events"]![0]!["occurredAt"]));
        Assert.NotNull(explained["clocks"]![0]!["dueAt"]);
    }

    /// <summary>One server for all rows: each leaves it as it was, but for the good event after it.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        private TestServer _server = null!;
        private int _good;

        internal HttpDoor Door { get; private set; } = null!;

        internal Uri Address => _server.Client.BaseAddress!;

        public async Task InitializeAsync()
        {
            _server = await TestServer.StartAsync();
            Door = new HttpDoor(_server.Client);
            Assert.Equal(200, (await _server.PostAsync(MalformedRows.Good("known"))).Status);
        }

        public async Task DisposeAsync() => await _server.DisposeAsync();

        internal async Task ServesAsync()
        {
            var (status, stored) = await _server.PostAsync(MalformedRows.Good($"good-{_good++}"));
            Assert.Equal((200, 1), (status, (int)stored!["appended"]!));
        }

        internal async Task<(long, long)> ContentsAsync()
        {
            await using var command = _server.Database.DataSource.CreateCommand("SELECT (SELECT count(*) FROM mt_events WHERE stream_id LIKE 'case/%'), (SELECT count(*) FROM mt_streams WHERE id LIKE 'case/%')");
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
    }
}
