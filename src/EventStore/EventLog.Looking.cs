using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.EventStore;

public sealed partial class EventLog
{
    // Any other plan than the two indexes would grow with the log.
    private const string PinLookingPlans = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """;

    private const string FindArchived = "SELECT id FROM public.mt_streams WHERE tenant_id = $1 AND id = ANY ($2) AND is_archived";

    /// <summary>Looks, without storing anything, which events of a batch an append would be refused for, and why: all of them, where an append tells of
    /// the first. What others append meanwhile may still refuse more.</summary>
    /// <param name="centre">The centre whose log it is.</param>
    /// <param name="events">The events.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The place in <paramref name="events"/> of each that would be refused, in order, and the refusal.</returns>
    /// <exception cref="NpgsqlException">The database failed.</exception>
    public async Task<IReadOnlyList<(int Place, AppendRefusedException Refusal)>> FindRefusedAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(centre);
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
            return [];
        var (known, archived) = await LookAsync(centre, events, ct);
        var first = new Dictionary<Guid, EventToAppend>(events.Count);
        var refused = new List<(int, AppendRefusedException)>();
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (known.TryGetValue(e.Id, out var recorded) ? recorded.Centre != centre || !e.SameContent(recorded.StreamId, recorded.Type, recorded.Data)
                : !first.TryAdd(e.Id, e) && !e.SameContent(first[e.Id]))
                refused.Add((i, new EventIdReusedException(e.Id, e.StreamId)));
            else if (!known.ContainsKey(e.Id) && archived.Contains(e.StreamId))
                refused.Add((i, new StreamArchivedException(e.StreamId)));
        }

        return refused;
    }

    private async Task<(Dictionary<Guid, KnownEvent> Known, HashSet<string> Archived)> LookAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var look = new NpgsqlBatch(connection)
        {
            // One implicit transaction: the pins end with it.
            BatchCommands =
            {
                new(PinLookingPlans),
                new(AppendTransaction.FindKnown) { Parameters = { new() { Value = events.Select(e => e.Id).Distinct().ToArray() } } },
                new(FindArchived)
                {
                    Parameters =
                    {
                        new() { Value = centre, NpgsqlDbType = NpgsqlDbType.Varchar },
                        new() { Value = events.Select(e => e.StreamId).Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                    },
                },
            },
        };
        await using var reader = await look.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        var known = await AppendTransaction.ReadKnownAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var archived = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            archived.Add(reader.GetString(0));
        return (known, archived);
    }
}
