using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /compliance</c>: met / (met + breached) of a period by service, window or staff code. Nothing settled is null, never 0 or 1.</summary>
internal static class GetCompliance
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/compliance", HandleAsync).AddEndpointFilter<WaitForPosition>();

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        Centres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? period, string? by, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        var (zone, now, grouping) = (catalogue.Newest!.Zone, clock.GetCurrentInstant(), by ?? "service");
        if (!Compliance.Groups.ContainsKey(grouping))
            return Problems.Parameter("by", $"is not one of {string.Join(", ", Compliance.Groups.Keys)}");
        var asked = period is null ? CalendarPeriod.QuarterOf(now, zone) : CalendarPeriod.Parse(period, zone);
        if (asked is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        var rows = await Compliance.ReadAsync(dataSource, tenant, asked, grouping, now, ct);
        return TypedResults.Ok(new JsonObject
        {
            ["centre"] = tenant,
            ["period"] = asked.Name,
            ["from"] = Timestamps.Format(asked.From, zone),
            ["until"] = Timestamps.Format(asked.Until, zone),
            ["at"] = Timestamps.Format(now, zone),
            ["by"] = grouping,
            ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)Row(r, grouping))]),
        });
    }

    private static JsonObject Row(ComplianceRow row, string by) => new()
    {
        ["commitment"] = row.Commitment,
        [by] = row.Group,
        ["met"] = row.Met,
        ["breached"] = row.Breached,
        ["compliance"] = row.Ratio,
        ["dueInPeriod"] = row.DueInPeriod,
        ["onTime"] = row.OnTime,
        ["onTimeRate"] = row.OnTimeRate,
    };
}
