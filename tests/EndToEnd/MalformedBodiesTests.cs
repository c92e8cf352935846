using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SlaMonitor.Fuzz;
using SlaMonitor.Host.EmbeddedPostgres;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>
/// Bodies that would take all the memory there is if they were read as they come. The program runs as a process of its own, whose
/// peak of resident memory the kernel keeps: no other test is in the figure.
/// </summary>
public class MalformedBodiesTests
{
    private const long Large = 200L << 20;

    // Half of the smallest body; what the program takes for itself meanwhile is a tenth of it.
    private const long Bound = 100L << 20;
    private const int HungUp = 0;

    [Fact]
    public async Task Two_hundred_megabytes_and_bombs_are_refused_in_little_memory_and_the_next_event_is_served()
    {
        await using var database = await PostgresServers.CreateDatabaseAsync();
        var url = ProgramTests.FreeUrl();
        var start = SlaProgram.StartInfo("run", "--url", url);
        start.Environment[SlaMonitor.Host.Database.Variable] = database.ConnectionString;
        using var run = Process.Start(start)!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await Condition.HoldsAsync(async () => run.HasExited || await ProgramTests.AnswersAsync(client, "/readyz"));
            // What it takes to serve at all is not in the figure.
            Assert.Equal(200, await StatusAsync(client, Good(), MalformedRows.List));
            foreach (var (name, status, make, contentType) in Bodies())
            {
                var before = Peak(run);
                using var content = make();
                var answered = await StatusAsync(client, content, contentType);
                // Who goes on sending what is refused already is hung up on.
                Assert.True(status == answered || (answered == HungUp && status == 413), $"{name}: {answered}");
                var grown = Peak(run) - before;
                Assert.True(grown < Bound, $"{name}: {grown >> 20} MB more");
            }

            Assert.Equal(200, await StatusAsync(client, Good(), MalformedRows.List));
            await using var count = database.DataSource.CreateCommand("SELECT count(*) FROM mt_events WHERE stream_id LIKE 'case/%'");
            Assert.Equal(500L, await count.ExecuteScalarAsync());
        }
        finally
        {
            Posix.Signal(run.Id, 15);
            await run.WaitForExitAsync();
        }
    }

    private static IEnumerable<(string Name, int Status, Func<HttpContent> Make, string ContentType)> Bodies()
    {
        var event_ = Encoding.UTF8.GetBytes(MalformedRows.Good("m").ToJsonString());
        foreach (var (said, length) in ((string, long?)[])[("with its length", Large), ("in chunks", null)])
        {
            yield return ($"one event of 200 MB {said}", 413, () => new Repeated(event_[..^2], "x"u8.ToArray(), Large, length), MalformedRows.One);
            yield return ($"a list of 200 MB {said}", 413, () => new Repeated("["u8.ToArray(), [.. event_, .. ","u8], Large, length), MalformedRows.List);
            yield return ($"a line of 200 MB {said}", 400, () => new Repeated(event_[..^2], "x"u8.ToArray(), Large, length), MalformedRows.Lines);
            yield return ($"lines of 200 MB, all of them wrong, {said}", 400, () => new Repeated([], Encoding.UTF8.GetBytes($"{{\"id\":\"x\",\"applicant\":\"{string.Concat(Enumerable.Repeat("张三丰", 500))}\"}}\n"), Large, length), MalformedRows.Lines);
        }

        // Ten megabytes that unpack to ten gigabytes.
        yield return ("a bomb as one event", 413, () => Bomb(1_000), MalformedRows.One);
        yield return ("a bomb as a list", 413, () => Bomb(1_000), MalformedRows.List);
        yield return ("a bomb as lines", 413, () => Bomb(30), MalformedRows.Lines);
        yield return ("a list of three million nothings", 400, () => new ByteArrayContent(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("{}", 3_000_000))}]")), MalformedRows.List);
        yield return ("a list of a list of ten million nothings", 400, () => new ByteArrayContent(Encoding.UTF8.GetBytes($"[[{string.Join(',', Enumerable.Repeat("[]", 10_000_000))}]]")), MalformedRows.List);
        yield return ("an object of a list of ten million nothings", 400, () => new ByteArrayContent(Encoding.UTF8.GetBytes($"{{\"a\":[{string.Join(',', Enumerable.Repeat("[]", 10_000_000))}]}}")), "application/json");
        yield return ("nesting of 30 MB", 400, () => new ByteArrayContent(Enumerable.Repeat((byte)'[', 30 << 20).ToArray()), MalformedRows.List);
    }

    /// <summary>Members of 10 KB that unpack to 10 MB each, one after the other, which is one gzip file all the same.</summary>
    private static ByteArrayContent Bomb(int members)
    {
        var member = ByteMutations.Gzip(new byte[10_000_000]);
        var content = new ByteArrayContent([.. Enumerable.Repeat(member, members).SelectMany(m => m)]);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static ByteArrayContent Good() =>
        new(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 500).Select(i => MalformedRows.Good($"g{i}").ToJsonString()))}]"));

    private static async Task<int> StatusAsync(HttpClient client, HttpContent content, string contentType)
    {
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        // Asked first, a sender does not send what nobody takes; and an answer that comes while it sends is not lost.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = content };
        request.Headers.ExpectContinue = true;
        try
        {
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain(GoodEvents.Personal, p => body.Contains(p, StringComparison.Ordinal));
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HungUp;
        }
    }

    private static long Peak(Process process) =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;

    /// <summary>A body of any length, made while it is sent.</summary>
    private sealed class Repeated(byte[] begin, byte[] unit, long length, long? said) : HttpContent
    {
        private readonly byte[] _block = [.. Enumerable.Repeat(unit, (1 << 20) / unit.Length).SelectMany(u => u)];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(begin);
            for (var sent = (long)begin.Length; sent < length; sent += _block.Length)
                await stream.WriteAsync(_block.AsMemory(0, (int)Math.Min(_block.Length, length - sent)));
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = said ?? 0;
            return said is not null;
        }
    }
}
