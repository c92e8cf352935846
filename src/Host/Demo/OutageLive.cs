using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// Short outages that begin while the demo runs, about one an hour, so that who looks sees some come and go. They take little away: mostly a kiosk is a bit slow,
/// and at night nobody needs it. Not for several threads.
/// </summary>
internal sealed class OutageLive(Catalogue catalogue, OutagePlan plan)
{
    private const int SlotSeconds = 3600;
    private const int OfTheSlot = -5;
    private const int BegunAtMost = 4;
    private const string Prefix = "outage/live-";

    private const string AnyFact = "SELECT EXISTS (SELECT 1 FROM public.mt_streams WHERE tenant_id = $1 AND type IN ('outage', 'maintenance', 'service'))";

    private const string LastBegun = $"SELECT id FROM public.mt_streams WHERE tenant_id = $1 AND id LIKE '{Prefix}______' ORDER BY id DESC LIMIT $2";

    private readonly ImmutableArray<OutageService> _services = OutageService.Of(catalogue);

    /// <summary>True when the department has told anything of its services, made up or not.</summary>
    public static async Task<bool> HasFactsAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var ask = database.CreateCommand(AnyFact);
        ask.Parameters.Add(new() { Value = OutagePlan.Centre });
        return await ask.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>Goes on with made-up outages from where the log ends; null when none were made up here.</summary>
    /// <param name="database">Where they are.</param>
    /// <param name="catalogue">The department's.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="append">Appends some events, by the ordinary way.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<LiveDemo?> FindAsync(NpgsqlDataSource database, Catalogue catalogue, IClock clock, Func<IReadOnlyList<EventToAppend>, Task> append, CancellationToken ct)
    {
        if (await KeptPlan.FindOutagesAsync(database, ct) is not { } plan)
            return null;
        var (live, begun) = (new OutageLive(catalogue, plan), await LastBegunAsync(database, ct));
        var (outages, last) = (new OutageDemo(catalogue, plan), await LiveDemo.LastSentAsync(database, OutagePlan.Centre, plan.Sources(), ct));
        // A load that ended before they begin has sent none of them.
        var history = last is null ? outages.Events(plan.From) : last.Skip(outages.Events(LocalDate.Max(last.DaysBefore(OutageDemo.LongestInDays, outages.Zone), plan.From)));
        return new LiveDemo([history, live.Events(SlotFrom(clock.GetCurrentInstant()), begun)], clock, append);
    }

    /// <summary>Where a host that starts at a moment begins: with the hour before, so that nobody who looks waits for the first.</summary>
    public static long SlotFrom(Instant moment) => (moment.ToUnixTimeSeconds() / SlotSeconds) - 1;

    /// <summary>What is reported from a slot on, in the order in which it arrives, without end.</summary>
    public IEnumerable<DemoEvent> Events(long slot, IEnumerable<long> begun) => _services.IsEmpty ? [] : Arrivals.InOrder(slot, SlotSeconds, begun, EventsOf);

    /// <summary>The whole of what is reported of what begins in a slot.</summary>
    public IReadOnlyList<DemoEvent> EventsOf(long slot)
    {
        var random = DemoRandom.Of(plan.Seed, (int)slot, OfTheSlot);
        using var text = new EventText();
        var tale = new OutageTale(plan, slot << 12, text);
        var at = Instant.FromUnixTimeSeconds((slot * SlotSeconds) + random.Next(SlotSeconds));
        var day = at.InZone(catalogue.Zone).Date;
        var service = _services[random.Weighted([.. _services.Select(s => WeightOf(s, at))])];
        if (!service.Service.HoldsOn(day) || !random.Chance(_services.Any(s => !s.IsRoundTheClock && s.IsNeededAt(at)) ? 6_500 : 9_500))
            return [];
        var outage = new OutageReport(tale, service, string.Create(CultureInfo.InvariantCulture, $"live-{slot}"), random) { Reporter = OutagePlan.Live };
        var how = service.Habits.Pick(random);
        outage.Start(at, random.Chance(9_000) ? how with { Lost = random.Between(2, 6), Urgency = "low" } : how);
        outage.Restore(at + Duration.FromSeconds(random.Low(3 * 60, 40 * 60)));
        return tale.Events;
    }

    // A host may run for weeks: what has few interruptions a year gets few of these.
    private static int WeightOf(OutageService service, Instant at) => service.IsRoundTheClock ? 1 : service.IsMonitored || !service.IsNeededAt(at) ? 40 : 4;

    private static async Task<List<long>> LastBegunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(LastBegun);
        command.Parameters.Add(new() { Value = OutagePlan.Centre });
        command.Parameters.Add(new() { Value = BegunAtMost });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var begun = new List<long>();
        while (await reader.ReadAsync(ct))
        {
            if (long.TryParse(reader.GetString(0).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var slot))
                begun.Add(slot);
        }

        return begun;
    }
}
