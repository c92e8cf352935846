using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Host.Notifications;

/// <summary>A notification that this host has taken on to send.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Id">What its receiver knows it by.</param>
/// <param name="EventId">The notice in the log.</param>
/// <param name="Item">What the clock's stream was about; null: nothing, or it is gone.</param>
/// <param name="Window">Where; null: nowhere, or it is gone.</param>
/// <param name="Attempts">This attempt included, since it was last ordered.</param>
/// <param name="Tried">For how long, by the database's clock.</param>
/// <param name="Lease">Ours, while it holds.</param>
internal sealed record Claimed(string Centre, Guid Id, Guid EventId, string? Item, string? Window, int Attempts, TimeSpan Tried, Guid Lease);

/// <summary>
/// The rows of <c>sla.notification</c> on their way out. What is claimed is leased: a killed host's comes due again for another. All times are the database's.
/// Nothing here waits for the disk: a server that crashes and forgets the last of it has a message sent again, which may happen anyhow.
/// </summary>
internal sealed class Outbox(NpgsqlDataSource dataSource)
{
    private const int DaysKept = 90;

    // Until the statement's own transaction ends.
    private const string NotWaiting = "(SELECT set_config('synchronous_commit', 'off', true)) AS unwaiting";

    // A claim moves the next attempt to the lease's end. What was told of a clock before is sent before, so a row waits for those.
    private const string Claim = $"""
        WITH due AS (
            SELECT n.tenant_id, n.id FROM sla.notification n
            WHERE n.target = $1 AND n.state = 'pending' AND n.next_attempt_at <= clock_timestamp() AND NOT EXISTS (
                SELECT 1 FROM sla.notification b WHERE b.target = n.target AND b.tenant_id = n.tenant_id AND b.clock = n.clock AND b.position < n.position AND b.state = 'pending')
            ORDER BY n.next_attempt_at, n.position LIMIT $2 FOR UPDATE SKIP LOCKED)
        UPDATE sla.notification n SET lease = $3, next_attempt_at = clock_timestamp() + $4, last_attempt_at = clock_timestamp(), attempts = n.attempts + 1, round_attempts = n.round_attempts + 1
        FROM due, {NotWaiting} WHERE (n.tenant_id, n.id) = (due.tenant_id, due.id)
        RETURNING n.tenant_id, n.id, n.event_id, n.item, n.window_id, n.round_attempts, clock_timestamp() - n.tried_since
        """;

    // It has arrived, whoever holds the row by now.
    private const string Deliver = $"""
        UPDATE sla.notification SET state = 'delivered', delivered_at = clock_timestamp(), next_attempt_at = NULL, lease = NULL, last_error = $3 FROM {NotWaiting} WHERE tenant_id = $1 AND id = $2 AND state = 'pending'
        """;

    private const string Postpone = $"""
        UPDATE sla.notification SET next_attempt_at = clock_timestamp() + $4, lease = NULL, last_error = $5 FROM {NotWaiting} WHERE tenant_id = $1 AND id = $2 AND lease = $3 AND state = 'pending'
        """;

    private const string Bury = $"""
        UPDATE sla.notification SET state = 'dead', next_attempt_at = NULL, lease = NULL, last_error = $4 FROM {NotWaiting} WHERE tenant_id = $1 AND id = $2 AND lease = $3 AND state = 'pending'
        """;

    // Interrupted by us, which is not the receiver's fault.
    private const string Release = $"""
        UPDATE sla.notification SET next_attempt_at = clock_timestamp(), lease = NULL FROM {NotWaiting} WHERE tenant_id = $1 AND id = $2 AND lease = $3 AND state = 'pending'
        """;

    private const string Hasten = """
        UPDATE sla.notification SET next_attempt_at = clock_timestamp() WHERE target = $1 AND state = 'pending' AND lease IS NULL AND next_attempt_at > clock_timestamp()
        """;

    // Of a target that is in nobody's file any more: another host that has it may be more patient, but it does try or wait for its next attempt.
    private const string Abandon = """
        UPDATE sla.notification n SET state = 'dead', next_attempt_at = NULL, lease = NULL, last_error = coalesce(n.last_error, 'target is not configured')
        WHERE n.state = 'pending' AND NOT n.target = ANY ($1) AND n.tried_since < clock_timestamp() - $2 AND NOT EXISTS (
            SELECT 1 FROM sla.notification o WHERE o.target = n.target AND o.state = 'pending' AND o.last_attempt_at IS NOT NULL AND o.next_attempt_at > clock_timestamp() - $2)
        """;

    private const string Forget = """
        DELETE FROM sla.notification WHERE (tenant_id, id) IN (
            SELECT tenant_id, id FROM sla.notification WHERE state <> 'pending' AND created_at < clock_timestamp() - $1 ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>Takes on what is due for a target.</summary>
    /// <param name="target">Its id.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<Claimed>> ClaimAsync(string target, int most, TimeSpan lease, CancellationToken ct)
    {
        var holder = Guid.NewGuid();
        await using var claim = Command(Claim, target, most, holder, lease);
        await using var reader = await claim.ExecuteReaderAsync(ct);
        var claimed = new List<Claimed>();
        while (await reader.ReadAsync(ct))
            claimed.Add(new Claimed(reader.GetString(0), reader.GetGuid(1), reader.GetGuid(2), reader.Text(3), reader.Text(4), reader.GetInt32(5), reader.GetTimeSpan(6), holder));
        return claimed;
    }

    /// <summary>It arrived, and what is said beside it; null: nothing.</summary>
    public Task DeliveredAsync(Claimed sent, string? note, CancellationToken ct) => ExecuteAsync(Deliver, ct, sent.Centre, sent.Id, note ?? (object)DBNull.Value);

    /// <summary>It did not, and is tried again after a while; null: never.</summary>
    public Task RefusedAsync(Claimed sent, TimeSpan? wait, string reason, CancellationToken ct) => wait is { } time
        ? ExecuteAsync(Postpone, ct, sent.Centre, sent.Id, sent.Lease, time, reason)
        : ExecuteAsync(Bury, ct, sent.Centre, sent.Id, sent.Lease, reason);

    /// <summary>It was not tried to the end.</summary>
    public Task ReleaseAsync(Claimed sent, CancellationToken ct) => ExecuteAsync(Release, ct, sent.Centre, sent.Id, sent.Lease);

    /// <summary>The target answers again: what waits for its next attempt need not wait any longer.</summary>
    public Task HastenAsync(string target, CancellationToken ct) => ExecuteAsync(Hasten, ct, target);

    /// <summary>Gives up what belongs to no target that is known here and was tried long enough, and forgets what ended long ago, page by page.</summary>
    public async Task TidyAsync(IReadOnlyList<string> targets, TimeSpan giveUp, CancellationToken ct)
    {
        await ExecuteAsync(Abandon, ct, targets.ToArray(), giveUp);
        while (await ExecuteAsync(Forget, ct, TimeSpan.FromDays(DaysKept)) > 0)
        {
        }
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is TimeSpan time ? new NpgsqlParameter { Value = time, NpgsqlDbType = NpgsqlDbType.Interval } : new NpgsqlParameter { Value = value });
        return command;
    }
}
