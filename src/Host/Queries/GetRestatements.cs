using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /restatements</c>: settled verdicts that were changed afterwards, old, new and cause, in the order they were; of a period those that touch it.</summary>
internal static class GetRestatements
{
    private const int MaxLimit = 1000;
    private const int KeyParts = 5;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/restatements", HandleAsync)
        .CanBeCsv("restatements", "case", "commitment", "key", "ordinal", "old.state", "old.settledAt", "new.state", "new.settledAt", "cause.event", "cause.type", "cause.position", "cause.recordedAt")
        .CanWait().WithName("GetRestatements").WithSummary("Settled verdicts that changed, with the cause.").Answers("restatements.json").Refuses(400, "A parameter cannot be used; which, and why");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(
        VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? period, string? after, int? limit, CancellationToken ct)
    {
        var (tenant, catalogue, reason) = await centres.ResolveAsync(centre, ct);
        if (tenant is null)
            return Problems.Parameter("centre", reason);
        var zone = catalogue.Newest!.Zone;
        var span = period is null ? null : CalendarPeriod.Parse(period, zone);
        if (period is not null && span is null)
            return Problems.Parameter("period", $"is not {CalendarPeriod.Expected}");
        if (limit is < 1 or > MaxLimit)
            return Problems.Parameter("limit", $"is not from 1 to {MaxLimit}");
        var cursor = after is null ? ["0", "", "", "", "0"] : KeyCursor.Parse(after, KeyParts);
        if (cursor is null || !long.TryParse(cursor[0], out var position) || !int.TryParse(cursor[4], out var ordinal))
            return Problems.Parameter("after", "is no cursor of this list; take it from next of the page before");
        await using var select = dataSource.CreateCommand("""
            SELECT position, stream_id, commitment, key, ordinal, old_state, old_settled_at, new_state, new_settled_at, cause, cause_type, recorded_at FROM sla.restatement
            WHERE tenant_id = $1 AND ($2::date IS NULL OR (old_settled_on >= $2 AND old_settled_on < $3) OR (new_settled_on >= $2 AND new_settled_on < $3))
              AND (position, stream_id, commitment, key, ordinal) > ($4, $5, $6, $7, $8)
            ORDER BY position, stream_id, commitment, key, ordinal LIMIT $9
            """);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = (object?)span?.FirstDay.ToDateOnly() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date });
        select.Parameters.Add(new() { Value = (object?)span?.EndDay.ToDateOnly() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date });
        foreach (var value in (object[])[position, cursor[1], cursor[2], cursor[3], ordinal, limit ?? 100])
            select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (rows, last) = (new JsonArray(), "");
        while (await reader.ReadAsync(ct))
        {
            rows.Add((JsonNode)ToJson(reader, zone));
            last = KeyCursor.Write(reader.GetInt64(0).ToString(CultureInfo.InvariantCulture), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4).ToString(CultureInfo.InvariantCulture));
        }

        return TypedResults.Ok(new JsonObject { ["restatements"] = rows, ["next"] = rows.Count < (limit ?? 100) ? null : last });
    }

    private static JsonObject ToJson(NpgsqlDataReader row, DateTimeZone zone) => new()
    {
        ["case"] = StreamKinds.Shown(row.GetString(1)),
        ["commitment"] = row.GetString(2),
        ["key"] = row.GetString(3) is { Length: > 0 } key ? key : null,
        ["ordinal"] = row.GetInt32(4),
        ["old"] = new JsonObject { ["state"] = row.GetString(5), ["settledAt"] = At(row, 6, zone) },
        ["new"] = row.IsDBNull(7) ? null : new JsonObject { ["state"] = row.GetString(7), ["settledAt"] = At(row, 8, zone) },
        ["cause"] = new JsonObject { ["event"] = row.GetGuid(9).ToString(), ["type"] = row.GetString(10), ["position"] = row.GetInt64(0), ["recordedAt"] = At(row, 11, zone) },
    };

    private static string? At(NpgsqlDataReader row, int i, DateTimeZone zone) => row.At(i) is { } at ? Timestamps.Format(at, zone) : null;
}
