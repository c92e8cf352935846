using System.Text.Json.Nodes;
using NodaTime;
using NpgsqlTypes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Outages;

/// <summary>An outage as lists show it: the share lost as it is or last was, the most it ever was, and of the first restore limit that runs on it when it is due and where it stands; null: none does.</summary>
internal sealed record OutageEntry(
    string Stream, int Ordinal, string Service, string? Component, string? Cause, Instant StartedAt, Instant? EndedAt, bool IsVoid, LostShare Lost, LostShare Most, string? Urgency, string? Impact, string? Priority, string Source,
    Instant? RestoreDueAt, string? RestoreState)
{
    /// <summary>What segments and interruptions call it: its id, as after outage/ in the subject of its events; a later one of the same stream bears its number.</summary>
    public string Id => Stream["outage/".Length..] + (Ordinal == 1 ? "" : $"#{Ordinal}");

    /// <summary>open, restored or void.</summary>
    public string State => IsVoid ? "void" : EndedAt is null ? "open" : "restored";

    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["outage"] = Stream["outage/".Length..],
        ["ordinal"] = Ordinal,
        ["service"] = Service,
        ["component"] = Component,
        ["state"] = State,
        ["startedAt"] = Timestamps.Format(StartedAt, zone),
        ["restoredAt"] = EndedAt is { } ended ? Timestamps.Format(ended, zone) : null,
        ["lost"] = Lost.ToDecimal(),
        ["mostLost"] = Most.ToDecimal(),
        ["urgency"] = Urgency,
        ["impact"] = Impact,
        ["priority"] = Priority,
        ["restoreDueAt"] = RestoreDueAt is { } due ? Timestamps.Format(due, zone) : null,
        ["restoreState"] = RestoreState,
        ["cause"] = Cause,
        ["source"] = Source,
    };
}

/// <summary>Outages of a centre, the newest first.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Services">Only of these services; null: of any.</param>
/// <param name="Open">True: only those that have not ended; false: only those that have; null: both, and what was none.</param>
/// <param name="From">Only those that had not ended by then.</param>
/// <param name="Until">Only those that had begun before.</param>
internal sealed record OutageList(string Centre, IReadOnlyCollection<string>? Services, bool? Open, Instant? From, Instant? Until)
{
    private const string Columns = """
        o.stream_id, o.ordinal, o.service, o.component, o.cause, o.started_at, o.ended_at, o.is_void, o.lost, o.most, o.urgency, o.impact, o.priority, o.source, c.due_at, c.state_at
        """;

    /// <summary>A page of it.</summary>
    /// <param name="models">As they are, or were.</param>
    /// <param name="after">The last of the page before; null: the first page.</param>
    /// <param name="limit">Rows of a page.</param>
    /// <param name="now">The instant clocks are judged at.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<OutageEntry>> ReadAsync(ReadModels models, (Instant At, string Stream, int Ordinal)? after, int limit, Instant now, CancellationToken ct)
    {
        var condition = Open switch { true => " AND o.ended_at IS NULL AND NOT o.is_void", false => " AND o.ended_at IS NOT NULL AND NOT o.is_void", null => "" };
        if (Services is not null)
            condition += " AND o.service = ANY ($3)";
        if (after is not null)
            condition += " AND (o.started_at, o.stream_id, o.ordinal) < ($6, $7, $8)";
        return await SelectAsync(models, $"o.tenant_id = $2{condition} AND ($4::timestamptz IS NULL OR coalesce(o.ended_at, 'infinity') > $4) AND ($5::timestamptz IS NULL OR o.started_at < $5) ORDER BY o.started_at DESC, o.stream_id DESC, o.ordinal DESC LIMIT {limit}", now, Centre, Services, From, Until, after, ct);
    }

    /// <summary>The outages of one stream.</summary>
    public static Task<IReadOnlyList<OutageEntry>> OfStreamAsync(ReadModels models, string centre, string stream, Instant now, CancellationToken ct) =>
        SelectAsync(models, "o.tenant_id = $2 AND o.stream_id = $7 ORDER BY o.ordinal", now, centre, null, null, null, (Instant.MinValue, stream, 0), ct);

    private static async Task<IReadOnlyList<OutageEntry>> SelectAsync(
        ReadModels models, string condition, Instant now, string centre, IReadOnlyCollection<string>? services, Instant? from, Instant? until, (Instant At, string Stream, int Ordinal)? after, CancellationToken ct)
    {
        await using var select = models.Command($"""
            SELECT {Columns} FROM (SELECT * FROM {models.Outages}) o LEFT JOIN LATERAL (
                SELECT due_at, {CommitmentClock.StateAt} AS state_at FROM (SELECT * FROM {models.Clocks}) k WHERE k.tenant_id = o.tenant_id AND k.stream_id = o.stream_id AND k.ordinal = o.ordinal ORDER BY commitment LIMIT 1) c ON true
            WHERE {condition}
            """);
        select.Parameters.Add(new() { Value = now.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = (object?)services?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        select.Parameters.Add(new() { Value = (object?)from?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        select.Parameters.Add(new() { Value = (object?)until?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        select.Parameters.Add(new() { Value = after is { At: var at } && at > Instant.MinValue ? at.ToDateTimeUtc() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        select.Parameters.Add(new() { Value = after?.Stream ?? "" });
        select.Parameters.Add(new() { Value = after?.Ordinal ?? 0 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<OutageEntry>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new OutageEntry(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.Text(3), reader.Text(4), reader.At(5)!.Value, reader.At(6), reader.GetBoolean(7), new LostShare(reader.GetInt32(8)), new LostShare(reader.GetInt32(9)),
                reader.Text(10), reader.Text(11), reader.Text(12), reader.GetString(13), reader.At(14), reader.Text(15)));
        }

        return rows;
    }
}
