using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Domain.Outages;

/// <summary>Approved time that should not count; what becomes of it is the agreement's to say.</summary>
public sealed record ApprovedSpan(Instant From, Instant Until, ExclusionKind Kind, string Exclusion);

/// <summary>What the facts say of one service, in any order.</summary>
/// <param name="Outages">Its outages.</param>
/// <param name="Exclusions">What was approved.</param>
/// <param name="Watched">When it was watched.</param>
public sealed record KnownFacts(IReadOnlyList<OutageSpan> Outages, IReadOnlyList<ApprovedSpan> Exclusions, IReadOnlyList<WatchedSpan> Watched)
{
    /// <summary>Nothing is known.</summary>
    public static KnownFacts None { get; } = new([], [], []);
}

/// <summary>
/// A service's life as availability is counted from it: catalogue, agreements and facts in one. A composite is watched by its parts; what is known of itself beside
/// them are outages and exclusions.
/// </summary>
public static class ServiceLife
{
    /// <summary>A service and all that it is made of in any version, each once.</summary>
    public static IReadOnlyCollection<string> PartsOf(CatalogueLog log, string service)
    {
        ArgumentNullException.ThrowIfNull(log);
        var (found, open) = (new HashSet<string> { service }, new Queue<string>([service]));
        while (open.TryDequeue(out var next))
        {
            foreach (var part in log.Versions.SelectMany(v => v.Services.GetValueOrDefault(next)?.Of?.Services ?? []).Where(found.Add))
                open.Enqueue(part);
        }

        return found;
    }

    /// <summary>The terms of the service's life, with what is known of it and of its parts.</summary>
    /// <param name="log">What the centre has published.</param>
    /// <param name="service">The service.</param>
    /// <param name="known">What is known of each of <see cref="PartsOf"/>.</param>
    public static IReadOnlyList<TermsSpan> Of(CatalogueLog log, string service, Func<string, KnownFacts> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return [.. ServiceHistory.Of(log, service).Select(s => new TermsSpan(s.From, s.Until, TermsOf(s), NodeOf(s.Version, s.Service, s.From, known)))];
    }

    private static AvailabilityTerms TermsOf(ServiceSpan span) => new(
        span.Service.Hours == ItService.AlwaysOpen && span.Version.Calendars[ItService.AlwaysOpen].Definition.IsAlwaysOpen ? null : span.Version.Calendars[span.Service.Hours],
        span.Agreement?.Unobserved ?? UnobservedAs.LeftOut, span.Service.MergeGap, span.Service.InterruptionFrom);

    private static ServiceNode NodeOf(Catalogue version, ItService service, Instant from, Func<string, KnownFacts> known)
    {
        var itself = new ServiceNode.Own(FactsOf(version, service, from, known(service.Id)), service.Combine);
        return service.Of is { } parts ? new ServiceNode.Composite(itself, NodeOf(version, parts, from, known)) : itself;
    }

    private static ServiceNode NodeOf(Catalogue version, ServicePart part, Instant from, Func<string, KnownFacts> known)
    {
        return part switch
        {
            ServicePart.Named named => NodeOf(version, version.Services[named.Service], from, known),
            ServicePart.All all => new ServiceNode.All(Each(all.Of)),
            ServicePart.Any any => new ServiceNode.Any(Each(any.Of)),
            ServicePart.KOf some => new ServiceNode.KOf(some.K, Each(some.Of)),
            ServicePart.Weighted weighted => new ServiceNode.Weighted([.. weighted.Of.Select(w => new Availability.WeightedPart(w.Weight, NodeOf(version, w.Part, from, known)))]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        ValueList<ServiceNode> Each(ValueList<ServicePart> parts) => [.. parts.Select(p => NodeOf(version, p, from, known))];
    }

    private static ServiceFacts FactsOf(Catalogue version, ItService service, Instant from, KnownFacts known)
    {
        var agreement = ServiceHistory.AgreementOn(version, service.Id, from);
        // A kind that the agreement does not name excludes nothing.
        var exclusions = known.Exclusions.Select(x => agreement?.ExclusionOf(x.Kind) is { } rule ? new ExclusionSpan(x.From, x.Until, rule.Treat, x.Exclusion) : null).OfType<ExclusionSpan>().ToList();
        return new ServiceFacts(known.Outages, exclusions, service.Observed == Observed.Always || service.Of is not null ? [] : Unobserved(known.Watched));
    }

    /// <summary>What nobody watched.</summary>
    public static IReadOnlyList<UnobservedSpan> Unobserved(IReadOnlyList<WatchedSpan> watched)
    {
        ArgumentNullException.ThrowIfNull(watched);
        var (unobserved, since) = (new List<UnobservedSpan>(), (Instant?)ServiceHistory.Earliest);
        foreach (var span in watched.OrderBy(w => w.From))
        {
            if (since is not { } begun)
                break;
            if (span.From > begun)
                unobserved.Add(new UnobservedSpan(begun, span.From));
            since = span.Until is { } until ? Instant.Max(begun, until) : null;
        }

        if (since is { } last)
            unobserved.Add(new UnobservedSpan(last, null));
        return unobserved;
    }
}
