using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// The queries of what a centre's metrics and its board show, over one state of the database. They read open clocks and the sums of settled ones, each by an index that holds all it needs;
/// closed cases are not gone through.
/// </summary>
internal sealed class FigureQueries : IAsyncDisposable
{
    private const string Open = $"""
        SELECT commitment, coalesce(item, ''), window_id, staff, level, count(*), count(*) FILTER (WHERE due_on >= $3 AND due_on < $4), count(*) FILTER (WHERE due_on = $5),
               extract(epoch FROM min(due_at) FILTER (WHERE level IN ('running', 'dueSoon')))::float8, count(*) FILTER (WHERE level = 'overdue' AND escalates_at < $1)
        FROM (SELECT commitment, item, window_id, staff, due_at, due_on, escalates_at,
                     CASE {CommitmentClock.StateAt} WHEN 'breached' THEN 'overdue' WHEN 'running' THEN CASE WHEN due_soon_at < $1 THEN 'dueSoon' ELSE 'running' END ELSE 'paused' END AS level
              FROM sla.commitment_clock WHERE tenant_id = $2 AND state = 'open' AND {CommitmentClock.ThereAt}) c
        GROUP BY 1, 2, 3, 4, 5
        """;

    // By commitment, as the index of the days is.
    private const string Today = """
        SELECT commitment, coalesce(item, ''), window_id, staff, met, breached FROM sla.compliance_daily
        WHERE tenant_id = $1 AND day = $2 AND commitment = ANY ($3) AND met + breached > 0
        """;

    private const string Settled = """
        SELECT t.commitment, t.item, t.met, t.breached, coalesce(m.met, 0), coalesce(m.breached, 0) FROM sla.compliance_total t CROSS JOIN LATERAL (
            SELECT sum(met)::bigint AS met, sum(breached)::bigint AS breached FROM sla.compliance_monthly m
            WHERE m.tenant_id = t.tenant_id AND m.commitment = t.commitment AND m.item = t.item AND m.month >= $2 AND m.month < $3) m
        WHERE t.tenant_id = $1
        """;

    // Two indexes that there are for other reasons; one by item would have to be kept by every event of an open case (ADR 17).
    private const string Cases = """
        SELECT coalesce(item, ''), count(*) FROM (
            SELECT item, stream_id FROM sla.commitment_clock WHERE tenant_id = $1 AND state = 'open' AND case_open
            UNION SELECT item, stream_id FROM sla.commitment_clock WHERE tenant_id = $1 AND state <> 'open' AND case_open) c
        GROUP BY 1
        """;

    private const string Quarantine = "SELECT count(*) FROM sla.quarantine WHERE tenant_id = $1";
    private const string OldestBehind = "SELECT extract(epoch FROM clock_timestamp() - timestamp)::float8 FROM public.mt_events WHERE seq_id > $1 ORDER BY seq_id LIMIT 1";

    private readonly NpgsqlConnection _connection;

