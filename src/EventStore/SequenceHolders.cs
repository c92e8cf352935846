using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>The living transactions that have drawn a position, each with the floor at or below which it cannot commit.</summary>
internal sealed class SequenceHolders
{
    private const string Living = """
        SELECT pid, virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'public.mt_events_sequence'::regclass AND mode = 'RowExclusiveLock' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private Dictionary<Holder, long> _floors = [];

    /// <summary>Reads who holds now and gives newcomers their floors.</summary>
    /// <param name="connection">In no transaction, so that the reading is of this moment.</param>
    /// <param name="drawnBefore">The last position drawn as read before the previous reading of holders; null when there was none.</param>
    /// <param name="mark">The floor of those of whom nothing is known: all at the first reading, and each prepared transaction when it is first seen, because
    /// it drew under the name of a session.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The lowest floor; <see cref="long.MaxValue"/> when nobody holds.</returns>
    public async Task<long> LowestFloorAsync(NpgsqlConnection connection, long? drawnBefore, long mark, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Living, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var living = new Dictionary<Holder, long>();
        while (await reader.ReadAsync(ct))
        {
            var holder = new Holder(reader.IsDBNull(0) ? null : reader.GetInt32(0), reader.GetString(1));
            living[holder] = _floors.TryGetValue(holder, out var floor) ? floor : holder.Pid is null ? mark : drawnBefore ?? mark;
        }
        _floors = living;
        return living.Count == 0 ? long.MaxValue : living.Values.Min();
    }

    /// <summary>A transaction as pg_locks names it; prepared ones have no process.</summary>
    private readonly record struct Holder(int? Pid, string VirtualTransaction);
}
