using System.Text;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host;

/// <summary>The past as it was known is what a database says that knows no more.</summary>
public class PastTests
{
    private const int Busy = 40;
    private const int Cases = 900;
    private const string Rows = "tenant_id, stream_id, commitment, key, ordinal, item, kind, priority, channel, window_id, staff, stage, case_open, source, state, appears_at, started_at, stopped_at, due_at, due_soon_at, paused_at, resumes_at, settled_at, settled_on, due_on, unit, total, used, anomalies, catalogue_version, calendar_version, escalates_at";

    [Fact]
    public async Task A_hundred_pasts_are_what_a_database_says_that_was_fed_no_further()
    {
        const int seed = 1;
        await using var present = await FilledAsync(seed);
        await using var past = await Hall.EmptyAsync();
        await CopyAsync(present, past, "mt_streams", "true");
        var last = await present.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        var random = new Random(seed);
        var positions = Enumerable.Range(0, 98).Select(_ => random.NextInt64(1, last)).Append(0).Append(last).Order();
        var (work, fed) = (new Workspace(past.DataSource, await ActiveAsync(past)), 0L);
        foreach (var position in positions)
        {
            await CopyAsync(present, past, "mt_events", $"seq_id > {fed} AND seq_id <= {position}");
            fed = position;
            while ((await new Page(work).RunAsync(position, await past.NowAsync(), default)).More)
            {
            }

            var (asOf, reason) = await SettledPositions.OfAsync(present.DataSource, position, default);
            Assert.Equal("", reason);
            await CompareAsync(present, past, asOf!.Value, random);
            // Whatever instant it is judged at.
            await CompareAsync(present, past, asOf.Value with { At = asOf.Value.At + Duration.FromHours(random.Next(-300, 300)) }, random);
        }
    }

