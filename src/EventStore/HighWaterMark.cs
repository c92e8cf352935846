using NodaTime;
using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>The position at or below which nothing can still commit. Followers that read up to it, from the mark before, read every event once.</summary>
/// <remarks>
/// A position is drawn before its event is committed, so events become visible out of order, and the position of a transaction that rolls
/// back stays empty: a hole. An unbroken run of events needs no proof. A hole is dead, and passed, when no transaction that could still commit into it lives.
/// <para>Whoever has drawn from <c>mt_events_sequence</c> holds RowExclusiveLock on it until its top transaction has ended, and lets go
/// only after its rows are visible. Each poll therefore reads, as three statements with a snapshot each and in this order: the last value drawn,
/// the holders of the lock, the log. A holder in the second reading drew everything after the first reading of the poll before, or it would
/// have been seen then: that value is its floor, below which it cannot commit. Whoever is not in the second reading has let go, so the third sees what it
/// committed, or draws later, above the first. Any other order loses events.</para>
/// <para>The last value is read by the function that takes the sequence's buffer lock. While <c>nextval</c> writes its log record, the value in the buffer is as far ahead as
/// that record, and a plain SELECT, which takes no such lock, was measured to see it: positions nobody had drawn yet were then called dead.</para>
/// <para>Needs a primary, a sequence with CACHE 1, and writers that draw inside their transaction. Not for concurrent use.</para>
/// </remarks>
public sealed class HighWaterMark : IAsyncDisposable
{
    // Positions only, counted together by the server: a chunk costs it some 20 ms.
    private const int ChunkSize = 50_000;

    // A hole is named by its end. Two followers may call it dead from different marks; the wider one stands.
    private const string Record = """
        INSERT INTO public.mt_high_water_skips AS s (starting_sequence, ending_sequence) SELECT * FROM unnest($1, $2)
        ON CONFLICT (ending_sequence) DO UPDATE SET starting_sequence = least(s.starting_sequence, excluded.starting_sequence)
        """;

    private readonly NpgsqlDataSource _dataSource;
    private NpgsqlConnection? _connection;
    private SequenceHolders _holders = new();
    private long? _drawnBefore;
    private List<PositionRange> _unconfirmed = [];

