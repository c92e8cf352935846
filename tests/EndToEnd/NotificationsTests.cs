using System.Diagnostics;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Tests.Host.Notifications;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>The real program tells of notices while its receiver is away and it is killed with -9 itself.</summary>
public sealed class NotificationsTests
{
    private const string Key = "a key of thirty-two characters!!";

    [Fact]
    public async Task Every_notice_arrives_at_each_target_whatever_is_killed_and_once_by_its_id()
    {
        await using var hall = await Hall.CreateAsync();
        var (folder, port) = (TestFolders.New(), await FreePortAsync());
        Directory.CreateDirectory(Path.Combine(folder, "catalogues"));
        await File.WriteAllTextAsync(Path.Combine(folder, "catalogues", "counter.yaml"), Hall.Catalogue("1", "00:00-24:00", "UTC"));
        var file = Notifying.Write($$"""
            timeout: PT1S
            retry: { first: PT0.2S, longest: PT1S, giveUp: PT10M }
            targets:
              - { id: one, kind: webhook, url: "http://127.0.0.1:{{port}}/one", secretFile: key, language: zh, commitments: [job.deadline] }
              - { id: two, kind: cloudevents, url: "http://127.0.0.1:{{port}}/two", language: en, commitments: [job.deadline] }
            """, ("key", Key));
        var seen = new HashSet<(string Path, string Id)>();
        var first = StartHost(hall, folder, file, "first");
        Process? second = null;
        try
        {
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM mt_event_progression WHERE name LIKE 'sla:notifications:%'") == 2);
            second = StartHost(hall, folder, file, "second");
            await AppendAsync(hall, 0);
            // Nobody listens: attempts are made and are refused.
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE attempts > 2") > 10);
            await using (var receiver = await Receiver.StartAsync(port))
            {
                // Every second one is taken without a word, or refused.
                var answered = 0;
                receiver.Answer = (context, _) => Task.FromResult(context.Response.StatusCode = Interlocked.Increment(ref answered) % 2 == 0 ? 200 : 503);
                await AppendAsync(hall, 1);
                await Condition.HoldsAsync(() => Task.FromResult(receiver.All.Count > 20));
                first.Kill(entireProcessTree: true);
                await AppendAsync(hall, 2);
                await Condition.HoldsAsync(() => Task.FromResult(receiver.All.Count > 60));
                Collect(receiver, seen);
            }

            second.Kill(entireProcessTree: true);
            await AppendAsync(hall, 3);
            await first.WaitForExitAsync();
            first.Dispose();
            first = StartHost(hall, folder, file, "third");
            await using var last = await Receiver.StartAsync(port);
            await Condition.HoldsAsync(async () => await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state = 'delivered'") == 240);
            Collect(last, seen);
        }
        finally
        {
            first.Kill(entireProcessTree: true);
            second?.Kill(entireProcessTree: true);
            first.Dispose();
            second?.Dispose();
        }

        var rows = await hall.RowsAsync("SELECT DISTINCT target, event_id FROM sla.notification");
        Assert.Equal((240, 0), (rows.Count, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.notification WHERE state <> 'delivered'")));
        var ids = await hall.RowsAsync("SELECT '/' || target AS path, id FROM sla.notification");
        Assert.Equal(ids.Order(StringComparer.Ordinal), seen.Select(s => $"({s.Path},{s.Id})").Order(StringComparer.Ordinal));
        Assert.Equal(120, await hall.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'commitment_breached' AND stream_id LIKE '%/job.deadline/%'"));
        Assert.DoesNotContain(Key, string.Concat(Directory.EnumerateFiles(folder, "*.log").Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    /// <summary>Thirty cases whose limit passes now.</summary>
    private static async Task AppendAsync(Hall hall, int round)
    {
        var now = await hall.NowAsync();
        await hall.AppendAsync(Enumerable.Range(0, 30).Select(n => Hall.Received($"r{round}-{n}", now - Duration.FromHours(2), now - Duration.FromSeconds(5))));
    }

    private static void Collect(Receiver receiver, HashSet<(string, string)> seen)
    {
        foreach (var received in receiver.All)
        {
            Assert.Equal(received.Id, (string)JsonNode.Parse(received.Body)!["id"]!);
            seen.Add((received.Path, received.Id));
        }
    }

    private static async Task<int> FreePortAsync()
    {
        await using var receiver = await Receiver.StartAsync();
        return receiver.Port;
    }

    private static Process StartHost(Hall hall, string folder, string file, string name)
    {
        var start = Chaos.ChaosHost.InLog(SlaProgram.StartInfo("run", "--url", "http://127.0.0.1:0", "--catalogues", Path.Combine(folder, "catalogues"), "--notifications", file), Path.Combine(folder, $"{name}.log"), hall.ConnectionString);
        return Process.Start(start)!;
    }
}
