using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain.Time;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>Which clocks of one commitment to list, and where to go on. Open ones come by due, the others newest first.</summary>
internal sealed record ClockFilter(string Centre, string Commitment, string? State, string? Item, string? Window, ClockCursor? After, int Limit)
{
    /// <summary>The states one can ask for.</summary>
    public static IReadOnlyList<string> States { get; } = ["open", "running", "dueSoon", "paused", "overdue", "met", "breached", "void"];

    /// <summary>True when the list is by due.</summary>
    public bool ByDue => State is "open" or "running" or "dueSoon" or "paused" or "overdue";

    /// <summary>One page of rows as seen at an instant.</summary>
    public async Task<IReadOnlyList<ClockRow>> ReadAsync(ReadModels models, Instant now, CancellationToken ct)
    {
        await using var command = models.Command("");
        var where = new StringBuilder($"tenant_id = $2 AND commitment = $3 AND {CommitmentClock.ThereAt}");
        foreach (var value in (object[])[now.ToDateTimeUtc(), Centre, Commitment])
            command.Parameters.Add(new() { Value = value });
        if (ByDue)
            where.Append(" AND state = 'open'");
        if (Condition(State) is { } condition)
            where.Append(CultureInfo.InvariantCulture, $" AND {condition}");
        Equal("item", Item);
        Equal("window_id", Window);
        var key = ByDue ? "(coalesce(due_at, 'infinity'::timestamptz), stream_id, key, ordinal)" : "(started_at, stream_id, key, ordinal)";
        if (After is { } after)
        {
            where.Append(CultureInfo.InvariantCulture, $" AND {key} {(ByDue ? ">" : "<")} (coalesce(${command.Parameters.Count + 1}, 'infinity'::timestamptz), ${command.Parameters.Count + 2}, ${command.Parameters.Count + 3}, ${command.Parameters.Count + 4})");
            command.Parameters.Add(new() { Value = (object?)after.At?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
            command.Parameters.Add(new() { Value = after.Stream });
            command.Parameters.Add(new() { Value = after.Key });
            command.Parameters.Add(new() { Value = after.Ordinal });
        }

        var order = ByDue ? "coalesce(due_at, 'infinity'::timestamptz), stream_id, key, ordinal" : "started_at DESC, stream_id DESC, key DESC, ordinal DESC";
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {ClockRow.Columns} FROM {models.Clocks} WHERE {where} ORDER BY {order} LIMIT {Limit}");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ClockRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(ClockRow.Read(reader));
        return rows;

        void Equal(string column, string? value)
        {
            if (value is null)
                return;
            where.Append(CultureInfo.InvariantCulture, $" AND {column} = ${command.Parameters.Count + 1}");
            command.Parameters.Add(new() { Value = value });
        }
    }

    /// <summary>Where the page after these rows begins; null when this was the last.</summary>
    // By the due that is stored: a paused clock shows none, but has its place in the list.
    public ClockCursor? NextAfter(IReadOnlyList<ClockRow> rows, AsOf? asOf = null) =>
        rows.Count < Limit ? null : new ClockCursor(ByDue ? rows[^1].StoredDueAt : rows[^1].StartedAt, $"case/{rows[^1].Case}", rows[^1].Key, rows[^1].Ordinal, asOf);

    private static string? Condition(string? state) => state switch
    {
        null or "open" => null,
        "dueSoon" => $"({CommitmentClock.StateAt}) = 'running' AND due_soon_at < $1",
        "overdue" => $"({CommitmentClock.StateAt}) = 'breached'",
        _ => $"({CommitmentClock.StateAt}) = '{States.Single(s => s == state)}'",
    };
}

/// <summary>The key of the last row of a page, and the past it is a page of; opaque outside.</summary>
internal sealed record ClockCursor(Instant? At, string Stream, string Key, int Ordinal, AsOf? AsOf)
{
    public override string ToString() =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<object?[]>([At is { } at ? Tick.Of(at) : null, Stream, Key, Ordinal, .. AsOf is { } past ? (object?[])[past.Position, Tick.Of(past.At)] : []]));

    /// <summary>Reads a cursor; null when it is none of ours.</summary>
    public static ClockCursor? Parse(string text)
    {
        try
        {
            using var parts = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            var root = parts.RootElement;
            Instant? at = root[0].ValueKind == JsonValueKind.Null ? null : Tick.ToInstant(root[0].GetInt64());
            return new ClockCursor(at, root[1].GetString()!, root[2].GetString()!, root[3].GetInt32(), root.GetArrayLength() < 6 ? null : new AsOf(root[4].GetInt64(), Tick.ToInstant(root[5].GetInt64())));
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
