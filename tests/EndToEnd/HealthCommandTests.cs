using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary><c>sla health</c>, as a supervisor asks.</summary>
public class HealthCommandTests
{
    [Fact]
    public async Task A_server_that_asks_everybody_for_a_token_is_healthy_without_one_and_no_longer_once_it_has_gone()
    {
        string url;
        await using (var server = await TestServer.StartGuardedAsync())
        {
            url = server.Client.BaseAddress!.ToString();
            var (code, output, errors) = await SlaProgram.RunAsync("", "health", "--url", url);
            Assert.Equal((0, $"{url.TrimEnd('/')} answers\n", ""), (code, output, errors));
        }

        var (gone, _, reason) = await SlaProgram.RunAsync("", "health", "--url", url);
        Assert.Equal((1, true), (gone, reason.Contains("start it with sla run", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_program_that_is_not_ours_is_told_by_its_answer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var other = builder.Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.MapGet("/healthz", () => Results.Redirect("http://127.0.0.1:1/healthz"));
        await other.StartAsync();
        var (code, output, errors) = await SlaProgram.RunAsync("", "health", "--url", other.Urls.First());
        Assert.Equal((1, "", true), (code, output, errors.Contains("answers /healthz with 302", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_hangs_is_told_as_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (code, output, errors) = await SlaProgram.RunAsync("", "health", "--url", $"http://{listener.LocalEndpoint}");
        Assert.Equal((1, "", true), (code, output, errors.Contains("has not answered within 4 seconds", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(1, "--url", "ftp://127.0.0.1")]
    [InlineData(2, "--url")]
    [InlineData(2, "more")]
    public async Task A_command_line_ends_in_the_code_it_deserves(int code, params string[] arguments) =>
        Assert.Equal(code, (await SlaProgram.RunAsync("", ["health", .. arguments])).ExitCode);
}
