using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Projections.Engine;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>What has been told about a clock, as it stands in <c>clock_notice</c>.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Id">The clock, which may be gone.</param>
/// <param name="Told">Folded from its notices.</param>
/// <param name="Retract">A breach was told that is none any more; the timers look at it.</param>
internal sealed record ClockNoticeRow(string Centre, ClockId Id, ToldNotices Told, bool Retract);

/// <summary>The read model <c>clock_notice</c>, made of the notices in the log.</summary>
internal static class ClockNotices
{
    /// <summary>Its table.</summary>
    public static ReadModelTable<ClockNoticeRow> Table { get; } = new(
        "clock_notice",
        [
            Text<ClockNoticeRow>("tenant_id", n => n.Centre), Text<ClockNoticeRow>("stream_id", n => n.Id.Stream), Text<ClockNoticeRow>("commitment", n => n.Id.Commitment), Text<ClockNoticeRow>("key", n => n.Id.Key),
            Whole<ClockNoticeRow>("ordinal", n => n.Id.Ordinal),
            Whole<ClockNoticeRow>("told", n => n.Told.Count), Flag<ClockNoticeRow>("breach_stands", n => n.Told.BreachStands),
            new Column<ClockNoticeRow, string>("levels", NpgsqlDbType.Jsonb, n => Write(n.Told.Levels)), Flag<ClockNoticeRow>("retract", n => n.Retract),
        ],
        keyColumns: 5,
        Read);

    /// <summary>After a rebuild: has the timers look at every standing breach that the facts alone do not show. What stands they leave standing.</summary>
    public static async Task SuspectAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var suspect = new NpgsqlCommand($"""
            UPDATE {generation.Table("clock_notice")} n SET retract = true WHERE breach_stands AND NOT EXISTS (
                SELECT 1 FROM {generation.Table("commitment_clock")} c WHERE c.state = 'breached'
                AND (c.tenant_id, c.stream_id, c.commitment, c.key, c.ordinal) = (n.tenant_id, n.stream_id, n.commitment, n.key, n.ordinal))
            """, connection) { CommandTimeout = 0 };
        await suspect.ExecuteNonQueryAsync(ct);
    }

    private static ClockNoticeRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), new ClockId(row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4)),
        new ToldNotices(row.GetInt32(5), row.GetBoolean(6), Parse(row.GetString(7))), row.GetBoolean(8));

    private static string Write(ValueList<(string Level, Instant ToldAt)> levels) =>
        new JsonObject(levels.Select(l => KeyValuePair.Create(l.Level, (JsonNode?)Timestamps.Format(l.ToldAt)))).ToJsonString();

    private static ValueList<(string Level, Instant ToldAt)> Parse(string levels)
    {
        using var document = JsonDocument.Parse(levels);
        return [.. document.RootElement.EnumerateObject().Select(l => (l.Name, Timestamps.TryParse(l.Value.GetString()!, out var at) ? at : Instant.MinValue)).OrderBy(l => l.Item1, StringComparer.Ordinal)];
    }
}
