using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Where the log was settled when, and with it what "as of" a time or a position means. Rows rise in time and in position, and
/// between two of them no event can come to stand any more; so an answer, once given, stays the same (ADR 11).
/// </summary>
public static class SettledPositions
{
    // Recorded times are those of transactions that overlap, so they are only gone by between two rows. The first event recorded after
    // the time ends what was known; what stands behind it does so however early it was recorded, because a past is a beginning of the log.
    private const string PositionAt = """
        SELECT coalesce((SELECT e.seq_id - 1 FROM public.mt_events e WHERE e.seq_id > r.low AND e.seq_id <= r.high AND e.timestamp > $1 ORDER BY e.seq_id LIMIT 1), r.high)
        FROM (SELECT coalesce((SELECT position FROM sla.settled_position WHERE at <= $1 ORDER BY at DESC LIMIT 1), 0) AS low,
                     (SELECT position FROM sla.settled_position WHERE at > $1 ORDER BY at LIMIT 1) AS high) r
        """;

    // Before the first event it was as it was when that one came.
    private const string RecordedAt = """
        SELECT coalesce((SELECT timestamp FROM public.mt_events WHERE seq_id <= $1 ORDER BY seq_id DESC LIMIT 1), (SELECT timestamp FROM public.mt_events ORDER BY seq_id LIMIT 1), clock_timestamp())
        """;

