using Npgsql;
using SlaMonitor.Projections.Engine;
using static SlaMonitor.Projections.Columns;

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
            Text<CommitmentClockRow>("tenant_id", r => r.Centre), Text<CommitmentClockRow>("stream_id", r => r.Stream), Text<CommitmentClockRow>("commitment", r => r.Commitment), Text<CommitmentClockRow>("key", r => r.Key),
            Whole<CommitmentClockRow>("ordinal", r => r.Ordinal),
            Text<CommitmentClockRow>("item", r => r.Item), Text<CommitmentClockRow>("kind", r => r.Kind), Text<CommitmentClockRow>("priority", r => r.Priority),
            Small<CommitmentClockRow>("channel", r => r.Channel), Text<CommitmentClockRow>("window_id", r => r.Window), Text<CommitmentClockRow>("staff", r => r.Staff), Text<CommitmentClockRow>("stage", r => r.Stage),
            Flag<CommitmentClockRow>("case_open", r => r.CaseOpen), Flag<CommitmentClockRow>("supplemented", r => r.Supplemented), Flag<CommitmentClockRow>("reworked", r => r.Reworked),
            Text<CommitmentClockRow>("source", r => r.Source), Text<CommitmentClockRow>("state", r => r.State),
            At<CommitmentClockRow>("appears_at", r => r.AppearsAt), At<CommitmentClockRow>("started_at", r => r.StartedAt), At<CommitmentClockRow>("stopped_at", r => r.StoppedAt),
            At<CommitmentClockRow>("due_at", r => r.DueAt), At<CommitmentClockRow>("due_soon_at", r => r.DueSoonAt),
            At<CommitmentClockRow>("paused_at", r => r.PausedAt), At<CommitmentClockRow>("resumes_at", r => r.ResumesAt), At<CommitmentClockRow>("settled_at", r => r.SettledAt),
            On<CommitmentClockRow>("settled_on", r => r.SettledOn), On<CommitmentClockRow>("due_on", r => r.DueOn),
            Text<CommitmentClockRow>("unit", r => r.Unit), Number<CommitmentClockRow>("total", r => r.Total), Number<CommitmentClockRow>("used", r => r.Used),
            Flag<CommitmentClockRow>("extended", r => r.Extended), Whole<CommitmentClockRow>("anomalies", r => r.Anomalies),
            Text<CommitmentClockRow>("catalogue_version", r => r.CatalogueVersion), Text<CommitmentClockRow>("calendar_version", r => r.CalendarVersion), At<CommitmentClockRow>("next_notice_at", r => r.NextNoticeAt), At<CommitmentClockRow>("escalates_at", r => r.EscalatesAt),
        ],
        keyColumns: 5,
        Read);

    // Those after the key that say the same in all rows of a stream.
    private const int CaseColumns = 10;

    /// <summary>The columns in which two rows of a clock differ, with both values. When a notice is owed next depends on the instant asked at, and is left out.</summary>
    internal static IReadOnlyList<string> Differences(CommitmentClockRow stored, CommitmentClockRow derived) => stored with { NextNoticeAt = null } == derived with { NextNoticeAt = null } ? []
        : [.. Table.Values.Where(c => c.Name != "next_notice_at" && !Equals(c.ValueOf(stored), c.ValueOf(derived))).Select(c => $"{c.Name} stored {Shown(c.ValueOf(stored))} derived {Shown(c.ValueOf(derived))}")];

    /// <summary>A value of a column for people.</summary>
    internal static string Shown(object? value) => value switch
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
        row.Text(5), row.Text(6), row.Text(7), row.Small(8), row.Text(9), row.Text(10), row.Text(11), row.GetBoolean(12), row.GetBoolean(13), row.GetBoolean(14), row.GetString(15), row.GetString(16),
        row.At(17), row.GetDateTime(18), row.At(19), row.At(20), row.At(21), row.At(22), row.At(23), row.At(24),
        row.On(25), row.On(26), row.GetString(27), row.GetDecimal(28), row.Number(29), row.GetBoolean(30), row.GetInt32(31), row.GetString(32), row.GetString(33), row.At(34), row.At(35));
}
