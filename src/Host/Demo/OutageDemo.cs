using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>
/// The outages of a lifelike IT department. What begins on a day depends on the seed, the catalogue and the day alone, as with <see cref="HallDemo"/>. Not for
/// several threads.
/// </summary>
internal sealed class OutageDemo(Catalogue catalogue, OutagePlan plan)
{
    /// <summary>Nothing arrives later than this after the day it was made up for.</summary>
    public const int LongestInDays = 45;

    private const int OfTheDay = -4;
    private const int AtNight = 15;
    private const int DaysOfRate = 1_000;

    // Of ten thousand outages.
    private const int Late = 400;
    private const int Changed = 1_500;
    private const int Second = 1_200;

    private readonly ImmutableArray<OutageService> _services = OutageService.Of(catalogue);

    public OutagePlan Plan => plan;

    /// <summary>The zone of its days.</summary>
    public DateTimeZone Zone => catalogue.Zone;

    /// <summary>What is reported of what begins from a day on, in the order in which it arrives, without end.</summary>
    public IEnumerable<DemoEvent> Events(LocalDate from) => Arrivals.InOrder(from, Zone, EventsOf);

    /// <summary>The whole of what is ever reported of what begins on a day; maintenance begins when it is announced.</summary>
    public IReadOnlyList<DemoEvent> EventsOf(LocalDate day)
    {
        if (day < plan.From)
            return [];
        using var text = new EventText();
        var number = Period.DaysBetween(new LocalDate(1970, 1, 1), day);
        var (tale, quarter) = (new OutageTale(plan, (long)number << 20, text), OutageQuarter.Of(plan.Seed, day, _services));
        var random = DemoRandom.Of(plan.Seed, number, OfTheDay);
        OutageWatch.Tell(tale, plan, quarter, day, _services, random);
        OutageStories.Tell(tale, quarter, day, _services, random);
        foreach (var service in _services)
        {
            var own = DemoRandom.Of(plan.Seed, number, service.Number);
            if (OutageMaintenance.Concerns(service))
                OutageMaintenance.Tell(tale, day, service, _services.FirstOrDefault(s => !s.IsRoundTheClock, service), own);
            if (service.Service.HoldsOn(day) && !quarter.IsQuiet(service, day) && !OutageWatch.IsYetToCome(service, plan, day))
                Fail(tale, service, day, own);
        }

        return tale.Events;
    }

    private static void Fail(OutageTale tale, OutageService service, LocalDate day, DemoRandom random)
    {
        var id = $"{OutagePlan.Written(day)}-{service.Id}";
        if (service.IsNeededOn(day) && random.Next(DaysOfRate) < service.Habits.Rate)
        {
            var how = service.Habits.Pick(random);
            var (at, minutes) = (service.Within(day, random), random.Low(how.From, how.Through));
            Fail(new OutageReport(tale, service, id, random), service, at, minutes, how, random);
            // What fails seldom fails alone.
            if (service.Service.Components.Count > 1 && random.Chance(Second))
                Run(new OutageReport(tale, service, $"{id}-2", random), service, at + Duration.FromMinutes(random.Between(1, minutes)), random.Between(10, 40), service.Habits.Pick(random), random);
        }

        // When nobody needs it, it is broken until somebody comes in the morning.
        if (!service.IsRoundTheClock && random.Next(DaysOfRate) < AtNight)
        {
            var night = new OutageReport(tale, service, $"{id}-night", random) { Prompt = true };
            var (at, until) = (service.At(day, 19, random.Between(0, 59)) + Duration.FromMinutes(random.Next(8 * 60)), service.At(day.PlusDays(1), 8, random.Between(20, 55)));
            night.Start(at, service.Habits.Pick(random), service.IsMonitored ? null : until - Duration.FromMinutes(10));
            night.Restore(until, service.IsMonitored ? null : until + Duration.FromMinutes(random.Between(5, 40)));
        }
    }

    private static void Fail(OutageReport outage, OutageService service, Instant at, int minutes, OutageHabit how, DemoRandom random)
    {
        if (random.Chance(Late) && service.LimitOf(at, how.Urgency, how.Impact) is { } limit && service.After(at, limit * 2) is var latest && latest - at < Duration.FromDays(3))
        {
            // Most of it works soon, and the rest takes longer than it may.
            outage.Start(at, how);
            outage.Change(service.After(at, Duration.FromMinutes(random.Between(8, 20))), 5);
            outage.Restore(service.After(at, Duration.FromSeconds((long)limit.TotalSeconds * random.Between(105, 170) / 100)));
            return;
        }

        Run(outage, service, at, minutes, how, random);
    }

    private static void Run(OutageReport outage, OutageService service, Instant at, int minutes, OutageHabit how, DemoRandom random)
    {
        outage.Start(at, how);
        var end = service.Restored(at, minutes, random);
        if (random.Chance(Changed))
        {
            var changed = at + Duration.FromSeconds((long)(end - at).TotalSeconds * random.Between(25, 70) / 100);
            if (how.Lost == 100)
                outage.Change(changed, 30);
            else
                outage.Change(changed, null, how.Urgency == "low" ? "medium" : "high");
        }

        outage.Restore(end);
    }
}
