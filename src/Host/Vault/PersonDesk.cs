using System.Data;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Vault;

/// <summary>Who does something about the vault.</summary>
/// <param name="Name">The token's name, or as it was said.</param>
/// <param name="Token">The token's id; null: none.</param>
internal sealed record VaultActor(string Name, string? Token);

/// <summary>What one event tells of people.</summary>
internal sealed record PersonalEvent(string Type, Instant At, string Source, Guid Id, JsonObject Fields);

/// <summary>A reading, or an erasure: what its record in the log says.</summary>
internal sealed record VaultRecord(string Type, Instant At, string By, string? Token, string Why);

/// <summary>
/// Reads and erases what the events of a stream tell of people. Each time it is read, that is first written into the log, in a stream beside: <c>vault/</c> and the stream's name.
/// </summary>
internal sealed class PersonDesk(NpgsqlDataSource dataSource, EventLog log, KeyTable keys, IClock clock)
{
    /// <summary>The record of a reading.</summary>
    public const string Read = "vault_read";

    /// <summary>The record of an erasure.</summary>
    public const string Erased = "vault_erased";

    private const string Source = "sla/vault";
    private const int Tries = 8;

    private const string Destroy = """
        INSERT INTO vault.key (tenant_id, stream_id, erased_at, erased_by) VALUES ($1, $2, now(), $3)
        ON CONFLICT (tenant_id, stream_id) DO UPDATE SET kek = NULL, wrapped = NULL, erased_at = excluded.erased_at, erased_by = excluded.erased_by WHERE vault.key.erased_at IS NULL
        """;

    /// <summary>What the events of a stream tell of people, once it is recorded who reads it; null: there is no such stream.</summary>
    /// <exception cref="VaultException">A key is not here, or something was changed in the database.</exception>
    public async Task<(IReadOnlyList<PersonalEvent>? Events, Erasure? Erasure)> ReadAsync(string centre, string stream, VaultActor reader, string purpose, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, stream, null, ct);
        if (events.Count == 0)
            return (null, null);
        // A key that a backup brought back opens nothing either: the log says that it was erased.
        using (var found = await keys.FindAsync(centre, [stream], ct))
        {
            if ((found.ErasureOf(stream) ?? ErasureIn(await RecordsAsync(centre, stream, ct))) is { } erasure)
                return ([], erasure);
        }

