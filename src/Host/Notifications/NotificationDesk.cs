using Npgsql;

namespace SlaMonitor.Host.Notifications;

/// <summary>What somebody may decide about what was sent or given up.</summary>
internal enum OutboxDecision
{
    /// <summary>It is sent again, from the first attempt on.</summary>
    Replay,

    /// <summary>It waits or is dead, and is sent no more; nobody is alerted of it any more.</summary>
    Dismiss,
}

/// <summary>Decides about notifications. Who did stands in the row: it changes what is sent, and nothing that is counted, so the log is not told.</summary>
internal sealed class NotificationDesk(NpgsqlDataSource dataSource)
{
    private const string Replaying = """
        state = 'pending', next_attempt_at = clock_timestamp(), tried_since = clock_timestamp(), round_attempts = 0, delivered_at = NULL, lease = NULL
        """;

    private const string Dismissing = "state = 'dismissed', next_attempt_at = NULL, lease = NULL";

    /// <summary>Decides about one.</summary>
    /// <returns>The state it was in before; null: there is none of that id. One that may not be decided about stays as it is.</returns>
    public async Task<(string? Before, bool Done)> DecideAsync(OutboxDecision decision, string centre, Guid id, string by, CancellationToken ct)
    {
        await using var decide = dataSource.CreateCommand($"""
            WITH before AS (SELECT tenant_id, id, state FROM sla.notification WHERE tenant_id = $1 AND id = $2 FOR UPDATE),
            decided AS (
                UPDATE sla.notification n SET {Change(decision)}, decided_by = $3, decided_at = clock_timestamp() FROM before b
                WHERE (n.tenant_id, n.id) = (b.tenant_id, b.id) AND b.state = ANY ($4) RETURNING n.id)
            SELECT b.state, EXISTS (SELECT 1 FROM decided) FROM before b
            """);
        string[] states = decision == OutboxDecision.Replay ? ["dead", "delivered", "dismissed"] : ["dead", "pending"];
        foreach (var value in (object[])[centre, id, by, states])
            decide.Parameters.Add(new() { Value = value });
        await using var reader = await decide.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetString(0), reader.GetBoolean(1)) : (null, false);
    }

    /// <summary>Decides about all that is dead of a target; what waits for it is dismissed, too.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> DecideAllAsync(OutboxDecision decision, string centre, string target, string by, CancellationToken ct)
    {
        await using var decide = dataSource.CreateCommand($"UPDATE sla.notification SET {Change(decision)}, decided_by = $3, decided_at = clock_timestamp() WHERE tenant_id = $1 AND target = $2 AND state = ANY ($4)");
        string[] states = decision == OutboxDecision.Replay ? ["dead"] : ["dead", "pending"];
        foreach (var value in (object[])[centre, target, by, states])
            decide.Parameters.Add(new() { Value = value });
        return await decide.ExecuteNonQueryAsync(ct);
    }

    private static string Change(OutboxDecision decision) => decision == OutboxDecision.Replay ? Replaying : Dismissing;
}
