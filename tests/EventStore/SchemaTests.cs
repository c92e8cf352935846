using SlaMonitor.EventStore;

namespace SlaMonitor.Tests.EventStore;

public class SchemaTests
{
    private const string Columns = """
        SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' default ' || pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY c.relname, a.attname COLLATE "C"
        """;

    // NOT NULL constraints have been rows of pg_constraint since 18; the columns tell of them already.
    private const string Keys = """
        SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY conname COLLATE "C"
        """;

    private const string Indexes = """
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname COLLATE "C"
        """;

    private const string Relations = """
        SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'm') ORDER BY relname COLLATE "C"
        """;

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_columns_are_Martens(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        Assert.Equal(
            [
                "mt_event_progression.last_seq_id bigint",
                "mt_event_progression.last_updated timestamp with time zone default transaction_timestamp()",
                "mt_event_progression.name character varying NOT NULL",
                "mt_events.bdata bytea",
                "mt_events.data jsonb NOT NULL",
                "mt_events.id uuid NOT NULL",
                "mt_events.is_archived boolean default false",
                "mt_events.mt_dotnet_type character varying",
                "mt_events.seq_id bigint NOT NULL",
                "mt_events.stream_id character varying",
                "mt_events.tenant_id character varying default '*DEFAULT*'::character varying",
                "mt_events.timestamp timestamp with time zone NOT NULL default now()",
                "mt_events.type character varying(500) NOT NULL",
                "mt_events.version bigint NOT NULL",
                "mt_high_water_skips.ending_sequence bigint NOT NULL",
                "mt_high_water_skips.starting_sequence bigint NOT NULL",
                "mt_high_water_skips.timestamp timestamp with time zone default transaction_timestamp()",
                "mt_streams.created timestamp with time zone NOT NULL default now()",
                "mt_streams.id character varying NOT NULL",
                "mt_streams.is_archived boolean default false",
                "mt_streams.tenant_id character varying NOT NULL default '*DEFAULT*'::character varying",
                "mt_streams.timestamp timestamp with time zone NOT NULL default now()",
                "mt_streams.type character varying",
                "mt_streams.version bigint",
            ],
            await store.QueryAsync<string>(Columns));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task The_keys_and_indexes_are_Martens_and_no_more(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        Assert.Equal(
            [
                "fkey_mt_events_stream_id_tenant_id FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams(tenant_id, id)",
                "pk_mt_event_progression PRIMARY KEY (name)",
                "pkey_mt_events_seq_id PRIMARY KEY (seq_id)",
                "pkey_mt_high_water_skips_ending_sequence PRIMARY KEY (ending_sequence)",
                "pkey_mt_streams_tenant_id_id PRIMARY KEY (tenant_id, id)",
            ],
            await store.QueryAsync<string>(Keys));
        Assert.Equal(
            [
                "CREATE UNIQUE INDEX idx_mt_events_event_id ON public.mt_events USING btree (id)",
                "CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)",
                "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (tenant_id, stream_id, version)",
                "CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)",
                "CREATE UNIQUE INDEX pkey_mt_high_water_skips_ending_sequence ON public.mt_high_water_skips USING btree (ending_sequence)",
                "CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON public.mt_streams USING btree (tenant_id, id)",
            ],
            await store.QueryAsync<string>(Indexes));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Nothing_of_ours_is_in_Martens_schema_and_the_sequence_is_owned_uncached(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        Assert.Equal(
            ["mt_event_progression", "mt_events", "mt_events_sequence", "mt_high_water_skips", "mt_streams"], await store.QueryAsync<string>(Relations));
        Assert.Equal(["public.mt_events_sequence"], await store.QueryAsync<string>("SELECT pg_get_serial_sequence('mt_events', 'seq_id')"));
        Assert.Equal(
            ["bigint 1 1 1"],
            await store.QueryAsync<string>("SELECT format('%s %s %s %s', seqtypid::regtype, seqstart, seqincrement, seqcache) FROM pg_sequence"));
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Hosts_that_start_together_migrate_once(int major)
    {
        await using var database = await PostgresServers.CreateDatabaseAsync(major);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Schema.ApplyAsync(database.DataSource)));
        await Schema.ApplyAsync(database.DataSource);
        await using var command = database.DataSource.CreateCommand("SELECT version FROM sla.schema_version");
        Assert.Equal(Schema.Version, await command.ExecuteScalarAsync());
    }

    /// <summary>The first program kept its read models in tables of their own; what is in the log is all that has to last.</summary>
    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_database_of_the_first_program_is_brought_up_to_date(int major)
    {
        await using var database = await PostgresServers.CreateDatabaseAsync(major);
        using var script = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream(typeof(Schema).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("0001_event_log.sql", StringComparison.Ordinal)))!);
        await using (var first = database.DataSource.CreateCommand($"""
            CREATE SCHEMA sla;
            CREATE TABLE sla.schema_version (only_row boolean PRIMARY KEY DEFAULT true, version integer NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
            INSERT INTO sla.schema_version (version) VALUES (1);
            {await script.ReadToEndAsync()}
            CREATE TABLE sla.commitment_clock_v1 (stream_id varchar);
            CREATE VIEW sla.commitment_clock AS SELECT * FROM sla.commitment_clock_v1;
            CREATE TABLE sla.quarantine (stream_id varchar);
            CREATE TABLE sla.dirty_stream (stream_id varchar);
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('sla:commitment_clock:1', 7), ('theirs:All', 5);
            """))
            await first.ExecuteNonQueryAsync();
        await Schema.ApplyAsync(database.DataSource);
        await SlaMonitor.Projections.Engine.Generations.PrepareAsync(database.DataSource, default);
        await using var names = database.DataSource.CreateCommand("SELECT string_agg(name, ' ' ORDER BY name) FROM mt_event_progression");
        Assert.Equal("sla:read-models:1 theirs:All", await names.ExecuteScalarAsync());
        await using var view = database.DataSource.CreateCommand("SELECT count(*) FROM sla.commitment_clock");
        Assert.Equal(0L, await view.ExecuteScalarAsync());
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_newer_schema_is_refused(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("UPDATE sla.schema_version SET version = 9999");
        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => Schema.ApplyAsync(store.DataSource));
        Assert.Contains("9999", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_sequence_with_a_cache_is_refused(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.ExecuteAsync("ALTER SEQUENCE mt_events_sequence CACHE 20");
        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => Schema.ApplyAsync(store.DataSource));
        Assert.Contains("CACHE", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task A_log_that_Marten_made_is_adopted(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        await store.Log.AppendAsync("cn", TestStore.Events("case/1", 2));
        await store.ExecuteAsync("DROP SCHEMA sla, vault CASCADE");
        await Schema.ApplyAsync(store.DataSource);
        Assert.Equal(2, (await store.Log.ReadStreamAsync("cn", "case/1")).Count);
    }

    [Theory, MemberData(nameof(PostgresServers.Majors), MemberType = typeof(PostgresServers))]
    public async Task Every_connection_ends_idle_transactions_and_notices_dead_clients(int major)
    {
        await using var store = await TestStore.CreateAsync(major);
        Assert.Equal(
            ["1min", "30s", "30s", "sla-tests"],
            await store.QueryAsync<string>("""
                SELECT boot FROM unnest(ARRAY[
                    current_setting('idle_in_transaction_session_timeout'),
                    (SELECT CASE reset_val WHEN '30' THEN '30s' END FROM pg_settings WHERE name = 'tcp_keepalives_idle'),
                    (SELECT CASE reset_val WHEN '30000' THEN '30s' END FROM pg_settings WHERE name = 'tcp_user_timeout'),
                    current_setting('application_name')]) AS boot
                """));
    }
}
