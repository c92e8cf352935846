using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Open clocks follow the newest catalogue's calendars: when a version is published, the streams of its centre that have one are
/// folded anew, some with each page, by a cursor of their own.
/// </summary>
internal static class CatalogueSweep
{
    private const int StreamsPerPage = 1_000;
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
            INSERT INTO {generation.Table(Name)} AS s (tenant_id, every, position, last_stream) SELECT c.*, $3, '' FROM unnest($1, $2) c
            ON CONFLICT (tenant_id) DO UPDATE SET every = s.every OR excluded.every, position = excluded.position, last_stream = ''
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
        if (await CurrentAsync(connection, generation, ct) is not var (centre, every, last))
            return ([], false);
        var streams = await NextAsync(connection, every ? AllStreams : OpenStreams(generation), centre, last, ct);
        var done = streams.Count < StreamsPerPage;
        await using var move = new NpgsqlCommand(done ? $"DELETE FROM {generation.Table(Name)} WHERE tenant_id = $1" : $"UPDATE {generation.Table(Name)} SET last_stream = $2 WHERE tenant_id = $1", connection);
        move.Parameters.Add(new() { Value = centre });
        if (!done)
            move.Parameters.Add(new() { Value = streams[^1].Stream });
        await move.ExecuteNonQueryAsync(ct);
        return (streams, true);
    }

    private const string AllStreams = "SELECT id FROM public.mt_streams WHERE tenant_id = $1 AND id > $2 AND type = 'case' ORDER BY id LIMIT $3";

    private static string OpenStreams(Generation generation) =>
        $"SELECT DISTINCT stream_id FROM {generation.Table("commitment_clock")} WHERE tenant_id = $1 AND stream_id > $2 AND state = 'open' ORDER BY stream_id LIMIT $3";

    private static async Task<(string Centre, bool Every, string Last)?> CurrentAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT tenant_id, every, last_stream FROM {generation.Table(Name)} ORDER BY tenant_id LIMIT 1", connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetString(0), reader.GetBoolean(1), reader.GetString(2)) : null;
    }

    private static async Task<List<StreamKey>> NextAsync(NpgsqlConnection connection, string sql, string centre, string last, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = centre }, new() { Value = last }, new() { Value = StreamsPerPage } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var streams = new List<StreamKey>();
        while (await reader.ReadAsync(ct))
            streams.Add(new StreamKey(centre, reader.GetString(0)));
        return streams;
    }
}