    /// <summary>Starts at a position that is known to be settled.</summary>
    /// <param name="dataSource">The database; one connection of it is kept until disposal.</param>
    /// <param name="start">A mark of this database's log, such as a follower's checkpoint; 0 for the log's beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start is negative.</exception>
    public HighWaterMark(NpgsqlDataSource dataSource, long start)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        _dataSource = dataSource;
        Current = LastDrawn = start;
    }

    /// <summary>The mark as of the last poll.</summary>
    public long Current { get; private set; }

    /// <summary>The last position drawn, as of the last poll; the lag in positions is this less <see cref="Current"/>.</summary>
    public long LastDrawn { get; private set; }

    /// <summary>When the last poll read <see cref="LastDrawn"/>, by the server's clock.</summary>
    public Instant PolledAt { get; private set; } = Instant.MinValue;

    /// <summary>Moves the mark as far as it will go, over at most 50,000 events. A lost connection is opened anew once; what was known of living
    /// transactions is forgotten with it, and holes then wait for all that live at that moment.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The mark; never lower than the one before.</returns>
    /// <exception cref="InvalidOperationException">The server is a standby, or fewer positions were drawn than the mark says (an older backup, another
    /// database).</exception>
    /// <exception cref="NpgsqlException">The database failed, and again after reconnecting. The next poll tries anew.</exception>
    public async Task<long> PollAsync(CancellationToken ct = default)
    {
        try
        {
            return await AdvanceAsync(ct);
        }
        catch (NpgsqlException) when (!ct.IsCancellationRequested)
        {
            // What ended this connection has mostly ended the idle ones too, and the pool would hand those out next.
            _dataSource.Clear();
            return await AdvanceAsync(ct);
        }
    }

    /// <summary>Polls again while each poll passes as many events as one can, so that a log that is far ahead is seen to its end.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>The mark.</returns>
    public async Task<long> PollToEndAsync(CancellationToken ct = default)
    {
        long before;
        do
        {
            before = Current;
        }
        while (await PollAsync(ct) - before >= ChunkSize);
        return Current;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        (_connection, _holders, _drawnBefore) = (null, new(), null);
    }

    private async Task<long> AdvanceAsync(CancellationToken ct)
    {
        try
        {
            _connection ??= await ConnectAsync(ct);
            LastDrawn = await DrawnAsync(_connection, ct);
            if (LastDrawn != Current)
                Current = await AdvanceAsync(_connection, LastDrawn, ct);
            return Current;
        }
        catch
        {
            // After half a poll it is not certain who was seen holding when, so all of it is forgotten.
            await DisposeAsync();
            throw;
        }
    }

    private async Task<long> AdvanceAsync(NpgsqlConnection open, long drawn, CancellationToken ct)
    {
        var floor = await _holders.LowestFloorAsync(open, _drawnBefore, Current, ct);
        _drawnBefore = drawn;
        var scan = await LogScan.ReadAsync(open, Current, drawn, ChunkSize, ct);
        var (mark, holes) = scan.Advance(Current, floor);
        return holes.Count == 0 ? mark : await PassAsync(open, holes, mark, ct);
    }

    // From the commit of the record on, the trigger refuses inserts into the hole; what was inserted before still holds the lock and is seen now.
    // Whoever is new since the poll's reading drew above what was drawn at its start, save for a transaction prepared in between, whose past is not known.
    private async Task<long> PassAsync(NpgsqlConnection open, List<PositionRange> holes, long mark, CancellationToken ct)
    {
        _unconfirmed = holes;
        await ExecuteAsync(
            open, Record, ct, holes.ConvertAll(hole => hole.First).ToArray(), holes.ConvertAll(hole => hole.Last).ToArray());
        var floor = await _holders.LowestFloorAsync(open, _drawnBefore, Current, ct);
        var alive = holes.FindIndex(hole => hole.Last > floor);
        if (alive >= 0)
        {
            mark = holes[alive].First - 1;
            await ForgetAsync(open, holes[alive..], ct);
        }
        _unconfirmed = [];
        return mark;
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        var open = await _dataSource.OpenConnectionAsync(ct);
        try
        {
            if (await ScalarAsync(open, "SELECT pg_is_in_recovery()", ct) is true)
                throw new InvalidOperationException("The server is a standby. It does not know the locks of its primary's writers; follow the primary.");
            // The poll that recorded these broke off before it had looked again.
            if (_unconfirmed.Count > 0)
                await ForgetAsync(open, _unconfirmed, ct);
            _unconfirmed = [];
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    private async Task<long> DrawnAsync(NpgsqlConnection open, CancellationToken ct)
    {
        const string LastValue = $"SELECT clock_timestamp(), {Schema.LastDrawn}";
        await using var command = new NpgsqlCommand(LastValue, open);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var drawn = reader.GetInt64(1);
        if (drawn < Current)
            throw new InvalidOperationException(
                $"The log ends at position {drawn}, before the mark {Current}: this is not the database the mark was taken from, or an older state of it.");
        PolledAt = Instant.FromDateTimeUtc(reader.GetDateTime(0));
        return drawn;
    }

    private static Task ForgetAsync(NpgsqlConnection open, List<PositionRange> holes, CancellationToken ct) => ExecuteAsync(
        open, "DELETE FROM public.mt_high_water_skips WHERE ending_sequence = ANY ($1)", ct, holes.ConvertAll(hole => hole.Last).ToArray());

    private static async Task<object?> ScalarAsync(NpgsqlConnection open, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection open, string sql, CancellationToken ct, params long[][] parameters)
    {
        await using var command = new NpgsqlCommand(sql, open);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(ct);
    }
}
