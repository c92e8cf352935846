using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>An outage as the read models have it. Lost: as it is or last was; Most: the most it ever was.</summary>
internal sealed record OutageFact(
    string Stream, int Ordinal, string Service, string? Component, string? Cause, Instant StartedAt, Instant? EndedAt, bool IsVoid, LostShare Lost, LostShare Most, string? Priority, string Source)
{
    /// <summary>What segments and interruptions call it.</summary>
    public string Name => Ordinal == 1 ? Stream["outage/".Length..] : $"{Stream["outage/".Length..]}#{Ordinal}";
}

/// <summary>Time that somebody asked not to count, and where that stands.</summary>
internal sealed record ExclusionFact(
    string Stream, string Id, string Service, ExclusionKind Kind, Instant From, Instant Until, string Evidence, string ProposedBy, string State, string? DecidedBy, Instant? DecidedAt, string? Reason)
{
    /// <summary>What segments call it.</summary>
    public string Name => $"{Stream} {Id}";
}

/// <summary>The outages and exclusions that touch a span of time, of a service and its parts, whatever became of them.</summary>
/// <param name="Outages">By their start.</param>
/// <param name="Exclusions">By their begin.</param>
internal sealed record ServiceEvidence(IReadOnlyList<OutageFact> Outages, IReadOnlyList<ExclusionFact> Exclusions)
{
    /// <summary>No more of a kind are read; a page lists fewer.</summary>
    public const int Most = 1000;

    /// <summary>Reads them.</summary>
    public static async Task<ServiceEvidence> ReadAsync(ReadModels models, string centre, IReadOnlyCollection<string> services, Instant from, Instant until, CancellationToken ct)
    {
        var outages = await RowsAsync(
            models,
            $"""
            SELECT stream_id, ordinal, service, component, cause, started_at, ended_at, is_void, lost, most, priority, source FROM {models.Outages} t
            WHERE tenant_id = $1 AND service = ANY ($2) AND started_at < $4 AND coalesce(ended_at, 'infinity') >= $3 ORDER BY started_at, stream_id, ordinal LIMIT {Most}
            """,
            r => new OutageFact(
                r.GetString(0), r.GetInt32(1), r.GetString(2), Text(r, 3), Text(r, 4), At(r, 5)!.Value, At(r, 6), r.GetBoolean(7), new LostShare(r.GetInt32(8)), new LostShare(r.GetInt32(9)), Text(r, 10), r.GetString(11)),
            centre, services, from, until, ct);
        var exclusions = await RowsAsync(
            models,
            $"""
            SELECT stream_id, id, service, kind, from_at, until_at, evidence, proposed_by, state, decided_by, decided_at, reason FROM {models.Exclusions} t
            WHERE tenant_id = $1 AND service = ANY ($2) AND from_at < $4 AND until_at > $3 ORDER BY from_at, stream_id, id LIMIT {Most}
            """,
            r => new ExclusionFact(
                r.GetString(0), r.GetString(1), r.GetString(2), OutageJson.KindOf(r.GetString(3)), At(r, 4)!.Value, At(r, 5)!.Value, r.GetString(6), r.GetString(7), r.GetString(8), Text(r, 9), At(r, 10), Text(r, 11)),
            centre, services, from, until, ct);
        return new ServiceEvidence(outages, exclusions);
    }

    private static async Task<List<T>> RowsAsync<T>(ReadModels models, string sql, Func<NpgsqlDataReader, T> read, string centre, IReadOnlyCollection<string> services, Instant from, Instant until, CancellationToken ct)
    {
        await using var select = models.Command(sql);
        select.Parameters.Add(new() { Value = centre });
        select.Parameters.Add(new() { Value = services.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        select.Parameters.Add(new() { Value = from.ToDateTimeUtc() });
        select.Parameters.Add(new() { Value = until.ToDateTimeUtc() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    private static Instant? At(NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : Instant.FromDateTimeUtc(row.GetDateTime(i));
}
