using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Notifications;

/// <summary>
/// Puts new notices into the outbox. Each target has a checkpoint of its own, which moves in the transaction that adds its rows: each notice is there once a target,
/// whoever is killed when. Of several hosts one fills a target at a time.
/// </summary>
internal sealed class OutboxFilling(NpgsqlDataSource dataSource)
{
    // What has been projected is settled, and the clock a notice tells of is in the read models by then.
    private const string Reached = """
        SELECT p.last_seq_id FROM sla.generation g JOIN public.mt_event_progression p ON p.name = 'sla:read-models:' || g.number WHERE g.state = 'active'
        """;

    // Whoever was away for long is not woken with history.
    private const string Notices = """
        SELECT seq_id, id, tenant_id, stream_id, type, data FROM public.mt_events
        WHERE seq_id > $1 AND seq_id <= $2 AND type = ANY ($3) AND timestamp > clock_timestamp() - interval '24 hours' ORDER BY seq_id
        """;

    private const string Insert = """
        INSERT INTO sla.notification (tenant_id, id, target, event_id, position, notice, clock, stream_id, commitment, item, window_id)
        SELECT n.tenant_id, n.id, $1, n.event_id, n.position, n.notice, n.clock, n.stream_id, n.commitment, c.item, c.window_id
        FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS n (tenant_id, id, event_id, position, notice, clock, stream_id, commitment, key, ordinal)
        LEFT JOIN sla.commitment_clock c ON (c.tenant_id, c.stream_id, c.commitment, c.key, c.ordinal) = (n.tenant_id, n.stream_id, n.commitment, n.key, n.ordinal)
        ON CONFLICT DO NOTHING
        """;

    private const string Move = "UPDATE public.mt_event_progression SET last_seq_id = $3, last_updated = transaction_timestamp() WHERE name = $1 AND last_seq_id = $2";

    // Positions, of which few are notices: some ten milliseconds to look through.
    private const long PageSize = 50_000;

    // Ours, drawn once: receivers know notifications by what is made of it.
    private static readonly Guid Namespace = new("5f0d7c1e-7f0b-4a0c-9f35-2b8b6f1f6a57");

    private readonly HashSet<string> _known = [];

    /// <summary>The id under which a target is told of a notice, always the same.</summary>
    public static Guid IdOf(Guid notice, string target) => EventStore.EventId.Version5(Namespace, $"{notice:d}/{target}");

    /// <summary>Fills one page.</summary>
    /// <returns>How many there were for the target, and whether there is more.</returns>
    public async Task<(int Filled, bool More)> RunAsync(NotificationTarget target, CancellationToken ct)
    {
        var checkpoint = $"sla:notifications:{target.Id}";
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        if (_known.Add(checkpoint))
            await BeginAsync(connection, checkpoint, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ScalarAsync(connection, "SELECT last_seq_id FROM public.mt_event_progression WHERE name = $1 FOR UPDATE SKIP LOCKED", ct, checkpoint) is not long before
            || await ScalarAsync(connection, Reached, ct) is not long reached || reached <= before)
            return (0, false);
        var until = Math.Min(reached, before + PageSize);
        var news = await NewsAsync(connection, target, before, until, ct);
        if (news.Count > 0)
            await InsertAsync(connection, target, news, ct);
        await using (var move = Command(connection, Move, checkpoint, before, until))
        {
            if (await move.ExecuteNonQueryAsync(ct) != 1)
                throw new InvalidOperationException($"the checkpoint {checkpoint} was moved by somebody else while it was held");
        }

        await transaction.CommitAsync(ct);
        return (news.Count, until < reached);
    }

    /// <summary>A target that is new is told of what comes from now on.</summary>
    private static async Task BeginAsync(NpgsqlConnection connection, string checkpoint, CancellationToken ct)
    {
        await using var begin = Command(connection, $"INSERT INTO public.mt_event_progression (name, last_seq_id) SELECT $1, r.last_seq_id FROM ({Reached}) r ON CONFLICT (name) DO NOTHING", checkpoint);
        await begin.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<News>> NewsAsync(NpgsqlConnection connection, NotificationTarget target, long after, long until, CancellationToken ct)
    {
        await using var select = Command(connection, Notices, after, until, NoticeJson.All.ToArray());
        await using var reader = await select.ExecuteReaderAsync(ct);
        var news = new List<News>();
        while (await reader.ReadAsync(ct))
        {
            var (position, id, centre, stream, type) = (reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
            if (Read(type, id, reader.GetFieldValue<byte[]>(5)) is { } notice && target.Takes(centre, notice.Clock.Commitment, notice.Kind))
                news.Add(new News(position, id, centre, stream, type, notice.Clock));
        }

        return news;
    }

    /// <summary>A notice that cannot be read is none of ours, whatever its type is; the others go on.</summary>
    private static ClockNotice? Read(string type, Guid id, byte[] stored)
    {
        try
        {
            return NoticeJson.Read(type, id, stored);
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    private static async Task InsertAsync(NpgsqlConnection connection, NotificationTarget target, List<News> news, CancellationToken ct)
    {
        await using var insert = Command(
            connection, Insert, target.Id, Of(n => n.Centre), Of(n => IdOf(n.Id, target.Id)), Of(n => n.Id), Of(n => n.Position), Of(n => n.Type),
            Of(n => n.Stream), Of(n => n.Clock.Stream), Of(n => n.Clock.Commitment), Of(n => n.Clock.Key), Of(n => n.Clock.Ordinal));
        await insert.ExecuteNonQueryAsync(ct);

        T[] Of<T>(Func<News, T> field) => [.. news.Select(field)];
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    private sealed record News(long Position, Guid Id, string Centre, string Stream, string Type, ClockId Clock);
}
