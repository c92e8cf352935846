using System.Collections.Immutable;
using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Demo;

/// <summary>A service that fails by itself, with its hours and what is promised of it. Composites fail by their parts.</summary>
internal sealed class OutageService
{
    private readonly Catalogue _catalogue;
    private readonly Calendar _hours;
    private readonly ImmutableArray<ServiceSpan> _spans;

    private OutageService(Catalogue catalogue, CatalogueLog log, ItService service)
    {
        (_catalogue, Service, Habits) = (catalogue, service, OutageHabits.Of(service.Id));
        (_hours, _spans) = (catalogue.Calendars[service.Hours], ServiceHistory.Of(log, service.Id));
        // Of the letters alone, so that a service beside it changes nothing of this one.
        Number = service.Id.Aggregate(17, (n, c) => unchecked((n * 31) + c)) & 0xFFFFFF;
    }

    public ItService Service { get; }

    public OutageHabits Habits { get; }

    public string Id => Service.Id;

    /// <summary>Tells its random numbers from those of the others.</summary>
    public int Number { get; }

    /// <summary>True when it is needed at all hours.</summary>
    public bool IsRoundTheClock => Service.Hours == ItService.AlwaysOpen;

    /// <summary>True when a monitor sees it first, and not people.</summary>
    public bool IsMonitored => Service.Observed == Observed.ByMonitor;

    /// <summary>Those of a catalogue, by id.</summary>
    public static ImmutableArray<OutageService> Of(Catalogue catalogue)
    {
        var log = new CatalogueLog([catalogue]);
        return [.. catalogue.Services.Values.Where(s => s.Of is null).OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => new OutageService(catalogue, log, s))];
    }

    /// <summary>True when it is offered, and needed, at some time of a day.</summary>
    public bool IsNeededOn(LocalDate day) => Service.HoldsOn(day) && _hours.IsWorkingDay(day);

    /// <summary>The last day up to one on which it is needed; itself when that is far.</summary>
    public LocalDate NeededUpTo(LocalDate day) => Enumerable.Range(0, 30).Select(d => day.PlusDays(-d)).FirstOrDefault(IsNeededOn, day);

    /// <summary>True when it is needed at an instant.</summary>
    public bool IsNeededAt(Instant at) => _hours.IsOpen(at);

    /// <summary>The first day from one on when it is needed; itself when that is far.</summary>
    public LocalDate NeededFrom(LocalDate day) => Enumerable.Range(0, 30).Select(d => day.PlusDays(d)).FirstOrDefault(IsNeededOn, day);

    /// <summary>Service time later.</summary>
    public Instant After(Instant at, Duration serviceTime) => _hours.Add(at, serviceTime);

    /// <summary>Time of a clock on a day.</summary>
    public Instant At(LocalDate day, int hour, int minute = 0) => _hours.Resolve(day, ((hour * 60) + minute) * 60_000_000L);

    /// <summary>The date of an instant where it is offered.</summary>
    public LocalDate DayOf(Instant at) => _hours.DateOf(at);

    /// <summary>A moment of a day at which it is needed.</summary>
    public Instant Within(LocalDate day, DemoRandom random)
    {
        var opens = _hours.NextOpening(At(day, 0));
        var open = (int)_hours.OpenTimeBetween(opens, _hours.CloseOfBusiness(day)).TotalSeconds;
        return _hours.Add(opens, Duration.FromSeconds(random.Next(Math.Max(1, open - 1))), Boundary.Open);
    }

    /// <summary>The end of some service time, or of the evening if it closes before: then somebody stays until it works.</summary>
    public Instant Restored(Instant from, int minutes, DemoRandom random)
    {
        var (end, closes) = (_hours.Add(from, Duration.FromMinutes(minutes)), _hours.CloseOfBusiness(_hours.BusinessDateOf(from)));
        return IsRoundTheClock || end <= closes ? end : closes + Duration.FromMinutes(random.Between(5, 90));
    }

    /// <summary>How soon it is to be restored; null: not promised, or by more than a day or two.</summary>
    public Duration? LimitOf(Instant at, string urgency, string impact)
    {
        var limit = _catalogue.TargetsOf(Id, at).RestoreFor([_catalogue.Priorities.Of(urgency, impact)]);
        var length = limit switch { Limit.Elapsed e => e.Length, Limit.WorkingTime w => w.Length, _ => Duration.MaxValue };
        return length <= Duration.FromHours(8) ? length : null;
    }

    /// <summary>How much may be lost in the period of its promise that a day belongs to; null: nothing is promised.</summary>
    public Duration? BudgetOf(LocalDate day)
    {
        var targets = _catalogue.TargetsOf(Id, At(day, 12));
        if (targets.Availability is not { } promised)
            return null;
        var months = targets.Period switch { TargetPeriod.Month => 1, TargetPeriod.Quarter => 3, _ => 12 };
        var first = new LocalDate(day.Year, ((day.Month - 1) / months * months) + 1, 1);
        return Duration.FromSeconds((long)((1 - promised) * (decimal)_hours.OpenTimeBetween(At(first, 0), At(first.PlusMonths(months), 0)).TotalSeconds));
    }

    /// <summary>True when the agreement at an instant lets a kind of time be excluded.</summary>
    public bool Excludes(ExclusionKind kind, Instant at) => _spans.FirstOrDefault(s => s.From <= at && at < s.Until)?.Agreement?.ExclusionOf(kind) is not null;
}
