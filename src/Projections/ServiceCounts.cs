using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Domain.Time;
using SlaMonitor.Projections.Engine;
using static SlaMonitor.Projections.Columns;

namespace SlaMonitor.Projections;

/// <summary>A row of <c>availability_daily</c>.</summary>
internal sealed record ServiceDayRow(string Centre, string Service, DateOnly Day, long Hours, long Agreed, decimal Downtime, long GrossAgreed, decimal GrossDowntime, long LeftOut, long Unobserved)
{
    public static ServiceDayRow Of(string centre, string service, LocalDate day, AvailabilityTotals totals) => new(
        centre, service, day.ToDateOnly(), totals.Hours, totals.Agreed, (decimal)totals.Downtime, totals.GrossAgreed, (decimal)totals.GrossDowntime, totals.LeftOut, totals.Unobserved);
}

/// <summary>A row of <c>interruption</c>.</summary>
internal sealed record InterruptionRow(string Centre, string Service, DateTime StartedAt, DateTime? EndedAt, long? Restore, string? Priority, DateTime? DueAt, string Outages);

/// <summary>Time of a service in which something may count otherwise than before; Until null: for ever.</summary>
internal readonly record struct ServiceWindow(Instant From, Instant? Until)
{
    public static ServiceWindow Whole { get; } = new(ServiceHistory.Earliest, null);

    /// <summary>Both, and what lies between.</summary>
    public ServiceWindow And(ServiceWindow other) => new(Instant.Min(From, other.From), Until is { } a && other.Until is { } b ? Instant.Max(a, b) : null);
}

/// <summary>
/// The read models <c>availability_daily</c> and <c>interruption</c>. What crosses streams is recomputed whole from <c>service_span</c> for the time a page touched;
/// a day is counted as it is once it is over, so that no row depends on when it was written.
/// </summary>
internal static class ServiceCounts
{
    private static readonly ReadModelTable<ServiceDayRow> Days = new(
        "availability_daily",
        [
            Text<ServiceDayRow>("tenant_id", r => r.Centre), Text<ServiceDayRow>("service", r => r.Service), On<ServiceDayRow>("day", r => r.Day),
            Long<ServiceDayRow>("hours", r => r.Hours), Long<ServiceDayRow>("agreed", r => r.Agreed), Number<ServiceDayRow>("downtime", r => r.Downtime),
            Long<ServiceDayRow>("gross_agreed", r => r.GrossAgreed), Number<ServiceDayRow>("gross_downtime", r => r.GrossDowntime),
            Long<ServiceDayRow>("left_out", r => r.LeftOut), Long<ServiceDayRow>("unobserved", r => r.Unobserved),
        ],
        keyColumns: 3,
        r => new ServiceDayRow(r.GetString(0), r.GetString(1), r.GetFieldValue<DateOnly>(2), r.GetInt64(3), r.GetInt64(4), r.GetDecimal(5), r.GetInt64(6), r.GetDecimal(7), r.GetInt64(8), r.GetInt64(9)));

    private static readonly ReadModelTable<InterruptionRow> Interruptions = new(
        "interruption",
        [
            Text<InterruptionRow>("tenant_id", r => r.Centre), Text<InterruptionRow>("service", r => r.Service), At<InterruptionRow>("started_at", r => r.StartedAt), At<InterruptionRow>("ended_at", r => r.EndedAt),
            new Column<InterruptionRow, long?>("restore", NpgsqlDbType.Bigint, r => r.Restore), Text<InterruptionRow>("priority", r => r.Priority), At<InterruptionRow>("due_at", r => r.DueAt), Text<InterruptionRow>("outages", r => r.Outages),
        ],
        keyColumns: 3,
        r => new InterruptionRow(r.GetString(0), r.GetString(1), r.GetDateTime(2), r.At(3), r.IsDBNull(4) ? null : r.GetInt64(4), r.Text(5), r.At(6), r.GetString(7)));

