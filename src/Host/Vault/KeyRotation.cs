using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Host.Vault;

/// <summary>What a rotation has done.</summary>
/// <param name="Rewrapped">Keys that are wrapped by the first key of the file now.</param>
/// <param name="Broken">The centres and streams whose keys were changed in the database, and stay as they are.</param>
/// <param name="Erased">Keys destroyed once more: a backup had brought them back after their erasure.</param>
internal sealed record Rotated(long Rewrapped, IReadOnlyList<string> Broken, long Erased);

/// <summary>
/// Wraps the keys of all streams by the first key of the file, some at a time, while hosts run; where it was stopped it goes on when it is run again. What is sealed stays as it is. Once an old key
/// is destroyed, what it wrapped is worthless wherever it lies still: in backups, in old pages and in the log of the database.
/// </summary>
internal sealed class KeyRotation(NpgsqlDataSource dataSource, KeyTable keys)
{
    private const int AtATime = 1_000;

    private const string Next = """
        SELECT tenant_id, stream_id, kek, wrapped FROM vault.key WHERE kek = ANY ($1) AND (tenant_id, stream_id) > ($2, $3)
        ORDER BY tenant_id, stream_id LIMIT $4 FOR UPDATE
        """;

    private const string Rewrap = """
        UPDATE vault.key k SET kek = $1, wrapped = r.wrapped FROM unnest($2, $3, $4) AS r (tenant_id, stream_id, wrapped)
        WHERE k.tenant_id = r.tenant_id AND k.stream_id = r.stream_id
        """;

    // A key at a time, by the index of streams: the log is not read.
    private const string EraseAgain = $"""
        UPDATE vault.key k SET kek = NULL, wrapped = NULL, erased_at = e.at, erased_by = e.by
        FROM (SELECT live.tenant_id, live.stream_id, r.at, r.by FROM vault.key live CROSS JOIN LATERAL (
                SELECT timestamp AS at, data->'data'->>'by' AS by FROM public.mt_events
                WHERE tenant_id = live.tenant_id AND stream_id = 'vault/' || live.stream_id AND type = '{PersonDesk.Erased}' ORDER BY version LIMIT 1) r
              WHERE live.wrapped IS NOT NULL) e
        WHERE k.tenant_id = e.tenant_id AND k.stream_id = e.stream_id
        """;

    /// <summary>Runs to the end.</summary>
    /// <exception cref="VaultClosedException">There is no key file, or no table of keys.</exception>
    public Task<Rotated> RunAsync(CancellationToken ct) => KeyTable.AskAsync(async () =>
    {
        using var ring = await keys.RingAsync(ct);
        await using var again = dataSource.CreateCommand(EraseAgain);
        var erased = await again.ExecuteNonQueryAsync(ct);
        var (rewrapped, broken, after) = (0L, new List<string>(), ("", ""));
        for (List<Row> rows = [default]; rows.Count > 0;)
        {
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            rows = await NextAsync(connection, ring, after, ct);
            var made = rows.Select(r => r with { Wrapped = Rewrapped(ring, r) }).ToList();
            broken.AddRange(made.Where(r => r.Wrapped is null).Select(r => $"{r.Centre} {r.Stream}"));
            rewrapped += await WriteAsync(connection, ring, made.FindAll(r => r.Wrapped is not null), ct);
            await transaction.CommitAsync(ct);
            after = rows.Count > 0 ? (rows[^1].Centre, rows[^1].Stream) : after;
        }

        await using var vacuum = dataSource.CreateCommand("VACUUM vault.key");
        await vacuum.ExecuteNonQueryAsync(ct);
        return new Rotated(rewrapped, broken, erased);
    });

    private static async Task<List<Row>> NextAsync(NpgsqlConnection connection, KeyRing ring, (string Centre, string Stream) after, CancellationToken ct)
    {
        await using var next = new NpgsqlCommand(Next, connection) { Parameters = { KeyTable.Texts([.. ring.Ids.Skip(1)]), KeyTable.Text(after.Centre), KeyTable.Text(after.Stream), new() { Value = AtATime } } };
        await using var reader = await next.ExecuteReaderAsync(ct);
        var rows = new List<Row>();
        while (await reader.ReadAsync(ct))
            rows.Add(new Row(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        return rows;
    }

    private static byte[]? Rewrapped(KeyRing ring, Row row)
    {
        try
        {
            if (!ring.TryUnwrap(row.Kek, row.Wrapped!, row.Centre, row.Stream, out var key))
                return null;
            var wrapped = ring.Wrap(key, row.Centre, row.Stream);
            CryptographicOperations.ZeroMemory(key);
            return wrapped;
        }
        catch (VaultBrokenException)
        {
            return null;
        }
    }

    private static async Task<int> WriteAsync(NpgsqlConnection connection, KeyRing ring, List<Row> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return 0;
        await using var rewrap = new NpgsqlCommand(Rewrap, connection)
        {
            Parameters =
            {
                KeyTable.Text(ring.First), KeyTable.Texts(rows.ConvertAll(r => r.Centre)), KeyTable.Texts(rows.ConvertAll(r => r.Stream)),
                new() { Value = rows.ConvertAll(r => r.Wrapped!), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        return await rewrap.ExecuteNonQueryAsync(ct);
    }

    private readonly record struct Row(string Centre, string Stream, string Kek, byte[]? Wrapped);
}
