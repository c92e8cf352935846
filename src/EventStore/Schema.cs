using System.Globalization;
using System.Reflection;
using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>The store's tables: brings a database up to this program's version and refuses one it cannot work on.</summary>
public static class Schema
{
    /// <summary>The SQLSTATE of an insert at a position recorded in <c>mt_high_water_skips</c>.</summary>
    public const string SkippedPosition = "SLA01";

    /// <summary>
    /// An expression: the last position drawn, never one ahead of it as <c>SELECT last_value</c> can be. It holds the sequence as a writer does until its transaction ends, so
    /// it is asked in one of its own.
    /// </summary>
    public const string LastDrawn = """
        coalesce(pg_sequence_last_value('public.mt_events_sequence'::regclass), (SELECT seqstart - 1 FROM pg_sequence WHERE seqrelid = 'public.mt_events_sequence'::regclass))
        """;

    private const int OldestServer = 15;

    // "sla" in ASCII; any number will do that all versions of this program share.
    private const long MigrationLock = 0x736C61;

    private static readonly string[] Migrations = [.. typeof(Schema).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The schema version this program was built for: the number of its last migration.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Applies the migrations that the database lacks, in one transaction and one host at a time, then checks what the store rests on.</summary>
    /// <param name="dataSource">The database. Its user must own it, or be allowed to create schemas in it and tables in <c>public</c>, unless it is up to date already.</param>
    /// <param name="ct">Cancels; nothing is left half applied.</param>
    /// <exception cref="SchemaRefusedException">The server is older than 15, the schema newer than this program, or <c>mt_events_sequence</c> hands out
    /// values from a cache.</exception>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource dataSource, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        RefuseOldServer(connection);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})", ct);
        var current = await CurrentVersionAsync(connection, ct);
        RefuseNewerSchema(current);
        if (current < Version)
            await MigrateAsync(connection, current, ct);
        await RefuseCachedSequenceAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, int current, CancellationToken ct)
    {
        await ExecuteAsync(connection, """
            CREATE SCHEMA IF NOT EXISTS sla;
            CREATE TABLE IF NOT EXISTS sla.schema_version (
                only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
                version    integer     NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            """, ct);
        foreach (var name in Migrations.Skip(current))
            await ExecuteAsync(connection, await ScriptAsync(name, ct), ct);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO sla.schema_version (version) VALUES ({Version})
            ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, applied_at = now()
            """), ct);
    }

    private static async Task<int> CurrentVersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // A user without the right to create may still run on a database that is up to date, so nothing is created just to look.
        if (!await IsTrueAsync(connection, "SELECT to_regclass('sla.schema_version') IS NOT NULL", ct))
            return 0;
        await using var command = new NpgsqlCommand("SELECT version FROM sla.schema_version", connection);
        return (int?)await command.ExecuteScalarAsync(ct) ?? 0;
    }

    private static void RefuseOldServer(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
            throw new SchemaRefusedException($"PostgreSQL {connection.PostgreSqlVersion} is too old; {OldestServer} or later is needed.");
    }

    private static void RefuseNewerSchema(int current)
    {
        if (current > Version)
            throw new SchemaRefusedException(
                $"The database has schema version {current}; this program knows versions up to {Version}. Run a newer SlaMonitor on it.");
    }

    private static async Task RefuseCachedSequenceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Cached = "SELECT seqcache <> 1 FROM pg_sequence WHERE seqrelid = 'public.mt_events_sequence'::regclass";
        if (await IsTrueAsync(connection, Cached, ct))
            throw new SchemaRefusedException(
                "mt_events_sequence has a CACHE other than 1: sessions would hand out positions drawn long ago, and readers would miss events. " +
                "Run ALTER SEQUENCE public.mt_events_sequence CACHE 1 and reconnect every writer.");
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<string> ScriptAsync(string name, CancellationToken ct)
    {
        using var script = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return await script.ReadToEndAsync(ct);
    }
}

/// <summary>The database is not one this program can work on; the message says what to do.</summary>
/// <param name="message">What is wrong and the remedy.</param>
public sealed class SchemaRefusedException(string message) : Exception(message);
