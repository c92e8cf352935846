using System.Globalization;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>819 incidents of a status page: outages that overlap, of a whole and of its parts, and maintenance among them.</summary>
public class GithubStatusImportTests(ITestOutputHelper output)
{
    private const string File = "github-status-incidents.jsonl.gz";

    [Fact]
    public async Task Overlapping_incidents_are_as_much_downtime_as_their_union_and_maintenance_is_none()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("github-status.yaml", output.WriteLine);
        foreach (var (mapping, events) in ((string, string)[])[("github-status.yaml", "1,620"), ("github-status-components.yaml", "2,158")])
        {
            Assert.Contains($"{events} events stored, 0 were there already, 0 rejected", await log.ImportAsync(File, mapping), StringComparison.Ordinal);
            Assert.Contains($"0 events stored, {events} were there already, 0 rejected", await log.ImportAsync(File, mapping), StringComparison.Ordinal);
        }

        // Of github 1,886.4 hours one by one are 1,801.9 together; a moment without length is an outage and no interruption.
        await IsAsync(log, "github", 801, 6_790_920, 709, 6_486_900);
        await IsAsync(log, "github-actions", 226, null, 224, 1_615_080);
        Assert.Equal(12, await log.CountAsync("SELECT count(DISTINCT service) FROM sla.outage WHERE service <> 'github'"));
        Assert.Equal(1_079, await log.CountAsync("SELECT count(*) FROM sla.outage WHERE service <> 'github'"));
        Assert.Equal(18, await log.CountAsync("SELECT count(*) FROM sla.maintenance WHERE service = 'github' AND notice_at < from_at AND from_at < until_at"));
        Assert.Equal(0, await log.CountAsync("SELECT count(*) FROM sla.anomaly"));
        foreach (var (impact, incidents) in ((string, int)[])[("none", 31), ("minor", 604), ("major", 138), ("critical", 28)])
            Assert.Equal(incidents, await log.CountAsync($"SELECT count(*) FROM sla.outage WHERE service = 'github' AND impact = '{impact}' AND urgency = '{impact}'"));
    }

    private static async Task IsAsync(ImportedLog log, string service, int outages, long? secondsOneByOne, int interruptions, long secondsTogether)
    {
        var of = string.Create(CultureInfo.InvariantCulture, $"WHERE service = '{service}'");
        Assert.Equal(outages, await log.CountAsync($"SELECT count(*) FROM sla.outage {of}"));
        if (secondsOneByOne is { } sum)
            Assert.Equal(sum, await log.CountAsync($"SELECT sum(extract(epoch FROM ended_at - started_at))::bigint FROM sla.outage {of}"));
        Assert.Equal(interruptions, await log.CountAsync($"SELECT count(*) FROM sla.interruption {of}"));
        Assert.Equal(secondsTogether, await log.CountAsync($"SELECT (sum(gross_downtime) / 1000000000000000)::bigint FROM sla.availability_daily {of}"));
    }
}
