using System.Diagnostics;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Bench;

/// <summary>
/// Availability of a service-quarter with many outages that overlap, against sorting the same array of them, and against the union that PostgreSQL makes of the
/// same history, which must come to the same.
/// </summary>
internal sealed class AvailabilityRows(NpgsqlDataSource source, int rounds)
{
    private const int Outages = 100_000;
    private const int WarmUps = 10;

    private static readonly Instant From = Instant.FromUtc(2026, 7, 1, 0, 0);
    private static readonly Instant Until = Instant.FromUtc(2026, 10, 1, 0, 0);
    private static readonly Calendar Office = OfficeHours();

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        var (whole, parts) = (Random(Outages, From, Until, whole: true, seed: 1), Random(Outages, From, Until, whole: false, seed: 2));
        List<BenchRow> rows =
        [
            await AgainstSortAsync("whole, around the clock", whole, Combine.Max, null),
            await AgainstSortAsync("whole, office hours", whole, Combine.Max, Office),
            await AgainstSortAsync("partial, worst counts", parts, Combine.Max, null),
            await AgainstSortAsync("partial, sum", parts, Combine.Sum, null),
            await AgainstSortAsync("partial, independent", parts, Combine.Independent, null),
            await AgainstSortAsync("whole, in order of time", [.. whole.OrderBy(o => o.From)], Combine.Max, null),
        ];
        rows.Add(await AgainstSortAsync("of 1,000 parts of which 900 are needed", parts, Parts(parts)));
        await LoadAsync(whole, ct);
        rows.Add(await AgainstSqlAsync("around the clock", whole, null, "SELECT range_agg(span) FROM outage", ct));
        rows.Add(await AgainstSqlAsync("office hours", whole, Office, "SELECT range_agg(span) * (SELECT range_agg(span) FROM hours) FROM outage", ct));
        rows.Add(ManyServices());
        return rows;
    }

    private static TermsSpan[] Parts(OutageSpan[] outages) =>
        [Terms([], Combine.Max, null)[0] with { Node = new ServiceNode.KOf(900, [.. outages.Chunk(100).Select(c => new ServiceNode.Own(new ServiceFacts(c, [], []), Combine.Max))]) }];

    private Task<BenchRow> AgainstSortAsync(string what, OutageSpan[] outages, Combine combine, Calendar? hours) => AgainstSortAsync(what, outages, Terms(outages, combine, hours));

    private Task<BenchRow> AgainstSortAsync(string what, OutageSpan[] outages, TermsSpan[] terms)
    {
        for (var i = 0; i < WarmUps; i++)
            Sort(outages, Totals(terms).Agreed);
        return BenchRow.InTurnAsync(
            $"100,000 outages, {what}: µs ÷ sorting them", "≤ 5", rounds,
            _ => Task.FromResult(Time(() => Totals(terms).Agreed)), _ => Task.FromResult(Time(() => Sort(outages, 0))));
    }

    private async Task<BenchRow> AgainstSqlAsync(string what, OutageSpan[] outages, Calendar? hours, string union, CancellationToken ct)
    {
        var terms = Terms(outages, Combine.Max, hours);
        var sum = $"SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM unnest(({union})) r";
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(sum, connection);
        await command.PrepareAsync(ct);
        var (ours, theirs) = ((decimal)Totals(terms).Downtime / LostShare.Scale / Tick.PerSecond, (decimal)(await command.ExecuteScalarAsync(ct))!);
        if (ours != theirs)
            throw new InvalidOperationException($"{what}: {ours} s by the sweep and {theirs} s by SQL");
        return await BenchRow.InTurnAsync($"100,000 outages, {what}: µs ÷ union in SQL", "", rounds, _ => Task.FromResult(Time(() => Totals(terms).Agreed)), async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            await command.ExecuteScalarAsync(ct);
            return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        });
    }

    /// <summary>A year of a thousand services by day, and their interruptions.</summary>
    private BenchRow ManyServices()
    {
        const int Services = 1_000;
        var year = Enumerable.Range(0, 366).Select(d => new LocalDate(2026, 1, 1).PlusDays(d).AtStartOfDayInZone(Office.Zone).ToInstant()).ToArray();
        var services = Enumerable.Range(0, Services).Select(s => Terms(Random(Services, year[0], year[^1], whole: s % 2 == 0, seed: s), Combine.Max, Office)).ToArray();
        var times = Enumerable.Range(0, rounds).Select(_ => Time(() => services.Sum(s =>
            ServiceAvailability.ByBucket(s, year, year[^1]).Sum(t => t.Agreed) + ServiceAvailability.Interruptions(s, year[0], year[^1], year[^1]).Count)));
        return new BenchRow("1,000 services × 1,000 outages, a year's days and interruptions: ms", BenchRow.Median(times) / 1_000, null, null, "");
    }

    private async Task LoadAsync(OutageSpan[] outages, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var tables = new NpgsqlCommand("CREATE TABLE outage (span tstzrange); CREATE TABLE hours (span tstzrange)", connection))
            await tables.ExecuteNonQueryAsync(ct);
        await CopyAsync(connection, "outage", outages.Select(o => (o.From, Instant.Min(o.Until!.Value, Until))), ct);
        await CopyAsync(connection, "hours", Office.OpenIntervals(From, Until).Select(i => (i.Start, i.End)), ct);
        await using var analyze = new NpgsqlCommand("ANALYZE outage; ANALYZE hours", connection);
        await analyze.ExecuteNonQueryAsync(ct);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, IEnumerable<(Instant From, Instant Until)> spans, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT binary)", ct);
        foreach (var (from, until) in spans)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(new NpgsqlRange<DateTime>(from.ToDateTimeUtc(), true, until.ToDateTimeUtc(), false), NpgsqlDbType.TimestampTzRange, ct);
        }

        await copy.CompleteAsync(ct);
    }

    private static AvailabilityTotals Totals(TermsSpan[] terms) => ServiceAvailability.Totals(terms, From, Until, Until);

    private static TermsSpan[] Terms(OutageSpan[] outages, Combine combine, Calendar? hours) =>
        [new(Instant.MinValue, Instant.MaxValue, AvailabilityTerms.Always with { Hours = hours }, new ServiceNode.Own(new ServiceFacts(outages, [], []), combine))];

    private static long Sort(OutageSpan[] outages, long more)
    {
        var sorted = (OutageSpan[])outages.Clone();
        Array.Sort(sorted, (a, b) => a.From.CompareTo(b.From));
        return sorted.Length + more;
    }

    private static double Time(Func<long> work)
    {
        var started = Stopwatch.GetTimestamp();
        GC.KeepAlive(work());
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static OutageSpan[] Random(int count, Instant from, Instant until, bool whole, int seed)
    {
        var random = new Random(seed);
        var length = (until - from).BclCompatibleTicks / 10;
        return [.. Enumerable.Range(0, count).Select(i => from + Tick.ToDuration(random.NextInt64(length))).Select((begin, i) => new OutageSpan(
            begin, begin + Tick.ToDuration(random.NextInt64(1, 600 * Tick.PerSecond)), whole ? LostShare.Whole : new LostShare(random.Next(1, LostShare.Scale)), $"{i}"))];
    }

    private static Calendar OfficeHours()
    {
        var hours = OpeningHours.Parse(["09:00-12:00", "14:00-18:00"]);
        return new Calendar(new CalendarDefinition
        {
            Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"],
            Week = System.Collections.Immutable.ImmutableDictionary.CreateRange(Enumerable.Range(1, 5).Select(d => KeyValuePair.Create((IsoDayOfWeek)d, hours))),
        });
    }
}
