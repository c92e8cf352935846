using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using SlaMonitor.Projections.Engine;
using SlaMonitor.Tests.EndToEnd.Monitoring;
using SlaMonitor.Tests.Host.Notifications;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>What can be wrong with a host, up to its end, and that somebody is told.</summary>
public sealed class WatchedHostTests
{
    private const string Source = "test/silent";

    [Fact]
    public async Task Whatever_is_wrong_with_a_host_is_told_and_taken_back()
    {
        var receiver = MonitorProgram.FreeUrl();
        await using var ground = await WatchGround.StartAsync(Notifying.Plan($"{Notifying.Quick}targets:\n  - {{ id: desk, kind: webhook, url: '{receiver}/', language: en }}\n"));
        await ground.UntilAsync(async () => await ground.AskAsync("up{job=\"sla\"} == 1 and on (instance) sla_snapshot_timestamp_seconds") is not null, "the host is scraped");

        await SetAsideAsync(ground);
        await UndeliveredAsync(ground, receiver);
        await LeftBehindAsync(ground);
        await StaleAsync(ground);

        await ground.KillHostAsync();
        await ground.ToldAsync("SlaHostDown", "firing");
        await ground.ReplaceHostAsync();
        await ground.ToldAsync("SlaHostDown", "resolved");
        Assert.Equal(WatchTests.OfTheHost.Order(StringComparer.Ordinal), ground.Inbox.Alerts.Select(a => (string)a["labels"]!["alertname"]!).Intersect(WatchTests.OfTheHost).Order(StringComparer.Ordinal));
        Assert.All(ground.Inbox.Alerts, WatchTests.Readable);
    }

    /// <summary>A stream that cannot be folded, and a source that has fallen silent.</summary>
    private static async Task SetAsideAsync(WatchGround ground)
    {
        for (var days = 8; days > 1; days--)
            await ground.RecordAsync(PlantedTrouble.Hall, Source, $"case/silent-{days}", "case_received", new JsonObject { ["item"] = "passport" }, Duration.FromDays(days));
        await ground.RecordAsync(PlantedTrouble.Hall, "test/desk", "case/poisoned", "case_decided", new JsonObject { ["outcome"] = "nonsense" }, Duration.FromMinutes(1));
        await ground.ToldAsync("SlaStreamQuarantined", "firing");
        await ground.ToldAsync("SlaSourceSilent", "firing");
        await ExecuteAsync(ground, "UPDATE mt_events SET data = jsonb_set(data, '{data,outcome}', '\"approved\"') WHERE stream_id = 'case/poisoned'; UPDATE sla.quarantine SET retry = true");
        await ground.RecordAsync(PlantedTrouble.Hall, Source, "case/silent-2", "case_closed", [], Duration.Zero);
        await ground.ToldAsync("SlaStreamQuarantined", "resolved");
        await ground.ToldAsync("SlaSourceSilent", "resolved");
    }

    /// <summary>Notices that nobody takes, of which some are given up.</summary>
    private static async Task UndeliveredAsync(WatchGround ground, string receiver)
    {
        var planted = new PlantedTrouble(ground.Now).Complaints();
        await ground.TellAsync(planted.Trouble);
        await ground.UntilAsync(async () => await ground.Server.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'pending' AND attempts > 0") > 1, "notices wait");
        await ExecuteAsync(ground, """
            UPDATE sla.notification SET created_at = created_at - interval '1 hour';
            UPDATE sla.notification SET state = 'dead', next_attempt_at = NULL, lease = NULL WHERE id = (SELECT min(id::text)::uuid FROM sla.notification)
            """);
        await ground.ToldAsync("SlaNotificationsDead", "firing");
        await ground.ToldAsync("SlaNotificationsWaiting", "firing");
        await using var taken = await AlertInbox.StartAsync(receiver);
        await ExecuteAsync(ground, "UPDATE sla.notification SET state = 'pending', next_attempt_at = clock_timestamp() WHERE state = 'dead'");
        await ground.ToldAsync("SlaNotificationsDead", "resolved");
        await ground.ToldAsync("SlaNotificationsWaiting", "resolved");
    }

    /// <summary>Nobody projects what is recorded, for somebody holds what only one may have.</summary>
    private static async Task LeftBehindAsync(WatchGround ground)
    {
        await using (var holder = await ground.Server.Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("SELECT 1 FROM public.mt_event_progression WHERE name LIKE 'sla:read-models:%' FOR UPDATE", holder))
                await hold.ExecuteNonQueryAsync();
            await ground.RecordAsync(PlantedTrouble.Hall, "test/desk", "case/unseen", "case_received", new JsonObject { ["item"] = "passport" }, Duration.FromMinutes(3));
            await ground.ToldAsync("SlaProjectionBehind", "firing");
        }

        ground.Server.Services.GetRequiredService<Follower>().Wake();
        await ground.ToldAsync("SlaProjectionBehind", "resolved");
    }

    /// <summary>The host answers, and what it says is old.</summary>
    private static async Task StaleAsync(WatchGround ground)
    {
        ground.Behind = Duration.FromMinutes(5);
        await ground.ToldAsync("SlaSnapshotStale", "firing");
        ground.Behind = Duration.Zero;
        await ground.ToldAsync("SlaSnapshotStale", "resolved");
    }

    private static async Task ExecuteAsync(WatchGround ground, string sql)
    {
        await using var command = ground.Server.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