    private FigureQueries(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Begins, at the state the database is in now.</summary>
    public static async Task<FigureQueries> BeginAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            // Groups are few and are counted in memory; one core is enough, the others are for who waits.
            await using var settings = new NpgsqlCommand("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0", connection);
            await settings.ExecuteNonQueryAsync(ct);
            return new FigureQueries(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The figures of a centre at an instant.</summary>
    public async Task<CentreFigures> OfAsync(CatalogueLog published, Instant now, CancellationToken ct)
    {
        var catalogue = published.Newest!;
        var quarter = CalendarPeriod.QuarterOf(now, catalogue.Zone);
        var standing = await StandingAsync(published, now, ct);
        return new CentreFigures(
            catalogue,
            standing,
            await RowsAsync(Settled, r => new SettledClocks(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5)), ct, catalogue.Centre, quarter.FirstDay.ToDateOnly(), quarter.EndDay.ToDateOnly()),
            (await RowsAsync(AnomalyList.CountByKind, r => (Kind: r.GetString(0), Count: r.GetInt64(1)), ct, catalogue.Centre)).ToDictionary(r => r.Kind, r => r.Count),
            standing.Services,
            await CitizenFigures.ReadAsync(_connection, catalogue.Centre, quarter, ct),
            await SourceFigures.ReadAsync(_connection, catalogue.Centre, now, ct));
    }

    /// <summary>How the clocks of a centre stand at an instant, what settled on its day, and how its services stand.</summary>
    public async Task<CentreStanding> StandingAsync(CatalogueLog published, Instant now, CancellationToken ct)
    {
        var catalogue = published.Newest!;
        var (quarter, today) = (CalendarPeriod.QuarterOf(now, catalogue.Zone), now.InZone(catalogue.Zone).Date.ToDateOnly());
        string[] commitments = [.. published.Versions.SelectMany(v => v.Commitments).Select(c => c.Id).Distinct()];
        return new CentreStanding(
            now,
            await RowsAsync(Open, r => new OpenClocks(r.GetString(0), r.GetString(1), r.Text(2), r.Text(3), r.GetString(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.IsDBNull(8) ? null : r.GetDouble(8), r.GetInt64(9)), ct, now.ToDateTimeUtc(), catalogue.Centre, quarter.FirstDay.ToDateOnly(), quarter.EndDay.ToDateOnly(), today),
            await RowsAsync(Today, r => new SettledToday(r.GetString(0), r.GetString(1), r.Text(2), r.Text(3), r.GetInt64(4), r.GetInt64(5)), ct, catalogue.Centre, today, commitments),
            (await RowsAsync(Cases, r => (Item: r.GetString(0), Count: r.GetInt64(1)), ct, catalogue.Centre)).ToDictionary(r => r.Item, r => r.Count),
            (await RowsAsync(Quarantine, r => r.GetInt64(0), ct, catalogue.Centre))[0],
            await ServicesAsync(published, now, ct));
    }

    /// <summary>How the services of a centre stand at an instant.</summary>
    public Task<IReadOnlyList<ServiceStanding>> ServicesAsync(CatalogueLog published, Instant now, CancellationToken ct) => ServicesOf(published, now).ReadAsync(ct);

    /// <summary>The daily counts of a centre's services.</summary>
    public ServiceStandings ServicesOf(CatalogueLog published, Instant now) => new(sql => new NpgsqlCommand(sql, _connection), published, now);

    /// <summary>How long the oldest event has waited that the read models do not show; 0 when none has.</summary>
    public async Task<double> OldestBehindAsync(long checkpoint, CancellationToken ct) =>
        (await RowsAsync(OldestBehind, r => Math.Max(0, r.GetDouble(0)), ct, checkpoint)).FirstOrDefault();

    /// <summary>What waits in the outbox of notifications, and what was given up.</summary>
    public async Task<IReadOnlyList<OutboxFigures>> OutboxAsync(CancellationToken ct) =>
        await RowsAsync(OutboxFigures.Query, r => new OutboxFigures(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.IsDBNull(3) ? null : r.GetDouble(3)), ct);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }
}

/// <summary>Open clocks of an item's commitment at a level, by window and staff code: how many, how many of them due in this quarter and today, when the next of those that run falls due, and how many are past the first level after due.</summary>
internal sealed record OpenClocks(string Commitment, string Item, string? Window, string? Staff, string Level, long Count, long DueInQuarter, long DueToday, double? NextDue, long Escalated);

/// <summary>Clocks that the facts settled today.</summary>
internal sealed record SettledToday(string Commitment, string Item, string? Window, string? Staff, long Met, long Breached);

/// <summary>Clocks of an item's commitment that the facts settled, since ever and in this quarter.</summary>
internal sealed record SettledClocks(string Commitment, string Item, long Met, long Breached, long MetInQuarter, long BreachedInQuarter);

/// <summary>How a centre stands at an instant. Items without an open case are missing from <paramref name="OpenCases"/>.</summary>
internal sealed record CentreStanding(Instant At, IReadOnlyList<OpenClocks> Open, IReadOnlyList<SettledToday> Today, IReadOnlyDictionary<string, long> OpenCases, long Quarantined, IReadOnlyList<ServiceStanding> Services);

/// <summary>What metrics of a centre are made of. Items and kinds of which there is nothing are missing.</summary>
internal sealed record CentreFigures(Catalogue Catalogue, CentreStanding Standing, IReadOnlyList<SettledClocks> Settled, IReadOnlyDictionary<string, long> Anomalies, IReadOnlyList<ServiceStanding> Services, CitizenFigures Citizens, IReadOnlyList<SourceFigures> Sources);
