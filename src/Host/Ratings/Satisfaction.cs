using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Ratings;

/// <summary>
/// How the cases finished in a period were rated (好差评), by the national code 1 best to 5 worst. Silence, and what was voided, is counted apart and is neither above nor below the line
/// of satisfaction.
/// </summary>
/// <param name="Group">What they are grouped by; null: not known, or not grouped.</param>
/// <param name="Finished">Cases finished in the period.</param>
/// <param name="Defaulted">Nobody answered, and that was told.</param>
/// <param name="Voided">What was given does not count.</param>
/// <param name="ByScore">Given ones that count, by score from 1.</param>
internal sealed record Satisfaction(string? Group, long Finished, long Defaulted, long Voided, long[] ByScore)
{
    private const string OfDays = """
        coalesce(sum(finished), 0)::bigint, coalesce(sum(given), 0)::bigint, coalesce(sum(defaulted), 0)::bigint, coalesce(sum(voided), 0)::bigint, coalesce(sum(score1), 0)::bigint, coalesce(sum(score2), 0)::bigint,
        coalesce(sum(score3), 0)::bigint, coalesce(sum(score4), 0)::bigint, coalesce(sum(score5), 0)::bigint
        """;

    /// <summary>What they can be grouped by, with their columns. The channel is the one a rating came by.</summary>
    public static IReadOnlyDictionary<string, string> Groups { get; } = new Dictionary<string, string> { ["service"] = "item", ["window"] = "window_id", ["staff"] = "staff", ["channel"] = "channel::varchar", ["none"] = "NULL::varchar" };

    /// <summary>Given ones that count.</summary>
    public long Given => ByScore.Sum();

    /// <summary>Given ones of the levels that count as satisfied.</summary>
    public long Satisfied => ByScore[0] + ByScore[1] + ByScore[2];

    /// <summary>Given ones of the two worst levels (差评).</summary>
    public long Bad => ByScore[3] + ByScore[4];

    /// <summary>The share of the given that is satisfied (满意率); null when none was given.</summary>
    public double? Ratio => Given == 0 ? null : (double)Satisfied / Given;

    /// <summary>The share of the finished cases that was rated by somebody (主动评价率); null when none was finished.</summary>
    public double? ResponseRate => Finished == 0 ? null : (double)Given / Finished;

    /// <summary>Those of a period.</summary>
    public static async Task<IReadOnlyList<Satisfaction>> ReadAsync(ReadModels models, string centre, CalendarPeriod period, string by, CancellationToken ct)
    {
        await using var select = models.Command($"SELECT {Groups[by]}, {RatedCases.Counts} FROM {models.Ratings} WHERE tenant_id = $1 AND finished_on >= $2 AND finished_on < $3 GROUP BY 1 ORDER BY 1 NULLS FIRST");
        return await ReadAsync(select, [centre, period.FirstDay.ToDateOnly(), period.EndDay.ToDateOnly()], ct);
    }

    /// <summary>All of a period, out of the sums of days: no case is gone through.</summary>
    /// <param name="command">Makes a command where they are to be read.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="period">Its days.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<Satisfaction> OfPeriodAsync(Func<string, NpgsqlCommand> command, string centre, CalendarPeriod period, CancellationToken ct)
    {
        await using var select = command($"SELECT NULL::varchar, {OfDays} FROM sla.satisfaction_daily WHERE tenant_id = $1 AND day >= $2 AND day < $3");
        return (await ReadAsync(select, [centre, period.FirstDay.ToDateOnly(), period.EndDay.ToDateOnly()], ct))[0];
    }

    /// <summary>Those of the last quarters in which something was finished, the newest first, out of the sums of days.</summary>
    public static async Task<IReadOnlyList<Satisfaction>> OfQuartersAsync(Func<string, NpgsqlCommand> command, string centre, int most, CancellationToken ct)
    {
        await using var select = command($"SELECT to_char(day, 'YYYY\"-Q\"Q'), {OfDays} FROM sla.satisfaction_daily WHERE tenant_id = $1 GROUP BY 1 ORDER BY 1 DESC LIMIT $2");
        return await ReadAsync(select, [centre, most], ct);
    }

    /// <summary>Those of some cases, as they are rated now; those that are not finished any more are not among them.</summary>
    public static async Task<Satisfaction> OfCasesAsync(ReadModels models, string centre, IReadOnlyCollection<string> streams, CancellationToken ct)
    {
        await using var select = models.Command($"SELECT NULL::varchar, {RatedCases.Counts} FROM {models.Ratings} WHERE tenant_id = $1 AND stream_id = ANY ($2) AND finished_on IS NOT NULL");
        return (await ReadAsync(select, [centre, streams.ToArray()], ct))[0];
    }

    /// <summary>As JSON. By channel nothing is finished, as a case that nobody rated has none, so there is no rate of response.</summary>
    public JsonObject ToJson(string by) => new()
    {
        [by] = Group,
        ["finished"] = Finished,
        ["given"] = Given,
        ["defaulted"] = Defaulted,
        ["voided"] = Voided,
        ["byScore"] = new JsonObject(ByScore.Select((n, i) => KeyValuePair.Create((i + 1).ToString(CultureInfo.InvariantCulture), (JsonNode?)n))),
        ["satisfied"] = Satisfied,
        ["bad"] = Bad,
        ["satisfaction"] = Ratio,
        ["responseRate"] = by == "channel" ? null : ResponseRate,
    };

    private static async Task<IReadOnlyList<Satisfaction>> ReadAsync(NpgsqlCommand select, object[] values, CancellationToken ct)
    {
        foreach (var value in values)
            select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<Satisfaction>();
        while (await reader.ReadAsync(ct))
            rows.Add(new Satisfaction(reader.Text(0), reader.GetInt64(1), reader.GetInt64(3), reader.GetInt64(4), [.. Enumerable.Range(5, 5).Select(reader.GetInt64)]));
        return rows;
    }
}
