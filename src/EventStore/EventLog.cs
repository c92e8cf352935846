using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>The log of events of every centre in one database.</summary>
/// <param name="dataSource">From <see cref="StoreConnection.CreateDataSource"/>, on a database that <see cref="Schema"/> has been applied to. Not disposed here.</param>
public sealed partial class EventLog(NpgsqlDataSource dataSource)
{
    /// <summary>The most events one transaction takes. A longer one would hold its streams, and every reader's HighWaterMark, for too long.</summary>
    public const int MaxEventsPerTransaction = 10_000;

    private const int MaxAttempts = 8;

    /// <summary>Appends a batch over any number of streams of one centre, all of it or nothing. Events of one stream keep their order in the batch.
    /// Ids that are recorded already with the same content are dropped, so a call whose answer was lost can be made again.</summary>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">At most <see cref="MaxEventsPerTransaction"/> events.</param>
    /// <param name="expectedVersions">By stream id, the version the caller decided upon (0: no such stream yet). Streams left out are appended to at any
    /// version; a stream all of whose events are duplicates is not checked.</param>
    /// <param name="ct">Cancels; what is committed by then stays.</param>
    /// <returns>Counts and the last position; committed.</returns>
    /// <exception cref="ArgumentException">Too many events, an empty centre, stream or type, or a version expected of a stream without events.</exception>
    /// <exception cref="VersionConflictException">A stream is at another version.</exception>
    /// <exception cref="StreamArchivedException">A stream is archived.</exception>
    /// <exception cref="EventIdReusedException">An id stands for two different events.</exception>
    /// <exception cref="NpgsqlException">The database failed, or conflicts with other writers outlasted the retries.</exception>
    public async Task<AppendResult> AppendAsync(
        string centre,
        IReadOnlyList<EventToAppend> events,
        IReadOnlyDictionary<string, long>? expectedVersions = null,
        CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(centre);
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count > MaxEventsPerTransaction)
            throw new ArgumentException($"{events.Count} events are more than the {MaxEventsPerTransaction} of one transaction.", nameof(events));
        if (events.Count == 0)
            return default;
        return (await AppendAsync(new AppendBatch(centre, events, expectedVersions), ct)).For(events);
    }

    /// <summary>Appends what several callers gave, in one transaction, and says what became of each one's events.</summary>
    internal async Task<IReadOnlyList<AppendResult>> AppendTogetherAsync(string centre, IReadOnlyList<IReadOnlyList<EventToAppend>> parts, CancellationToken ct)
    {
        var appended = await AppendAsync(new AppendBatch(centre, [.. parts.SelectMany(p => p)], null), ct);
        return [.. parts.Select(appended.For)];
    }

    /// <summary>Appends within a transaction that the caller has begun and commits, so that what is decided and what it was decided upon stand or fall together.
    /// Nothing is retried; the transaction plans with index nested loops from here on, so appending is the last thing it does.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">At most <see cref="MaxEventsPerTransaction"/> events.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="AppendRefusedException">A stream is archived or an id stands for two different events.</exception>
    /// <exception cref="NpgsqlException">The database failed, or another writer came in between.</exception>
    public static async Task<AppendResult> AppendWithinAsync(NpgsqlConnection connection, string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, MaxEventsPerTransaction);
        return (await new AppendTransaction(connection, new AppendBatch(centre, events, null), within: true).RunAsync(ct)).For(events);
    }

    private async Task<AppendedRows> AppendAsync(AppendBatch batch, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AppendOnceAsync(batch, ct);
            }
            catch (PostgresException e) when (attempt < MaxAttempts && LostToAnotherWriter(e))
            {
                await Task.Delay(Backoff(attempt), ct);
            }
        }
    }

    /// <summary>Appends any number of events in transactions of at most <see cref="MaxEventsPerTransaction"/>, in order. When it fails, the transactions
    /// before stay; calling again with the same events finishes the rest.</summary>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">The events; their streams may span transactions.</param>
    /// <param name="ct">Cancels between and within transactions.</param>
    /// <returns>Counts over all transactions and the last position written.</returns>
    /// <exception cref="ArgumentException">An empty centre, stream or type.</exception>
    /// <exception cref="AppendRefusedException">A stream is archived or an id stands for two different events.</exception>
    /// <exception cref="NpgsqlException">The database failed, or conflicts with other writers outlasted the retries.</exception>
    public async Task<AppendResult> AppendAllAsync(string centre, IEnumerable<EventToAppend> events, CancellationToken ct = default)
    {
        var total = default(AppendResult);
        foreach (var chunk in events.Chunk(MaxEventsPerTransaction))
        {
            var result = await AppendAsync(centre, chunk, null, ct);
            total = new(total.Appended + result.Appended, total.Duplicates + result.Duplicates, result.LastPosition ?? total.LastPosition);
        }
        return total;
    }

    private async Task<AppendedRows> AppendOnceAsync(AppendBatch batch, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        return await new AppendTransaction(connection, batch).RunAsync(ct);
    }

    // A writer that takes streams in another order deadlocks with us; one that does not lock them takes our version or our id first; and
    // a position may have been called dead between draw and insert. All end well on a second reading of the streams.
    private static bool LostToAnotherWriter(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or Schema.SkippedPosition => true,
        PostgresErrorCodes.UniqueViolation => e.ConstraintName is "idx_mt_events_event_id" or "pk_mt_events_stream_and_version" or "pkey_mt_streams_tenant_id_id",
        _ => false,
    };

    // Doubling from 10 ms to 640 ms, each drawn from its upper half, so that losers do not meet again.
    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromMilliseconds(10 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble() / 2);
}
