using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Demo;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>The made-up outages in a log.</summary>
public class OutageDemoLoadTests
{
    private const string Told = "SELECT data->>'id' FROM mt_events WHERE tenant_id = 'it-department' AND stream_id !~ '^(catalogue|clock)|/live-' ORDER BY seq_id";

    private static readonly Instant Until = Instant.FromUtc(2026, 3, 20, 3, 0);

    [Fact]
    public async Task They_stand_in_the_log_beside_the_hall_as_they_arrived_and_their_past_can_be_asked_for()
    {
        await using var store = await StoreAsync();
        var expected = Expected(Until);
        Assert.NotNull(await store.LoadAsync(Until));
        Assert.Equal(expected.Select(e => e.SenderId), await store.RowsAsync(Told));
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM (SELECT timestamp < lag(timestamp) OVER (PARTITION BY tenant_id ORDER BY seq_id) AS falls FROM mt_events WHERE stream_id NOT LIKE 'catalogue%') e WHERE falls"));
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM (SELECT date_trunc('hour', timestamp) < lag(date_trunc('hour', timestamp)) OVER (ORDER BY seq_id) AS falls FROM mt_events WHERE stream_id NOT LIKE 'catalogue%') e WHERE falls"));

        await new Rebuild(store.Source, (_, _) => { }).RunAsync(default);
        var asked = Instant.FromUtc(2026, 2, 10, 3, 0);
        var (past, reason) = await SettledPositions.OfAsync(store.Source, asked, default);
        Assert.Equal("", reason);
        var known = expected.Count(e => e.RecordedAt <= asked);
        Assert.Equal([$"{known}"], await store.RowsAsync($"SELECT count(*)::text FROM mt_events WHERE tenant_id = 'it-department' AND stream_id NOT LIKE 'catalogue%' AND seq_id <= {past!.Value.Position}"));
    }

    [Fact]
    public async Task They_go_on_where_the_log_ends_and_each_is_sent_once_whatever_the_pauses()
    {
        await using var store = await StoreAsync();
        await store.LoadAsync(Until);
        var clock = new ManualClock(Until);
        foreach (var days in (int[])[1, 9, 10, 90])
        {
            clock.Now = Until + Duration.FromDays(days);
            using var live = (await store.GoOnWithOutagesAsync(clock))!;
            await live.SendDueAsync(default);
            await live.SendDueAsync(default);
            clock.Now += Duration.FromHours(7);
            await live.SendDueAsync(default);
        }

        Assert.Equal(Expected(clock.Now).Select(e => e.SenderId), await store.RowsAsync(Told));
    }

    [Fact]
    public async Task A_load_that_ends_before_they_begin_has_none_and_they_begin_in_their_time()
    {
        await using var store = await StoreAsync();
        await store.LoadAsync(Instant.FromUtc(2025, 6, 20, 3, 0));
        Assert.Empty(await store.RowsAsync(Told));
        using var live = (await store.GoOnWithOutagesAsync(new ManualClock(Until)))!;
        await live.SendDueAsync(default);
        Assert.Equal(Expected(Until).Select(e => e.SenderId), await store.RowsAsync(Told));
    }

    [Fact]
    public async Task An_outage_left_open_by_a_stop_is_restored_after_the_pause()
    {
        await using var store = await StoreAsync();
        await store.LoadAsync(Until);
        var began = Enumerable.Range(1, 24).Select(h => SampleOutages.Live().EventsOf((Until.ToUnixTimeSeconds() / 3600) + h)).First(e => e.Count > 1);
        var clock = new ManualClock(began[0].RecordedAt);
        using (var live = (await store.GoOnWithOutagesAsync(clock))!)
            await live.SendDueAsync(default);
        const string Open = "SELECT id FROM mt_streams s WHERE id LIKE 'outage/live-%' AND NOT EXISTS (SELECT 1 FROM mt_events e WHERE e.tenant_id = s.tenant_id AND e.stream_id = s.id AND e.type = 'outage_restored')";
        Assert.Equal([began[0].Stream], await store.RowsAsync(Open));
        clock.Now += Duration.FromHours(50);
        using var again = (await store.GoOnWithOutagesAsync(clock))!;
        await again.SendDueAsync(default);
        Assert.DoesNotContain(began[0].Stream, await store.RowsAsync(Open));
        Assert.Equal(["2"], await store.RowsAsync($"SELECT count(*)::text FROM mt_events WHERE stream_id = '{began[0].Stream}'"));
    }

    [Fact]
    public async Task A_department_that_has_told_of_its_services_gets_no_made_up_outages()
    {
        await using var store = await StoreAsync();
        var data = """{"occurredAt":"2026-01-02T00:00:00Z","source":"monitor","id":"1","data":{"by":"monitor"}}"""u8.ToArray();
        await new EventLog(store.Source).AppendAsync(OutagePlan.Centre, [new EventToAppend(EventId.From(OutagePlan.Centre, "monitor", "1"), "service/mail", "service", "monitoring_started", null, data)]);
        Assert.NotNull(await store.LoadAsync(Until));
        Assert.Equal(["1"], await store.RowsAsync(Told));
        Assert.Null(await store.GoOnWithOutagesAsync(new ManualClock(Until)));
    }

    private static async Task<DemoStore> StoreAsync()
    {
        var store = await DemoStore.CreateAsync();
        store.Outages = SampleOutages.Demo();
        return store;
    }

    private static List<DemoEvent> Expected(Instant until) => [.. SampleOutages.Demo().Events(SampleOutages.First).TakeWhile(e => e.RecordedAt <= until)];
}
