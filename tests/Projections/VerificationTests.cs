using NodaTime;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>What verification is for: whoever touches a read model is found out, by name.</summary>
public class VerificationTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Theory]
    [InlineData("UPDATE sla.commitment_clock SET due_at = due_at + interval '1 microsecond' WHERE stream_id = 'case/a' AND commitment = 'job.day'", "case/a job.day #1: due_at stored 2026-03-04T00:00:00.0000010Z derived 2026-03-04T00:00:00.0000000Z")]
    [InlineData("UPDATE sla.commitment_clock SET escalates_at = NULL WHERE stream_id = 'case/a' AND commitment = 'job.deadline'", "case/a job.deadline #1: escalates_at stored nothing derived 2026-03-02T06:00:00.0000000Z")]
    [InlineData("UPDATE sla.commitment_clock SET state = 'breached' WHERE stream_id = 'case/b' AND commitment = 'job.deadline'", "case/b job.deadline #1: state stored breached derived met", "job.deadline 2026-03-02")]
    [InlineData("DELETE FROM sla.commitment_clock WHERE stream_id = 'case/a'", "case/a job.deadline #1: is missing", "case/a job.day #1: is missing")]
    [InlineData("INSERT INTO sla.commitment_clock SELECT tenant_id, 'case/ghost', commitment, key, ordinal, item, kind, priority, channel, window_id, staff, stage, case_open, source, state, appears_at, started_at, stopped_at, due_at, due_soon_at, paused_at, resumes_at, settled_at, settled_on, due_on, unit, total, used, anomalies, catalogue_version, calendar_version, next_notice_at FROM sla.commitment_clock WHERE stream_id = 'case/a' AND commitment = 'job.day'", "case/ghost: has clocks and no events")]
    [InlineData("UPDATE sla.commitment_clock SET ordinal = 2 WHERE stream_id = 'case/a' AND commitment = 'job.day'", "case/a job.day #1: is missing", "case/a job.day #2: is stored and should not be")]
    [InlineData("UPDATE sla.compliance_daily SET met = met + 1", "job.deadline 2026-03-02: stored: ", "job.deadline 2026-03-02: derived: ")]
    [InlineData("UPDATE sla.compliance_monthly SET breached = 1", "job.deadline of the month 2026-03-01: stored: ", "job.deadline of the month 2026-03-01: derived: ")]
    [InlineData("DELETE FROM sla.compliance_total", "job.deadline in all: derived: ")]
    [InlineData("INSERT INTO sla.quarantine (tenant_id, stream_id, position, reason) VALUES ('counter', 'case/a', 1, 'none')", "case/a: stands in quarantine and can be folded")]
    public async Task Each_difference_is_named(string tampering, params string[] expected)
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("a", At, At + Duration.FromHours(4)), Hall.Received("b", At, At + Duration.FromHours(4)), Hall.Decided("b", At + Duration.FromHours(2)));
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        await hall.ExecuteAsync(tampering);
        var differences = new List<Difference>();
        var result = await new Verification(hall.DataSource, differences.Add, (_, _) => { }).RunAsync(default);
        Assert.Equal(result.Differences, differences.Count);
        Assert.All(expected, e => Assert.Contains(differences, d => $"{d.Where}: {d.What}".StartsWith(e, StringComparison.Ordinal)));
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task It_can_run_while_hosts_project_and_tell()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.CatchUpAsync();
        await using var following = new Following(hall);
        var now = await hall.NowAsync();
        for (var round = 0; round < 10; round++)
        {
            await hall.AppendAsync(new RandomFacts(round, 500).Take(1_000));
            await hall.AppendAsync(Enumerable.Range(0, 50).Select(i => Hall.Received($"due-{round}-{i}", now - Duration.FromHours(2), now - Duration.FromMinutes(1))));
            following.Wake();
            await hall.VerifyAsync();
        }
    }
}
