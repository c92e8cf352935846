using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>262,200 events of 13,087 loan applications.</summary>
public class LoanImportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_event_comes_in_once_and_a_second_import_adds_nothing()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("loan-applications.yaml", output.WriteLine);
        Assert.Contains("262,200 records", await log.ImportAsync("loan-applications-2012.xes.gz", "loan-applications.yaml"), StringComparison.Ordinal);
        Assert.Equal(262_200, await log.EventsAsync("case_stage_entered"));
        Assert.Equal(13_087, await log.EventsAsync("case_received"));
        Assert.Equal(13_087, await log.CountAsync("SELECT count(*) FROM mt_streams WHERE type = 'case'"));
        Assert.Equal(13_087, (await log.ClocksAsync("loan.decided")).Count);
        Assert.Equal((2_246, 7_635), (await DecidedAsync(log, "approved"), await DecidedAsync(log, "denied")));
        Assert.Contains(" 0 events stored", await log.ImportAsync("loan-applications-2012.xes.gz", "loan-applications.yaml"), StringComparison.Ordinal);
    }

    private static Task<long> DecidedAsync(ImportedLog log, string outcome) =>
        log.CountAsync($"SELECT count(*) FROM mt_events WHERE type = 'case_decided' AND data #>> '{{data,outcome}}' = '{outcome}'");
}
