using System.Security.Cryptography;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Host.Vault;

/// <summary>When and by whom what a stream tells of people was erased.</summary>
internal sealed record Erasure(Instant At, string By);

/// <summary>The keys of streams in the database. None is kept in memory: another host may erase it at any time.</summary>
internal sealed class KeyTable(NpgsqlDataSource dataSource, KeyFile file)
{
    private const string Find = "SELECT stream_id, kek, wrapped, erased_at, erased_by FROM vault.key WHERE tenant_id = $1 AND stream_id = ANY ($2)";

    // In one order, so that hosts wait for each other and never in a circle.
    private const string AddNew = """
        INSERT INTO vault.key (tenant_id, stream_id, kek, wrapped)
        SELECT $1, k.stream_id, $2, k.wrapped FROM unnest($3, $4) AS k (stream_id, wrapped) ORDER BY k.stream_id COLLATE "C"
        ON CONFLICT DO NOTHING
        """;

    private const string Used = "SELECT kek, count(*) FROM vault.key WHERE kek IS NOT NULL GROUP BY kek ORDER BY kek";

    /// <summary>The ciphers of streams, each with its own key, which is made and committed where there is none yet; of those that were erased, the erasure. All are looked up at a stroke.</summary>
    /// <exception cref="VaultException">A key that is needed is not here, or was changed.</exception>
    public async Task<StreamCiphers> MakeAsync(string centre, IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        using var ring = await RingAsync(ct);
        var ciphers = new StreamCiphers();
        try
        {
            await AddFoundAsync(ciphers, ring, centre, streams, ct);
            if (streams.Where(s => !ciphers.Knows(s)).ToArray() is { Length: > 0 } missing)
            {
                await AddNewAsync(ring, centre, missing, ct);
                // Another host may have been first; then its keys count.
                await AddFoundAsync(ciphers, ring, centre, missing, ct);
            }

            return ciphers;
        }
        catch
        {
            ciphers.Dispose();
            throw;
        }
    }

    /// <summary>The ciphers of streams or their erasures; knows nothing of those of which nothing was ever sealed.</summary>
    /// <exception cref="VaultException">A key that is needed is not here, or was changed.</exception>
    public async Task<StreamCiphers> FindAsync(string centre, IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        // Whether it was erased is known without any key.
        var found = await RowsAsync(centre, streams, ct);
        using var ring = found.Any(r => r.Wrapped is not null) ? await RingAsync(ct) : null;
        var ciphers = new StreamCiphers();
        try
        {
            Add(ciphers, ring, centre, found);
            return ciphers;
        }
        catch
        {
            ciphers.Dispose();
            throw;
        }
    }

    /// <summary>How many keys of streams each key wraps, by its id.</summary>
    public async Task<IReadOnlyDictionary<string, long>> UsedAsync(CancellationToken ct) => await AskAsync(async () =>
    {
        await using var command = dataSource.CreateCommand(Used);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var used = new Dictionary<string, long>();
        while (await reader.ReadAsync(ct))
            used.Add(reader.GetString(0), reader.GetInt64(1));
        return used;
    });

    /// <summary>How many streams were erased.</summary>
    public async Task<long> ErasedAsync(CancellationToken ct) => await AskAsync(async () =>
    {
        await using var command = dataSource.CreateCommand("SELECT count(*) FROM vault.key WHERE erased_at IS NOT NULL");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    });

    /// <summary>The key ring, made when it is needed for the first time.</summary>
    /// <exception cref="VaultClosedException">There is none.</exception>
    public async Task<KeyRing> RingAsync(CancellationToken ct)
    {
        if (file.IsToBeMade)
        {
            var used = await UsedAsync(ct);
            // Looked at again: another host may have made it and used it meanwhile.
            if (used.Count > 0 && !file.Exists)
                throw new VaultClosedException($"the key file {file.Path} is missing, and this database has keys wrapped by {string.Join(", ", used.Keys)}, which stood in it; put it back from its copy");
            file.Make();
        }

        return file.Read();
    }

