using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// How all services of a centre stand, from the daily counts: days that are over come from <c>availability_daily</c>, where nothing is stored from the hours and from what has lasted since, and
/// today from the facts. What it reads grows with the days of a year in which something was, not with the log.
/// </summary>
/// <param name="command">Makes a query, over one state of the database.</param>
/// <param name="log">What the centre has published.</param>
/// <param name="now">The instant.</param>
internal sealed class ServiceStandings(Func<string, NpgsqlCommand> command, CatalogueLog log, Instant now)
{
    private static readonly Duration LongestWindow = ErrorBudget.Windows.Max();
    private static readonly Duration Moment = Duration.FromTicks(10);

    private readonly Catalogue _catalogue = log.Newest!;
    private readonly LocalDate _today = now.InZone(log.Newest!.Zone).Date;
    private IReadOnlyDictionary<string, KnownFacts> _known = new Dictionary<string, KnownFacts>();
    private ILookup<string, (LocalDate Day, AvailabilityTotals Totals)> _days = Array.Empty<int>().ToLookup(_ => "", _ => default((LocalDate, AvailabilityTotals)));

    /// <summary>All services that hold at the instant, in the order of their ids.</summary>
    public async Task<IReadOnlyList<ServiceStanding>> ReadAsync(CancellationToken ct)
    {
        var spans = _catalogue.Services.Keys.Order(StringComparer.Ordinal).Select(s => ServiceHistory.Of(log, s).FirstOrDefault(h => h.From <= now && now < h.Until)).OfType<ServiceSpan>().ToList();
        if (spans.Count == 0)
            return [];
        await LoadAsync(spans, new LocalDate(_today.Year, 1, 1), ct);
        var open = (await OpenAsync(ct)).ToLookup(o => o.Service, o => o.Outage);
        var asked = spans.Select(s => (Span: s, Period: CalendarPeriod.Of(s.Targets.Period, now, _catalogue.Zone), Year: YearOf(s, now, _catalogue.Zone))).ToList();
        var interruptions = await InterruptionsAsync([.. asked.Select(a => (a.Span.Service.Id, a.Period.From, a.Year))], ct);
        return [.. asked.Select(a => Of(a.Span, a.Period, a.Year, interruptions[a.Span.Service.Id], [.. open[a.Span.Service.Id]]))];
    }

    /// <summary>The totals of each day of a service up to today, which is as far as it has come.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<(LocalDate Day, AvailabilityTotals Totals)>>> DaysAsync(IReadOnlyList<ServiceSpan> spans, LocalDate first, CancellationToken ct)
    {
        await LoadAsync(spans, first, ct);
        var edges = Enumerable.Range(0, Period.DaysBetween(first, _today) + 2).Select(first.PlusDays).ToList();
        return spans.ToDictionary(s => s.Service.Id, s => (IReadOnlyList<(LocalDate, AvailabilityTotals)>)[.. edges.SkipLast(1).Zip(Buckets(TermsOf(s), s.Service.Id, edges))]);
    }

    /// <summary>The start of the year in which interruptions count: the agreement's, or the calendar year back from the instant.</summary>
    public static Instant YearOf(ServiceSpan span, Instant now, DateTimeZone zone)
    {
        var local = now.InZone(zone).LocalDateTime;
        if (span.Agreement?.AgreementYear is not { } begins)
            return local.PlusYears(-1).InZoneLeniently(zone).ToInstant();
        var begun = begins.InYear(local.Year) <= local.Date ? begins.InYear(local.Year) : begins.InYear(local.Year - 1);
        return ServiceHistory.StartOf(begun, zone);
    }

    private ServiceStanding Of(ServiceSpan span, CalendarPeriod period, Instant year, (InterruptionFigures InPeriod, long InYear, OpenInterruption? Open) interruptions, IReadOnlyList<OpenOutage> open)
    {
        var terms = TermsOf(span);
        var totals = Sum(terms, span.Service.Id, period.FirstDay, _today.PlusDays(1));
        var share = span.Targets.Availability is { } target ? LostShare.FromDecimal(target) : null;
        ErrorBudget? budget = share is { } promised
            ? ErrorBudget.Of(promised, totals.Agreed + ServiceAvailability.Ahead(terms, now, period.Until).Agreed, totals.Downtime)
            : null;
        return new ServiceStanding(
            span, period, totals, budget, Sum(terms, span.Service.Id, new LocalDate(_today.Year, 1, 1), _today.PlusDays(1)), interruptions.InPeriod, interruptions.InYear, year,
            share is { } s ? ServiceAvailability.BurnRates(terms, s, now) : [], open)
        {
            Current = ServiceAvailability.Segments(terms, now - Moment, now, now) is [.., var last] ? last : null,
            Interruption = interruptions.Open,
        };
    }

    private AvailabilityTotals Sum(IReadOnlyList<TermsSpan> terms, string service, LocalDate from, LocalDate until)
    {
        var edges = _days[service].Select(d => d.Day).Where(d => d >= from && d < until).SelectMany(d => (LocalDate[])[d, d.PlusDays(1)]).Append(from).Append(until).Append(LocalDate.Max(from, LocalDate.Min(_today, until))).Distinct().Order().ToList();
        return Buckets(terms, service, edges).Aggregate(default(AvailabilityTotals), (sum, bucket) => sum + bucket);
    }

