using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Time;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>Which clocks to list, and where to go on. Open ones come by due, whatever their commitment; the others newest first.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Commitments">Clocks of these.</param>
/// <param name="State">One of <see cref="States"/>; null: any.</param>
/// <param name="Item">Cases of this service only; null: of any.</param>
/// <param name="Window">Of this window only.</param>
/// <param name="Staff">Of this staff code only.</param>
/// <param name="Settled">Settled in this period only; a breach of an open clock settles when it falls due.</param>
/// <param name="After">The last row of the page before; null: the first page.</param>
/// <param name="Limit">Rows of a page.</param>
internal sealed record ClockFilter(string Centre, IReadOnlyList<string> Commitments, string? State, string? Item, string? Window, string? Staff, CalendarPeriod? Settled, ClockCursor? After, int Limit)
{
    /// <summary>The states one can ask for.</summary>
    public static IReadOnlyList<string> States { get; } = ["open", "running", "dueSoon", "paused", "overdue", "met", "breached", "void"];

    /// <summary>True when the list is by due.</summary>
    public bool ByDue => State is "open" or "running" or "dueSoon" or "paused" or "overdue";

    /// <summary>One page of rows as seen at an instant.</summary>
    public async Task<IReadOnlyList<ClockRow>> ReadAsync(ReadModels models, Instant now, CancellationToken ct)
    {
        await using var command = models.Command("");
        foreach (var value in (object[])[now.ToDateTimeUtc(), Centre, Commitments.ToArray()])
            command.Parameters.Add(new() { Value = value });
        var (where, order) = (Where(command), ByDue ? "coalesce(due_at, 'infinity'::timestamptz), stream_id, key, ordinal, commitment" : "started_at DESC, stream_id DESC, key DESC, ordinal DESC, commitment DESC");
        // Each commitment by its own index, out of which most of what is asked can be answered, and then the rows of the first of them all.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {ClockRow.Columns} FROM unnest($3) AS w (wanted) CROSS JOIN LATERAL (
                SELECT tenant_id, stream_id, commitment, key, ordinal FROM {models.Clocks} WHERE {where} ORDER BY {order} LIMIT {Limit}) k
            JOIN (SELECT * FROM {models.Clocks}) c USING (tenant_id, stream_id, commitment, key, ordinal)
            ORDER BY {order} LIMIT {Limit}
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ClockRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(ClockRow.Read(reader));
        return rows;
    }

    /// <summary>Where the page after these rows begins; null when this was the last.</summary>
    // By the due that is stored: a paused clock shows none, but has its place in the list.
    public ClockCursor? NextAfter(IReadOnlyList<ClockRow> rows, AsOf? asOf = null) =>
        rows.Count < Limit ? null : new ClockCursor(ByDue ? rows[^1].StoredDueAt : rows[^1].StartedAt, rows[^1].Stream, rows[^1].Key, rows[^1].Ordinal, rows[^1].Commitment, asOf);

    private string Where(NpgsqlCommand command)
    {
        var where = new StringBuilder($"tenant_id = $2 AND commitment = wanted AND {CommitmentClock.ThereAt}");
        if (ByDue)
            where.Append(" AND state = 'open'");
        if (Condition(State) is { } condition)
            where.Append(CultureInfo.InvariantCulture, $" AND {condition}");
        foreach (var (column, value) in (ReadOnlySpan<(string, string?)>)[("item", Item), ("window_id", Window), ("staff", Staff)])
        {
            if (value is not null)
                where.Append(CultureInfo.InvariantCulture, $" AND {column} = {Add(value)}");
        }

        if (Settled is { } period)
        {
            var (from, end) = (Add(period.FirstDay.ToDateOnly()), Add(period.EndDay.ToDateOnly()));
            where.Append(CultureInfo.InvariantCulture, $" AND (settled_on >= {from} AND settled_on < {end} OR state = 'open' AND due_on >= {from} AND due_on < {end} AND ({CommitmentClock.StateAt}) = 'breached')");
        }

        if (After is { } after)
        {
            var at = Add((object?)after.At?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType.TimestampTz);
            where.Append(CultureInfo.InvariantCulture, $" AND ({(ByDue ? "coalesce(due_at, 'infinity'::timestamptz)" : "started_at")}, stream_id, key, ordinal, commitment) {(ByDue ? ">" : "<")} (coalesce({at}, 'infinity'::timestamptz), {Add(after.Stream)}, {Add(after.Key)}, {Add(after.Ordinal)}, {Add(after.Commitment)})");
        }

        return where.ToString();

        string Add(object value, NpgsqlDbType? type = null)
        {
            var parameter = new NpgsqlParameter { Value = value };
            if (type is { } known)
                parameter.NpgsqlDbType = known;
            command.Parameters.Add(parameter);
            return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
        }
    }

    // What is said of due a second time is said to the index.
    private static string? Condition(string? state) => state switch
    {
        null or "open" => null,
        "dueSoon" => $"({CommitmentClock.StateAt}) = 'running' AND due_soon_at < $1 AND coalesce(due_at, 'infinity'::timestamptz) >= $1",
        "running" => $"({CommitmentClock.StateAt}) = 'running' AND coalesce(due_at, 'infinity'::timestamptz) >= $1",
        "overdue" => $"({CommitmentClock.StateAt}) = 'breached' AND coalesce(due_at, 'infinity'::timestamptz) < $1",
        _ => $"({CommitmentClock.StateAt}) = '{States.Single(s => s == state)}'",
    };
}

/// <summary>The key of the last row of a page, and the past it is a page of; opaque outside.</summary>
internal sealed record ClockCursor(Instant? At, string Stream, string Key, int Ordinal, string Commitment, AsOf? AsOf)
{
    // What the database can hold, and more than any clock has.
    private static readonly Instant First = Instant.FromUtc(1, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(9999, 1, 1, 0, 0);

    public override string ToString() =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<object?[]>([At is { } at ? Tick.Of(at) : null, Stream, Key, Ordinal, Commitment, .. AsOf is { } past ? (object?[])[past.Position, Tick.Of(past.At)] : []]));

    /// <summary>Reads a cursor; null when it is none of ours.</summary>
    public static ClockCursor? Parse(string text)
    {
        try
        {
            using var parts = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            var root = parts.RootElement;
            Instant? at = root[0].ValueKind == JsonValueKind.Null ? null : Tick.ToInstant(root[0].GetInt64());
            if (at is { } instant && (instant < First || instant > Last))
                return null;
            return new ClockCursor(at, root[1].GetString()!, root[2].GetString()!, root[3].GetInt32(), root[4].GetString()!, root.GetArrayLength() < 7 ? null : new AsOf(root[5].GetInt64(), Tick.ToInstant(root[6].GetInt64())));
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
