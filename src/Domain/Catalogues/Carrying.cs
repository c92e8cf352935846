using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>
/// What the agreements that support an SLA at one time guarantee of its services. What they promise of a service itself counts; of a composite
/// they promise nothing of, what they promise of its parts, put together as badly as it can come.
/// </summary>
internal sealed class Carrying(Catalogue catalogue, IReadOnlyList<Agreement> supporting)
{
    /// <summary>What is promised of a service by whichever of them promises most; each aspect may be another's.</summary>
    public sealed record Promised(string Service, string By, decimal Availability, TargetPeriod Period);

    /// <summary>The calendars the guarantee of a service rests on.</summary>
    public IEnumerable<Calendar> HoursOf(string service) =>
        IsCovered(service) || Parts(service) is not { } of ? [catalogue.Calendars[catalogue.Services[service].Hours]] : of.Services.Distinct().SelectMany(HoursOf);

    /// <summary>The services the guarantee of a service rests on.</summary>
    public IEnumerable<string> Bearers(string service) => IsCovered(service) || Parts(service) is not { } of ? [service] : of.Services.Distinct().SelectMany(Bearers);

    /// <summary>The priorities that some promise about the bearers of a service tells apart.</summary>
    public IEnumerable<string?> PrioritiesOf(string service) =>
        Bearers(service).SelectMany(b => supporting.SelectMany(a => a.TargetsOf(catalogue.Services[b]).Restore?.Rows ?? [])).Select(r => r.Priority);

    /// <summary>How much of a service may be lost with every promise kept; all, where nothing is promised.</summary>
    /// <param name="service">The service.</param>
    /// <param name="promises">Receives what it was made of.</param>
    /// <param name="missing">Receives the parts nothing is promised of.</param>
    public ExactShare Loss(string service, List<Promised> promises, HashSet<string> missing)
    {
        var defined = catalogue.Services[service];
        var best = supporting.Select(a => (By: a.Id, Targets: a.TargetsOf(defined))).Where(p => p.Targets.Availability is not null)
            .OrderByDescending(p => p.Targets.Availability).ThenBy(p => p.Targets.Period).ThenBy(p => p.By, StringComparer.Ordinal).FirstOrDefault();
        if (best.By is not null)
        {
            promises.Add(new Promised(service, best.By, best.Targets.Availability!.Value, best.Targets.Period));
            return ExactShare.LostAt(best.Targets.Availability.Value);
        }

        if (defined.Of is { } parts)
            return Loss(parts, promises, missing);
        missing.Add(service);
        return ExactShare.Whole;
    }

    /// <summary>The latest instant at which a service that fails at another is restored; null: nothing promises when, or for longer than can be counted.</summary>
    public Instant? RestoredBy(string service, string? priority, Instant failed, HashSet<string> missing)
    {
        var defined = catalogue.Services[service];
        var dues = supporting.Select(a => a.TargetsOf(defined).RestoreFor([priority])).OfType<Limit>()
            .Select(limit => CatalogueRules.DueOf(catalogue.Calendars[defined.Hours], limit, failed)).OfType<Instant>().ToList();
        if (dues.Count > 0)
            return dues.Min();
        if (defined.Of is { } parts)
            return RestoredBy(parts, priority, failed, missing);
        missing.Add(service);
        return null;
    }

    /// <summary>How often a year a service may be interrupted with every promise kept.</summary>
    /// <returns>Null where nothing is promised, and where it hangs on which parts fail at once, which promises about each do not tell; then nothing is missing.</returns>
    public long? Interruptions(string service, HashSet<string> missing)
    {
        var defined = catalogue.Services[service];
        if (supporting.Select(a => a.TargetsOf(defined).InterruptionsPerYear).Min() is { } best)
            return best;
        if (defined.Of is { } parts)
            return Interruptions(parts, missing);
        missing.Add(service);
        return null;
    }

    /// <summary>True when what the guarantee of a service rests on is within its own hours.</summary>
    public bool IsOpen(string service, Instant at) =>
        IsCovered(service) || Parts(service) is not { } of ? catalogue.Calendars[catalogue.Services[service].Hours].IsOpen(at) : IsOpen(of, at);

