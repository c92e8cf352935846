using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Open clocks follow the newest catalogue's calendars: when a version is published, the streams of its centre that have one are
/// folded anew, some with each page, by a cursor of their own.
/// </summary>
internal static class CatalogueSweep
{
    private const int ClocksPerPage = 1_000;
    private const string Name = "catalogue_sweep";

    /// <summary>Begins, or begins again, for centres that published a version.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="generation">Whose clocks.</param>
    /// <param name="centres">Each with whether it had no version before: then what came earlier is folded for the first time.</param>
    /// <param name="position">The page's end.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task BeginAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<(string Centre, bool Every)> centres, long position, CancellationToken ct)
    {
        await using var add = new NpgsqlCommand($"""
            INSERT INTO {generation.Table(Name)} AS s (tenant_id, every, position, commitment, due_at, last_stream) SELECT c.*, $3, '', '-infinity', '' FROM unnest($1, $2) c
            ON CONFLICT (tenant_id) DO UPDATE SET every = s.every OR excluded.every, position = excluded.position, commitment = '', due_at = '-infinity', last_stream = ''
            """, connection)
        {
            Parameters = { new() { Value = centres.Select(c => c.Centre).ToArray() }, new() { Value = centres.Select(c => c.Every).ToArray() }, new() { Value = position } },
        };
        await add.ExecuteNonQueryAsync(ct);
        await Quarantine.RetryAsync(connection, generation, [.. centres.Select(c => c.Centre)], ct);
    }

    /// <summary>Takes the next streams of a sweep, and moves its cursor; none when nothing is swept.</summary>
    public static async Task<(List<StreamKey> Streams, bool More)> TakeAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        if (await CurrentAsync(connection, generation, ct) is not { } cursor)
            return ([], false);
        var taken = await NextAsync(connection, generation, cursor, ct);
        var done = taken.Count < ClocksPerPage;
        await using var move = new NpgsqlCommand(done ? $"DELETE FROM {generation.Table(Name)} WHERE tenant_id = $1" : $"UPDATE {generation.Table(Name)} SET commitment = $2, due_at = $3, last_stream = $4 WHERE tenant_id = $1", connection);
        move.Parameters.Add(new() { Value = cursor.Centre });
        if (!done)
        {
            move.Parameters.Add(new() { Value = taken[^1].Commitment });
            move.Parameters.Add(new() { Value = taken[^1].DueAt });
            move.Parameters.Add(new() { Value = taken[^1].Stream });
        }

        await move.ExecuteNonQueryAsync(ct);
        return ([.. taken.Select(c => new StreamKey(c.Centre, c.Stream)).Distinct()], true);
    }

    private static async Task<Cursor?> CurrentAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT tenant_id, every, commitment, due_at, last_stream FROM {generation.Table(Name)} ORDER BY tenant_id LIMIT 1", connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Cursor(reader.GetString(0), reader.GetBoolean(1), reader.GetString(2), reader.GetDateTime(3), reader.GetString(4)) : null;
    }

    private static async Task<List<Cursor>> NextAsync(NpgsqlConnection connection, Generation generation, Cursor after, CancellationToken ct)
    {
        // Several clocks of a stream may have the same due; they are taken together, because the cursor names their stream.
        var sql = after.Every
            ? "SELECT '', '-infinity'::timestamptz, id FROM public.mt_streams WHERE tenant_id = $1 AND id > $2 AND type IN ('case', 'complaint', 'outage', 'maintenance', 'service') ORDER BY id LIMIT $3"
            : $"""
                SELECT DISTINCT commitment, coalesce(due_at, 'infinity'), stream_id FROM {generation.Table("commitment_clock")}
                WHERE tenant_id = $1 AND state = 'open' AND (commitment, coalesce(due_at, 'infinity'), stream_id) > ($4, $5, $2) ORDER BY 1, 2, 3 LIMIT $3
                """;
        await using var select = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = after.Centre }, new() { Value = after.Stream }, new() { Value = ClocksPerPage } } };
        if (!after.Every)
        {
            select.Parameters.Add(new() { Value = after.Commitment });
            select.Parameters.Add(new() { Value = after.DueAt, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        }

        await using var reader = await select.ExecuteReaderAsync(ct);
        var taken = new List<Cursor>();
        while (await reader.ReadAsync(ct))
            taken.Add(after with { Commitment = reader.GetString(0), DueAt = reader.GetDateTime(1), Stream = reader.GetString(2) });
        return taken;
    }

    /// <summary>How far a centre's sweep has come.</summary>
    private sealed record Cursor(string Centre, bool Every, string Commitment, DateTime DueAt, string Stream);
}
