using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using static SlaMonitor.Projections.Columns;

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
            Text<RestatementRow>("tenant_id", r => r.Centre), Text<RestatementRow>("stream_id", r => r.Stream), Long<RestatementRow>("position", r => r.Position),
            Text<RestatementRow>("commitment", r => r.Commitment), Text<RestatementRow>("key", r => r.Key), Whole<RestatementRow>("ordinal", r => r.Ordinal),
            Text<RestatementRow>("old_state", r => r.OldState), At<RestatementRow>("old_settled_at", r => r.OldSettledAt), On<RestatementRow>("old_settled_on", r => r.OldSettledOn),
            Text<RestatementRow>("new_state", r => r.NewState), At<RestatementRow>("new_settled_at", r => r.NewSettledAt), On<RestatementRow>("new_settled_on", r => r.NewSettledOn),
            new Column<RestatementRow, Guid>("cause", NpgsqlDbType.Uuid, r => r.Cause), Text<RestatementRow>("cause_type", r => r.CauseType), At<RestatementRow>("recorded_at", r => r.RecordedAt),
        ],
        keyColumns: 6,
        Read);

    private static RestatementRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetInt32(5),
        row.GetString(6), row.At(7), row.On(8), row.Text(9), row.At(10), row.On(11), row.GetGuid(12), row.GetString(13), row.GetDateTime(14));
}
