using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.EventStore;

/// <summary>What an append would do with an event.</summary>
/// <param name="IsKnown">It is recorded already, or stands earlier among the events, with the same content.</param>
/// <param name="Refusal">Why it would be refused; null: it would not.</param>
public readonly record struct ForeseenAppend(bool IsKnown, AppendRefusedException? Refusal);

public sealed partial class EventLog
{
    // Contents are compared in the database: bringing both here to be parsed cost three times as much.
    private const string FindRecorded = """
        SELECT (k.n - 1)::int, e.tenant_id = $1 AND e.stream_id = k.stream_id AND e.type = k.type AND e.data = k.data
        FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS k (id, stream_id, type, data, n) JOIN public.mt_events e ON e.id = k.id
        """;

    private const string FindArchived = """
        SELECT s.id FROM unnest($2) AS k (id) JOIN public.mt_streams s ON s.tenant_id = $1 AND s.id = k.id WHERE s.is_archived
        """;

    /// <summary>Says of each event what an append would do with it, without locks and without writing anything: to be asked before an append that must not
    /// be refused half-way, or that is likely to be a repetition. What others append meanwhile can still change it.</summary>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">At most <see cref="MaxEventsPerTransaction"/>.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>As many, in order.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public async Task<IReadOnlyList<ForeseenAppend>> ForeseeAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(centre);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, MaxEventsPerTransaction);
        if (events.Count == 0)
            return [];
        var (recorded, archived) = await LookAsync(centre, events, ct);
        var first = new Dictionary<Guid, EventToAppend>(events.Count);
        var foreseen = new ForeseenAppend[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            var isFirst = recorded[i] is null && first.TryAdd(e.Id, e);
            foreseen[i] = !isFirst && !(recorded[i] ?? e.SameContent(first[e.Id])) ? new(false, new EventIdReusedException(e.Id, e.StreamId))
                : isFirst && archived.Contains(e.StreamId) ? new(false, new StreamArchivedException(e.StreamId))
                : new(!isFirst, null);
        }

        return foreseen;
    }

    /// <summary>Of each event whether it is recorded, with this content or another (false); and the archived ones of their streams.</summary>
    private async Task<(bool?[] Recorded, HashSet<string> Archived)> LookAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        // Sent together they are one transaction, with which the pins end.
        await using var look = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(AppendTransaction.PinPlans),
                new(FindRecorded)
                {
                    Parameters =
                    {
                        AppendTransaction.Text(centre), new() { Value = events.Select(e => e.Id).ToArray() }, AppendTransaction.Texts<string>([.. events.Select(e => e.StreamId)]), AppendTransaction.Texts<string>([.. events.Select(e => e.Type)]),
                        new() { Value = events.Select(e => e.Data).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                    },
                },
                new(FindArchived) { Parameters = { AppendTransaction.Text(centre), AppendTransaction.Texts<string>([.. events.Select(e => e.StreamId).Distinct()]) } },
            },
        };
        await using var reader = await look.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var recorded = new bool?[events.Count];
        while (await reader.ReadAsync(ct))
            recorded[reader.GetInt32(0)] = reader.GetBoolean(1);
        await reader.NextResultAsync(ct);
        var archived = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            archived.Add(reader.GetString(0));
        return (recorded, archived);
    }
}
