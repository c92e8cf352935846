using System.Text;
using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class AppendTests
{
    // Both ways of inserting: a few rows with INSERT, many with COPY.
    public static TheoryData<int, int> MajorsAndSizes => new() { { 15, 3 }, { 15, 1000 }, { 18, 3 }, { 18, 1000 } };

    [Theory, MemberData(nameof(MajorsAndSizes))]
    public async Task Versions_and_positions_follow_the_order_in_the_batch(int major, int size)
    {
        await using var store = await TestStore.CreateAsync(major);
        var (a, b) = (TestStore.Events("case/a", size), TestStore.Events("case/b", size));
        EventToAppend[] batch = [.. a.Zip(b).SelectMany(pair => new[] { pair.Second, pair.First })];

        Assert.Equal(new AppendResult(2 * size, 0, 2 * size), await store.Log.AppendAsync("cn", batch));
        Assert.Equal(new AppendResult(1, 0, (2 * size) + 1), await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1)));

        Assert.Equal(batch.Select(e => e.Id), (await store.ReadAsync()).Take(2 * size).Select(e => e.Id));
        Assert.Equal(Numbers(size + 1), (await store.Log.ReadStreamAsync("cn", "case/a")).Select(e => e.Version));
        Assert.Equal(Numbers(size), (await store.Log.ReadStreamAsync("cn", "case/b")).Select(e => e.Version));
        Assert.Equal([size + 1L, size], await store.QueryAsync<long>("SELECT version FROM mt_streams ORDER BY id"));
        Assert.Equal(["case", "case"], await store.QueryAsync<string>("SELECT type FROM mt_streams"));
    }

    [Theory, MemberData(nameof(MajorsAndSizes))]
    public async Task What_is_read_is_what_was_appended(int major, int size)
    {
        await using var store = await TestStore.CreateAsync(major);
        var text = """{"text":"Störung 网络 \u00e9 \"quoted\"","n":1.50}""";
        EventToAppend[] batch = [TestStore.Event("case/a", text) with { DotnetType = null }, .. TestStore.Events("case/b", size)];
        await store.Log.AppendAsync("cn", batch);

        var read = Assert.Single(await store.Log.ReadStreamAsync("cn", "case/a"));
        Assert.Equal((1, batch[0].Id, "cn", "case/a", 1, "case_reported"), (read.Position, read.Id, read.Centre, read.StreamId, read.Version, read.Type));
        Assert.Equal("""{"n": 1.50, "text": "Störung 网络 é \"quoted\""}""", Encoding.UTF8.GetString(read.Data.Span));
        Assert.Equal([true], await store.QueryAsync<bool>("SELECT mt_dotnet_type IS NULL FROM mt_events WHERE stream_id = 'case/a'"));
        // One reading of the server's clock for the whole transaction.
        var recordedAt = Assert.Single(await store.QueryAsync<DateTime>("SELECT DISTINCT timestamp FROM mt_events"));
        Assert.Equal(Instant.FromDateTimeUtc(recordedAt), read.RecordedAt);
        Assert.Equal([true], await store.QueryAsync<bool>("SELECT bool_and(timestamp BETWEEN now() - interval '1 min' AND now()) FROM mt_streams"));
    }

    [Theory, MemberData(nameof(MajorsAndSizes))]
    public async Task A_made_up_history_is_recorded_when_it_says(int major, int size)
    {
        await using var store = await TestStore.CreateAsync(major);
        var then = Instant.FromUtc(2025, 3, 3, 1, 0);
        EventToAppend[] batch = [.. TestStore.Events("case/a", size).Select((e, i) => e with { RecordedAt = then + Duration.FromSeconds(i) })];
        await store.Log.AppendAsync("cn", batch);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 1));

        var recorded = (await store.Log.ReadStreamAsync("cn", "case/a")).Select(e => (Instant?)e.RecordedAt).ToList();
        Assert.Equal(batch.Select(e => e.RecordedAt), recorded[..^1]);
        Assert.True(recorded[^1] > then + Duration.FromDays(300));
        Assert.Equal(new AppendResult(0, size, null), await store.Log.AppendAsync("cn", [.. batch.Select(e => e with { RecordedAt = null })]));
    }

    [Theory, MemberData(nameof(MajorsAndSizes))]
    public async Task What_is_there_already_is_dropped(int major, int size)
    {
        await using var store = await TestStore.CreateAsync(major);
        var events = TestStore.Events("case/a", size);
        await store.Log.AppendAsync("cn", events);

        Assert.Equal(new AppendResult(0, size, null), await store.Log.AppendAsync("cn", events));
        var more = TestStore.Event("case/a");
        Assert.Equal(new AppendResult(1, size + 1, size + 1), await store.Log.AppendAsync("cn", [events[0], more, .. events[1..], more]));
        Assert.Equal(Numbers(size + 1), (await store.Log.ReadStreamAsync("cn", "case/a")).Select(e => e.Version));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_same_content_written_otherwise_is_a_duplicate(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var id = Guid.NewGuid();
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a", """{"name":"é","n":100,"at":{"x":1,"y":[1,2]}}""", id)]);
        var same = TestStore.Event("case/a", """{ "at": {"y":[1,2],"x":1.0}, "n":1e2, "name":"\u00e9" }""", id);
        Assert.Equal(new AppendResult(0, 2, null), await store.Log.AppendAsync("cn", [same, same]));
    }

    public static TheoryData<int, string, string, string, string> OtherContents()
    {
        var rows = new TheoryData<int, string, string, string, string>();
        foreach (var major in new[] { 15, 18 })
        {
            rows.Add(major, "cn", "case/a", "case_reported", """{"secret":2}""");
            rows.Add(major, "cn", "case/a", "case_closed", """{"secret":1}""");
            rows.Add(major, "cn", "case/b", "case_reported", """{"secret":1}""");
            rows.Add(major, "de", "case/a", "case_reported", """{"secret":1}""");
        }
        return rows;
    }

    [Theory, MemberData(nameof(OtherContents))]
    public async Task The_same_id_with_other_content_is_refused_without_telling_the_content(
        int major, string centre, string streamId, string type, string json)
    {
        await using var store = await TestStore.CreateAsync(major);
        var id = Guid.NewGuid();
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a", """{"secret":1}""", id)]);

        var other = TestStore.Event(streamId, json, id, type);
        var refused = await Assert.ThrowsAsync<EventIdReusedException>(() => store.Log.AppendAsync(centre, [TestStore.Event("case/c"), other]));
        Assert.Equal((id, streamId), (refused.EventId, refused.StreamId));
        Assert.Contains(id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Equal([1L], await store.PositionsAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_same_id_twice_in_a_batch_with_other_content_is_refused(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var one = TestStore.Event("case/a", """{"n":1}""");
        var refused = await Assert.ThrowsAsync<EventIdReusedException>(
            () => store.Log.AppendAsync("cn", [one, TestStore.Event("case/a", """{"n":2}""", one.Id)]));
        Assert.Equal(one.Id, refused.EventId);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_expected_version_that_is_not_the_streams_stops_the_whole_batch(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/a", 2), new Dictionary<string, long> { ["case/a"] = 0 });

        EventToAppend[] batch = [TestStore.Event("case/a"), TestStore.Event("case/b")];
        var stale = await Assert.ThrowsAsync<VersionConflictException>(
            () => store.Log.AppendAsync("cn", batch, new Dictionary<string, long> { ["case/a"] = 1 }));
        Assert.Equal(("case/a", 1, 2), (stale.StreamId, stale.Expected, stale.Actual));
        Assert.Equal([1L, 2], await store.PositionsAsync());
        Assert.Equal(["case/a"], await store.QueryAsync<string>("SELECT id FROM mt_streams"));

        await store.Log.AppendAsync("cn", batch, new Dictionary<string, long> { ["case/a"] = 2, ["case/b"] = 0 });
        // Made again because its answer was lost: nothing is new, so there is nothing to refuse.
        Assert.Equal(new AppendResult(0, 2, null), await store.Log.AppendAsync("cn", batch, new Dictionary<string, long> { ["case/a"] = 2 }));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_archived_stream_takes_nothing_new(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var old = TestStore.Event("case/a");
        await store.Log.AppendAsync("cn", [old]);
        await store.ExecuteAsync("UPDATE mt_streams SET is_archived = true");

        var refused = await Assert.ThrowsAsync<StreamArchivedException>(() => store.Log.AppendAsync("cn", [TestStore.Event("case/a")]));
        Assert.Equal("case/a", refused.StreamId);
        Assert.Equal(new AppendResult(0, 1, null), await store.Log.AppendAsync("cn", [old]));
        Assert.Equal(1, (await store.Log.AppendAsync("de", [TestStore.Event("case/a")])).Appended);
    }

    [Fact]
    public async Task What_makes_no_sense_is_an_argument_error()
    {
        await using var unused = StoreConnection.CreateDataSource("Host=localhost");
        var log = new EventLog(unused);
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync("cn", TestStore.Events("case/a", EventLog.MaxEventsPerTransaction + 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync("", [TestStore.Event("case/a")]));
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync("cn", [TestStore.Event("")]));
        await Assert.ThrowsAsync<ArgumentException>(
            () => log.AppendAsync("cn", [TestStore.Event("case/a")], new Dictionary<string, long> { ["case/b"] = 1 }));
        Assert.Equal(default, await log.AppendAsync("cn", []));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Any_number_is_appended_in_several_transactions(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        var events = TestStore.Events("case/a", 25_000);
        await store.Log.AppendAsync("cn", events[..3]);
        Assert.Equal(new AppendResult(24_997, 3, 25_000), await store.Log.AppendAllAsync("cn", events));
        Assert.Equal(Numbers(25_000), (await store.Log.ReadStreamAsync("cn", "case/a")).Select(e => e.Version));
        Assert.Equal(new AppendResult(0, 25_000, null), await store.Log.AppendAllAsync("cn", events));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_event_at_a_position_called_dead_is_refused(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("INSERT INTO mt_high_water_skips (starting_sequence, ending_sequence) VALUES (2, 4), (9, 9)");
        await using var writer = await RawWriter.BeginAsync(store);
        await writer.InsertAsync(1);
        await writer.InsertAsync(5);
        await writer.CommitAsync();
        foreach (var dead in new[] { 2, 3, 4, 9 })
        {
            await using var late = await RawWriter.BeginAsync(store);
            Assert.Equal(Schema.SkippedPosition, (await Assert.ThrowsAsync<PostgresException>(() => late.InsertAsync(dead))).SqlState);
        }
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_append_that_drew_a_dead_position_draws_again(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("INSERT INTO mt_high_water_skips (starting_sequence, ending_sequence) VALUES (1, 2)");
        Assert.Equal(3, (await store.Log.AppendAsync("cn", [TestStore.Event("case/a")])).LastPosition);
    }

    private static IEnumerable<long> Numbers(int count) => Enumerable.Range(1, count).Select(n => (long)n);
}
