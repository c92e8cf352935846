using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Host.Catalogues;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>From facts to whoever is told, through a host, Prometheus and Alertmanager as Debian ships them and with the configuration that is committed.</summary>
public sealed class WatchTests(ITestOutputHelper output)
{
    private const string Burn = "SlaBudgetBurn";

    // Planted by taking a probed service away, see ProbeToOutageTests.
    private const string OfProbes = "SlaServiceDown";

    /// <summary>What the host says of itself.</summary>
    internal static readonly string[] OfTheHost = ["SlaHostDown", "SlaSnapshotStale", "SlaProjectionBehind", "SlaStreamQuarantined", "SlaSourceSilent", "SlaNotificationsWaiting", "SlaNotificationsDead"];

    [Fact]
    public async Task Every_alert_of_cases_complaints_and_services_is_told_with_its_figures_and_taken_back()
    {
        await using var ground = await WatchGround.StartAsync();
        // What was due on the first day of a quarter was due in the one before.
        ground.Behind = ground.Now.InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date is { Day: 1, Month: 1 or 4 or 7 or 10 } ? Duration.FromHours(36) : Duration.Zero;
        // A loss shows in a counter that has been seen before it.
        await ground.UntilAsync(async () => await ground.AskAsync("min(sla_downtime_seconds_total) == 0") is not null, "the host is scraped");
        Assert.All(await OfCatalogueAsync(ground), r => Assert.True(r.State == "inactive", $"{r.Name} is {r.State}: {r.Expression}"));

        var planted = new PlantedTrouble(ground.Now).Cases().Complaints().Outages();
        await ground.TellAsync(planted.Trouble);
        await AllAreAsync(ground, "firing", a => a.Name != Burn);
        string[] told = [.. (await OfCatalogueAsync(ground)).Select(a => a.Name).Distinct().Where(a => a != Burn)];
        foreach (var alert in told)
            await ground.ToldAsync(alert, "firing");
        Said(ground);

        var services = (await new Centres(ground.Server.Database.DataSource).CatalogueOfAsync(PlantedTrouble.Department, default))!.Newest!.Services.Keys.ToList();
        var burning = new PlantedTrouble(ground.Now).Burn(services);
        await ground.TellAsync(burning.Trouble);
        await AllAreAsync(ground, "firing", a => a.Name == Burn);
        await ground.UntilAsync(() => Task.FromResult(services.All(s => ground.Inbox.Of(Burn, "firing").Any(a => (string?)a["labels"]!["sla_service"] == s))), "somebody is told that each service burns its budget");

        await ground.TellAsync([.. planted.End, .. burning.End]);
        await AllAreAsync(ground, "inactive", _ => true);
        foreach (var alert in told.Append(Burn))
            await ground.ToldAsync(alert, "resolved");
        Assert.All(ground.Inbox.Alerts, Readable);
    }

    /// <summary>Of what is of one thing the worst is told, with its figures.</summary>
    private void Said(WatchGround ground)
    {
        var firing = ground.Inbox.Alerts.Where(a => (string?)a["status"] == "firing").ToList();
        foreach (var alert in firing.DistinctBy(a => (string?)a["annotations"]!["summary"]))
            output.WriteLine($"{alert["labels"]!["alertname"]} {alert["labels"]!["sla_commitment"]}: {alert["annotations"]!["summary"]} | {alert["annotations"]!["description"]}");
        string[] OfCommitment(string commitment) => [.. firing.Where(a => (string?)a["labels"]!["sla_commitment"] == commitment).Select(a => (string)a["labels"]!["alertname"]!).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["SlaStatutoryOverdue"], OfCommitment("case.statutory"));
        Assert.Equal(["SlaComplianceBelowTarget", "SlaDueSoonInBulk"], OfCommitment("case.promised"));
        Assert.Equal(["SlaEscalated"], OfCommitment("rating.revisit"));
    }

    /// <summary>No template has failed, in either language.</summary>
    internal static void Readable(JsonNode alert)
    {
        foreach (var (name, text) in alert["annotations"]!.AsObject())
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)text), $"{alert["labels"]!["alertname"]}: {name}");
            Assert.DoesNotMatch(@"<error|<no value>|%!|\{\{|\}\}", (string)text!);
        }

        Assert.Equal(["dashboard", "description", "description_zh", "link", "runbook", "summary", "summary_zh"], alert["annotations"]!.AsObject().Select(a => a.Key).Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<AlertState>> OfCatalogueAsync(WatchGround ground) => [.. (await ground.AlertsAsync()).Where(a => a.Name != OfProbes && !OfTheHost.Contains(a.Name))];

    private async Task AllAreAsync(WatchGround ground, string state, Func<AlertState, bool> which)
    {
        var left = new List<AlertState>();
        try
        {
            await ground.UntilAsync(
                async () =>
                {
                    left = [.. (await OfCatalogueAsync(ground)).Where(a => which(a) && a.State != state)];
                    return left.Count == 0;
                },
                $"every rule is {state}");
        }
        catch (Xunit.Sdk.FailException)
        {
            foreach (var rule in left)
                output.WriteLine($"not {state} but {rule.State} {rule.Fault}: {rule.Name}: {rule.Expression}");
            throw;
        }
    }
}
