using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>What a quarter has in store: the days on which more than the usual happens, and to which service. A service is null when the catalogue has none for it.</summary>
internal sealed record OutageQuarter
{
    private const int OfTheQuarter = -3;
    private const int WeekOff = 7;

    /// <summary>Services that can have a day which uses up all that may be lost.</summary>
    private static readonly string[] Unlucky = ["queue-system", "identity", "payment", "portal-web"];

    /// <summary>Services that can have one which uses up nearly all.</summary>
    private static readonly string[] Worn = ["hotline", "kiosk-1", "kiosk-2", "kiosk-3"];

    public required LocalDate BadDay { get; init; }

    public required OutageService? Bad { get; init; }

    public required LocalDate NearDay { get; init; }

    public required OutageService? Near { get; init; }

    public required LocalDate FlappingDay { get; init; }

    public required OutageService? Flapping { get; init; }

    public required LocalDate FalseAlarmDay { get; init; }

    public required OutageService? FalseAlarm { get; init; }

    public required LocalDate ForgottenDay { get; init; }

    public required OutageService? Forgotten { get; init; }

    /// <summary>The first of some days on which a monitor does not run.</summary>
    public required LocalDate UnwatchedFrom { get; init; }

    public required OutageService? Unwatched { get; init; }

    /// <summary>When the power fails; null: not in this quarter.</summary>
    public required LocalDate? PowerCut { get; init; }

    /// <summary>The day the monitor is back.</summary>
    public LocalDate WatchedFrom => UnwatchedFrom.PlusDays(WeekOff);

    /// <summary>The quarter of a day: by the seed, and no day before.</summary>
    public static OutageQuarter Of(long seed, LocalDate day, ImmutableArray<OutageService> services)
    {
        var first = new LocalDate(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1);
        var random = DemoRandom.Of(seed, Period.DaysBetween(new LocalDate(1970, 1, 1), first), OfTheQuarter);
        var bad = One(s => Unlucky.Contains(s.Id));
        var near = One(s => Worn.Contains(s.Id));
        var unwatched = One(s => s.IsMonitored && s != bad && s != near && !OutageMaintenance.Concerns(s) && !OutageWatch.BeginsLate(s));
        var flapping = One(s => s.Service.MergeGap > Duration.Zero && s != bad && !OutageWatch.BeginsLate(s));
        var alarmed = One(s => s.IsMonitored && s != unwatched && s != near && !OutageWatch.BeginsLate(s));
        var forgotten = One(s => !s.IsMonitored && s != near && s != bad);
        return new OutageQuarter
        {
            Bad = bad,
            BadDay = Day(bad, 14, 38),
            Near = near,
            NearDay = Day(near, 9, 33),
            Flapping = flapping,
            FlappingDay = Day(flapping, 5, 60),
            FalseAlarm = alarmed,
            FalseAlarmDay = Day(alarmed, 5, 75),
            Forgotten = forgotten,
            ForgottenDay = Day(forgotten, 3, 70),
            Unwatched = unwatched,
            UnwatchedFrom = first.PlusDays(random.Between(11, 16)),
            PowerCut = first.Month == 4 ? Day(services.FirstOrDefault(s => s.Excludes(ExclusionKind.ForceMajeure, s.At(first, 12)) && !s.IsRoundTheClock), 20, 60) : null,
        };

        OutageService? One(Func<OutageService, bool> fits) => services.Where(fits).ToArray() is { Length: > 0 } some ? some[random.Next(some.Length)] : null;

        LocalDate Day(OutageService? service, int from, int through)
        {
            var at = first.PlusDays(random.Between(from, through));
            return service?.NeededFrom(at) ?? at;
        }
    }

    /// <summary>True when a service has no other outages than those of this plan: what is left of what may be lost is little, or nobody looks.</summary>
    public bool IsQuiet(OutageService service, LocalDate day) => service == Near || (service == Unwatched && day >= UnwatchedFrom && day <= WatchedFrom);
}
