using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>What has been told about a clock, as it stands in <c>clock_notice</c>.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Id">The clock, which may be gone.</param>
/// <param name="Told">Folded from its notices.</param>
/// <param name="Retract">A breach was told that is none any more; the timers look at it.</param>
internal sealed record ClockNoticeRow(string Centre, ClockId Id, ToldNotices Told, bool Retract);

/// <summary>The read model <c>clock_notice</c>, made of the notices in the log.</summary>
internal static class ClockNotices
{
    private const string Columns = "tenant_id, stream_id, commitment, key, ordinal, told, breach_stands, levels, levels_at, retract";

    /// <summary>What has been told about the clocks of some streams.</summary>
    public static async Task<List<ClockNoticeRow>> LoadAsync(NpgsqlConnection connection, Generation generation, StreamKeys streams, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"""
            SELECT n.* FROM unnest($1, $2) AS k (tenant_id, stream_id)
            CROSS JOIN LATERAL (SELECT {Columns} FROM {generation.Table("clock_notice")} t WHERE t.tenant_id = k.tenant_id AND t.stream_id = k.stream_id OFFSET 0) n
            """, connection);
        streams.AddTo(select);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<ClockNoticeRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(Read(reader));
        return rows;
    }

    /// <summary>Writes what changed.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<ClockNoticeRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        // An array of arrays must have equal lengths in PostgreSQL, so each row is a statement of its own, all in one round trip.
        await using var batch = new NpgsqlBatch(connection);
        foreach (var row in rows)
        {
            batch.BatchCommands.Add(new($"""
                INSERT INTO {generation.Table("clock_notice")} ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (tenant_id, stream_id, commitment, key, ordinal) DO UPDATE
                SET told = excluded.told, breach_stands = excluded.breach_stands, levels = excluded.levels, levels_at = excluded.levels_at, retract = excluded.retract
                """)
            {
                Parameters =
                {
                    new() { Value = row.Centre }, new() { Value = row.Id.Stream }, new() { Value = row.Id.Commitment }, new() { Value = row.Id.Key }, new() { Value = row.Id.Ordinal },
                    new() { Value = row.Told.Count }, new() { Value = row.Told.BreachStands },
                    new() { Value = row.Told.Levels.Select(l => l.Level).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                    new() { Value = row.Told.Levels.Select(l => l.ToldAt.ToDateTimeUtc()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                    new() { Value = row.Retract },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes rows in an empty table.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<ClockNoticeRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {generation.Table("clock_notice")} ({Columns}) FROM STDIN (FORMAT binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var text in (string[])[row.Centre, row.Id.Stream, row.Id.Commitment, row.Id.Key])
                await copy.WriteAsync(text, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(row.Id.Ordinal, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(row.Told.Count, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(row.Told.BreachStands, NpgsqlDbType.Boolean, ct);
            await copy.WriteAsync(row.Told.Levels.Select(l => l.Level).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(row.Told.Levels.Select(l => l.ToldAt.ToDateTimeUtc()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(row.Retract, NpgsqlDbType.Boolean, ct);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>After a rebuild: has the timers look at every standing breach that the facts alone do not show. What stands they leave standing.</summary>
    public static async Task SuspectAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var suspect = new NpgsqlCommand($"""
            UPDATE {generation.Table("clock_notice")} n SET retract = true WHERE breach_stands AND NOT EXISTS (
                SELECT 1 FROM {generation.Table("commitment_clock")} c WHERE c.state = 'breached'
                AND (c.tenant_id, c.stream_id, c.commitment, c.key, c.ordinal) = (n.tenant_id, n.stream_id, n.commitment, n.key, n.ordinal))
            """, connection) { CommandTimeout = 0 };
        await suspect.ExecuteNonQueryAsync(ct);
    }

    private static ClockNoticeRow Read(NpgsqlDataReader row)
    {
        var at = row.GetFieldValue<DateTime[]>(8);
        var levels = row.GetFieldValue<string[]>(7).Select((level, i) => (level, Instant.FromDateTimeUtc(at[i])));
        return new ClockNoticeRow(
            row.GetString(0), new ClockId(row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4)),
            new ToldNotices(row.GetInt32(5), row.GetBoolean(6), [.. levels]), row.GetBoolean(9));
    }
}
