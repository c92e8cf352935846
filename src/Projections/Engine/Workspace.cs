using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>What a worker keeps between its transactions on one generation. It is trusted only while the checkpoint is where the last of them left it.</summary>
internal sealed class Workspace
{
    private readonly NpgsqlDataSource _dataSource;
    private long? _committed;

    public Workspace(NpgsqlDataSource dataSource, Generation generation)
    {
        (_dataSource, Generation) = (dataSource, generation);
        Catalogues = new CatalogueLogs(new EventLog(dataSource));
        Stages = new Stages(generation, Catalogues, States);
    }

    public Generation Generation { get; }

    public CatalogueLogs Catalogues { get; }

    public StreamStates States { get; } = new();

    public Stages Stages { get; }

    /// <summary>The most events the next page asks for, by how long those before were.</summary>
    public int MostEvents { get; set; } = int.MaxValue;

    /// <summary>Begins a transaction that owns the checkpoint; null when another has it, or the generation has been replaced.</summary>
    public async Task<Turn?> TryBeginAsync(CancellationToken ct)
    {
        var connection = await _dataSource.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct);
            if (await TakeAsync(connection, ct) is not { } checkpoint)
            {
                await connection.DisposeAsync();
                return null;
            }

            // Another host moved it, or a transaction of ours failed half-way: what is kept may be of a future that never came.
            if (checkpoint != _committed)
            {
                Catalogues.Forget();
                States.Forget();
            }

            _committed = null;
            return new Turn(this, connection, transaction, checkpoint);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Every statement of a page looks rows up by their keys. While the statistics are of tables that were empty a minute ago, the planner would
    // rather read them whole, page after page.
    private async Task<long?> TakeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var settings = new NpgsqlCommand("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off", connection);
        await settings.ExecuteNonQueryAsync(ct);
        return await Generation.CheckpointAsync(connection, ct, "FOR UPDATE SKIP LOCKED");
    }

    /// <summary>A transaction that owns the checkpoint. Disposed without a word, it never was, and nothing kept in memory is trusted.</summary>
    internal sealed class Turn(Workspace work, NpgsqlConnection connection, NpgsqlTransaction transaction, long checkpoint) : IAsyncDisposable
    {
        public NpgsqlConnection Connection { get; } = connection;

        public long Checkpoint { get; } = checkpoint;

        /// <summary>Commits what was written, with the checkpoint.</summary>
        public async Task CommitAsync(long end, CancellationToken ct)
        {
            if (end != Checkpoint)
            {
                await using var move = new NpgsqlCommand("UPDATE public.mt_event_progression SET last_seq_id = $3, last_updated = clock_timestamp() WHERE name = $1 AND last_seq_id = $2", Connection)
                {
                    Parameters = { new() { Value = work.Generation.Checkpoint }, new() { Value = Checkpoint }, new() { Value = end } },
                };
                if (await move.ExecuteNonQueryAsync(ct) != 1)
                    throw new InvalidOperationException("the checkpoint moved while its row was locked");
            }

            await transaction.CommitAsync(ct);
            work._committed = end;
        }

        /// <summary>Ends it with nothing written.</summary>
        public void Leave() => work._committed = Checkpoint;

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
