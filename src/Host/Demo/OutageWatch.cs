using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Demo;

/// <summary>When monitors watch: from the beginning, but for one that is set up weeks later and one that does not run for a week of each quarter.</summary>
internal static class OutageWatch
{
    private const int DaysLate = 43;

    /// <summary>True when its monitor is set up later than the others.</summary>
    public static bool BeginsLate(OutageService service) => service.Id == "mail";

    /// <summary>True when nobody watches a service yet, though a monitor is to.</summary>
    public static bool IsYetToCome(OutageService service, OutagePlan plan, LocalDate day) => BeginsLate(service) && service.IsMonitored && day <= plan.From.PlusDays(DaysLate);

    /// <summary>What monitors tell of themselves on a day.</summary>
    public static void Tell(OutageTale tale, OutagePlan plan, OutageQuarter quarter, LocalDate day, ImmutableArray<OutageService> services, DemoRandom random)
    {
        foreach (var service in services.Where(s => s.IsMonitored))
        {
            if (day == plan.From && !BeginsLate(service))
                Say(service, "started", service.At(day, 0));
            else if (day == plan.From.PlusDays(DaysLate) && BeginsLate(service))
                Say(service, "started", service.At(day, 10, 20));
            // A quarter that had begun before had it before.
            if (service == quarter.Unwatched && quarter.UnwatchedFrom > plan.From && (day == quarter.UnwatchedFrom || day == quarter.WatchedFrom))
                Say(service, day == quarter.WatchedFrom ? "started" : "stopped", service.At(day, 9, 30));
        }

        void Say(OutageService service, string what, Instant at)
        {
            // A service is one stream, of all its days.
            tale.Add(StreamKind.Service, service.Id, $"monitoring_{what}", "monitor", at, at + Duration.FromSeconds(random.Between(2, 40)), json => json.WriteString("by", "monitor"), OutagePlan.Written(day));
        }
    }
}