    /// <summary>Runs a statement about the table, which a backup without keys leaves out.</summary>
    /// <exception cref="VaultClosedException">It is not there.</exception>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> statement)
    {
        try
        {
            return await statement();
        }
        catch (PostgresException absent) when (absent.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new VaultClosedException("the database has no table vault.key: it was restored from a backup without keys; restore the schema vault from the backup of the keys, too", absent);
        }
    }

    /// <summary>What is to be done where a key that wraps others is not here.</summary>
    internal VaultClosedException Missing(string kek) =>
        new(file.Path is null ? $"the key {kek} is not known to this host, which has no key file: name the one that holds it with {KeyFile.Variable} or --vault-keys" : $"the key {kek} is not in {file.Path}; put its line back there, from a copy of the file");

    private async Task AddFoundAsync(StreamCiphers ciphers, KeyRing ring, string centre, IReadOnlyCollection<string> streams, CancellationToken ct) => Add(ciphers, ring, centre, await RowsAsync(centre, streams, ct));

    private void Add(StreamCiphers ciphers, KeyRing? ring, string centre, List<Row> found)
    {
        foreach (var row in found)
        {
            if (row.Wrapped is null)
                ciphers.Add(row.Stream, row.Erasure!);
            else if (ring!.TryUnwrap(row.Kek!, row.Wrapped, centre, row.Stream, out var key))
                ciphers.Add(row.Stream, new StreamCipher(key, centre, row.Stream));
            else
                throw Missing(row.Kek!);
        }
    }

    private Task<List<Row>> RowsAsync(string centre, IReadOnlyCollection<string> streams, CancellationToken ct) => AskAsync(async () =>
    {
        await using var command = dataSource.CreateCommand(Find);
        command.Parameters.Add(Text(centre));
        command.Parameters.Add(Texts(streams));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<Row>(streams.Count);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(reader.IsDBNull(2)
                ? new Row(reader.GetString(0), null, null, new Erasure(Instant.FromDateTimeUtc(reader.GetDateTime(3)), reader.GetString(4)))
                : new Row(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), null));
        }

        return rows;
    });

    private Task<int> AddNewAsync(KeyRing ring, string centre, string[] streams, CancellationToken ct) => AskAsync(async () =>
    {
        var key = new byte[KeyRing.KeySize];
        var wrapped = Array.ConvertAll(streams, stream =>
        {
            RandomNumberGenerator.Fill(key);
            return ring.Wrap(key, centre, stream);
        });
        CryptographicOperations.ZeroMemory(key);
        await using var command = dataSource.CreateCommand(AddNew);
        command.Parameters.Add(Text(centre));
        command.Parameters.Add(Text(ring.First));
        command.Parameters.Add(Texts(streams));
        command.Parameters.Add(new() { Value = wrapped, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        return await command.ExecuteNonQueryAsync(ct);
    });

    internal static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Varchar };

    internal static NpgsqlParameter Texts(IReadOnlyCollection<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    private sealed record Row(string Stream, string? Kek, byte[]? Wrapped, Erasure? Erasure);
}

/// <summary>The ciphers of some streams, and the erasures of others.</summary>
internal sealed class StreamCiphers : IDisposable
{
    private readonly Dictionary<string, StreamCipher> _ciphers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Erasure> _erasures = new(StringComparer.Ordinal);

    /// <summary>The cipher of a stream; null: it was erased, or never had one.</summary>
    public StreamCipher? Of(string stream) => _ciphers.GetValueOrDefault(stream);

    /// <summary>Its erasure; null: it was not erased.</summary>
    public Erasure? ErasureOf(string stream) => _erasures.GetValueOrDefault(stream);

    /// <summary>True: it has one of both.</summary>
    public bool Knows(string stream) => _ciphers.ContainsKey(stream) || _erasures.ContainsKey(stream);

    public void Add(string stream, StreamCipher cipher) => _ciphers.Add(stream, cipher);

    public void Add(string stream, Erasure erasure) => _erasures.Add(stream, erasure);

    public void Dispose()
    {
        foreach (var cipher in _ciphers.Values)
            cipher.Dispose();
    }
}
