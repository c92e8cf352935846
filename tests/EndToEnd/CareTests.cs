using System.Diagnostics;
using NodaTime;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>The verbs that take care of the read models, as somebody types them, with a host running or without.</summary>
public class CareTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Fact]
    public async Task Verify_names_what_differs_and_rebuild_mends_it()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("a", At, At + Duration.FromHours(4)));
        await hall.CatchUpAsync();
        Assert.Equal((0, ""), await RunAsync(hall, "verify"));
        await hall.ExecuteAsync("UPDATE sla.commitment_clock SET state = 'met' WHERE commitment = 'job.day'");
        var (code, errors) = await RunAsync(hall, "verify");
        Assert.Equal(1, code);
        Assert.Contains("counter case/a job.day #1: state stored met derived open", errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), await RunAsync(hall, "rebuild"));
        Assert.Equal((0, ""), await RunAsync(hall, "verify"));
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.generation"));
        // What takes care of a database publishes nothing in it.
        Assert.Equal(["(counter)"], await hall.RowsAsync("SELECT DISTINCT tenant_id FROM mt_streams"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_brings_a_mended_stream_level(bool withHost)
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("a", At, At + Duration.FromHours(4)));
        await hall.ExecuteAsync("UPDATE mt_events SET data = data #- '{data,item}' WHERE type = 'case_received'");
        await hall.CatchUpAsync();
        await using var host = withHost ? new Following(hall) : null;
        var (code, errors) = await RunAsync(hall, "retry");
        Assert.Equal(1, code);
        Assert.Contains("case/a: event", errors, StringComparison.Ordinal);
        Assert.Contains("data.item is missing", errors, StringComparison.Ordinal);
        await hall.ExecuteAsync("""UPDATE mt_events SET data = jsonb_set(data, '{data,item}', '"job"') WHERE type = 'case_received'""");
        Assert.Equal((0, ""), await RunAsync(hall, "retry", "--stream", "case/a"));
        Assert.Equal(2, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.commitment_clock"));
        Assert.Equal((0, ""), await RunAsync(hall, "retry"));
    }

    [Fact]
    public async Task A_host_asked_to_end_under_load_has_stored_all_it_acknowledged()
    {
        await using var hall = await Hall.CreateAsync();
        var url = ProgramTests.FreeUrl();
        var start = SlaProgram.StartInfo("run", "--url", url);
        start.Environment[SlaMonitor.Host.Database.Variable] = hall.ConnectionString;
        using var run = Process.Start(start)!;
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await Condition.HoldsAsync(async () => run.HasExited || await ProgramTests.AnswersAsync(client, "/readyz"));
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(s => Task.Run(() => SendAsync(client, s, stop.Token))).ToList();
        await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'case_received'") > 200);
        SlaMonitor.Host.EmbeddedPostgres.Posix.Signal(run.Id, 15);
        await run.WaitForExitAsync();
        await stop.CancelAsync();
        var acknowledged = (await Task.WhenAll(senders)).SelectMany(a => a).ToList();
        Assert.Equal(0, run.ExitCode);
        var stored = (await hall.RowsAsync("SELECT data ->> 'id' FROM mt_events WHERE type = 'case_received'")).Select(r => r.Trim('(', ')')).ToHashSet();
        Assert.True(acknowledged.Count > 100, $"only {acknowledged.Count} acknowledged: hardly a load");
        Assert.Subset(stored, acknowledged.ToHashSet());
    }

    private static async Task<List<string>> SendAsync(HttpClient client, int sender, CancellationToken stop)
    {
        var acknowledged = new List<string>();
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = $"{sender}-{i}";
                using var body = new StringContent($$$"""{"specversion":"1.0","type":"case_received","source":"load","id":"{{{id}}}","subject":"case/{{{id}}}","time":"2026-03-02T09:00:00+08:00","centre":"counter","data":{"item":"job"}}""", System.Text.Encoding.UTF8, "application/cloudevents+json");
                using var answer = await client.PostAsync("/events", body, stop);
                if (answer.IsSuccessStatusCode)
                    acknowledged.Add(id);
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException)
        {
            // The host has ended; what it had not answered for is not counted.
        }

        return acknowledged;
    }

    private static async Task<(int Code, string Errors)> RunAsync(Hall hall, params string[] arguments)
    {
        var start = SlaProgram.StartInfo(arguments);
        start.Environment[SlaMonitor.Host.Database.Variable] = hall.ConnectionString;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await errors);
    }
}
