using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>Which generations of the read models there are, and which of them readers see.</summary>
public static class Generations
{
    // "sla" and a letter in ASCII; any numbers will do that all versions of this program share.
    private const long Turn = 0x736C6167;
    private const int Hosts = 0x736C6168;

    /// <summary>Makes the first generation where there is none. Hosts that start together do so one after the other.</summary>
    /// <param name="dataSource">A database that <see cref="EventStore.Schema"/> has been applied to.</param>
    /// <param name="ct">Cancels; nothing is left half made.</param>
    public static async Task PrepareAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Turn})", connection))
            await turn.ExecuteNonQueryAsync(ct);
        if (await ActiveAsync(connection, ct) is not null)
            return;
        var first = await AddAsync(connection, "active", ct);
        await first.IndexAsync(connection, ct);
        await first.ShowAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The generation readers see; null before the first.</summary>
    internal static async Task<Generation?> ActiveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT number, version FROM sla.generation WHERE state = 'active'", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new Generation(reader.GetInt32(0), reader.GetInt32(1)) : null;
    }

    /// <summary>Makes the tables of a new generation, without keys.</summary>
    internal static async Task<Generation> AddAsync(NpgsqlConnection connection, string state, CancellationToken ct)
    {
        await using var add = new NpgsqlCommand("INSERT INTO sla.generation (number, version, state) SELECT coalesce(max(number), 0) + 1, $1, $2 FROM sla.generation RETURNING number", connection)
        {
            Parameters = { new() { Value = Generation.CurrentVersion }, new() { Value = state } },
        };
        var generation = new Generation((int)(await add.ExecuteScalarAsync(ct))!, Generation.CurrentVersion);
        await generation.CreateAsync(connection, ct);
        return generation;
    }

    /// <summary>Makes one generation the one readers see, in the caller's transaction. Without its checkpoint nobody goes on with the other.</summary>
    internal static async Task ActivateAsync(NpgsqlConnection connection, Generation next, Generation before, CancellationToken ct)
    {
        await next.ShowAsync(connection, ct);
        await using var change = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("UPDATE sla.generation SET state = 'retired' WHERE number = $1") { Parameters = { new() { Value = before.Number } } },
                new("UPDATE sla.generation SET state = 'active' WHERE number = $1") { Parameters = { new() { Value = next.Number } } },
                new("DELETE FROM public.mt_event_progression WHERE name = $1") { Parameters = { new() { Value = before.Checkpoint } } },
            },
        };
        await change.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Says, for as long as the session lasts, that a host of this version lives.</summary>
    internal static async Task AnnounceAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var announce = new NpgsqlCommand($"SELECT pg_advisory_lock_shared({Hosts}, {Generation.CurrentVersion})", session);
        await announce.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Drops the generations that nobody needs: retired ones, once no host of an older version lives to be surprised, and those
    /// whose rebuild was killed. What a reader still holds is left for the next time.
    /// </summary>
    internal static async Task DropUnusedAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        foreach (var (generation, state) in await UnusedAsync(dataSource, ct))
        {
            await using var connection = await dataSource.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            try
            {
                var condition = state == "building" ? $"pg_try_advisory_xact_lock({Rebuild.Lock})"
                    : generation.Version < Generation.CurrentVersion ? $"pg_try_advisory_xact_lock({Hosts}, {generation.Version})" : "true";
                await using var ask = new NpgsqlCommand($"SET LOCAL lock_timeout = '1s'; SELECT {condition}", connection);
                if (await ask.ExecuteScalarAsync(ct) is not true)
                    continue;
                await generation.DropAsync(connection, ct);
                await transaction.CommitAsync(ct);
            }
            catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                // Somebody reads it; there is no hurry.
            }
        }
    }

    private static async Task<List<(Generation Generation, string State)>> UnusedAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT number, version, state FROM sla.generation WHERE state = 'retired' OR (state = 'building' AND version <= $1) ORDER BY number");
        command.Parameters.Add(new() { Value = Generation.CurrentVersion });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var unused = new List<(Generation, string)>();
        while (await reader.ReadAsync(ct))
            unused.Add((new Generation(reader.GetInt32(0), reader.GetInt32(1)), reader.GetString(2)));
        return unused;
    }
}
