using System.Text.Json.Nodes;
using Npgsql;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Complaints;

/// <summary>
/// Of the complaints registered in a period, as they stand: what was found and what became of them. Only what was substantiated, and not reversed since, counts against anybody.
/// </summary>
/// <param name="Group">What they are grouped by; null: not known, or not grouped.</param>
/// <param name="Registered">All of them.</param>
/// <param name="Closed">Done with.</param>
/// <param name="Substantiated">Found true.</param>
/// <param name="Unsubstantiated">Not found true.</param>
/// <param name="Reversed">Those of which some finding was reversed, whatever was found after.</param>
/// <param name="Reviewed">Looked at again.</param>
/// <param name="Revisited">Of those closed, those whose complainant was asked afterwards.</param>
/// <param name="Satisfied">Of those revisited, those whose complainant is satisfied.</param>
internal sealed record ComplaintFigures(string? Group, long Registered, long Closed, long Substantiated, long Unsubstantiated, long Reversed, long Reviewed, long Revisited, long Satisfied)
{
    private const string Counts = """
        count(*), count(closed_at), count(*) FILTER (WHERE finding = 'substantiated'), count(*) FILTER (WHERE finding = 'unsubstantiated'), count(*) FILTER (WHERE reversals > 0), count(reviewed_at),
        count(*) FILTER (WHERE closed_at IS NOT NULL AND revisited_at IS NOT NULL), count(*) FILTER (WHERE closed_at IS NOT NULL AND revisited_at IS NOT NULL AND satisfied)
        """;

    /// <summary>What they can be grouped by, with their columns.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string> { ["category"] = "category", ["channel"] = "channel", ["window"] = "window_id", ["staff"] = "staff", ["none"] = "NULL::varchar" };

    /// <summary>Nothing found, or nothing that was not reversed.</summary>
    public long Undecided => Registered - Substantiated - Unsubstantiated;

    /// <summary>The revisit rate (回访率): of those closed, the share whose complainant was asked afterwards; null when none was closed.</summary>
    public double? RevisitRate => Closed == 0 ? null : (double)Revisited / Closed;

    /// <summary>Of those revisited, the share that is satisfied; null when none was.</summary>
    public double? Satisfaction => Revisited == 0 ? null : (double)Satisfied / Revisited;

    /// <summary>Those of a period.</summary>
    public static async Task<IReadOnlyList<ComplaintFigures>> ReadAsync(ReadModels models, string centre, CalendarPeriod period, string by, CancellationToken ct)
    {
        await using var select = models.Command($"""
            SELECT {Groups[by]}, {Counts} FROM {models.Complaints}
            WHERE tenant_id = $1 AND {ComplaintList.Place} >= $2 AND {ComplaintList.Place} < $3 AND registered_at IS NOT NULL GROUP BY 1 ORDER BY 1 NULLS FIRST
            """);
        foreach (var value in (object[])[centre, period.From.ToDateTimeUtc(), period.Until.ToDateTimeUtc()])
            select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<ComplaintFigures>();
        while (await reader.ReadAsync(ct))
            rows.Add(Read(reader));
        return rows;
    }

    /// <summary>The sum of some, whatever they are grouped by.</summary>
    public static ComplaintFigures Sum(IReadOnlyCollection<ComplaintFigures> groups) => new(
        null, groups.Sum(g => g.Registered), groups.Sum(g => g.Closed), groups.Sum(g => g.Substantiated), groups.Sum(g => g.Unsubstantiated), groups.Sum(g => g.Reversed), groups.Sum(g => g.Reviewed),
        groups.Sum(g => g.Revisited), groups.Sum(g => g.Satisfied));

    public JsonObject ToJson(string by) => new()
    {
        [by] = Group,
        ["registered"] = Registered,
        ["closed"] = Closed,
        ["substantiated"] = Substantiated,
        ["unsubstantiated"] = Unsubstantiated,
        ["undecided"] = Undecided,
        ["reversed"] = Reversed,
        ["reviewed"] = Reviewed,
        ["revisited"] = Revisited,
        ["revisitRate"] = RevisitRate,
        ["satisfied"] = Satisfied,
        ["satisfaction"] = Satisfaction,
    };

    private static ComplaintFigures Read(NpgsqlDataReader row) => new(
        row.Text(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8));
}