    [Fact]
    public async Task As_of_now_is_what_is_read_now()
    {
        await using var hall = await FilledAsync(3);
        var (asOf, _) = await SettledPositions.OfAsync(hall.DataSource, await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events"), default);
        await CompareAsync(hall, hall, asOf!.Value, new Random(3));
    }

    [Fact]
    public async Task A_catalogue_whose_sweep_has_not_ended_is_in_the_past_already()
    {
        await using var hall = await Hall.CreateAsync("09:00-17:00");
        var at = await hall.NowAsync();
        await hall.AppendAsync(Enumerable.Range(0, 1_500).Select(i => Hall.Received($"{i:0000}", at, at + Duration.FromDays(7))));
        await hall.CatchUpAsync();
        await hall.PublishAsync("2", "09:00-16:00");
        var mark = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        await new Page(new Workspace(hall.DataSource, await ActiveAsync(hall))).RunAsync(mark, at, default);
        var (asOf, _) = await SettledPositions.OfAsync(hall.DataSource, mark, default);
        await using var models = await PastOf(hall, asOf!.Value);
        Assert.Equal(["(16:00:00,1500)"], await ReadAsync(models, $"SELECT due_at::time, count(*) FROM {models.Clocks} WHERE commitment = 'job.day' GROUP BY 1"));
        Assert.Equal(1, await hall.ScalarAsync<long>("SELECT count(*) FROM sla.catalogue_sweep"));
    }

    [Theory]
    [MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_stream_in_quarantine_has_the_clocks_it_had_before_the_event_that_put_it_there(int major)
    {
        await using var hall = await Hall.CreateAsync(major: major);
        var at = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("bad", at, at + Duration.FromDays(7)));
        var before = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        await hall.AppendAsync(Poison("bad"));
        await hall.CatchUpAsync();
        await using (var models = await PastOf(hall, new AsOf(before, at)))
        {
            Assert.Equal(["(case/bad,open)", "(case/bad,open)"], await ReadAsync(models, $"SELECT stream_id, state FROM {models.Clocks}"));
            Assert.Empty(await ReadAsync(models, $"SELECT stream_id FROM {models.Quarantine}"));
        }

        await using var after = await PastOf(hall, new AsOf(before + 1, at));
        Assert.Empty(await ReadAsync(after, $"SELECT stream_id FROM {after.Clocks}"));
        Assert.Contains("data.outcome", Assert.Single(await ReadAsync(after, $"SELECT stream_id, reason FROM {after.Quarantine}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_stays_what_it_was_under_ingest_catalogues_and_rebuilds()
    {
        await using var hall = await FilledAsync(4);
        var (asOf, _) = await SettledPositions.OfAsync(hall.DataSource, await hall.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events"), default);
        var expected = await SumAsync();
        using var stop = new CancellationTokenSource();
        await using var following = new Following(hall);
        var reading = Task.Run(async () =>
        {
            for (var reads = 0; ; reads++)
            {
                Assert.Equal(expected, await SumAsync());
                if (stop.IsCancellationRequested)
                    return reads;
            }
        });
        for (var times = 0; times < 4; times++)
        {
            await hall.AppendAsync(new RandomFacts(40 + times, Cases, asOf!.Value.At).Take(300));
            await hall.PublishAsync($"later-{times}", $"0{times}:00-16:00");
            following.Wake();
            await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        }

        await following.LevelAsync();
        await stop.CancelAsync();
        Assert.True(await reading > 10);

        async Task<string> SumAsync()
        {
            await using var models = await PastOf(hall, asOf!.Value);
            var rows = await ReadAsync(models, $"SELECT {Rows} FROM {models.Clocks}");
            var compliance = await Compliance.ReadAsync(models, Hall.Centre, CalendarPeriod.Parse($"{asOf.Value.At.InUtc().Year}", DateTimeZone.Utc)!, "staff", asOf.Value.At, default);
            return string.Join('\n', rows.Concat(compliance.Select(c => c.ToString())));
        }
    }

    /// <summary>A hall with facts from before its first catalogue, versions published in between, notices, and a stream in quarantine.</summary>
    private static async Task<Hall> FilledAsync(int seed)
    {
        var hall = await Hall.EmptyAsync();
        // Around now, so that open clocks follow what is published; some cases about which something comes all the time, and many about which little does.
        var start = await hall.NowAsync() - Duration.FromDays(12);
        var facts = new RandomFacts(seed, Busy, start).Take(1_500).Zip(new RandomFacts(seed + 1, Cases, start).Take(1_500), (busy, calm) => new[] { busy, calm }).SelectMany(both => both).Chunk(100).ToList();
        string[] hours = ["09:00-17:00", "10:00-16:00", "08:00-12:00", "09:00-18:00"];
        for (var i = 0; i < facts.Count; i++)
        {
            await hall.AppendAsync(facts[i]);
            if (i % 8 == 1)
                await hall.PublishAsync($"{(i / 8) + 1}", hours[i / 8]);
            if (i == 12)
                await hall.AppendAsync(Poison("7"));
            if (i % 5 == 0)
                await hall.CatchUpAsync();
        }

        await hall.CatchUpAsync();
        await hall.CatchUpAsync();
        return hall;
    }

    private static async Task CompareAsync(Hall present, Hall past, AsOf asOf, Random random)
    {
        var (now, then) = (await CatalogueAsync(present), await CatalogueAsync(past));
        var published = now.UpTo(asOf.Position);
        await using var was = await ReadModels.AsOfAsync(present.DataSource, Hall.Centre, published, asOf, null, default);
        await using var fresh = ReadModels.Now(past.DataSource);
        Assert.Equal(await ReadAsync(fresh, $"SELECT {Rows} FROM {fresh.Clocks}"), await ReadAsync(was, $"SELECT {Rows} FROM {was.Clocks}"));
        Assert.Equal(await ReadAsync(fresh, $"SELECT stream_id, reason FROM {fresh.Quarantine}"), await ReadAsync(was, $"SELECT stream_id, reason FROM {was.Quarantine}"));
        foreach (var by in Compliance.Groups.Keys)
        {
            foreach (var period in (CalendarPeriod[])[CalendarPeriod.QuarterOf(asOf.At, DateTimeZone.Utc), CalendarPeriod.Parse($"{asOf.At.InUtc().Year}", DateTimeZone.Utc)!])
                Assert.Equal(await Compliance.ReadAsync(fresh, Hall.Centre, period, by, asOf.At, default), await Compliance.ReadAsync(was, Hall.Centre, period, by, asOf.At, default));
        }

        var (state, limit) = (ClockFilter.States[random.Next(ClockFilter.States.Count)], random.Next(30, 400));
        foreach (var commitment in (string[])["job.deadline", "job.day"])
        {
            Assert.Equal(await ListAsync(fresh, commitment, null, limit, asOf), await ListAsync(was, commitment, null, limit, asOf));
            Assert.Equal(await ListAsync(fresh, commitment, state, limit, asOf), await ListAsync(was, commitment, state, limit, asOf));
        }

        for (var times = 0; times < 4; times++)
        {
            var id = times == 0 ? "7" : $"{random.Next(times == 1 ? Busy : Cases)}";
            await using var one = await ReadModels.AsOfAsync(present.DataSource, Hall.Centre, published, asOf, $"case/{id}", default);
            Assert.Equal(await CaseAsync(fresh, id, asOf), await CaseAsync(one, id, asOf));
            Assert.Equal(await ExplainAsync(past, then, id, asOf.At, null), await ExplainAsync(present, now, id, Instant.MinValue, asOf));
        }
    }

    /// <summary>A whole list, page by page.</summary>
    private static async Task<List<ClockRow>> ListAsync(ReadModels models, string commitment, string? state, int limit, AsOf asOf)
    {
        var (all, filter) = (new List<ClockRow>(), new ClockFilter(Hall.Centre, [commitment], state, null, null, null, null, null, limit));
        while (true)
        {
            var page = await filter.ReadAsync(models, asOf.At, default);
            all.AddRange(page);
            if (filter.NextAfter(page, asOf) is not { } next)
                return all;
            filter = filter with { After = ClockCursor.Parse(next.ToString()) };
        }
    }

    private static async Task<string?> CaseAsync(ReadModels models, string id, AsOf asOf) =>
        (await GetCase.CaseAsync(models, Hall.Centre, id, asOf.At, DateTimeZone.Utc, default))?.ToJsonString();

    private static async Task<string?> ExplainAsync(Hall hall, CatalogueLog published, string id, Instant now, AsOf? asOf)
    {
        try
        {
            var json = (await CaseExplanation.ReadAsync(hall.Log, Hall.Centre, published, id, now, null, asOf, default))?.ToJson();
            json?.Remove("asOf");
            return json?.ToJsonString();
        }
        catch (UnreadableEventException poison)
        {
            return poison.Message;
        }
    }

    private static async Task<ReadModels> PastOf(Hall hall, AsOf asOf) =>
        await ReadModels.AsOfAsync(hall.DataSource, Hall.Centre, (await CatalogueAsync(hall)).UpTo(asOf.Position), asOf, null, default);

    private static ValueTask<CatalogueLog> CatalogueAsync(Hall hall) => new CatalogueLogs(hall.Log).OfAsync(Hall.Centre, null, default);

    private static async Task<List<string>> ReadAsync(ReadModels models, string sql)
    {
        await using var command = models.Command($"SELECT r::text FROM ({sql}) r ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>Rows as they are, with their positions and times.</summary>
    private static async Task CopyAsync(Hall from, Hall to, string table, string condition)
    {
        await using var source = await from.DataSource.OpenConnectionAsync();
        await using var target = await to.DataSource.OpenConnectionAsync();
        await using var read = await source.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM public.{table} WHERE {condition}) TO STDOUT (FORMAT binary)");
        await using var write = await target.BeginRawBinaryCopyAsync($"COPY public.{table} FROM STDIN (FORMAT binary)");
        await read.CopyToAsync(write);
    }

    private static async Task<Generation> ActiveAsync(Hall hall)
    {
        await using var connection = await hall.DataSource.OpenConnectionAsync();
        return (await Generations.ActiveAsync(connection, default))!;
    }

    private static EventToAppend Poison(string number) =>
        new(Guid.NewGuid(), $"case/{number}", "case", "case_decided", null, Encoding.UTF8.GetBytes("""{"occurredAt":"2026-03-02T02:00:00Z","source":"elsewhere","id":"1","data":{"outcome":"eaten"}}"""));
}