    /// <summary>Recomputes a service in a window, and what else of the same interruptions lies around it.</summary>
    public static async Task RecomputeAsync(NpgsqlConnection connection, Generation generation, CatalogueLog log, string centre, string service, ServiceWindow window, CancellationToken ct)
    {
        var (from, until) = await WithNeighboursAsync(connection, generation, centre, service, window, ct);
        var (days, interruptions) = await CountAsync(connection, generation.Table("service_span"), log, centre, service, from, until, ct);
        await using var clear = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Range($"DELETE FROM {generation.Table("interruption")} WHERE tenant_id = $1 AND service = $2 AND started_at >= $3 AND started_at < $4", from.ToDateTimeUtc(), until.ToDateTimeUtc()),
                Range($"DELETE FROM {generation.Table("availability_daily")} WHERE tenant_id = $1 AND service = $2 AND day >= $3 AND day <= $4", DayOf(log, from).ToDateOnly(), DayOf(log, until).ToDateOnly()),
            },
        };
        await clear.ExecuteNonQueryAsync(ct);
        await Days.InsertAsync(connection, generation, days, ct);
        await Interruptions.InsertAsync(connection, generation, interruptions, ct);

        NpgsqlBatchCommand Range(string sql, object first, object last) => new(sql) { Parameters = { new() { Value = centre }, new() { Value = service }, new() { Value = first }, new() { Value = last } } };
    }

    /// <summary>Computes all services of a centre at once, into empty tables.</summary>
    public static async Task ComputeAllAsync(NpgsqlConnection connection, Generation generation, CatalogueLog log, string centre, CancellationToken ct)
    {
        foreach (var service in ServicesOf(log))
        {
            var (days, interruptions) = await CountAsync(connection, generation.Table("service_span"), log, centre, service, ServiceHistory.Earliest, ServiceHistory.Latest, ct);
            await Days.InsertAsync(connection, generation, days, ct);
            await Interruptions.InsertAsync(connection, generation, interruptions, ct);
        }
    }

    /// <summary>Whether what is stored of a service differs from what its spans say.</summary>
    public static async Task<bool> DiffersAsync(NpgsqlConnection connection, Generation generation, CatalogueLog log, string centre, string service, CancellationToken ct)
    {
        var (days, interruptions) = await CountAsync(connection, generation.Table("service_span"), log, centre, service, ServiceHistory.Earliest, ServiceHistory.Latest, ct);
        return !(await Days.SelectAsync(connection, generation, "tenant_id = $1 AND service = $2", [centre, service], ct)).ToHashSet().SetEquals(days)
            || !(await Interruptions.SelectAsync(connection, generation, "tenant_id = $1 AND service = $2", [centre, service], ct)).ToHashSet().SetEquals(interruptions);
    }

    /// <summary>Every service that any version has, in order.</summary>
    public static IEnumerable<string> ServicesOf(CatalogueLog log) => log.Versions.SelectMany(v => v.Services.Keys).Distinct().Order(StringComparer.Ordinal);

    private static async Task<(List<ServiceDayRow> Days, List<InterruptionRow> Interruptions)> CountAsync(
        NpgsqlConnection connection, string spans, CatalogueLog log, string centre, string service, Instant from, Instant until, CancellationToken ct)
    {
        if (log.Newest is null)
            return ([], []);
        var known = await ServiceSpans.LoadAsync(sql => new NpgsqlCommand(sql, connection), spans, centre, ServiceLife.PartsOf(log, service), StartOf(log, from), EndOf(log, until), ct);
        var (terms, history) = (ServiceLife.Of(log, service, s => known.GetValueOrDefault(s, KnownFacts.None)), ServiceHistory.Of(log, service));
        var days = DaysOf(log, known.Values, from, until);
        var edges = days.SelectMany(d => (LocalDate[])[d, d.PlusDays(1)]).Distinct().Order().ToList();
        var counted = edges.Count == 0 ? [] : ServiceAvailability.ByBucket(terms, [.. edges.Select(e => ServiceHistory.StartOf(e, log.Newest.Zone))], ServiceHistory.StartOf(edges[^1], log.Newest.Zone));
        var rows = edges.SkipLast(1).Select((day, i) => (Day: day, Totals: counted[i])).Where(d => days.Contains(d.Day)).Select(d => ServiceDayRow.Of(centre, service, d.Day, d.Totals)).ToList();
        if (known.Values.SelectMany(k => k.Outages).Select(o => (Instant?)o.From).Min() is not { } first)
            return (rows, []);
        var horizon = HorizonOf(known.Values, history);
        var interruptions = ServiceAvailability.Interruptions(terms, Instant.Max(from, first), Instant.Min(until, horizon), horizon);
        return (rows, [.. interruptions.Select(i => RowOf(centre, service, i, history))]);
    }

    /// <summary>Past all that is known, and past the opening in which an outage that has not ended begins to interrupt.</summary>
    private static Instant HorizonOf(IEnumerable<KnownFacts> known, IReadOnlyList<ServiceSpan> history)
    {
        var last = known.SelectMany(k => k.Outages.Select(o => o.Until ?? o.From).Concat(k.Exclusions.Select(x => x.Until))).Max();
        foreach (var hours in history.Where(s => s.Until > last).Select(s => s.Version.Calendars[s.Service.Hours]).Distinct())
        {
            try
            {
                last = Instant.Max(last, hours.NextOpening(last));
            }
            catch (CalendarRangeException)
            {
                // It never opens again.
            }
        }

        return Instant.Min(last + Duration.FromDays(1), ServiceHistory.Latest);
    }

    /// <summary>The days that something with a begin and an end touches.</summary>
    private static SortedSet<LocalDate> DaysOf(CatalogueLog log, IEnumerable<KnownFacts> known, Instant from, Instant until)
    {
        var days = new SortedSet<LocalDate>();
        foreach (var facts in known)
        {
            var bounded = facts.Outages.Where(o => o.Until is not null).Select(o => (o.From, Until: o.Until!.Value))
                .Concat(facts.Exclusions.Select(x => (x.From, x.Until)))
                .Concat(ServiceLife.Unobserved(facts.Watched).Where(u => u.Until is not null && u.From > ServiceHistory.Earliest).Select(u => (u.From, u.Until!.Value)));
            foreach (var (begin, end) in bounded)
            {
                var (first, last) = (Instant.Max(begin, StartOf(log, from)), Instant.Min(end, EndOf(log, until)));
                for (var day = DayOf(log, first); first < last && day <= DayOf(log, last - Duration.Epsilon); day = day.PlusDays(1))
                    days.Add(day);
            }
        }

        return days;
    }

    private static InterruptionRow RowOf(string centre, string service, Interruption interruption, IReadOnlyList<ServiceSpan> history)
    {
        var span = history.Last(s => s.From <= interruption.From);
        return new InterruptionRow(
            centre, service, interruption.From.ToDateTimeUtc(), interruption.Until?.ToDateTimeUtc(), interruption.Until is null ? null : interruption.RestoreTicks, span.Targets.HighestOf(interruption.Priorities),
            span.RestoreDueOf(interruption)?.ToDateTimeUtc(), string.Join(' ', interruption.Outages));
    }

    /// <summary>
    /// The interruption that began last before the window may go on into it, and the first that begins behind it may become one with what is in it. Others around
    /// are apart from these already.
    /// </summary>
    private static async Task<(Instant From, Instant Until)> WithNeighboursAsync(NpgsqlConnection connection, Generation generation, string centre, string service, ServiceWindow window, CancellationToken ct)
    {
        var (from, until) = (Instant.Max(window.From, ServiceHistory.Earliest), Instant.Min(window.Until ?? ServiceHistory.Latest, ServiceHistory.Latest));
        await using var select = new NpgsqlCommand($"""
            SELECT (SELECT max(started_at) FROM {generation.Table("interruption")} WHERE tenant_id = $1 AND service = $2 AND started_at < $3),
                   (SELECT coalesce(ended_at, $5) FROM {generation.Table("interruption")} WHERE tenant_id = $1 AND service = $2 AND started_at >= $4 ORDER BY started_at LIMIT 1)
            """, connection)
        {
            Parameters = { new() { Value = centre }, new() { Value = service }, new() { Value = from.ToDateTimeUtc() }, new() { Value = until.ToDateTimeUtc() }, new() { Value = ServiceHistory.Latest.ToDateTimeUtc() } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (
            reader.At(0) is { } before ? Instant.Min(from, Instant.FromDateTimeUtc(before)) : from,
            reader.At(1) is { } after ? Instant.Max(until, Instant.FromDateTimeUtc(after)) : until);
    }

    private static LocalDate DayOf(CatalogueLog log, Instant at) => at.InZone(log.Newest!.Zone).Date;

    private static Instant StartOf(CatalogueLog log, Instant at) => Instant.Max(ServiceHistory.Earliest, ServiceHistory.StartOf(DayOf(log, at), log.Newest!.Zone));

    private static Instant EndOf(CatalogueLog log, Instant at) => Instant.Min(ServiceHistory.Latest, ServiceHistory.StartOf(DayOf(log, at).PlusDays(1), log.Newest!.Zone));
}
