using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read model <c>commitment_clock</c>: one row per clock with everything a list, chart or score needs. Rows hold what
/// the facts say; that time has passed since is worked out at reading, by <see cref="StateAt"/>, so no row is ever stale.
/// </summary>
public static class CommitmentClock
{
    /// <summary>The state at the instant in parameter <c>$1</c>: running, paused, met, breached or void.</summary>
    public const string StateAt = """
        CASE WHEN state <> 'open' THEN state
             WHEN paused_at <= $1 AND (resumes_at IS NULL OR $1 < resumes_at) AND (due_at IS NULL OR due_at >= paused_at) THEN 'paused'
             WHEN due_at < $1 THEN 'breached'
             ELSE 'running' END
        """;

    /// <summary>Whether the clock is there at the instant in <c>$1</c>; a deemed one appears when the silence has lasted.</summary>
    public const string ThereAt = "(appears_at IS NULL OR appears_at < $1)";

    /// <summary>When it settled, seen from the instant in <c>$1</c>: a breach settles at the last tick before due.</summary>
    public const string SettledAt = $"""
        coalesce(settled_at, CASE WHEN ({StateAt}) = 'breached' THEN due_at - interval '1 microsecond' END)
        """;

    /// <summary>Its table.</summary>
    internal static ReadModelTable<CommitmentClockRow> Table { get; } = new(
        "commitment_clock",
        [
            Text("tenant_id", r => r.Centre), Text("stream_id", r => r.Stream), Text("commitment", r => r.Commitment), Text("key", r => r.Key), Value<int>("ordinal", NpgsqlDbType.Integer, r => r.Ordinal),
            Text("item", r => r.Item), Text("kind", r => r.Kind), Text("priority", r => r.Priority), Value<short>("channel", NpgsqlDbType.Smallint, r => r.Channel), Text("window_id", r => r.Window), Text("staff", r => r.Staff), Text("stage", r => r.Stage),
            Value<bool>("case_open", NpgsqlDbType.Boolean, r => r.CaseOpen), Value<bool>("supplemented", NpgsqlDbType.Boolean, r => r.Supplemented), Value<bool>("reworked", NpgsqlDbType.Boolean, r => r.Reworked),
            Text("source", r => r.Source), Text("state", r => r.State),
            At("appears_at", r => r.AppearsAt), At("started_at", r => r.StartedAt), At("stopped_at", r => r.StoppedAt), At("due_at", r => r.DueAt), At("due_soon_at", r => r.DueSoonAt),
            At("paused_at", r => r.PausedAt), At("resumes_at", r => r.ResumesAt), At("settled_at", r => r.SettledAt),
            Value<DateOnly>("settled_on", NpgsqlDbType.Date, r => r.SettledOn), Value<DateOnly>("due_on", NpgsqlDbType.Date, r => r.DueOn),
            Text("unit", r => r.Unit), Value<decimal>("total", NpgsqlDbType.Numeric, r => r.Total), Value<decimal>("used", NpgsqlDbType.Numeric, r => r.Used), Value<bool>("extended", NpgsqlDbType.Boolean, r => r.Extended), Value<int>("anomalies", NpgsqlDbType.Integer, r => r.Anomalies),
            Text("catalogue_version", r => r.CatalogueVersion), Text("calendar_version", r => r.CalendarVersion), At("next_notice_at", r => r.NextNoticeAt),
        ],
        keyColumns: 5,
        Read);

    // Those after the key that say the same in all rows of a stream.
    private const int CaseColumns = 10;

    /// <summary>The columns in which two rows of a clock differ, with both values. When a notice is owed next depends on the instant asked at, and is left out.</summary>
    internal static IReadOnlyList<string> Differences(CommitmentClockRow stored, CommitmentClockRow derived) => stored with { NextNoticeAt = null } == derived with { NextNoticeAt = null } ? []
        : [.. Table.Values.Where(c => c.Name != "next_notice_at" && !Equals(c.ValueOf(stored), c.ValueOf(derived))).Select(c => $"{c.Name} stored {Shown(c.ValueOf(stored))} derived {Shown(c.ValueOf(derived))}")];

    private static string Shown(object? value) => value switch
    {
        null => "nothing",
        DateTime at => at.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    /// <summary>Gives all rows of some streams what a row of each says of the case.</summary>
    internal static Task UpdateCasesAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<CommitmentClockRow> rows, CancellationToken ct) =>
        Table.UpdateStreamsAsync(connection, generation, rows, [.. Table.Values.Take(CaseColumns)], ct);

    /// <summary>A row of a select of all columns.</summary>
    private static CommitmentClockRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4),
        Text(row, 5), Text(row, 6), Text(row, 7), row.IsDBNull(8) ? null : row.GetInt16(8), Text(row, 9), Text(row, 10), Text(row, 11), row.GetBoolean(12), row.GetBoolean(13), row.GetBoolean(14), row.GetString(15), row.GetString(16),
        At(row, 17), row.GetDateTime(18), At(row, 19), At(row, 20), At(row, 21), At(row, 22), At(row, 23), At(row, 24),
        row.IsDBNull(25) ? null : row.GetFieldValue<DateOnly>(25), row.IsDBNull(26) ? null : row.GetFieldValue<DateOnly>(26),
        row.GetString(27), row.GetDecimal(28), row.IsDBNull(29) ? null : row.GetDecimal(29), row.GetBoolean(30), row.GetInt32(31), row.GetString(32), row.GetString(33), At(row, 34));

    private static Column<CommitmentClockRow, string> Text(string name, Func<CommitmentClockRow, string?> of) => new(name, NpgsqlDbType.Varchar, of);

    private static Column<CommitmentClockRow, DateTime?> At(string name, Func<CommitmentClockRow, DateTime?> of) => new(name, NpgsqlDbType.TimestampTz, of);

    private static Column<CommitmentClockRow, T?> Value<T>(string name, NpgsqlDbType type, Func<CommitmentClockRow, T?> of)
        where T : struct => new(name, type, of);

    private static string? Text(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    private static DateTime? At(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDateTime(i);
}
