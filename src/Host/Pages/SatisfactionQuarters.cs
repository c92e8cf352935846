using System.Globalization;
using Npgsql;
using SlaMonitor.Host.Ratings;

namespace SlaMonitor.Host.Pages;

/// <summary>How the cases of the last quarters were rated, out of the sums of days: no case is gone through.</summary>
internal static class SatisfactionQuarters
{
    /// <summary>The newest first; quarters in which nothing was finished are missing.</summary>
    public static async Task<IReadOnlyList<Satisfaction>> ReadAsync(NpgsqlDataSource dataSource, string centre, int most, CancellationToken ct)
    {
        await using var select = dataSource.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT to_char(day, 'YYYY"-Q"Q'), sum(finished)::bigint, sum(defaulted)::bigint, sum(voided)::bigint, sum(score1)::bigint, sum(score2)::bigint, sum(score3)::bigint, sum(score4)::bigint, sum(score5)::bigint
            FROM sla.satisfaction_daily WHERE tenant_id = $1 GROUP BY 1 ORDER BY 1 DESC LIMIT {most}
            """));
        select.Parameters.Add(new() { Value = centre });
        await using var row = await select.ExecuteReaderAsync(ct);
        var quarters = new List<Satisfaction>();
        while (await row.ReadAsync(ct))
            quarters.Add(new Satisfaction(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), [.. Enumerable.Range(4, 5).Select(row.GetInt64)]));
        return quarters;
    }
}