    private bool IsCovered(string service) => supporting.Any(a => a.Covers(service));

    private ServicePart? Parts(string service) => catalogue.Services[service].Of;

    private ExactShare Loss(ServicePart part, List<Promised> promises, HashSet<string> missing) => part switch
    {
        ServicePart.Named named => Loss(named.Service, promises, missing),
        ServicePart.Weighted weighted => weighted.Of.Aggregate(ExactShare.None, (sum, w) => sum + (Loss(w.Part, promises, missing) * w.Weight)),
        ServicePart.All => LossOfNeeded(part, promises, missing),
        _ => LossOfSome(Needed(part), [.. part.Parts.Select(p => Loss(p, promises, missing))]),
    };

    private ExactShare LossOfNeeded(ServicePart all, List<Promised> promises, HashSet<string> missing)
    {
        var sum = NeededOnce(all, t => t.Availability is not null).Aggregate(ExactShare.None, (sum, p) => sum + Loss(p, promises, missing));
        return sum < ExactShare.Whole ? sum : ExactShare.Whole;
    }

    /// <summary>The parts all of which are needed, also those of composites that need all theirs and have no promise of their own; one that several need is down for all of them at once.</summary>
    private List<ServicePart> NeededOnce(ServicePart all, Func<ServiceTargets, bool> isPromised)
    {
        var (found, left, seen) = (new List<ServicePart>(), new Queue<ServicePart>([all]), new HashSet<ServicePart>());
        while (left.TryDequeue(out var part))
        {
            if (!seen.Add(part))
                continue;
            var under = part is ServicePart.Named named && !supporting.Any(a => isPromised(a.TargetsOf(catalogue.Services[named.Service]))) ? Parts(named.Service) : part;
            if (under is not ServicePart.All)
                found.Add(part);
            foreach (var needed in under is ServicePart.All ? under.Parts : [])
                left.Enqueue(needed);
        }

        return found;
    }

    /// <summary>
    /// Down while m = n − k + 1 parts are down at once. The parts' downtimes can be laid over each other so that this lasts for the smallest of:
    /// the sum of all ÷ m, the sum without the largest ÷ (m − 1), … Of one part needed that is the smallest.
    /// </summary>
    private static ExactShare LossOfSome(int needed, List<ExactShare> losses)
    {
        losses.Sort((a, b) => a < b ? 1 : b < a ? -1 : 0);
        var atOnce = losses.Count - needed + 1;
        var least = ExactShare.Whole;
        for (var dropped = 0; dropped < atOnce; dropped++)
        {
            var shared = losses.Skip(dropped).Aggregate(ExactShare.None, (sum, loss) => sum + loss) / (atOnce - dropped);
            if (shared < least)
                least = shared;
        }

        return least;
    }

    /// <summary>Of n parts of which k are needed the k soonest have to be back; of weighted ones all.</summary>
    private Instant? RestoredBy(ServicePart part, string? priority, Instant failed, HashSet<string> missing)
    {
        if (part is ServicePart.Named named)
            return RestoredBy(named.Service, priority, failed, missing);
        var dues = part.Parts.Select(p => RestoredBy(p, priority, failed, missing)).OrderBy(due => due ?? Instant.MaxValue).ToList();
        return dues[Needed(part) - 1];
    }

    private long? Interruptions(ServicePart part, HashSet<string> missing) => part switch
    {
        ServicePart.Named named => Interruptions(named.Service, missing),
        ServicePart.All => NeededOnce(part, t => t.InterruptionsPerYear is not null).Select(p => Interruptions(p, missing)).Aggregate((long?)0, (sum, one) => sum + one),
        ServicePart.Weighted => part.Parts.Select(p => Interruptions(p, missing)).Aggregate((long?)0, (sum, one) => sum + one),
        _ => null,
    };

    private bool IsOpen(ServicePart part, Instant at) =>
        part is ServicePart.Named named ? IsOpen(named.Service, at) : part.Parts.Count(p => IsOpen(p, at)) >= Needed(part);

    private static int Needed(ServicePart part) => part switch
    {
        ServicePart.Any => 1,
        ServicePart.KOf some => some.K,
        _ => part.Parts.Count,
    };
}
