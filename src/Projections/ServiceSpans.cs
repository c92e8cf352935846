using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Outages;

namespace SlaMonitor.Projections;

/// <summary>Reads what is known of services from a relation of the columns of <c>service_span</c>.</summary>
public static class ServiceSpans
{
    /// <summary>What is known of some services in a time, and all of when they were watched; those of which nothing is are missing.</summary>
    /// <param name="command">Makes a query.</param>
    /// <param name="relation">What stands in a FROM.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="services">Which.</param>
    /// <param name="from">Spans that ended by then are left out.</param>
    /// <param name="until">Spans that begin then or later are left out.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyDictionary<string, KnownFacts>> LoadAsync(
        Func<string, NpgsqlCommand> command, string relation, string centre, IReadOnlyCollection<string> services, Instant from, Instant until, CancellationToken ct)
    {
        await using var select = command($"""
            SELECT s.* FROM unnest($2) AS k (service) CROSS JOIN LATERAL (
                SELECT {ServiceTables.SpanColumns} FROM (SELECT * FROM {relation}) t
                WHERE t.tenant_id = $1 AND t.service = k.service AND coalesce(t.until_at, 'infinity') > $3 AND t.from_at < $4 AND t.kind <> '{SpanRow.Watch}'
                UNION ALL
                SELECT {ServiceTables.SpanColumns} FROM (SELECT * FROM {relation}) t WHERE t.tenant_id = $1 AND t.stream_id = 'service/' || k.service AND t.kind = '{SpanRow.Watch}' OFFSET 0) s
            """);
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = services.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        select.Parameters.Add(new() { Value = from.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = until.ToDateTimeUtc() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<SpanRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(ServiceTables.ReadSpan(reader));
        return rows.GroupBy(r => r.Service).ToDictionary(g => g.Key, g => new KnownFacts(
            [.. g.Where(r => r.Kind == SpanRow.Outage).Select(r => new OutageSpan(At(r.FromAt), Until(r), new LostShare(r.Lost), r.Name, r.Reason))],
            [.. g.Where(r => r.Kind == SpanRow.Exclusion).Select(r => new ApprovedSpan(At(r.FromAt), At(r.UntilAt!.Value), OutageJson.KindOf(r.Reason!), r.Name))],
            [.. g.Where(r => r.Kind == SpanRow.Watch).Select(r => new WatchedSpan(At(r.FromAt), Until(r), r.Name))]));
    }

    private static Instant At(DateTime at) => Instant.FromDateTimeUtc(at);

    private static Instant? Until(SpanRow row) => row.UntilAt is { } until ? At(until) : null;
}
