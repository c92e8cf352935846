using Npgsql;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>When a blow falls.</summary>
internal enum When
{
    /// <summary>Whatever is going on.</summary>
    Anytime,

    /// <summary>A host has drawn positions and has not committed.</summary>
    InAppend,

    /// <summary>A host has written a page's rows and is about to move the checkpoint.</summary>
    InPage,

    /// <summary>A clock is falling due.</summary>
    AtDue,
}

/// <summary>
/// A moment that is held while a blow falls. To be inside a transaction for certain, a lock is taken that lets it begin and not
/// end; it is let go after the blow.
/// </summary>
internal sealed class ChaosMoment : IAsyncDisposable
{
    // An append draws from the sequence and then inserts; a page locks the checkpoint's row and in the end updates it. The SHARE
    // lock on the table lets the first through and not the second.
    private const string Append = "mt_events";
    private const string Page = "mt_event_progression";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly NpgsqlConnection? _holding;

    private ChaosMoment(NpgsqlConnection? holding, string? host) => (_holding, Host) = (holding, host);

    /// <summary>The host that is inside the transaction; null: any.</summary>
    public string? Host { get; }

    /// <summary>Whether the moment that was wanted has come.</summary>
    public bool Hit { get; private init; } = true;

    /// <summary>Waits for it; when it does not come, as with both hosts away, the blow falls without.</summary>
    public static Task<ChaosMoment> ComesAsync(When when, ChaosGround ground) => when switch
    {
        When.Anytime => Task.FromResult(new ChaosMoment(null, null)),
        When.AtDue => DueAsync(ground),
        When.InAppend => InsideAsync(ground, Append, "AND EXISTS (SELECT 1 FROM pg_locks d WHERE d.pid = l.pid AND d.relation = 'mt_events_sequence'::regclass AND d.mode = 'RowExclusiveLock' AND d.granted)"),
        When.InPage => InsideAsync(ground, Page, "AND EXISTS (SELECT 1 FROM pg_locks d WHERE d.pid = l.pid AND d.relation = 'mt_event_progression'::regclass AND d.mode = 'RowShareLock' AND d.granted)"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public async ValueTask DisposeAsync()
    {
        // Closing the connection ends its transaction, if the server has not.
        if (_holding is not null)
            await _holding.DisposeAsync();
    }

    private static async Task<ChaosMoment> InsideAsync(ChaosGround ground, string table, string deep)
    {
        var holding = await ground.OpenAsync();
        try
        {
            await using (var hold = new NpgsqlCommand($"BEGIN; SET LOCAL lock_timeout = '{Patience.TotalSeconds:f0}s'; LOCK TABLE {table} IN SHARE MODE", holding))
                await hold.ExecuteNonQueryAsync();
            await using var find = new NpgsqlCommand($"""
                SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                WHERE l.relation = '{table}'::regclass AND NOT l.granted AND a.application_name LIKE '{ChaosGround.HostPrefix}%' {deep} LIMIT 1
                """, holding);
            var until = DateTime.UtcNow + Patience;
            while (DateTime.UtcNow < until)
            {
                if (await find.ExecuteScalarAsync() is string host)
                    return new ChaosMoment(holding, host);
            }
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A stopped host sits in such a transaction and will not leave it.
        }
        catch
        {
            await holding.DisposeAsync();
            throw;
        }

        await holding.DisposeAsync();
        return new ChaosMoment(null, null) { Hit = false };
    }

    private static async Task<ChaosMoment> DueAsync(ChaosGround ground)
    {
        await using var connection = await ground.OpenAsync();
        await using var wait = new NpgsqlCommand("""
            WITH next AS (SELECT min(due_at) AS due FROM sla.commitment_clock WHERE state = 'open' AND due_at > clock_timestamp() + interval '20 milliseconds')
            SELECT pg_sleep(extract(epoch FROM due - clock_timestamp()) + random() / 10) IS NOT NULL FROM next WHERE due < clock_timestamp() + interval '3 seconds'
            """, connection);
        return new ChaosMoment(null, null) { Hit = await wait.ExecuteScalarAsync() is not null };
    }
}
