using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Complaints;

/// <summary>Whether the vault keeps something of a stream, without what it is.</summary>
/// <param name="IsKept">True: something was sealed and can be read by who may.</param>
/// <param name="ErasedAt">When it was made unreadable for ever; null: it was not.</param>
internal sealed record KeptPerson(bool IsKept, Instant? ErasedAt)
{
    // A database restored from a backup without keys has no such table, and nothing of what was sealed can be read.
    private const string Is = "SELECT to_regclass('vault.key') IS NOT NULL";

    private const string Key = "SELECT erased_at FROM vault.key WHERE tenant_id = $1 AND stream_id = $2";

    public static async Task<KeptPerson> OfAsync(NpgsqlDataSource dataSource, string centre, string stream, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using (var there = new NpgsqlCommand(Is, connection))
        {
            if (await there.ExecuteScalarAsync(ct) is not true)
                return new KeptPerson(false, null);
        }

        await using var select = new NpgsqlCommand(Key, connection) { Parameters = { new() { Value = centre }, new() { Value = stream } } };
        return await select.ExecuteScalarAsync(ct) switch
        {
            null => new KeptPerson(false, null),
            DateTime erased => new KeptPerson(false, Instant.FromDateTimeUtc(erased)),
            _ => new KeptPerson(true, null),
        };
    }

    public JsonObject ToJson(DateTimeZone zone) => new() { ["kept"] = IsKept, ["erasedAt"] = ErasedAt is { } at ? Timestamps.Format(at, zone) : null };
}
