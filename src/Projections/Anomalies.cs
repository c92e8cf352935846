using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>A row of <c>anomaly</c>: a contradiction of a case, with the events that prove it.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Stream">The case's stream.</param>
/// <param name="Kind">Which contradiction.</param>
/// <param name="Events">The events' ids, with a blank between.</param>
/// <param name="Commitment">Whose clock it is about; empty: it is about the case.</param>
/// <param name="Key">The clock's key; empty: none.</param>
/// <param name="Ordinal">Which clock; 0: none.</param>
internal sealed record AnomalyRow(string Centre, string Stream, AnomalyKind Kind, string Events, string Commitment, string Key, int Ordinal)
{
    /// <summary>The rows of a case.</summary>
    public static List<AnomalyRow> Of(string centre, string stream, StreamClocks clocks)
    {
        var rows = new List<AnomalyRow>();
        foreach (var anomaly in clocks.Anomalies)
            rows.Add(new AnomalyRow(centre, stream, anomaly.Kind, string.Join(' ', anomaly.Events), "", "", 0));
        foreach (var clock in clocks.Clocks)
        {
            foreach (var anomaly in clock.Anomalies)
                rows.Add(new AnomalyRow(centre, stream, anomaly.Kind, string.Join(' ', anomaly.Events), clock.Definition.Id, clock.Key ?? "", clock.Ordinal));
        }

        return rows.Count < 2 ? rows : [.. rows.Distinct()];
    }
}

/// <summary>The read model <c>anomaly</c>.</summary>
internal static class Anomalies
{
    /// <summary>Its table.</summary>
    public static ReadModelTable<AnomalyRow> Table { get; } = new(
        "anomaly",
        [
            Text<AnomalyRow>("tenant_id", r => r.Centre), Text<AnomalyRow>("stream_id", r => r.Stream), Text<AnomalyRow>("kind", r => r.Kind.ToString()),
            Text<AnomalyRow>("events", r => r.Events), Text<AnomalyRow>("commitment", r => r.Commitment), Text<AnomalyRow>("key", r => r.Key),
            Whole<AnomalyRow>("ordinal", r => r.Ordinal),
        ],
        keyColumns: 7,
        Read);

    private static AnomalyRow Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Enum.Parse<AnomalyKind>(row.GetString(2)), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt32(6));
}
