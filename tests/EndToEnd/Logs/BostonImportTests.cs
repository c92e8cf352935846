using NodaTime;
using NodaTime.Text;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Logs;

/// <summary>58,119 requests of Boston 311, each judged by the city itself.</summary>
public class BostonImportTests(ITestOutputHelper output)
{
    private static readonly DateTimeZone City = DateTimeZoneProviders.Tzdb["America/New_York"];
    private const string File = "boston311-2015-h1.csv.gz";
    private static readonly Duration Near = Duration.FromSeconds(120);

    [Fact]
    public async Task Every_verdict_is_the_citys_own_and_its_deadlines_follow_the_rules_inferred()
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        await using var log = await ImportedLog.CreateAsync("boston-311.yaml", output.WriteLine);
        Assert.Contains("58,119 records", await log.ImportAsync(File, "boston-311.yaml"), StringComparison.Ordinal);
        var (targets, fitted, byType) = (await log.ClocksAsync("request.target"), await log.ClocksAsync("request.fitted"), await log.ClocksAsync("request.type"));

        var (verdicts, agreed, agreedFitted, near, nearType) = (0, 0, 0, 0, 0);
        foreach (var row in ImportedLog.Rows(File))
        {
            var number = row["case_id"]!;
            if (At(row["target_dt"]) is not { } target)
            {
                Assert.False(targets.ContainsKey(number));
                continue;
            }

            Assert.Equal(target, targets[number].Due);
            near += fitted.TryGetValue(number, out var inferred) && IsNear(inferred.Due, target) ? 1 : 0;
            nearType += byType.TryGetValue(number, out var promised) && IsNear(promised.Due, target) ? 1 : 0;
            if (row["closed_dt"] is "" || row["ontime"] is not ("ONTIME" or "OVERDUE"))
                continue;
            verdicts++;
            var verdict = row["ontime"] == "ONTIME" ? "met" : "breached";
            agreed += targets[number].State == verdict ? 1 : 0;
            agreedFitted += inferred.State == verdict ? 1 : 0;
        }

        output.WriteLine($"{agreed} of {verdicts} verdicts by the city's deadline, {agreedFitted} by the inferred one; {near} of {fitted.Count} inferred deadlines within 120 s, {nearType} of {byType.Count} by the type alone");
        Assert.Equal((43_592, 43_087), (targets.Count, fitted.Count));
        Assert.Equal((37_257, 37_257), (agreed, verdicts));
        Assert.Equal(43_080, near);
        // Dirty data to survive: requests closed before they were opened are told of.
        var early = ImportedLog.Rows(File).Count(r => r["target_dt"] is not "" && r["closed_dt"] is not "" && string.CompareOrdinal(r["closed_dt"], r["open_dt"]) < 0);
        Assert.Equal(early, await log.CountAsync("SELECT count(*) FROM sla.anomaly WHERE kind = 'StopBeforeStart' AND commitment = 'request.target'"));
    }

    private static bool IsNear(Instant? due, Instant target) => due is { } at && Duration.Max(at - target, target - at) <= Near;

    private static Instant? At(string? local) => string.IsNullOrEmpty(local) ? null : LocalDateTimePattern.ExtendedIso.Parse(local).Value.InZoneLeniently(City).ToInstant();
}
