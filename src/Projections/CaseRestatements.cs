using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Projections;

/// <summary>A row of <c>restatement</c>: a settled verdict that was changed; days are the centre's, on which each counts.</summary>
internal sealed record RestatementRow(
    string Centre, string Stream, long Position, string Commitment, string Key, int Ordinal,
    string OldState, DateTime? OldSettledAt, DateOnly? OldSettledOn, string? NewState, DateTime? NewSettledAt, DateOnly? NewSettledOn, Guid Cause, string CauseType, DateTime RecordedAt)
{
    /// <summary>The rows of a case.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="stream">The case's stream.</param>
    /// <param name="restatements">What was restated of it.</param>
    /// <param name="catalogue">For the centre's zone.</param>
    public static List<RestatementRow> Of(string centre, string stream, List<Restatement> restatements, CatalogueLog catalogue)
    {
        var rows = new List<RestatementRow>(restatements.Count);
        foreach (var r in restatements)
        {
            rows.Add(new RestatementRow(
                centre, stream, r.Position, r.Commitment, r.Key ?? "", r.Ordinal, Word(r.Old.State), r.Old.SettledAt?.ToDateTimeUtc(), On(r.Old.SettledAt),
                r.New is { } now ? Word(now.State) : null, r.New?.SettledAt?.ToDateTimeUtc(), On(r.New?.SettledAt), r.Cause, r.CauseType, r.At.ToDateTimeUtc()));
        }

        return rows;

        DateOnly? On(Instant? at) => at?.InZone(catalogue.Newest!.Zone).Date.ToDateOnly();

        static string Word(ClockState state) => state.ToString().ToLowerInvariant();
    }
}

/// <summary>The read model <c>restatement</c>.</summary>
internal static class CaseRestatements
{
    /// <summary>Its table.</summary>
    public static ReadModelTable<RestatementRow> Table { get; } = new(
        "restatement",
        [
            Text("tenant_id", r => r.Centre), Text("stream_id", r => r.Stream), new Column<RestatementRow, long>("position", NpgsqlDbType.Bigint, r => r.Position),
            Text("commitment", r => r.Commitment), Text("key", r => r.Key), new Column<RestatementRow, int>("ordinal", NpgsqlDbType.Integer, r => r.Ordinal),
            Text("old_state", r => r.OldState), At("old_settled_at", r => r.OldSettledAt), On("old_settled_on", r => r.OldSettledOn),
            Text("new_state", r => r.NewState), At("new_settled_at", r => r.NewSettledAt), On("new_settled_on", r => r.NewSettledOn),
            new Column<RestatementRow, Guid>("cause", NpgsqlDbType.Uuid, r => r.Cause), Text("cause_type", r => r.CauseType), At("recorded_at", r => r.RecordedAt),
        ],
        keyColumns: 6,
        Read);

    private static RestatementRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetInt32(5),
        row.GetString(6), At(row, 7), On(row, 8), row.IsDBNull(9) ? null : row.GetString(9), At(row, 10), On(row, 11), row.GetGuid(12), row.GetString(13), row.GetDateTime(14));

    private static Column<RestatementRow, string> Text(string name, Func<RestatementRow, string?> of) => new(name, NpgsqlDbType.Varchar, of);

    private static Column<RestatementRow, DateTime?> At(string name, Func<RestatementRow, DateTime?> of) => new(name, NpgsqlDbType.TimestampTz, of);

    private static Column<RestatementRow, DateOnly?> On(string name, Func<RestatementRow, DateOnly?> of) => new(name, NpgsqlDbType.Date, of);

    private static DateTime? At(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDateTime(i);

    private static DateOnly? On(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetFieldValue<DateOnly>(i);
}
