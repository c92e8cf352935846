using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Calculations;

namespace SlaMonitor.Host.Queries;

/// <summary>Facts that contradict each other, page by page in the order of their cases' numbers, with what the log holds of the events that prove it.</summary>
internal static class AnomalyList
{
    /// <summary>How many there are of each kind in the centre of parameter <c>$1</c>.</summary>
    public const string CountByKind = "SELECT kind, count(*) FROM sla.anomaly WHERE tenant_id = $1 GROUP BY 1";

    /// <summary>One page of a centre's contradictions.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="kind">Of this kind only; null: of any.</param>
    /// <param name="after">The last of the page before; null: the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="lastFirst">From the highest number down: most centres number their cases by date.</param>
    public static async Task<IReadOnlyList<AnomalyEntry>> ReadAsync(NpgsqlDataSource dataSource, string centre, AnomalyKind? kind, AnomalyCursor? after, int limit, CancellationToken ct, bool lastFirst = false)
    {
        var rows = await RowsAsync(dataSource, centre, kind, after, lastFirst, limit, ct);
        var evidence = await EvidenceAsync(dataSource, [.. rows.SelectMany(r => r.Ids).Distinct()], ct);
        return [.. rows.Select(r => new AnomalyEntry(r, [.. r.Ids.Select(i => evidence.GetValueOrDefault(i)).OfType<AnomalyEvidence>()]))];
    }

    /// <summary>How many there are of each kind, most first.</summary>
    public static async Task<IReadOnlyList<(AnomalyKind Kind, long Count)>> CountAsync(NpgsqlDataSource dataSource, string centre, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand($"{CountByKind} ORDER BY 2 DESC, 1");
        select.Parameters.Add(new() { Value = centre });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var counts = new List<(AnomalyKind, long)>();
        while (await reader.ReadAsync(ct))
            counts.Add((Enum.Parse<AnomalyKind>(reader.GetString(0)), reader.GetInt64(1)));
        return counts;
    }

    private static async Task<List<AnomalyCursor>> RowsAsync(NpgsqlDataSource dataSource, string centre, AnomalyKind? kind, AnomalyCursor? after, bool lastFirst, int limit, CancellationToken ct)
    {
        var way = lastFirst ? " DESC" : "";
        await using var select = dataSource.CreateCommand($"""
            SELECT stream_id, kind, events, commitment, key, ordinal FROM sla.anomaly
            WHERE tenant_id = $1 AND ($2::varchar IS NULL OR kind = $2) {(after is null ? "" : $"AND (stream_id, kind, events, commitment, key, ordinal) {(lastFirst ? "<" : ">")} ($4, $5, $6, $7, $8, $9)")}
            ORDER BY stream_id{way}, kind{way}, events{way}, commitment{way}, key{way}, ordinal{way} LIMIT $3
            """);
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = kind?.ToString() });
        foreach (var part in after is null ? (object[])[limit] : [limit, after.Stream, after.Kind, after.Events, after.Commitment, after.Key, after.Ordinal])
            select.Parameters.Add(new() { Value = part });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<AnomalyCursor>();
        while (await reader.ReadAsync(ct))
            rows.Add(new AnomalyCursor(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5)));
        return rows;
    }

    private static async Task<Dictionary<Guid, AnomalyEvidence>> EvidenceAsync(NpgsqlDataSource dataSource, Guid[] ids, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand("SELECT id, type, data->>'occurredAt', timestamp, data->>'source', data->>'id', seq_id FROM public.mt_events WHERE id = ANY ($1)");
        select.Parameters.Add(new() { Value = ids });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var evidence = new Dictionary<Guid, AnomalyEvidence>();
        while (await reader.ReadAsync(ct))
        {
            evidence[reader.GetGuid(0)] = new AnomalyEvidence(
                reader.GetGuid(0), reader.GetString(1), Timestamps.TryParse(reader.GetString(2), out var at) ? at : null, Instant.FromDateTimeUtc(reader.GetDateTime(3)), reader.GetString(4), reader.GetString(5), reader.GetInt64(6));
        }

        return evidence;
    }
}

/// <summary>The key of a contradiction, where the next page goes on after it. Empty parts: it is about the case and not about a clock.</summary>
internal sealed record AnomalyCursor(string Stream, string Kind, string Events, string Commitment, string Key, int Ordinal)
{
    private const int Parts = 6;

    /// <summary>The events' ids.</summary>
    public IEnumerable<Guid> Ids => Events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse);

    /// <summary>Reads a cursor; null when it is none of ours.</summary>
    public static AnomalyCursor? Parse(string text) => KeyCursor.Parse(text, Parts) is { } parts && int.TryParse(parts[5], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ordinal)
        ? new AnomalyCursor(parts[0], parts[1], parts[2], parts[3], parts[4], ordinal) : null;

    public override string ToString() => KeyCursor.Write(Stream, Kind, Events, Commitment, Key, Ordinal.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A contradiction with the events that prove it.</summary>
internal sealed record AnomalyEntry(AnomalyCursor Row, IReadOnlyList<AnomalyEvidence> Evidence)
{
    public AnomalyKind Kind => Enum.Parse<AnomalyKind>(Row.Kind);

    public string Case => StreamKinds.Shown(Row.Stream);

    /// <summary>As JSON, times on the wall clock of the centre.</summary>
    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["case"] = Case,
        ["kind"] = Words.Of(Kind),
        ["commitment"] = Row.Commitment.Length == 0 ? null : Row.Commitment,
        ["key"] = Row.Key.Length == 0 ? null : Row.Key,
        ["ordinal"] = Row.Ordinal == 0 ? null : Row.Ordinal,
        ["events"] = new JsonArray([.. Evidence.Select(e => (JsonNode)e.ToJson(zone))]),
    };
}

/// <summary>What the log holds of an event, without what it says: that may be personal.</summary>
internal sealed record AnomalyEvidence(Guid Id, string Type, Instant? OccurredAt, Instant RecordedAt, string Source, string SenderId, long Position)
{
    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["id"] = Id.ToString(),
        ["type"] = Type,
        ["occurredAt"] = OccurredAt is { } at ? Timestamps.Format(at, zone) : null,
        ["recordedAt"] = Timestamps.Format(RecordedAt, zone),
        ["source"] = Source,
        ["senderId"] = SenderId,
        ["position"] = Position,
    };
}
