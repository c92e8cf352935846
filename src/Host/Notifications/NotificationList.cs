using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Notifications;

/// <summary>A notification as lists show it. Neither where it goes nor what a receiver wrote is part of it.</summary>
internal sealed record NotificationRow(
    Guid Id, string Target, string Notice, string Stream, string Commitment, string? Item, string? Window, string State, int Attempts,
    Instant CreatedAt, Instant? NextAttemptAt, Instant? LastAttemptAt, string? LastError, Instant? DeliveredAt, string? DecidedBy, Instant? DecidedAt)
{
    public JsonObject ToJson(DateTimeZone zone)
    {
        return new JsonObject
        {
            ["id"] = Id.ToString("d"),
            ["target"] = Target,
            ["notice"] = Notice,
            ["case"] = StreamKinds.Shown(Stream),
            ["commitment"] = Commitment,
            ["service"] = Item,
            ["window"] = Window,
            ["state"] = State,
            ["attempts"] = Attempts,
            ["createdAt"] = At(CreatedAt),
            ["nextAttemptAt"] = At(NextAttemptAt),
            ["lastAttemptAt"] = At(LastAttemptAt),
            ["lastError"] = LastError,
            ["deliveredAt"] = At(DeliveredAt),
            ["decidedBy"] = DecidedBy,
            ["decidedAt"] = At(DecidedAt),
        };

        string? At(Instant? at) => at is { } instant ? Timestamps.Format(instant, zone) : null;
    }
}

/// <summary>The outbox of a centre, the newest first.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="State">Only in this state; null: any.</param>
/// <param name="Target">Only to this target; null: any.</param>
internal sealed record NotificationList(string Centre, string? State = null, string? Target = null)
{
    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> States = ["pending", "delivered", "dead", "dismissed"];

    private const string Columns = "id, target, notice, stream_id, commitment, item, window_id, state, attempts, created_at, next_attempt_at, last_attempt_at, last_error, delivered_at, decided_by, decided_at";

    /// <summary>A page of it.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="after">The last of the page before; null: the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<NotificationRow>> ReadAsync(NpgsqlDataSource dataSource, (Instant At, Guid Id)? after, int limit, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand();
        var where = new RowFilter(select, Centre).Only("state", State).Only("target", Target);
        if (after is { } last)
            where.Before("created_at", last.At, "id", last.Id);
        select.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {Columns} FROM sla.notification WHERE {where} ORDER BY created_at DESC, id DESC LIMIT {limit}");
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<NotificationRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new NotificationRow(
                reader.GetGuid(0), reader.GetString(1), NoticeWords.WordOf(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.Text(5), reader.Text(6), reader.GetString(7), reader.GetInt32(8),
                reader.At(9)!.Value, reader.At(10), reader.At(11), reader.Text(12), reader.At(13), reader.Text(14), reader.At(15)));
        }

        return rows;
    }

    /// <summary>True when a centre's outbox holds anything to a target.</summary>
    public static async Task<bool> KnowsAsync(NpgsqlDataSource dataSource, string centre, string target, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM sla.notification WHERE tenant_id = $1 AND target = $2)");
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = target });
        return await select.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>How many wait and how many are dead, by target. What was delivered is not counted: it is all there is of ninety days.</summary>
    public static async Task<IReadOnlyList<(string Target, string State, long Count)>> CountAsync(NpgsqlDataSource dataSource, string centre, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT target, state, count(*) FROM sla.notification WHERE tenant_id = $1 AND state IN ('pending', 'dead') GROUP BY 1, 2 ORDER BY 1, 2");
        select.Parameters.Add(new() { Value = centre });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var counts = new List<(string, string, long)>();
        while (await reader.ReadAsync(ct))
            counts.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return counts;
    }
}
