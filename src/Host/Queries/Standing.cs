using NodaTime;
using Npgsql;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>How clocks of one commitment, service, window and staff code stand: those that have not stopped, and what settled today.</summary>
/// <param name="Commitment">The commitment.</param>
/// <param name="Item">The service; null: the cases name none.</param>
/// <param name="Window">The window; null: none.</param>
/// <param name="Staff">The staff code; null: none.</param>
/// <param name="Running">Running and not yet close to due.</param>
/// <param name="DueSoon">Running, and close to due by the commitment's own level.</param>
/// <param name="Paused">Paused, so that they cannot fall due.</param>
/// <param name="Overdue">Past due and not stopped.</param>
/// <param name="MetToday">Met today, in the centre's zone.</param>
/// <param name="BreachedToday">Breached today, stopped since or not.</param>
internal sealed record StandingRow(string Commitment, string? Item, string? Window, string? Staff, long Running, long DueSoon, long Paused, long Overdue, long MetToday, long BreachedToday)
{
    /// <summary>Not stopped.</summary>
    public long Open => Running + DueSoon + Paused + Overdue;

    /// <summary>The sum of some rows.</summary>
    public static StandingRow Sum(IEnumerable<StandingRow> rows) => rows.Aggregate(
        new StandingRow("", null, null, null, 0, 0, 0, 0, 0, 0),
        (a, b) => a with { Running = a.Running + b.Running, DueSoon = a.DueSoon + b.DueSoon, Paused = a.Paused + b.Paused, Overdue = a.Overdue + b.Overdue, MetToday = a.MetToday + b.MetToday, BreachedToday = a.BreachedToday + b.BreachedToday });
}

/// <summary>How a centre stands at an instant. Only open clocks and today's counts are gone through.</summary>
internal static class Standing
{
    private const string Select = $"""
        SELECT commitment, item, window_id, staff, sum(running)::bigint, sum(due_soon)::bigint, sum(paused)::bigint, sum(overdue)::bigint, sum(met)::bigint, sum(breached)::bigint FROM (
            SELECT commitment, item, window_id, staff,
                   count(*) FILTER (WHERE level = 'running' AND NOT soon) AS running, count(*) FILTER (WHERE level = 'running' AND soon) AS due_soon, count(*) FILTER (WHERE level = 'paused') AS paused,
                   count(*) FILTER (WHERE level = 'breached') AS overdue, 0 AS met, count(*) FILTER (WHERE level = 'breached' AND due_on = $4) AS breached
            FROM (SELECT commitment, item, window_id, staff, due_on, coalesce(due_soon_at < $1, false) AS soon, {CommitmentClock.StateAt} AS level
                  FROM sla.commitment_clock WHERE tenant_id = $2 AND commitment = ANY ($3) AND state = 'open' AND {CommitmentClock.ThereAt}) o
            GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT commitment, item, window_id, staff, 0, 0, 0, 0, met, breached FROM sla.compliance_daily WHERE tenant_id = $2 AND commitment = ANY ($3) AND day = $4) c
        GROUP BY 1, 2, 3, 4
        """;

    /// <summary>Reads it.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="commitments">Clocks of these.</param>
    /// <param name="zone">Whose today it is.</param>
    /// <param name="now">The instant.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<StandingRow>> ReadAsync(NpgsqlDataSource dataSource, string centre, IReadOnlyList<string> commitments, DateTimeZone zone, Instant now, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Select);
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, commitments.ToArray(), now.InZone(zone).Date.ToDateOnly()])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<StandingRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new StandingRow(
                reader.GetString(0), Text(reader, 1), Text(reader, 2), Text(reader, 3),
                reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9)));
        }

        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);
}
