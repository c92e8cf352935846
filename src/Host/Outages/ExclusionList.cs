using System.Text.Json.Nodes;
using NodaTime;
using NpgsqlTypes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Outages;

/// <summary>An exclusion as lists show it.</summary>
internal sealed record ExclusionEntry(
    string Stream, string Id, string Service, ExclusionKind Kind, Instant From, Instant Until, string Evidence, string ProposedBy, Instant ProposedAt, string State, string? DecidedBy, Instant? DecidedAt, string? Reason)
{
    /// <summary>What segments call it.</summary>
    public string Name => $"{Stream} {Id}";

    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["of"] = Stream,
        ["exclusion"] = Id,
        ["service"] = Service,
        ["kind"] = OutageJson.WordOf(Kind),
        ["from"] = Timestamps.Format(From, zone),
        ["until"] = Timestamps.Format(Until, zone),
        ["evidence"] = Evidence,
        ["state"] = State,
        ["proposedBy"] = ProposedBy,
        ["proposedAt"] = Timestamps.Format(ProposedAt, zone),
        ["decidedBy"] = DecidedBy,
        ["decidedAt"] = DecidedAt is { } at ? Timestamps.Format(at, zone) : null,
        ["reason"] = Reason,
    };
}

/// <summary>Exclusions of a centre, those that end last first.</summary>
internal static class ExclusionList
{
    /// <summary>States to choose from.</summary>
    public static IReadOnlyList<string> States { get; } = ["proposed", "approved", "refused", "revoked"];

    /// <summary>Those that fit; null fits all.</summary>
    public static async Task<IReadOnlyList<ExclusionEntry>> ReadAsync(ReadModels models, string centre, IReadOnlyCollection<string>? services, string? state, string? stream, Instant? from, Instant? until, int limit, CancellationToken ct)
    {
        await using var select = models.Command($"""
            SELECT stream_id, id, service, kind, from_at, until_at, evidence, proposed_by, proposed_at, state, decided_by, decided_at, reason FROM {models.Exclusions}
            WHERE tenant_id = $1 AND ($2::varchar[] IS NULL OR service = ANY ($2)) AND ($3::varchar IS NULL OR state = $3) AND ($4::varchar IS NULL OR stream_id = $4)
              AND ($5::timestamptz IS NULL OR until_at > $5) AND ($6::timestamptz IS NULL OR from_at < $6) ORDER BY until_at DESC, stream_id, id LIMIT $7
            """);
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = (object?)services?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        foreach (var text in (ReadOnlySpan<string?>)[state, stream])
            select.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        foreach (var at in (ReadOnlySpan<Instant?>)[from, until])
            select.Parameters.Add(new() { Value = (object?)at?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        select.Parameters.Add(new() { Value = limit });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<ExclusionEntry>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new ExclusionEntry(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), OutageJson.KindOf(reader.GetString(3)), reader.At(4)!.Value, reader.At(5)!.Value, reader.GetString(6), reader.GetString(7), reader.At(8)!.Value, reader.GetString(9),
                reader.Text(10), reader.At(11), reader.Text(12)));
        }

        return rows;
    }
}
