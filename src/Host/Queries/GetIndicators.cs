using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// <c>GET /indicators</c>: the field's own figures of a period, each with numerator and denominator; nothing to divide by is null,
/// never 0 or 1. Averages are ratios of sums.
/// </summary>
internal static class GetIndicators
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/indicators", HandleAsync)
        .CanBeCsv(
            "commitments", "commitment", "unit", "onTimeClosingRate.of", "onTimeClosingRate.by", "onTimeClosingRate.ratio", "closingRate.of", "closingRate.by", "closingRate.ratio", "earlyFinishRate.of", "earlyFinishRate.by", "earlyFinishRate.ratio", "extensionRate.of", "extensionRate.by", "extensionRate.ratio", "reworkRate.of", "reworkRate.by", "reworkRate.ratio", "onceDoneRate.of", "onceDoneRate.by", "onceDoneRate.ratio", "speedUp.of", "speedUp.by", "speedUp.ratio")
        .CanWait().WithName("GetIndicators").WithSummary("Rates of a period, each with what was divided by what.").Answers("indicators.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        var (zone, now) = (asked.Newest.Zone, asked.At(clock));
        var span = period is null ? CalendarPeriod.QuarterOf(now, zone) : CalendarPeriod.Parse(period, zone);
        if (span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        return TypedResults.Ok(asked.Marked(new JsonObject
        {
            ["centre"] = asked.Centre,
            ["period"] = span.Name,
            ["at"] = Timestamps.Format(now, zone),
            ["commitments"] = new JsonArray([.. await CommitmentsAsync(models, asked, span, now, ct)]),
            ["received"] = await ReceivedAsync(models, asked, span, ct),
            ["catalogue"] = OfCatalogue(asked.Newest),
        }));
    }

    /// <summary>
    /// Of what was due in the period: closed on time (按期办结率), closed by now (结案率), extended and reopened; of what was met in it, finished before
    /// its last unit (提前办结率), done without supplement or reopening (一次办成率; visits are not told), and the share of the limit that was not used (提速率), in the limit's unit.
    /// </summary>
    private static async Task<List<JsonNode>> CommitmentsAsync(ReadModels models, Asked asked, CalendarPeriod span, Instant now, CancellationToken ct)
    {
        await using var select = models.Command($"""
            SELECT commitment, unit,
                   count(*) FILTER (WHERE due_here AND (state IN ('met', 'breached') OR (state = 'open' AND due_at < $1))), count(*) FILTER (WHERE due_here AND state IN ('met', 'breached')), count(*) FILTER (WHERE due_here AND state = 'met'),
                   count(*) FILTER (WHERE settled_here AND stopped_at IS NOT NULL), count(*) FILTER (WHERE settled_here AND state = 'met' AND used < total),
                   count(*) FILTER (WHERE due_here AND extended AND state <> 'void'), count(*) FILTER (WHERE due_here AND reworked AND state <> 'void'), count(*) FILTER (WHERE settled_here AND stopped_at IS NOT NULL AND NOT supplemented AND NOT reworked),
                   sum(total) FILTER (WHERE settled_here AND used IS NOT NULL), sum(used) FILTER (WHERE settled_here AND used IS NOT NULL)
            FROM (SELECT *, coalesce(due_on >= $3 AND due_on < $4, false) AS due_here, coalesce(settled_on >= $3 AND settled_on < $4, false) AS settled_here FROM (
                      SELECT * FROM {models.Clocks} WHERE tenant_id = $2 AND commitment = ANY ($5) AND settled_on >= $3 AND settled_on < $4
                      UNION ALL
                      SELECT * FROM {models.Clocks} WHERE tenant_id = $2 AND commitment = ANY ($5) AND state IN ('met', 'breached') AND due_on >= $3 AND due_on < $4 AND NOT (settled_on >= $3 AND settled_on < $4)
                      UNION ALL
                      SELECT * FROM {models.Clocks} WHERE tenant_id = $2 AND commitment = ANY ($5) AND state = 'open' AND due_on >= $3 AND due_on < $4) s
                  WHERE {CommitmentClock.ThereAt}) c
            GROUP BY 1, 2 ORDER BY 1, 2
            """);
        AddTo(select, now, asked.Centre, span);
        select.Parameters.Add(new() { Value = asked.Published.Versions.SelectMany(v => v.Commitments).Select(d => d.Id).Distinct().ToArray() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<JsonNode>();
        while (await reader.ReadAsync(ct))
        {
            // Stored in ticks, told in seconds.
            var (unit, days) = (reader.GetString(1), reader.GetString(1).EndsWith("Days", StringComparison.Ordinal));
            var (due, closed, total, used) = (reader.GetInt64(2), reader.GetInt64(5), Sum(reader, 10) / (days ? 1 : Tick.PerSecond), Sum(reader, 11) / (days ? 1 : Tick.PerSecond));
            rows.Add(new JsonObject
            {
                ["commitment"] = reader.GetString(0),
                ["unit"] = char.ToLowerInvariant(unit[0]) + unit[1..] + (days ? "" : "Seconds"),
                ["onTimeClosingRate"] = Ratio(reader.GetInt64(4), due),
                ["closingRate"] = Ratio(reader.GetInt64(3), due),
                ["earlyFinishRate"] = Ratio(reader.GetInt64(6), closed),
                ["extensionRate"] = Ratio(reader.GetInt64(7), due),
                ["reworkRate"] = Ratio(reader.GetInt64(8), due),
                ["onceDoneRate"] = Ratio(reader.GetInt64(9), closed),
                ["speedUp"] = Ratio(total - used, total),
            });
        }

        return rows;
    }

    /// <summary>Of what was received in the period: done at once (即办率) and applied for online (网办率), by cases.</summary>
    private static async Task<JsonNode?> ReceivedAsync(ReadModels models, Asked asked, CalendarPeriod span, CancellationToken ct)
    {
        // Every case received has this clock, whatever comes of it.
        if (asked.Newest.Commitments.FirstOrDefault(d => d is { Start: "case_received", Key: null, Limit: Domain.Commitments.LimitSource.Literal literal } && d.When.Count == 0 && literal.Limits.Rows.Any(r => r is { Kind: null, Priority: null })) is not { } counted)
            return null;
        await using var select = models.Command($"""
            SELECT count(*), count(*) FILTER (WHERE kind = 'instant' OR (kind IS NULL AND item = ANY ($5))), count(channel), count(*) FILTER (WHERE channel IN ({(int)Channel.Pc}, {(int)Channel.Mobile}))
            FROM {models.Clocks} WHERE tenant_id = $2 AND commitment = $1 AND ordinal = 1 AND started_at >= $3 AND started_at < $4
            """);
        select.Parameters.Add(new() { Value = counted.Id });
        select.Parameters.Add(new() { Value = asked.Centre });
        select.Parameters.Add(new() { Value = span.From.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = span.Until.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = asked.Newest.Items.Values.Where(i => i.Kind == CaseKind.Instant).Select(i => i.Id).ToArray() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new JsonObject
        {
            ["cases"] = reader.GetInt64(0),
            ["instantRate"] = Ratio(reader.GetInt64(1), reader.GetInt64(0)),
            ["onlineRate"] = Ratio(reader.GetInt64(3), reader.GetInt64(2)),
        };
    }

    /// <summary>By items: those done at once, those that can be applied for online, and how much shorter promises are than the law asks (承诺压缩率), of items with both in one unit.</summary>
    private static JsonObject OfCatalogue(Catalogue catalogue)
    {
        var items = catalogue.Items.Values.ToList();
        var offered = items.Where(i => i.Channels.Count > 0).ToList();
        var compressed = items.Select(i => (Promised: i.Promised?.For(i.Kind, null), Statutory: i.Statutory?.For(i.Kind, null)))
            .Where(l => l.Promised is Limit.WorkingDays && l.Statutory is Limit.WorkingDays).Select(l => (Promised: l.Promised!.Total.ToDecimal(), Statutory: l.Statutory!.Total.ToDecimal())).ToList();
        return new JsonObject
        {
            ["version"] = catalogue.Version,
            ["items"] = items.Count,
            ["instantItemRate"] = Ratio(items.Count(i => i.Kind == CaseKind.Instant), items.Count),
            ["onlineItemRate"] = Ratio(offered.Count(i => i.Channels.Any(c => c is Channel.Pc or Channel.Mobile)), offered.Count),
            ["promiseCompression"] = Ratio(compressed.Sum(c => c.Statutory - c.Promised), compressed.Sum(c => c.Statutory)),
        };
    }

    private static JsonObject Ratio(decimal of, decimal by) => new() { ["of"] = of, ["by"] = by, ["ratio"] = by == 0 ? null : of / by };

    private static decimal Sum(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? 0 : row.GetDecimal(i);

    private static void AddTo(NpgsqlCommand select, Instant now, string centre, CalendarPeriod span)
    {
        foreach (var value in (object[])[now.ToDateTimeUtc(), centre, span.FirstDay.ToDateOnly(), span.EndDay.ToDateOnly()])
            select.Parameters.Add(new() { Value = value });
    }
}
