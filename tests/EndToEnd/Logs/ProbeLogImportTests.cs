using SlaMonitor.Host.Catalogues;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>What a probe wrote down: a state a minute, of which only the changes are facts.</summary>
public class ProbeLogImportTests(ITestOutputHelper output)
{
    private const string First = """
        time,service,state
        2026-03-02 10:00:00,mail,up
        2026-03-02 10:00:30,hotline,down
        2026-03-02 10:01:00,mail,down
        2026-03-02 10:02:00,mail,down
        2026-03-02 10:03:00,mail,up
        2026-03-02 10:04:00,mail,unknown
        2026-03-02 10:05:00,mail,down
        2026-03-02 10:06:00,mail,down

        """;

    [Fact]
    public async Task Outages_are_the_times_between_down_and_up_and_go_on_in_the_next_file()
    {
        await using var log = await ImportedLog.CreateAsync(Path.Combine(CatalogueFiles.Folder, "it-services.yaml"), output.WriteLine);
        var file = Path.Combine(TestFolders.New(), "probe.csv");
        await File.WriteAllTextAsync(file, First);
        Assert.Contains("8 records, 6 events stored", await log.ImportAsync(file, "probe-log.yaml"), StringComparison.Ordinal);
        Assert.Contains("0 events stored, 6 were there already", await log.ImportAsync(file, "probe-log.yaml"), StringComparison.Ordinal);
        // The file goes on; what was read before adds nothing.
        await File.AppendAllTextAsync(file, "2026-03-02 10:08:00,mail,up\n2026-03-02 10:09:00,hotline,up\n");
        Assert.Contains("2 events stored, 6 were there already", await log.ImportAsync(file, "probe-log.yaml"), StringComparison.Ordinal);
        Assert.Equal(2, await log.CountAsync("SELECT count(*) FROM sla.outage WHERE service = 'mail' AND stream_id = 'outage/probe-mail'"));
        Assert.Equal(5 * 60, await log.CountAsync("SELECT sum(extract(epoch FROM ended_at - started_at))::bigint FROM sla.outage WHERE service = 'mail'"));
        Assert.Equal(1, await log.CountAsync("SELECT count(*) FROM sla.outage WHERE service = 'hotline' AND ended_at - started_at = interval '8.5 minutes'"));
        Assert.Equal(2, await log.EventsAsync("monitoring_started"));
    }
}
