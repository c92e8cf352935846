using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary><c>sla explain</c> as somebody types it.</summary>
public class ExplainTests
{
    [Fact]
    public async Task Explain_says_what_was_known_as_of_a_position_and_a_time_and_refuses_what_it_cannot()
    {
        await using var hall = await Hall.CreateAsync();
        var at = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("a", at, at + Duration.FromDays(7)));
        var known = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        await hall.CatchUpAsync();
        var between = await hall.NowAsync();
        await hall.AppendAsync(Hall.Decided("a", at + Duration.FromSeconds(1)));
        await hall.CatchUpAsync();
        Assert.Equal("met", await StateAsync(hall, "--at", Timestamps.Format(at + Duration.FromDays(1))));
        Assert.Equal("running", await StateAsync(hall, "--as-of", known.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal("running", await StateAsync(hall, "--as-of", Timestamps.Format(between)));
        foreach (var refused in (string[])["yesterday", "2199-01-01T00:00:00Z", "1000"])
        {
            var (code, _, errors) = await RunAsync(hall, "--as-of", refused);
            Assert.Equal(1, code);
            Assert.StartsWith("sla explain: --as-of is ", errors, StringComparison.Ordinal);
        }
    }

    private static async Task<string> StateAsync(Hall hall, params string[] options)
    {
        var (code, output, errors) = await RunAsync(hall, [.. options, "--json"]);
        Assert.Equal((0, ""), (code, errors));
        return (string)JsonNode.Parse(output)!["clocks"]!.AsArray().Single(c => (string)c!["commitment"]! == "job.deadline")!["state"]!;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Hall hall, params string[] options)
    {
        var start = SlaProgram.StartInfo(["explain", "a", .. options]);
        start.Environment[SlaMonitor.Host.Database.Variable] = hall.ConnectionString;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