    // "sla" and a letter in ASCII; any number will do that all versions of this program share.
    private const long Turn = 0x736C616A;
    private const string Last = "(SELECT at, position FROM sla.settled_position ORDER BY at DESC LIMIT 1)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>The past up to a position, judged when the last event by then was recorded; null and the reason when it is none yet.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="position">A position of its log.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<(AsOf? AsOf, string Reason)> OfAsync(NpgsqlDataSource dataSource, long position, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var (checkpoint, reason) = await CheckpointAsync(connection, ct);
        if (checkpoint is null)
            return (null, reason);
        if (position > checkpoint)
            return (null, $"is beyond position {checkpoint}, which is how far the read models are; give an earlier one, or have it waited for with wait={position}");
        await using var recorded = new NpgsqlCommand(RecordedAt, connection) { Parameters = { new() { Value = position } } };
        return (new AsOf(position, Instant.FromDateTimeUtc((DateTime)(await recorded.ExecuteScalarAsync(ct))!)), "");
    }

    /// <summary>The past up to where the read models are; null and the reason when there are none.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<(AsOf? AsOf, string Reason)> NowAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var (checkpoint, reason) = await CheckpointAsync(connection, ct);
        return checkpoint is { } position ? await OfAsync(dataSource, position, ct) : (null, reason);
    }

    /// <summary>What was known at a time, by the database's clock, judged at that time; null and the reason when it cannot be said.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="time">Not in the future.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<(AsOf? AsOf, string Reason)> OfAsync(NpgsqlDataSource dataSource, Instant time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var (checkpoint, reason) = await CheckpointAsync(connection, ct);
        if (checkpoint is null)
            return (null, reason);
        if (time > await ServerClock.NowAsync(connection, ct))
            return (null, "is in the future of the database's clock, and what will be known then is not known; give a time that has passed");
        if (await CloseAsync(connection, time, ct) is { } refused)
            return (null, refused);
        await using var resolve = new NpgsqlCommand(PositionAt, connection) { CommandTimeout = 0, Parameters = { new() { Value = time.ToDateTimeUtc() } } };
        var position = (long)(await resolve.ExecuteScalarAsync(ct))!;
        // Settled is not yet projected: the follower writes down its mark first.
        return await ReachesAsync(connection, position, ct)
            ? (new AsOf(position, time), "")
            : (null, $"is position {position}, which the read models did not reach within {Patience.TotalSeconds} s; see that a host runs, and ask again");
    }

    /// <summary>
    /// Writes down, hour by hour, where a history that is said to have been recorded in the past was settled, as a host would have that
    /// had run all the time. It has to be the log's first, or rows would not rise in time and position.
    /// </summary>
    /// <param name="connection">In the transaction that has appended it.</param>
    /// <param name="centre">Whose history.</param>
    /// <param name="until">Its end.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task WriteHistoryAsync(NpgsqlConnection connection, string centre, Instant until, CancellationToken ct)
    {
        // Rows of before are of hosts that have seen catalogues only, and nobody could know more at any time than that there was nothing.
        await using var write = InTurn(connection, new("DELETE FROM sla.settled_position"), new NpgsqlBatchCommand("""
            INSERT INTO sla.settled_position (at, position)
            SELECT least(date_trunc('hour', timestamp) + interval '1 hour', $2), max(seq_id) FROM public.mt_events WHERE tenant_id = $1 AND stream_id LIKE 'case/%' GROUP BY 1
            """)
        {
            Parameters = { new() { Value = centre }, new() { Value = until.ToDateTimeUtc() } },
        });
        write.Timeout = 0;
        await write.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes down that the log is settled up to a position now, if that is more than was written before.</summary>
    /// <param name="connection">In no transaction.</param>
    /// <param name="mark">Nothing at or below it can still commit.</param>
    /// <param name="at">When that was found; what came since is not in it.</param>
    /// <param name="ct">Cancels.</param>
    internal static async Task WriteAsync(NpgsqlConnection connection, long mark, Instant at, CancellationToken ct)
    {
        await using var write = InTurn(connection, new NpgsqlBatchCommand(
            $"INSERT INTO sla.settled_position (at, position) SELECT greatest($2, l.at + interval '1 microsecond'), $1 FROM (SELECT) one LEFT JOIN {Last} l ON true WHERE $1 > coalesce(l.position, -1)")
        {
            Parameters = { new() { Value = mark }, new() { Value = at.ToDateTimeUtc() } },
        });
        await write.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Has a row later than a time that is asked about: after it, nothing recorded by then can come to be known by then. Of a
    /// position that does not move two rows say all, and the second moves on.
    /// </summary>
    /// <returns>Why it cannot be had; null when it is there.</returns>
    private static async Task<string?> CloseAsync(NpgsqlConnection connection, Instant time, CancellationToken ct)
    {
        await using var later = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM sla.settled_position WHERE at > $1)", connection) { Parameters = { new() { Value = time.ToDateTimeUtc() } } };
        if (await later.ExecuteScalarAsync(ct) is true)
            return null;
        // What is drawn by now, and is projected a moment later, is all that was recorded by now.
        var (drawn, at) = await DrawnAsync(connection, ct);
        if (!await ReachesAsync(connection, drawn, ct))
            return $"cannot be told yet: events up to position {drawn} are being recorded and were not projected within {Patience.TotalSeconds} s; see that a host runs, and ask again";
        await using var close = InTurn(
            connection,
            new NpgsqlBatchCommand($"""
                DELETE FROM sla.settled_position s USING {Last} l
                WHERE s.at = l.at AND l.at <= $2 AND l.position >= $1 AND l.position = (SELECT position FROM sla.settled_position WHERE at < l.at ORDER BY at DESC LIMIT 1)
                """)
            {
                Parameters = { new() { Value = drawn }, new() { Value = time.ToDateTimeUtc() } },
            },
            new NpgsqlBatchCommand($"""
                INSERT INTO sla.settled_position (at, position) SELECT greatest($3, $2 + interval '1 microsecond'), greatest($1, l.position)
                FROM (SELECT) one LEFT JOIN {Last} l ON true WHERE coalesce(l.at <= $2, true)
                """)
            {
                Parameters = { new() { Value = drawn }, new() { Value = time.ToDateTimeUtc() }, new() { Value = at.ToDateTimeUtc() } },
            });
        await close.ExecuteNonQueryAsync(ct);
        return null;
    }

    /// <summary>True once the read models are as far as a position; false when that takes too long.</summary>
    private static async Task<bool> ReachesAsync(NpgsqlConnection connection, long position, CancellationToken ct)
    {
        for (var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds; (await CheckpointAsync(connection, ct)).Checkpoint < position;)
        {
            if (Environment.TickCount64 > until)
                return false;
            await Task.Delay(Step, ct);
        }

        return true;
    }

    /// <summary>The last position drawn, and when that was asked.</summary>
    private static async Task<(long Drawn, Instant At)> DrawnAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT clock_timestamp(), {Schema.LastDrawn}", connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt64(1), Instant.FromDateTimeUtc(reader.GetDateTime(0)));
    }

    // In one transaction; one after the other, each seeing what the one before wrote: else two hosts could write a later row with an earlier position.
    private static NpgsqlBatch InTurn(NpgsqlConnection connection, params NpgsqlBatchCommand[] commands)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { new($"SELECT pg_advisory_xact_lock({Turn})") } };
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        return batch;
    }

    private static async Task<(long? Checkpoint, string Reason)> CheckpointAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var active = (await Generations.ActiveAsync(connection, ct))!;
        return active.Version == Generation.CurrentVersion
            ? (await active.CheckpointAsync(connection, ct) ?? 0, "")
            : (null, $"cannot be answered by this host: the read models are of version {active.Version} and it knows {Generation.CurrentVersion}; ask a host of that version, or wait until they are rebuilt");
    }
}
