using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SlaMonitor.Host.EmbeddedPostgres;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>The program as a shell and a supervisor see it.</summary>
public class ProgramTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task Due_answers_a_line_while_its_input_stays_open()
    {
        using var due = Process.Start(SlaProgram.StartInfo("due"))!;
        await due.StandardInput.WriteLineAsync("""{"id":1,"calendar":"cn","start":"2026-02-13T17:30:00+08:00","limit":{"workingDays":5}}""");
        await due.StandardInput.FlushAsync();
        Assert.Equal("""{"id":1,"dueAt":"2026-02-27T18:00:00+08:00"}""", await due.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
        due.StandardInput.Close();
        await due.WaitForExitAsync();
        Assert.Equal(0, due.ExitCode);
    }

    [Theory]
    [InlineData("""{"id":"x","calendar":"cn","start":"2026-02-13T17:30:00+08:00","limit":{"elapsed":"PT3000000H"}}""", "limit.elapsed")]
    [InlineData("""{"id":"\ud800","calendar":"cn"}""", "id")]
    [InlineData("""{"id":"x","calendar":"cn","start":"2026-02-13T17:30:00+08:00","limit":{"workingDays":5},"pauses":[{"from":"2026-02-14T10:00:00+08:00","til":"2026-02-15T10:00:00+08:00"}]}""", "pauses[0].til")]
    [InlineData("""{"id":"x","calendar":"cn","start":"2199-12-20T17:30:00+08:00","limit":{"workingDays":500}}""", "limit")]
    [InlineData("nonsense", "(line)")]
    public async Task Due_puts_an_error_in_the_place_of_a_line_it_cannot_read_and_answers_the_next(string line, string field)
    {
        var next = """{"id":2,"calendar":"cn","start":"2035-02-13T17:30:00+08:00","limit":{"workingDays":5}}""";
        var (code, answers, errors) = await SlaProgram.RunAsync($"{line}\n{next}\n", "due");
        var lines = answers.Split('\n');
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains($"\"error\":\"{field}", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"provisional\":true", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "sow")]
    [InlineData(2, "import")]
    [InlineData(2, "run", "--first-import", "x")]
    [InlineData(2, "demo", "--cases", "0")]
    [InlineData(1, "run", "--url", "ftp://127.0.0.1:5080")]
    [InlineData(1, "due", "no-such-file")]
    [InlineData(0, "--help")]
    [InlineData(0, "explain", "--help")]
    public async Task A_command_line_ends_in_the_code_it_deserves(int code, params string[] arguments) =>
        Assert.Equal(code, (await SlaProgram.RunAsync("", arguments)).ExitCode);

    [Fact]
    public async Task Run_survives_its_database_being_killed_says_when_its_port_is_taken_and_leaves_nothing_behind()
    {
        var data = TestFolders.New();
        var url = $"http://127.0.0.1:{FreePort()}";
        var planted = Path.Combine(data, "planted.csv");
        Assert.Equal((0, ""), await LoadAsync("--planted", planted));
        Assert.Equal("case,kind", (await File.ReadAllLinesAsync(planted))[0]);
        var (again, refusal) = await LoadAsync();
        Assert.Equal(1, again);
        Assert.Contains("--data", refusal, StringComparison.Ordinal);
        using var run = Process.Start(SlaProgram.StartInfo("run", "--data", data, "--url", url, "--sample"))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await Condition.HoldsAsync(async () => run.HasExited || await AnswersAsync(client, "/readyz"));
            Assert.False(run.HasExited, run.HasExited ? await run.StandardError.ReadToEndAsync() : "");
            Assert.Matches("[0-9]{8}-(S[0-9]{4}|[0-9]{5})", await client.GetStringAsync("/?centre=service-hall&lang=en"));

            var (code, _, errors) = await SlaProgram.RunAsync("", "run", "--data", data, "--url", url);
            Assert.Equal(1, code);
            Assert.Contains("--url", errors, StringComparison.Ordinal);

            var postmaster = await PostmasterAsync(data);
            Posix.Signal(postmaster, Posix.Kill);
            await Condition.HoldsAsync(async () => await PostmasterAsync(data) != postmaster && await AnswersAsync(client, "/readyz"));

            Posix.Signal(run.Id, Terminate);
            await run.WaitForExitAsync();
            Assert.Equal(0, run.ExitCode);
            Assert.False(File.Exists(Path.Combine(data, "postgres-data", "postmaster.pid")));
        }
        finally
        {
            if (!run.HasExited)
            {
                Posix.Signal(run.Id, Terminate);
                await run.WaitForExitAsync();
            }

            TestFolders.Delete(data);
        }

        async Task<(int, string)> LoadAsync(params string[] options)
        {
            var (code, _, errors) = await SlaProgram.RunAsync("", ["demo", "--data", data, "--cases", "600", .. options]);
            return (code, errors);
        }
    }

    [Fact]
    public async Task Run_starts_its_database_again_once_what_kept_it_from_starting_is_mended()
    {
        var data = TestFolders.New();
        var url = $"http://127.0.0.1:{FreePort()}";
        using var run = Process.Start(SlaProgram.StartInfo("run", "--data", data, "--url", url))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await Condition.HoldsAsync(async () => run.HasExited || await AnswersAsync(client, "/readyz"));
            var needed = Path.Combine(data, "postgres-data", "global", "pg_control");
            File.Move(needed, needed + ".away");
            Posix.Signal(await PostmasterAsync(data), Posix.Kill);
            while (await run.StandardError.ReadLineAsync() is { } line && !line.Contains("ended while starting", StringComparison.Ordinal))
                Assert.False(run.HasExited);
            File.Move(needed + ".away", needed);
            await Condition.HoldsAsync(() => AnswersAsync(client, "/readyz"));
        }
        finally
        {
            Posix.Signal(run.Id, Terminate);
            await run.WaitForExitAsync();
            TestFolders.Delete(data);
        }
    }

    internal static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(path);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> PostmasterAsync(string data)
    {
        var file = Path.Combine(data, "postgres-data", "postmaster.pid");
        return File.Exists(file) && int.TryParse((await File.ReadAllLinesAsync(file)).FirstOrDefault(), out var id) ? id : 0;
    }

    internal static string FreeUrl() => $"http://127.0.0.1:{FreePort()}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
