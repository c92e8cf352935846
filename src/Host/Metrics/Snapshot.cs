using NodaTime;
using Npgsql;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The gauges of the domain, made anew every few seconds in the background: what vanished from the data vanishes from the
/// metrics, and a scrape runs no SQL.
/// </summary>
internal sealed class Snapshot(NpgsqlDataSource dataSource, Centres centres, Follower follower, IClock clock)
{
    private const string Open = $"""
        SELECT tenant_id, commitment,
               CASE WHEN {CommitmentClock.StateAt} = 'breached' THEN 'overdue' WHEN {CommitmentClock.StateAt} = 'running' AND due_soon_at < $1 THEN 'dueSoon' ELSE {CommitmentClock.StateAt} END AS level,
               count(*), extract(epoch FROM min(due_at) FILTER (WHERE {CommitmentClock.StateAt} = 'running'))::float8
        FROM sla.commitment_clock WHERE state = 'open' AND {CommitmentClock.ThereAt} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    // A breach of an open clock settles by time alone; the rest is counted by day already.
    private const string Settled = $"""
        SELECT tenant_id, commitment, verdict, sum(n)::bigint FROM (
            SELECT tenant_id, commitment, v.verdict, v.n FROM sla.compliance_daily CROSS JOIN LATERAL (VALUES ('met', met), ('breached', breached)) AS v (verdict, n)
            UNION ALL
            SELECT tenant_id, commitment, 'breached', 1 FROM sla.commitment_clock WHERE state = 'open' AND {CommitmentClock.ThereAt} AND {CommitmentClock.StateAt} = 'breached') c
        WHERE n > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    private const string Cases = """
        SELECT tenant_id, count(*) FROM (
            SELECT tenant_id, stream_id FROM sla.commitment_clock WHERE state = 'open' AND case_open
            UNION SELECT tenant_id, stream_id FROM sla.commitment_clock WHERE case_open AND state <> 'open') c
        GROUP BY 1 ORDER BY 1
        """;
    private const string Anomalies = "SELECT tenant_id, sum(anomalies)::bigint FROM sla.commitment_clock WHERE anomalies > 0 GROUP BY 1 ORDER BY 1";
    private const string Quarantine = "SELECT tenant_id, count(*) FROM sla.quarantine GROUP BY 1 ORDER BY 1";
    private const string OldestBehind = "SELECT extract(epoch FROM clock_timestamp() - timestamp)::float8 FROM public.mt_events WHERE seq_id > $1 ORDER BY seq_id LIMIT 1";

    private volatile IReadOnlyList<Family> _families = [];

    /// <summary>The families of the last snapshot; none before the first.</summary>
    public IReadOnlyList<Family> Families => _families;

    /// <summary>Takes a snapshot.</summary>
    public async Task TakeAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var open = await RowsAsync(Open, now, r => (Centre: r.GetString(0), Commitment: r.GetString(1), Level: r.GetString(2), Count: r.GetInt64(3), NextDue: r.IsDBNull(4) ? (double?)null : r.GetDouble(4)), ct);
        var settled = await RowsAsync(Settled, now, r => (Centre: r.GetString(0), Commitment: r.GetString(1), Verdict: r.GetString(2), Count: r.GetInt64(3)), ct);
        _families =
        [
            new("sla_build_info", "gauge", "Always 1; the label names the version.", [new([("version", Meters.Sla.Version ?? "")], 1)]),
            await ByCentreAsync("sla_cases_open", "Cases with a commitment that are neither decided, closed nor withdrawn.", Cases, ct),
            new("sla_commitments_open", "gauge", "Clocks that have not stopped, by where they stand.", [.. open.Select(o => new Sample([("sla_centre", o.Centre), ("sla_commitment", o.Commitment), ("level", o.Level)], o.Count))]),
            new("sla_commitments_settled_total", "counter", "Clocks met or breached, whenever they settled.", [.. settled.Select(s => new Sample([("sla_centre", s.Centre), ("sla_commitment", s.Commitment), ("verdict", s.Verdict)], s.Count))]),
            new("sla_next_due_timestamp_seconds", "gauge", "When the next running clock falls due.", [.. open.Where(o => o.NextDue is not null).GroupBy(o => (o.Centre, o.Commitment))
                .Select(g => new Sample([("sla_centre", g.Key.Centre), ("sla_commitment", g.Key.Commitment)], g.Min(o => o.NextDue!.Value)))]),
            await ComplianceAsync(now, ct),
            await ByCentreAsync("sla_anomalies_open", "Contradictions between facts.", Anomalies, ct),
            await ByCentreAsync("sla_quarantined_streams", "Streams that could not be folded.", Quarantine, ct),
            new("sla_projection_lag_events", "gauge", "Log positions drawn and not yet in the read models.", [new([], follower.Lag)]),
            new("sla_projection_lag_seconds", "gauge", "Age of the oldest event not yet in the read models; 0 when there is none.", [new([], await OldestBehindAsync(ct))]),
            new("sla_snapshot_timestamp_seconds", "gauge", "When these gauges were made.", [new([], now.ToUnixTimeMilliseconds() / 1000.0)]),
        ];
    }

    /// <summary>A count of each centre, 0 where there is nothing to count: an alert on it must see it fall.</summary>
    private async Task<Family> ByCentreAsync(string name, string help, string sql, CancellationToken ct)
    {
        var counts = (await RowsAsync(sql, null, r => (Centre: r.GetString(0), Count: r.GetInt64(1)), ct)).ToDictionary(r => r.Centre, r => r.Count);
        return new Family(name, "gauge", help, [.. (await centres.AllAsync(ct)).Union(counts.Keys).Order(StringComparer.Ordinal).Select(c => new Sample([("sla_centre", c)], counts.GetValueOrDefault(c)))]);
    }

    private async Task<Family> ComplianceAsync(Instant now, CancellationToken ct)
    {
        var samples = new List<Sample>();
        foreach (var centre in await centres.AllAsync(ct))
        {
            var zone = (await centres.CatalogueOfAsync(centre, ct))!.Newest!.Zone;
            var rows = await Compliance.ReadAsync(ReadModels.Now(dataSource), centre, CalendarPeriod.QuarterOf(now, zone), "none", now, ct);
            samples.AddRange(rows.Where(r => r.Ratio is not null).Select(r => new Sample([("sla_centre", centre), ("sla_commitment", r.Commitment), ("period", "quarter")], r.Ratio!.Value)));
        }

        return new Family("sla_compliance_ratio", "gauge", "Met / (met + breached) of what settled in the current period; absent when nothing did.", samples);
    }

    private async Task<double> OldestBehindAsync(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(OldestBehind);
        command.Parameters.Add(new() { Value = follower.Checkpoint });
        return await command.ExecuteScalarAsync(ct) is double seconds ? Math.Max(0, seconds) : 0;
    }

    private async Task<List<T>> RowsAsync<T>(string sql, Instant? now, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(sql);
        if (now is { } at)
            command.Parameters.Add(new() { Value = at.ToDateTimeUtc() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }
}
