using Npgsql;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Host.Ratings;

namespace SlaMonitor.Host.Queries;

/// <summary>What metrics of complaints and ratings are made of; the category of a complaint of which only later facts are known is empty.</summary>
/// <param name="Open">Complaints that are not done with, by category; those of which there is none are missing.</param>
/// <param name="Registered">Complaints of the quarter.</param>
/// <param name="Substantiated">Of those, found true and not reversed.</param>
/// <param name="Rated">How the cases finished in the quarter were rated.</param>
internal sealed record CitizenFigures(IReadOnlyDictionary<string, long> Open, long Registered, long Substantiated, Satisfaction Rated)
{
    private const string OpenByCategory = "SELECT coalesce(category, ''), count(*) FROM sla.complaint WHERE tenant_id = $1 AND closed_at IS NULL GROUP BY 1";

    private const string Taken = $"""
        SELECT count(registered_at), count(registered_at) FILTER (WHERE finding = '{Projections.Complaints.Substantiated}') FROM sla.complaint
        WHERE tenant_id = $1 AND {ComplaintList.Place} >= $2 AND {ComplaintList.Place} < $3
        """;

    /// <summary>Those of a centre, on a connection of the caller's.</summary>
    public static async Task<CitizenFigures> ReadAsync(NpgsqlConnection connection, string centre, CalendarPeriod quarter, CancellationToken ct)
    {
        var open = await RowsAsync(connection, OpenByCategory, [centre], r => (Category: r.GetString(0), Count: r.GetInt64(1)), ct);
        var (registered, substantiated) = (await RowsAsync(connection, Taken, [centre, quarter.From.ToDateTimeUtc(), quarter.Until.ToDateTimeUtc()], r => (r.GetInt64(0), r.GetInt64(1)), ct))[0];
        var rated = await Satisfaction.OfPeriodAsync(sql => new NpgsqlCommand(sql, connection), centre, quarter, ct);
        return new CitizenFigures(open.ToDictionary(o => o.Category, o => o.Count), registered, substantiated, rated);
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
