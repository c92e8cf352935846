using System.Security.Cryptography;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Host.Access;

/// <summary>The tokens of a database.</summary>
internal sealed class AccessTokens(NpgsqlDataSource dataSource)
{
    private const string Columns = "id, name, roles, centres, sources, created_at, created_by, expires_at, revoked_at, revoked_by";

    // Those who ask wait for it, and so do those behind them.
    private const int VerificationTimeout = 5;

    // Compared with where there is no such token, so that an unknown id takes as long as a wrong secret.
    private static readonly byte[] Nobodys = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <summary>Makes a token.</summary>
    /// <returns>Its text, which is kept nowhere: hand it over now or never.</returns>
    public async Task<(AccessToken Token, string Text)> CreateAsync(
        string name, IReadOnlyList<string> roles, IReadOnlyList<string>? centres, IReadOnlyList<string>? sources, Instant now, string by, Instant? expiresAt, CancellationToken ct)
    {
        var (credential, text) = Credential.New();
        await using var insert = dataSource.CreateCommand(
            $"INSERT INTO sla.access_token (id, name, secret_hash, roles, centres, sources, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {Columns}");
        foreach (var value in (object[])[credential.Id, name, credential.SecretHash, roles.Distinct().ToArray()])
            insert.Parameters.Add(new() { Value = value });
        foreach (var limit in new[] { centres, sources })
            insert.Parameters.Add(new() { Value = (object?)limit?.Distinct().ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        insert.Parameters.Add(new() { Value = now.ToDateTimeUtc() });
        insert.Parameters.Add(new() { Value = by });
        insert.Parameters.Add(new() { Value = (object?)expiresAt?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await insert.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (Read(reader), text);
    }

    /// <summary>All of them, the oldest first.</summary>
    public async Task<IReadOnlyList<AccessToken>> AllAsync(CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand($"SELECT {Columns} FROM sla.access_token ORDER BY created_at, id");
        await using var reader = await select.ExecuteReaderAsync(ct);
        var tokens = new List<AccessToken>();
        while (await reader.ReadAsync(ct))
            tokens.Add(Read(reader));
        return tokens;
    }

    /// <summary>True when somebody could use one now.</summary>
    public async Task<bool> AnyUsableAsync(Instant now, CancellationToken ct) => (await AllAsync(ct)).Any(t => t.IsUsable(now));

    /// <summary>The token a credential is of, usable or not; null when there is none or its secret is another.</summary>
    public async Task<AccessToken?> OfAsync(Credential credential, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand($"SELECT {Columns}, secret_hash FROM sla.access_token WHERE id = $1");
        select.CommandTimeout = VerificationTimeout;
        select.Parameters.Add(new() { Value = credential.Id });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var token = await reader.ReadAsync(ct) ? Read(reader) : null;
        return IsSame(token is null ? null : reader.GetFieldValue<byte[]>(reader.FieldCount - 1), credential.SecretHash) ? token : null;
    }

    /// <summary>Revokes a token; one revoked before stays as it is. Null when there is none of this id that may be.</summary>
    /// <param name="id">The token's.</param>
    /// <param name="by">Who revokes it.</param>
    /// <param name="now">When.</param>
    /// <param name="centres">Only one that is limited to some of these; null: any.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<AccessToken?> RevokeAsync(string id, string by, Instant now, IReadOnlyCollection<string>? centres, CancellationToken ct)
    {
        await using var update = dataSource.CreateCommand($"""
            UPDATE sla.access_token SET revoked_at = coalesce(revoked_at, $3), revoked_by = coalesce(revoked_by, $2)
            WHERE id = $1 AND ($4 IS NULL OR centres <@ $4) RETURNING {Columns}
            """);
        foreach (var value in (object[])[id, by, now.ToDateTimeUtc()])
            update.Parameters.Add(new() { Value = value });
        update.Parameters.Add(new() { Value = (object?)centres?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await update.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>True when a stored hash is that of the secret presented, in a time that does not tell how much of it is, or whether there is one.</summary>
    internal static bool IsSame(byte[]? stored, byte[] presented) => CryptographicOperations.FixedTimeEquals(stored ?? Nobodys, presented) & stored is not null;

    private static AccessToken Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), Texts(row, 3), Texts(row, 4), row.At(5)!.Value, row.GetString(6), row.At(7), row.At(8), row.Text(9));

    private static string[]? Texts(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetFieldValue<string[]>(i);
}