        await log.AppendAsync(centre, [Record(centre, stream, Read, reader, "purpose", purpose)], ct: ct);
        // Looked up once more: it may have been erased while that was recorded.
        using var ciphers = await keys.FindAsync(centre, [stream], ct);
        return ciphers.ErasureOf(stream) is { } meanwhile ? ([], meanwhile) : ([.. events.Select(e => Open(e, ciphers.Of(stream))).OfType<PersonalEvent>()], null);
    }

    /// <summary>Who read what a stream tells of people, when and what for, and its erasure, in the order in which it was; null: there is no such stream.</summary>
    public async Task<IReadOnlyList<VaultRecord>?> RecordsOfAsync(string centre, string stream, CancellationToken ct)
    {
        var records = await RecordsAsync(centre, stream, ct);
        return records.Count > 0 || await IsThereAsync(centre, stream, ct) ? records : null;
    }

    /// <summary>Erases what a stream tells of people, by destroying its key; what is erased already stays as it was.</summary>
    /// <returns>Null: there is no such stream. First: whether it was this that erased it.</returns>
    public async Task<(bool First, Erasure Erasure)?> EraseAsync(string centre, string stream, VaultActor eraser, string reason, CancellationToken ct)
    {
        if (!await IsThereAsync(centre, stream, ct))
            return null;
        var first = await KeyTable.AskAsync(() => DestroyAsync(centre, stream, eraser, reason, ct));
        if (first)
        {
            // The row as it was goes from its page; the log of the database keeps it until it is written over.
            await using var vacuum = dataSource.CreateCommand("VACUUM vault.key");
            await vacuum.ExecuteNonQueryAsync(CancellationToken.None);
        }

        using var ciphers = await keys.FindAsync(centre, [stream], ct);
        return (first, ciphers.ErasureOf(stream)!);
    }

    private async Task<bool> DestroyAsync(string centre, string stream, VaultActor eraser, string reason, CancellationToken ct)
    {
        for (var times = 1; ; times++)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
                await using var destroy = new NpgsqlCommand(Destroy, connection) { Parameters = { KeyTable.Text(centre), KeyTable.Text(stream), KeyTable.Text(eraser.Name) } };
                if (await destroy.ExecuteNonQueryAsync(ct) == 0)
                    return false;
                await EventLog.AppendWithinAsync(connection, centre, [Record(centre, stream, Erased, eraser, "reason", reason)], ct);
                await transaction.CommitAsync(ct);
                return true;
            }
            catch (PostgresException lost) when (times < Tries && (lost.IsTransient || lost.SqlState == PostgresErrorCodes.UniqueViolation))
            {
                // Somebody reads it at the same moment, and came first into the stream of records.
            }
        }
    }

    private async Task<bool> IsThereAsync(string centre, string stream, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM public.mt_events WHERE tenant_id = $1 AND stream_id = $2)");
        command.Parameters.Add(KeyTable.Text(centre));
        command.Parameters.Add(KeyTable.Text(stream));
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static PersonalEvent? Open(RecordedEvent e, StreamCipher? cipher)
    {
        using var document = JsonDocument.Parse(e.Data);
        var envelope = document.RootElement;
        if (EventTypes.Find(e.Type) is not { HasPersonal: true } || !envelope.TryGetProperty("data"u8, out var data) || !data.TryGetProperty(EventTypes.Sealed, out var given))
            return null;
        if (cipher is null || given.ValueKind != JsonValueKind.String || !cipher.TryOpen(e.Id, e.Type, given.GetString()!, out var plain))
            throw new VaultBrokenException($"Event {e.Id} of {e.StreamId} cannot be opened by the key of its stream: it, or the key's row of vault.key, was changed in the database; restore it from a backup");
        try
        {
            _ = Timestamps.TryParse(envelope.GetProperty("occurredAt"u8).GetString()!, out var at);
            return new PersonalEvent(e.Type, at, envelope.GetProperty("source"u8).GetString()!, e.Id, JsonNode.Parse(plain)!.AsObject());
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(plain);
        }
    }

    private async Task<IReadOnlyList<VaultRecord>> RecordsAsync(string centre, string stream, CancellationToken ct)
    {
        var records = new List<VaultRecord>();
        foreach (var e in await log.ReadStreamAsync(centre, StreamOf(stream), null, ct))
        {
            using var document = JsonDocument.Parse(e.Data);
            var data = document.RootElement.GetProperty("data"u8);
            records.Add(new VaultRecord(e.Type, e.RecordedAt, data.GetProperty("by"u8).GetString()!, data.TryGetProperty("token"u8, out var token) ? token.GetString() : null, data.GetProperty(e.Type == Read ? "purpose"u8 : "reason"u8).GetString()!));
        }

        return records;
    }

    private static Erasure? ErasureIn(IReadOnlyList<VaultRecord> records) => records.FirstOrDefault(r => r.Type == Erased) is { } record ? new Erasure(record.At, record.By) : null;

    private EventToAppend Record(string centre, string stream, string type, VaultActor actor, string field, string text)
    {
        var data = new JsonObject { ["by"] = actor.Name, [field] = text };
        if (actor.Token is { } token)
            data["token"] = token;
        var id = $"{type}/{stream}/{Guid.NewGuid():N}";
        var reported = new ReportedEvent(type, StreamOf(stream), Source, id, Tick.ToInstant(Tick.Of(clock.GetCurrentInstant())), null, JsonSerializer.SerializeToElement(data));
        return new EventToAppend(EventId.From(centre, Source, id), reported.Stream, "vault", type, null, EventJson.Write(reported));
    }

    private static string StreamOf(string stream) => $"vault/{stream}";
}
