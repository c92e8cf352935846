using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>The made-up history in a log.</summary>
public class DemoLoadTests
{
    private static readonly Instant Until = Instant.FromUtc(2025, 6, 20, 3, 0);

    [Fact]
    public async Task A_history_stands_in_the_log_as_it_arrived_and_its_past_can_be_asked_for()
    {
        await using var store = await DemoStore.CreateAsync();
        var expected = store.Hall.Events(SampleDays.First).TakeWhile(e => e.RecordedAt <= Until).ToList();
        var loaded = (await store.LoadAsync(Until))!;
        var ids = expected.Select(e => e.SenderId).Distinct().ToList();
        Assert.Equal((ids.Count, expected.Count - ids.Count), (loaded.Appended, loaded.Duplicates));
        Assert.True(loaded.Duplicates > 0);
        Assert.Equal(ids, await store.RowsAsync("SELECT data->>'id' FROM mt_events WHERE data->>'source' LIKE 'demo/%' ORDER BY seq_id"));
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM (SELECT timestamp < lag(timestamp) OVER (ORDER BY seq_id) AS falls FROM mt_events WHERE data->>'source' LIKE 'demo/%') e WHERE falls"));

        await new Rebuild(store.Source, (_, _) => { }).RunAsync(default);
        var asked = Instant.FromUtc(2025, 5, 6, 2, 30);
        var (past, reason) = await SettledPositions.OfAsync(store.Source, asked, default);
        Assert.Equal("", reason);
        var known = expected.Where(e => e.RecordedAt <= asked).Select(e => e.SenderId).Distinct().Count();
        Assert.Equal([$"{known}"], await store.RowsAsync($"SELECT count(*)::text FROM mt_events WHERE data->>'source' LIKE 'demo/%' AND seq_id <= {past!.Value.Position}"));
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM (SELECT position < lag(position) OVER (ORDER BY at) AS falls FROM sla.settled_position) p WHERE falls"));
    }

    [Fact]
    public async Task What_is_made_up_of_people_is_sealed_and_left_out_where_there_is_no_key()
    {
        await using (var without = await DemoStore.CreateAsync())
        {
            await without.LoadAsync(Until);
            Assert.Equal(["0"], await without.RowsAsync("SELECT count(*)::text FROM mt_events WHERE data->'data' ? 'sealed'"));
            await StandsNowhereAsync(without);
        }

        var folder = Directory.CreateDirectory(TestFolders.New());
        await using var store = await DemoStore.CreateAsync(new KeyFile(Path.Combine(folder.FullName, KeyFile.DefaultName), mayMake: true));
        await store.LoadAsync(Until);
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM mt_events WHERE type = 'complaint_registered' AND NOT data->'data' ? 'sealed'"));
        await StandsNowhereAsync(store);
        // It goes on where it stands: what was sealed then is sealed to the same.
        var clock = new ManualClock(Until + Duration.FromHours(40));
        using (var live = (await store.GoOnAsync(clock))!)
            await live.SendDueAsync(default);
        await StandsNowhereAsync(store);
    }

    private static async Task StandsNowhereAsync(DemoStore store)
    {
        Assert.NotEqual(["0"], await store.RowsAsync("SELECT count(*)::text FROM mt_events WHERE type = 'complaint_registered'"));
        Assert.Equal(["0"], await store.RowsAsync("SELECT count(*)::text FROM mt_events WHERE data->'data' ?| ARRAY['person', 'text', 'result'] AND type ~ '^(complaint_|case_rat)' OR data::text ~ ' 0000 |example.com'"));
    }