    /// <summary>What is stored of a day, and else what the facts say; of today always the latter, for it is not over.</summary>
    private IReadOnlyList<AvailabilityTotals> Buckets(IReadOnlyList<TermsSpan> terms, string service, List<LocalDate> edges)
    {
        var stored = _days[service].ToDictionary(d => d.Day, d => d.Totals);
        var counted = ServiceAvailability.ByBucket(terms, [.. edges.Select(e => ServiceHistory.StartOf(e, _catalogue.Zone))], now);
        return [.. counted.Select((totals, i) => edges[i] != _today && edges[i + 1] == edges[i].PlusDays(1) && stored.TryGetValue(edges[i], out var day) ? day : totals)];
    }

    private IReadOnlyList<TermsSpan> TermsOf(ServiceSpan span) => ServiceLife.Of(log, span.Service.Id, s => _known.GetValueOrDefault(s, KnownFacts.None));

    private async Task LoadAsync(IReadOnlyList<ServiceSpan> spans, LocalDate first, CancellationToken ct)
    {
        string[] services = [.. spans.Select(s => s.Service.Id)], parts = [.. services.SelectMany(s => ServiceLife.PartsOf(log, s)).Distinct()];
        // What has ended touches none of the days that nothing is stored of.
        var recent = Instant.Min(now - LongestWindow, ServiceHistory.StartOf(_today, _catalogue.Zone));
        _known = await ServiceSpans.LoadAsync(command, "sla.service_span", _catalogue.Centre, parts, recent, ServiceHistory.Latest, ct);
        await using var select = command("SELECT service, day, hours, agreed, downtime, gross_agreed, gross_downtime, left_out, unobserved FROM sla.availability_daily WHERE tenant_id = $1 AND service = ANY ($2) AND day >= $3");
        Give(select, _catalogue.Centre, services, first.ToDateOnly());
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<(string Service, LocalDate Day, AvailabilityTotals Totals)>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add((reader.GetString(0), LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(1)), new AvailabilityTotals(
                reader.GetInt64(3), (Int128)reader.GetDecimal(4), reader.GetInt64(5), (Int128)reader.GetDecimal(6), reader.GetInt64(2), reader.GetInt64(7), reader.GetInt64(8))));
        }

        _days = rows.ToLookup(r => r.Service, r => (r.Day, r.Totals));
    }

    private async Task<List<(string Service, OpenOutage Outage)>> OpenAsync(CancellationToken ct)
    {
        await using var select = command("""
            SELECT o.service, o.stream_id, o.ordinal, o.started_at, o.lost, o.priority, (
                SELECT min(c.due_at) FROM sla.commitment_clock c WHERE c.tenant_id = o.tenant_id AND c.stream_id = o.stream_id AND c.state = 'open')
            FROM sla.outage o WHERE o.tenant_id = $1 AND o.ended_at IS NULL AND NOT o.is_void AND o.started_at <= $2 ORDER BY o.started_at, o.stream_id
            """);
        Give(select, _catalogue.Centre, now.ToDateTimeUtc());
        await using var reader = await select.ExecuteReaderAsync(ct);
        var open = new List<(string, OpenOutage)>();
        while (await reader.ReadAsync(ct))
        {
            open.Add((reader.GetString(0), new OpenOutage(
                reader.GetString(1), reader.GetInt32(2), reader.At(3)!.Value, new LostShare(reader.GetInt32(4)), reader.Text(5), reader.At(6))));
        }

        return open;
    }

    private async Task<Dictionary<string, (InterruptionFigures InPeriod, long InYear, OpenInterruption? Open)>> InterruptionsAsync(IReadOnlyList<(string Service, Instant Period, Instant Year)> asked, CancellationToken ct)
    {
        await using var select = command("""
            SELECT k.service, f.* FROM unnest($2, $3, $4) AS k (service, period_from, year_from) CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE p), count(*) FILTER (WHERE p AND ended_at <= $5), coalesce(sum(restore) FILTER (WHERE p AND ended_at <= $5), 0)::bigint, coalesce(max(restore) FILTER (WHERE p AND ended_at <= $5), 0),
                       count(*) FILTER (WHERE p AND ended_at <= due_at AND ended_at <= $5), count(*) FILTER (WHERE p AND due_at < least(coalesce(ended_at, 'infinity'), $5)), count(*) FILTER (WHERE started_at >= k.year_from),
                       max(started_at) FILTER (WHERE ended_at IS NULL OR ended_at > $5), max(due_at) FILTER (WHERE ended_at IS NULL OR ended_at > $5)
                FROM (SELECT i.*, i.started_at >= k.period_from AS p FROM sla.interruption i
                      WHERE i.tenant_id = $1 AND i.service = k.service AND i.started_at >= least(k.period_from, k.year_from) AND i.started_at < $5) i) f
            """);
        Give(select, _catalogue.Centre, asked.Select(a => a.Service).ToArray(), asked.Select(a => a.Period.ToDateTimeUtc()).ToArray(), asked.Select(a => a.Year.ToDateTimeUtc()).ToArray(), now.ToDateTimeUtc());
        await using var reader = await select.ExecuteReaderAsync(ct);
        var found = new Dictionary<string, (InterruptionFigures, long, OpenInterruption?)>();
        while (await reader.ReadAsync(ct))
            found[reader.GetString(0)] = (new InterruptionFigures(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)), reader.GetInt64(7), reader.At(8) is { } open ? new OpenInterruption(open, reader.At(9)) : null);
        return found;
    }

    private static void Give(NpgsqlCommand select, params object[] values)
    {
        foreach (var value in values)
            select.Parameters.Add(new() { Value = value });
    }
}
