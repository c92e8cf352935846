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

    /// <summary>A row of open clocks at one level. A breach of an open clock settles by time alone, on the day it was due.</summary>
    public static StandingRow Of(OpenClocks open) => new(
        open.Commitment, Named(open.Item), open.Window, open.Staff,
        open.Level == "running" ? open.Count : 0, open.Level == "dueSoon" ? open.Count : 0, open.Level == "paused" ? open.Count : 0, open.Level == "overdue" ? open.Count : 0, 0, open.Level == "overdue" ? open.DueToday : 0);

    /// <summary>A row of what settled today by the facts.</summary>
    public static StandingRow Of(SettledToday settled) => new(settled.Commitment, Named(settled.Item), settled.Window, settled.Staff, 0, 0, 0, 0, settled.Met, settled.Breached);

    /// <summary>The sum of some rows.</summary>
    public static StandingRow Sum(IEnumerable<StandingRow> rows)
    {
        var (running, dueSoon, paused, overdue, met, breached) = (0L, 0L, 0L, 0L, 0L, 0L);
        foreach (var row in rows)
            (running, dueSoon, paused, overdue, met, breached) = (running + row.Running, dueSoon + row.DueSoon, paused + row.Paused, overdue + row.Overdue, met + row.MetToday, breached + row.BreachedToday);
        return new StandingRow("", null, null, null, running, dueSoon, paused, overdue, met, breached);
    }

    private static string? Named(string item) => item.Length == 0 ? null : item;
}
