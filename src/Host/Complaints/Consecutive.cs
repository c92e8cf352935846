using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Complaints;

/// <summary>
/// One of the staff of whom two complaints in a row were substantiated (连续两次被投诉并经组织查实): the last two that were decided, by when they were registered. Worked out
/// at reading from what stands, so that a reversal undoes it.
/// </summary>
/// <param name="Staff">The code.</param>
/// <param name="Last">The one registered last.</param>
/// <param name="Before">The one before.</param>
internal sealed record Consecutive(string Staff, DecidedComplaint Last, DecidedComplaint Before)
{
    /// <summary>All of a centre, by code.</summary>
    public static async Task<IReadOnlyList<Consecutive>> ReadAsync(ReadModels models, string centre, CancellationToken ct)
    {
        // From code to code by the index of what was decided, and of each its last two: not through all there ever were.
        await using var select = models.Command($"""
            WITH RECURSIVE code AS (
                (SELECT staff FROM {models.Complaints} WHERE tenant_id = $1 AND finding IS NOT NULL AND staff IS NOT NULL ORDER BY staff LIMIT 1)
                UNION ALL
                SELECT (SELECT c.staff FROM (SELECT * FROM {models.Complaints}) c WHERE c.tenant_id = $1 AND c.finding IS NOT NULL AND c.staff > code.staff ORDER BY c.staff LIMIT 1) FROM code WHERE code.staff IS NOT NULL)
            SELECT code.staff, d.* FROM code CROSS JOIN LATERAL (
                SELECT array_agg(stream_id ORDER BY n) AS streams, array_agg(registered_at ORDER BY n) AS registered, array_agg(found_at ORDER BY n) AS found
                FROM (SELECT stream_id, registered_at, found_at, finding, row_number() OVER (ORDER BY {ComplaintList.Place} DESC, stream_id DESC) AS n
                      FROM (SELECT * FROM {models.Complaints}) c WHERE c.tenant_id = $1 AND c.staff = code.staff AND c.finding IS NOT NULL
                      ORDER BY {ComplaintList.Place} DESC, stream_id DESC LIMIT 2) two
                HAVING count(*) = 2 AND bool_and(finding = '{Projections.Complaints.Substantiated}')) d
            WHERE code.staff IS NOT NULL ORDER BY 1
            """);
        select.Parameters.Add(new() { Value = centre });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<Consecutive>();
        while (await reader.ReadAsync(ct))
        {
            var (streams, registered, found) = (reader.GetFieldValue<string[]>(1), reader.GetFieldValue<DateTime?[]>(2), reader.GetFieldValue<DateTime?[]>(3));
            rows.Add(new Consecutive(reader.GetString(0), Of(0), Of(1)));

            DecidedComplaint Of(int i) => new(streams[i], At(registered[i]), At(found[i]));
        }

        return rows;
    }

    public JsonObject ToJson(DateTimeZone zone) => new() { ["staff"] = Staff, ["last"] = Last.ToJson(zone), ["before"] = Before.ToJson(zone) };

    private static Instant? At(DateTime? at) => at is { } known ? Instant.FromDateTimeUtc(known) : null;
}

/// <summary>A complaint that was substantiated, and when.</summary>
internal sealed record DecidedComplaint(string Stream, Instant? RegisteredAt, Instant? FoundAt)
{
    public JsonObject ToJson(DateTimeZone zone) => new()
    {
        ["complaint"] = Stream["complaint/".Length..],
        ["registeredAt"] = RegisteredAt is { } registered ? Timestamps.Format(registered, zone) : null,
        ["foundAt"] = FoundAt is { } found ? Timestamps.Format(found, zone) : null,
    };
}
