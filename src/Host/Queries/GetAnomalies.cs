using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /anomalies</c>: facts that contradict each other, each with the events that prove it, by case.</summary>
internal static class GetAnomalies
{
    private const int MaxLimit = 1000;
    private const int KeyParts = 6;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/anomalies", HandleAsync)
        .CanWait().WithName("GetAnomalies").WithSummary("Facts that contradict each other, with the events that prove it.").Answers("anomalies.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? kind, string? after, int? limit, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        var kinds = Enum.GetValues<AnomalyKind>();
        if (kind is not null && !kinds.Any(k => Words.Of(k) == kind))
            return Problems.Parameter("kind", $"is not one of {string.Join(", ", kinds.Select(Words.Of))}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        var cursor = after is null ? ["", "", "", "", "", "-1"] : KeyCursor.Parse(after, KeyParts);
        if (cursor is null || !int.TryParse(cursor[5], out var ordinal))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        var rows = await ReadAsync(dataSource, tenant, kind is null ? null : kinds.Single(k => Words.Of(k) == kind).ToString(), cursor, ordinal, limit ?? 100, ct);
        var evidence = await EvidenceAsync(dataSource, [.. rows.SelectMany(r => r.Events).Distinct()], catalogue.Newest!.Zone, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["anomalies"] = new JsonArray([.. rows.Select(r => (JsonNode)r.ToJson(evidence))]),
            ["next"] = rows.Count < (limit ?? 100) ? null : rows[^1].Cursor,
        });
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlDataSource dataSource, string centre, string? kind, string[] after, int ordinal, int limit, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("""
            SELECT stream_id, kind, events, commitment, key, ordinal FROM sla.anomaly
            WHERE tenant_id = $1 AND ($2::varchar IS NULL OR kind = $2) AND (stream_id, kind, events, commitment, key, ordinal) > ($3, $4, $5, $6, $7, $8)
            ORDER BY stream_id, kind, events, commitment, key, ordinal LIMIT $9
            """);
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = kind });
        foreach (var part in after[..5])
            select.Parameters.Add(new() { Value = part });
        select.Parameters.Add(new() { Value = ordinal });
        select.Parameters.Add(new() { Value = limit });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<Row>();
        while (await reader.ReadAsync(ct))
            rows.Add(new Row(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5)));
        return rows;
    }

    /// <summary>What the log holds of the events, without what they say: that may be personal.</summary>
    private static async Task<Dictionary<Guid, JsonObject>> EvidenceAsync(NpgsqlDataSource dataSource, Guid[] ids, DateTimeZone zone, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT id, type, data->>'occurredAt', timestamp, data->>'source', data->>'id', seq_id FROM public.mt_events WHERE id = ANY ($1)");
        select.Parameters.Add(new() { Value = ids });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var evidence = new Dictionary<Guid, JsonObject>();
        while (await reader.ReadAsync(ct))
        {
            evidence[reader.GetGuid(0)] = new JsonObject
            {
                ["id"] = reader.GetGuid(0).ToString(),
                ["type"] = reader.GetString(1),
                ["occurredAt"] = Timestamps.TryParse(reader.GetString(2), out var at) ? Timestamps.Format(at, zone) : null,
                ["recordedAt"] = Timestamps.Format(Instant.FromDateTimeUtc(reader.GetDateTime(3)), zone),
                ["source"] = reader.GetString(4),
                ["senderId"] = reader.GetString(5),
                ["position"] = reader.GetInt64(6),
            };
        }

        return evidence;
    }

    private sealed record Row(string Stream, string Kind, string EventIds, string Commitment, string Key, int Ordinal)
    {
        public IEnumerable<Guid> Events => EventIds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse);

        public string Cursor => KeyCursor.Write(Stream, Kind, EventIds, Commitment, Key, Ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture));

        public JsonObject ToJson(Dictionary<Guid, JsonObject> evidence) => new()
        {
            ["case"] = Stream["case/".Length..],
            ["kind"] = char.ToLowerInvariant(Kind[0]) + Kind[1..],
            ["commitment"] = Commitment.Length == 0 ? null : Commitment,
            ["key"] = Key.Length == 0 ? null : Key,
            ["ordinal"] = Ordinal == 0 ? null : Ordinal,
            ["events"] = new JsonArray([.. Events.Select(e => evidence.GetValueOrDefault(e)?.DeepClone())]),
        };
    }
}
