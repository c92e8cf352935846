using System.Security.Cryptography;
using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Vault;

/// <summary>
/// Seals what events tell of people, on their way into the log: nothing behind it ever sees that in clear. An event that is sent again is sealed to the same bytes,
/// so that the log recognises it.
/// </summary>
internal sealed class EventSealing(NpgsqlDataSource dataSource, KeyTable keys)
{
    // What was stored before an erasure keeps its seal, which nobody can open any more.
    private const string FindStored = "SELECT id, data->'data'->>'sealed' FROM public.mt_events WHERE id = ANY ($1)";

    /// <summary>The same events, with what is personal of them sealed. In a stream that was erased nothing personal is kept any more.</summary>
    /// <exception cref="VaultException">A key that is needed is not here, or was changed. None is needed where nothing is personal.</exception>
    public Task<IReadOnlyList<EventToAppend>> SealAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct) =>
        SealAsync(centre, events, make: true, ct);

    /// <summary>The same events as they stand in the log where they do, to be compared with it. No key is made: nothing personal is stored of a stream that has none, and its events stay as they are.</summary>
    /// <exception cref="VaultException">A key that is needed is not here, or was changed.</exception>
    public Task<IReadOnlyList<EventToAppend>> SealAsStoredAsync(string centre, IReadOnlyList<EventToAppend> events, CancellationToken ct) =>
        SealAsync(centre, events, make: false, ct);

    private async Task<IReadOnlyList<EventToAppend>> SealAsync(string centre, IReadOnlyList<EventToAppend> events, bool make, CancellationToken ct)
    {
        var personal = new Dictionary<int, byte[]>();
        try
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (PersonalFields.Of(events[i]) is { } fields)
                    personal.Add(i, fields);
            }

            return personal.Count == 0 ? events : await SealAsync(centre, events, personal, make, ct);
        }
        finally
        {
            foreach (var fields in personal.Values)
                CryptographicOperations.ZeroMemory(fields);
        }
    }

    private async Task<IReadOnlyList<EventToAppend>> SealAsync(string centre, IReadOnlyList<EventToAppend> events, Dictionary<int, byte[]> personal, bool make, CancellationToken ct)
    {
        string[] streams = [.. personal.Keys.Select(i => events[i].StreamId).Distinct()];
        using var ciphers = make ? await keys.MakeAsync(centre, streams, ct) : await keys.FindAsync(centre, streams, ct);
        var stored = await StoredAsync([.. personal.Keys.Select(i => events[i]).Where(e => ciphers.Of(e.StreamId) is null).Select(e => e.Id)], ct);
        return [.. events.Select((e, i) => !personal.TryGetValue(i, out var fields) || (!make && !ciphers.Knows(e.StreamId)) ? e
            : PersonalFields.Replaced(e, ciphers.Of(e.StreamId) is { } cipher ? cipher.Seal(e.Id, e.Type, fields) : stored.GetValueOrDefault(e.Id)))];
    }

    private async Task<Dictionary<Guid, string>> StoredAsync(Guid[] ids, CancellationToken ct)
    {
        var stored = new Dictionary<Guid, string>();
        if (ids.Length == 0)
            return stored;
        await using var command = dataSource.CreateCommand(FindStored);
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (!reader.IsDBNull(1))
                stored.Add(reader.GetGuid(0), reader.GetString(1));
        }

        return stored;
    }
}
