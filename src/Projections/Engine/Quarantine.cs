using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>Streams that cannot be folded stand apart until they can; everything else goes on.</summary>
internal static class Quarantine
{
    private const string Name = "quarantine";

    /// <summary>Puts the poisoned streams apart and takes back those that could be folded.</summary>
    public static async Task MoveAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<FoldedStream> folded, long position, CancellationToken ct)
    {
        await InsertAsync(connection, generation, [.. folded.Where(f => f.Poison is not null).Select(f => (f.State.Key, f.Poison!))], position, ct);
        await RemoveAsync(connection, generation, [.. folded.Where(f => f.Poison is null).Select(f => f.State.Key)], ct);
    }

    /// <summary>Puts one stream apart for a reason, or takes it back without one.</summary>
    public static Task MoveAsync(NpgsqlConnection connection, Generation generation, StreamKey key, string? reason, long position, CancellationToken ct) =>
        reason is null ? RemoveAsync(connection, generation, [key], ct) : InsertAsync(connection, generation, [(key, reason)], position, ct);

    /// <summary>Puts streams apart.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<(StreamKey Key, string Reason)> poisoned, long position, CancellationToken ct)
    {
        if (poisoned.Count == 0)
            return;
        await using var add = new NpgsqlCommand($"""
            INSERT INTO {generation.Table(Name)} (tenant_id, stream_id, reason, position) SELECT k.*, $4 FROM unnest($1, $2, $3) k
            ON CONFLICT (tenant_id, stream_id) DO UPDATE SET reason = excluded.reason, position = excluded.position, retry = false
            """, connection);
        new StreamKeys([.. poisoned.Select(p => p.Key)]).AddTo(add);
        add.Parameters.Add(new() { Value = poisoned.Select(p => p.Reason).ToArray() });
        add.Parameters.Add(new() { Value = position });
        await add.ExecuteNonQueryAsync(ct);
    }

    private static async Task RemoveAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<StreamKey> keys, CancellationToken ct)
    {
        await using var remove = new NpgsqlCommand($"DELETE FROM {generation.Table(Name)} q USING unnest($1, $2) AS k (tenant_id, stream_id) WHERE q.tenant_id = k.tenant_id AND q.stream_id = k.stream_id", connection);
        new StreamKeys(keys).AddTo(remove);
        await remove.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Which of some streams stand apart.</summary>
    public static async Task<List<StreamKey>> LoadAsync(NpgsqlConnection connection, Generation generation, StreamKeys streams, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT tenant_id, stream_id FROM {generation.Table(Name)} q JOIN unnest($1, $2) AS k (tenant_id, stream_id) USING (tenant_id, stream_id)", connection);
        streams.AddTo(select);
        return await KeysAsync(select, ct);
    }

    /// <summary>Streams that were asked to be tried again.</summary>
    public static async Task<List<StreamKey>> ToRetryAsync(NpgsqlConnection connection, Generation generation, int limit, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT tenant_id, stream_id FROM {generation.Table(Name)} WHERE retry ORDER BY 1, 2 LIMIT $1", connection) { Parameters = { new() { Value = limit } } };
        return await KeysAsync(select, ct);
    }

    private static async Task<List<StreamKey>> KeysAsync(NpgsqlCommand select, CancellationToken ct)
    {
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<StreamKey>();
        while (await reader.ReadAsync(ct))
            keys.Add(new StreamKey(reader.GetString(0), reader.GetString(1)));
        return keys;
    }

    /// <summary>Asks for all cases of some centres to be tried again: their catalogue changed.</summary>
    public static async Task RetryAsync(NpgsqlConnection connection, Generation generation, string[] centres, CancellationToken ct)
    {
        await using var update = new NpgsqlCommand($"UPDATE {generation.Table(Name)} SET retry = true WHERE tenant_id = ANY ($1) AND stream_id <> $2", connection) { Parameters = { new() { Value = centres }, new() { Value = CatalogueLogs.Stream } } };
        await update.ExecuteNonQueryAsync(ct);
    }
}
