using Npgsql;
using SlaMonitor.Host.Complaints;

namespace SlaMonitor.Host.Queries;

/// <summary>What metrics of complaints and ratings are made of; the category of a complaint of which only later facts are known is empty.</summary>
/// <param name="Open">Complaints that are not done with, by category; those of which there is none are missing.</param>
/// <param name="Registered">Complaints of the quarter.</param>
/// <param name="Substantiated">Of those, found true and not reversed.</param>
/// <param name="Finished">Cases finished in the quarter.</param>
/// <param name="Defaulted">Of those, of which it was told that nobody rated them.</param>
/// <param name="Voided">Of those, whose ratings do not count.</param>
/// <param name="ByScore">Of those, rated so, by score from 1.</param>
internal sealed record CitizenFigures(IReadOnlyDictionary<string, long> Open, long Registered, long Substantiated, long Finished, long Defaulted, long Voided, IReadOnlyList<long> ByScore)
{
    private const string OpenByCategory = "SELECT coalesce(category, ''), count(*) FROM sla.complaint WHERE tenant_id = $1 AND closed_at IS NULL GROUP BY 1";

    private const string Taken = $"""
        SELECT count(registered_at), count(registered_at) FILTER (WHERE finding = '{Projections.Complaints.Substantiated}') FROM sla.complaint
        WHERE tenant_id = $1 AND {ComplaintList.Place} >= $2 AND {ComplaintList.Place} < $3
        """;

    private const string Rated = """
        SELECT coalesce(sum(finished), 0)::bigint, coalesce(sum(defaulted), 0)::bigint, coalesce(sum(voided), 0)::bigint, coalesce(sum(score1), 0)::bigint, coalesce(sum(score2), 0)::bigint, coalesce(sum(score3), 0)::bigint,
               coalesce(sum(score4), 0)::bigint, coalesce(sum(score5), 0)::bigint
        FROM sla.satisfaction_daily WHERE tenant_id = $1 AND day >= $2 AND day < $3
        """;

    /// <summary>Those of a centre, on a connection of the caller's.</summary>
    public static async Task<CitizenFigures> ReadAsync(NpgsqlConnection connection, string centre, CalendarPeriod quarter, CancellationToken ct)
    {
        var open = await RowsAsync(connection, OpenByCategory, [centre], r => (Category: r.GetString(0), Count: r.GetInt64(1)), ct);
        var (registered, substantiated) = (await RowsAsync(connection, Taken, [centre, quarter.From.ToDateTimeUtc(), quarter.Until.ToDateTimeUtc()], r => (r.GetInt64(0), r.GetInt64(1)), ct))[0];
        var rated = (await RowsAsync(connection, Rated, [centre, quarter.FirstDay.ToDateOnly(), quarter.EndDay.ToDateOnly()], r => (long[])[.. Enumerable.Range(0, 8).Select(r.GetInt64)], ct))[0];
        return new CitizenFigures(open.ToDictionary(o => o.Category, o => o.Count), registered, substantiated, rated[0], rated[1], rated[2], rated[3..]);
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlConnection connection, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }
}
