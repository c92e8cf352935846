using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class ConcurrentAppendTests
{
    private const string Gaps = """
        SELECT format('%s/%s: %s events, versions %s to %s, head %s', s.tenant_id, s.id, count(e.version), min(e.version), max(e.version), s.version)
        FROM mt_streams s LEFT JOIN mt_events e ON e.tenant_id = s.tenant_id AND e.stream_id = s.id
        GROUP BY s.tenant_id, s.id, s.version
        HAVING count(e.version) <> s.version OR min(e.version) <> 1 OR max(e.version) <> s.version
        """;

    private const string OutOfOrder = """
        SELECT seq_id FROM (SELECT seq_id, seq_id < lag(seq_id) OVER (PARTITION BY tenant_id, stream_id ORDER BY version) AS back FROM mt_events) e
        WHERE back
        """;

    // What Marten's appender does, as marten-layout.md tells it: lock and read the stream, make it if missing, then draw and insert per
    // event, then update the version. It loses the race for a new stream to us now and then, and retries.
    private const string MartenAppend = """
        CREATE FUNCTION marten_append(tenant varchar, stream varchar, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE head bigint; event uuid;
        BEGIN
            SELECT version INTO head FROM mt_streams WHERE tenant_id = tenant AND id = stream FOR UPDATE;
            IF NOT FOUND THEN
                INSERT INTO mt_streams (tenant_id, id, type, version) VALUES (tenant, stream, 'case', 0);
                head := 0;
            END IF;
            FOREACH event IN ARRAY ids LOOP
                head := head + 1;
                INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type)
                VALUES (nextval('mt_events_sequence'), event, stream, head, '{}', 'case_reported', tenant, 'Sla.CaseReported, Sla');
            END LOOP;
            UPDATE mt_streams SET version = head WHERE tenant_id = tenant AND id = stream;
        END $$
        """;

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Batches_that_meet_the_same_streams_in_opposite_order_all_get_through(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => AppendOftenAsync(store, writer, 40)));
        await AssertWholeAsync(store, 8 * 40 * 20);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_Marten_appender_on_the_same_streams_neither_loses_nor_repeats_a_version(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync(MartenAppend);
        await Task.WhenAll(
            [.. Enumerable.Range(0, 4).Select(writer => AppendOftenAsync(store, writer, 40)),
             .. Enumerable.Range(0, 4).Select(writer => AppendLikeMartenAsync(store, writer, 100))]);
        await AssertWholeAsync(store, (4 * 40 * 20) + (4 * 100 * 2));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_same_batch_sent_by_many_at_once_is_recorded_once(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        EventToAppend[] batch = [.. Enumerable.Range(0, 10).SelectMany(n => TestStore.Events($"case/{n}", 5))];
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Log.AppendAsync("cn", batch)));
        Assert.Equal((50, 7 * 50), (results.Sum(r => r.Appended), results.Sum(r => r.Duplicates)));
        await AssertWholeAsync(store, 50);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_append_waits_for_the_transaction_that_holds_its_stream(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a")]);
        await using var marten = await RawWriter.BeginAsync(store);
        await marten.ExecuteAsync("""
            UPDATE mt_streams SET version = 2 WHERE id = 'case/a';
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), 'case/a', 2, '{}', 'case_reported', 'cn')
            """);

        var append = store.Log.AppendAsync("cn", [TestStore.Event("case/a")]);
        await store.UntilAsync("EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())");
        await marten.CommitAsync();

        Assert.Equal(3, (await append).LastPosition);
        await AssertWholeAsync(store, 3);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task An_append_that_deadlocks_with_another_kind_of_writer_is_made_again(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", [TestStore.Event("case/a"), TestStore.Event("case/b")]);
        await using var backwards = await RawWriter.BeginAsync(store);
        // The server looks for deadlocks on behalf of whoever has waited long enough: never of this one.
        await backwards.ExecuteAsync("SET deadlock_timeout = '10min'; UPDATE mt_streams SET type = type WHERE id = 'case/b'");

        var append = store.Log.AppendAsync("cn", [TestStore.Event("case/a"), TestStore.Event("case/b")]);
        await store.UntilAsync("EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())");
        await backwards.ExecuteAsync("UPDATE mt_streams SET type = type WHERE id = 'case/a'");
        await backwards.CommitAsync();

        Assert.Equal(2, (await append).Appended);
        await AssertWholeAsync(store, 4);
    }

    private static async Task AppendOftenAsync(TestStore store, int writer, int times)
    {
        var streams = Streams(writer);
        for (var n = 0; n < times; n++)
            await store.Log.AppendAsync("cn", [.. streams.Select(stream => TestStore.Event(stream)), .. streams.Select(stream => TestStore.Event(stream))]);
    }

    private static async Task AppendLikeMartenAsync(TestStore store, int writer, int times)
    {
        for (var n = 0; n < times;)
        {
            try
            {
                await using var command = store.DataSource.CreateCommand("SELECT marten_append('cn', $1, $2)");
                command.Parameters.Add(new() { Value = Streams(writer)[n % 10] });
                command.Parameters.Add(new() { Value = new[] { Guid.NewGuid(), Guid.NewGuid() } });
                await command.ExecuteNonQueryAsync();
                n++;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
            }
        }
    }

    // Ten streams, some new at any time, from the front by even writers and from the back by odd ones.
    private static string[] Streams(int writer)
    {
        var streams = Enumerable.Range(0, 10).Select(n => $"case/{n}");
        return [.. writer % 2 == 0 ? streams : streams.Reverse()];
    }

    private static async Task AssertWholeAsync(TestStore store, int events)
    {
        Assert.Equal([(long)events], await store.QueryAsync<long>("SELECT count(*) FROM mt_events"));
        Assert.Empty(await store.QueryAsync<string>(Gaps));
        Assert.Empty(await store.QueryAsync<long>(OutOfOrder));
    }
}
