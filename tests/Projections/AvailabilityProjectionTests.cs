using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Days and interruptions of services: whatever comes late, twice or out of order, they are what the facts say.</summary>
public class AvailabilityProjectionTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 2, 1, 0, 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Page_by_page_is_what_a_rebuild_makes_and_what_verification_derives(int seed)
    {
        await using var hall = await ServiceHall.CreateAsync();
        var facts = Facts(new Random(seed)).ToArray();
        new Random(seed).Shuffle(facts);
        foreach (var some in facts.Chunk(25))
        {
            await hall.AppendAsync(some);
            await hall.CatchUpAsync();
        }

        await hall.VerifyAsync();
        await ServiceHall.PublishAsync(hall, "2", "09:00-17:00");
        await hall.AppendAsync(facts.Take(10));
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        var incremental = await AllAsync(hall);
        Assert.All(incremental, Assert.NotEmpty);
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(incremental, await AllAsync(hall));
    }

    [Fact]
    public async Task An_outage_is_counted_in_service_hours_and_its_restore_limit_runs_in_them()
    {
        await using var hall = await ServiceHall.CreateAsync();
        // Monday 17:00 to Tuesday 10:00 in Berlin: an hour on Monday, two on Tuesday.
        var (down, up) = (Instant.FromUtc(2026, 3, 2, 16, 0), Instant.FromUtc(2026, 3, 3, 9, 0));
        await hall.AppendAsync(ServiceHall.Started("1", "desk", down, urgency: "high"));
        await hall.CatchUpAsync();
        Assert.Equal(["(desk,2026-03-02 16:00:00+00,,,P1,2026-03-03 08:00:00+00)"], await hall.RowsAsync("SELECT service, started_at AT TIME ZONE 'UTC' || '+00', ended_at, restore, priority, due_at AT TIME ZONE 'UTC' || '+00' FROM sla.interruption WHERE service = 'desk'").ContinueWith(t => t.Result.Select(r => r.Replace("\"", "", StringComparison.Ordinal)).ToList()));
        Assert.Equal(0, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.availability_daily"));
        Assert.Equal("breached", await hall.ScalarAsync<string>("SELECT CASE WHEN due_at < '2026-03-03T08:00:01Z' THEN 'breached' END FROM sla.commitment_clock WHERE commitment = 'outage.restore'"));
        await hall.AppendAsync(ServiceHall.Restored("1", up));
        await hall.CatchUpAsync();
        Assert.Equal(
            ["(desk,2026-03-02,36000000000,3600000000000000000)", "(desk,2026-03-03,36000000000,7200000000000000000)"],
            await hall.RowsAsync("SELECT service, day, agreed, downtime FROM sla.availability_daily WHERE service = 'desk'"));
        Assert.Equal(10_800_000_000L, await hall.ScalarAsync<long>("SELECT restore FROM sla.interruption WHERE service = 'desk'"));
        Assert.Equal("breached", await hall.ScalarAsync<string>("SELECT state FROM sla.commitment_clock WHERE commitment = 'outage.restore'"));
        await hall.VerifyAsync();
    }

    private static async Task<List<List<string>>> AllAsync(Hall hall)
    {
        var all = new List<List<string>>();
        foreach (var table in (string[])["outage", "service_span", "exclusion", "maintenance", "availability_daily", "interruption"])
            all.Add(await hall.RowsAsync($"SELECT * FROM sla.{table}"));
        return all;
    }

    private static IEnumerable<EventToAppend> Facts(Random random)
    {
        foreach (var (service, count) in ((string, int)[])[("desk", 40), ("web", 40), ("site", 5)])
        {
            for (var i = 0; i < count; i++)
            {
                var (id, at) = ($"{service}-{i}", Start + Duration.FromMinutes(random.Next(80 * 24 * 60)));
                yield return ServiceHall.Started(id, service, at, random.Next(1, 5) / 4m, random.Next(2) == 0 ? "high" : "low");
                if (random.Next(3) == 0)
                    yield return ServiceHall.Fact("outage_impact_changed", $"outage/{id}", at + Duration.FromMinutes(random.Next(600)), new JsonObject { ["lost"] = 0.5, ["urgency"] = "high" });
                if (random.Next(12) == 0)
                    yield return ServiceHall.Fact("outage_voided", $"outage/{id}", at + Duration.FromMinutes(random.Next(600)), new JsonObject { ["reason"] = "false alarm" });
                if (random.Next(15) > 0)
                    yield return ServiceHall.Restored(id, at + Duration.FromMinutes(random.Next(-10, 1_000)));
                if (random.Next(6) == 0)
                    yield return Proposed($"outage/{id}", at, random.Next(1_000), "forceMajeure");
                if (random.Next(8) == 0)
                    yield return ServiceHall.Fact("exclusion_approved", $"outage/{id}", at + Duration.FromDays(2), new JsonObject { ["exclusion"] = "x", ["approver"] = "slm" });
            }
        }

        for (var i = 0; i < 12; i++)
        {
            var at = Start + Duration.FromHours(random.Next(80 * 24));
            yield return ServiceHall.Fact(i % 2 == 0 ? "monitoring_started" : "monitoring_stopped", "service/web", at, new JsonObject { ["by"] = i % 3 == 0 ? "a" : "b" });
            yield return ServiceHall.Fact("maintenance_planned", $"maintenance/{i}", at, new JsonObject { ["service"] = "web", ["from"] = Timestamps.Format(at), ["until"] = Timestamps.Format(at + Duration.FromHours(3)), ["noticeAt"] = Timestamps.Format(at) });
            yield return Proposed($"maintenance/{i}", at, 180, "plannedMaintenance");
            if (i % 3 > 0)
                yield return ServiceHall.Fact("exclusion_approved", $"maintenance/{i}", at + Duration.FromDays(2), new JsonObject { ["exclusion"] = "x", ["approver"] = "slm" });
            if (i % 4 == 3)
                yield return ServiceHall.Fact("exclusion_revoked", $"maintenance/{i}", at + Duration.FromDays(3), new JsonObject { ["exclusion"] = "x", ["by"] = "slm", ["reason"] = "wrong service" });
        }
    }

    private static EventToAppend Proposed(string stream, Instant at, int minutes, string kind) => ServiceHall.Fact("exclusion_proposed", stream, at + Duration.FromDays(1), new JsonObject
    {
        ["exclusion"] = "x",
        ["kind"] = kind,
        ["from"] = Timestamps.Format(at),
        ["until"] = Timestamps.Format(at + Duration.FromMinutes(minutes + 1)),
        ["evidence"] = "report",
        ["by"] = "lead",
    });
}