    [Fact]
    public async Task Where_there_are_cases_nothing_is_loaded_and_what_is_broken_off_leaves_none()
    {
        await using var store = await DemoStore.CreateAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.LoadAsync(Until, stop.Cancel, stop.Token));
        Assert.False(await new Centres(store.Source).HasCasesAsync(DemoPlan.Centre, default));
        Assert.NotNull(await store.LoadAsync(Until));
        Assert.Null(await store.LoadAsync(Until));
    }

    [Fact]
    public async Task It_goes_on_where_the_log_ends_and_sends_each_thing_once_whatever_the_pauses()
    {
        await using var store = await DemoStore.CreateAsync();
        await store.LoadAsync(Until);
        var clock = new ManualClock(Until);
        foreach (var hours in (int[])[1, 25, 26, 200])
        {
            clock.Now = Until + Duration.FromHours(hours);
            using var live = (await store.GoOnAsync(clock))!;
            await live.SendDueAsync(default);
            await live.SendDueAsync(default);
            clock.Now += Duration.FromMinutes(9);
            await live.SendDueAsync(default);
        }

        var ids = store.Hall.Events(SampleDays.First).TakeWhile(e => e.RecordedAt <= clock.Now).Select(e => e.SenderId).Distinct();
        Assert.Equal(ids, await store.RowsAsync("SELECT data->>'id' FROM mt_events WHERE stream_id NOT LIKE '%-S%' AND type <> 'catalogue_published' ORDER BY seq_id"));
    }

    [Fact]
    public async Task Who_helps_himself_is_there_at_night_and_is_finished_after_a_pause()
    {
        await using var store = await DemoStore.CreateAsync();
        await store.LoadAsync(Until);
        var clock = new ManualClock(Instant.FromUtc(2025, 6, 20, 18, 0));
        using (var live = (await store.GoOnAsync(clock))!)
        {
            clock.Now += Duration.FromMinutes(20);
            await live.SendDueAsync(default);
        }

        const string Unfinished = "SELECT id FROM mt_streams s WHERE id LIKE 'case/________-S____' AND NOT EXISTS (SELECT 1 FROM mt_events e WHERE e.tenant_id = s.tenant_id AND e.stream_id = s.id AND e.type = 'case_closed')";
        Assert.InRange(int.Parse((await store.RowsAsync("SELECT count(*)::text FROM mt_streams WHERE id LIKE 'case/________-S____'"))[0], System.Globalization.CultureInfo.InvariantCulture), 10, 13);
        var left = await store.RowsAsync(Unfinished);
        Assert.NotEmpty(left);
        clock.Now += Duration.FromHours(3);
        using var again = (await store.GoOnAsync(clock))!;
        await again.SendDueAsync(default);
        Assert.Empty(left.Intersect(await store.RowsAsync(Unfinished)));
    }

    [Fact]
    public async Task A_store_without_a_made_up_history_is_left_alone_whatever_its_senders_call_themselves()
    {
        await using var store = await DemoStore.CreateAsync();
        Assert.Null(await store.GoOnAsync(new ManualClock(Until)));
        await store.ReportAsync("demo/7.2000000000.19700101/windows");
        Assert.Null(await store.GoOnAsync(new ManualClock(Until)));
    }

    [Fact]
    public async Task Who_calls_himself_a_made_up_hall_neither_ends_it_nor_makes_it_another()
    {
        await using var store = await DemoStore.CreateAsync();
        await store.LoadAsync(Until);
        foreach (var source in (string[])["demo/7.2000000000.19700101/windows", "demo/zzz", SampleDays.Plan(2_000).SourceOf("windows")])
            await store.ReportAsync(source);
        var clock = new ManualClock(SystemClock.Instance.GetCurrentInstant());
        using var live = (await store.GoOnAsync(clock))!;
        clock.Now += Duration.FromDays(2);
        await live.SendDueAsync(default);
        Assert.NotEqual(["0"], await store.RowsAsync($"SELECT count(*)::text FROM mt_events WHERE data->>'source' = '{SampleDays.Plan(2_000).SourceOf("windows")}' AND (data->>'occurredAt')::timestamptz > now()"));
    }
}

/// <summary>A database with the hall's catalogue and nothing else.</summary>
internal sealed class DemoStore : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private DemoStore(TestDatabase database)
    {
        _database = database;
        Source = StoreConnection.CreateDataSource(database.ConnectionString);
    }

    public Npgsql.NpgsqlDataSource Source { get; }

    public HallDemo Hall { get; } = SampleDays.Hall(2_000);

    /// <summary>The key file of personal data.</summary>
    public KeyFile Keys { get; init; } = KeyFile.None;

    /// <summary>What is made up beside the hall; null: nothing.</summary>
    public OutageDemo? Outages { get; set; }

    private DemoSealing Sealing => new(new EventSealing(Source, new KeyTable(Source, Keys)));

    public static async Task<DemoStore> CreateAsync(KeyFile? keys = null)
    {
        var store = new DemoStore(await PostgresServers.CreateDatabaseAsync()) { Keys = keys ?? KeyFile.None };
        await SlaMonitor.Host.Database.PrepareAsync(store.Source, CatalogueFiles.Folder, default);
        return store;
    }

    public Task<DemoLoad?> LoadAsync(Instant until, Action? progress = null, CancellationToken ct = default) =>
        DemoLoad.RunAsync(Source, SampleDays.Catalogue, SampleDays.Plan(2_000), Outages, Sealing, until, (_, _) => progress?.Invoke(), ct);

    public Task<LiveDemo?> GoOnAsync(IClock clock) =>
        LiveDemo.FindAsync(Source, SampleDays.Catalogue, clock, async events => await new EventLog(Source).AppendAsync(DemoPlan.Centre, await Sealing.SealAsync(DemoPlan.Centre, events, default)), default);

    public Task<LiveDemo?> GoOnWithOutagesAsync(IClock clock) =>
        OutageLive.FindAsync(Source, SampleOutages.Catalogue, clock, async events => await new EventLog(Source).AppendAsync(OutagePlan.Centre, events), default);

    /// <summary>A fact of a stranger who calls himself so.</summary>
    public async Task ReportAsync(string source)
    {
        var data = System.Text.Encoding.UTF8.GetBytes($$$"""{"occurredAt":"1970-01-02T00:00:00Z","source":"{{{source}}}","id":"1","data":{"item":"passport"}}""");
        await new EventLog(Source).AppendAsync(DemoPlan.Centre, [new EventToAppend(EventId.From(DemoPlan.Centre, source, "1"), "case/stranger", "case", "case_received", null, data)]);
    }

    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
