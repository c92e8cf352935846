using System.Collections.Immutable;
using NodaTime;
using NodaTime.TimeZones;
using SlaMonitor.Domain.Availability;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>What held for a service from one instant to another.</summary>
/// <param name="From">The first instant.</param>
/// <param name="Until">The first instant that is not part of it.</param>
/// <param name="Version">The version that defines the service and its parts.</param>
/// <param name="Service">The service as that version defines it.</param>
/// <param name="Agreement">The agreement about it; null: none covers it, and what the service itself says holds.</param>
public sealed record ServiceSpan(Instant From, Instant Until, Catalogue Version, ItService Service, Agreement? Agreement)
{
    /// <summary>The targets in force.</summary>
    public ServiceTargets Targets => Agreement?.TargetsOf(Service) ?? Service.Targets;

    /// <summary>When an interruption that began in it is to have ended, by the limit of its highest priority; null: no limit is promised, or it leads beyond the calendar.</summary>
    public Instant? RestoreDueOf(Interruption interruption)
    {
        ArgumentNullException.ThrowIfNull(interruption);
        return Targets.RestoreFor(interruption.Priorities) is { } limit ? CatalogueRules.DueOf(Version.Calendars[Service.Hours], limit, interruption.From) : null;
    }
}

/// <summary>Which definition of a service held when, and which agreement.</summary>
public static class ServiceHistory
{
    /// <summary>No span begins earlier: calendars can be asked from here on in every zone.</summary>
    public static Instant Earliest { get; } = Instant.FromUtc(1900, 1, 3, 0, 0);

    /// <summary>No span ends later.</summary>
    public static Instant Latest { get; } = Instant.FromUtc(2199, 12, 29, 0, 0);

    /// <summary>
    /// The spans in order, which do not overlap; between them, and where there is none, nothing is agreed about the service. Which
    /// version holds is <see cref="CatalogueLog.At"/>'s to say. Of several agreements that cover the service the SLA holds, and only where there is none
    /// an OLA, then a UC; of several of a kind the one whose id comes first.
    /// </summary>
    public static ImmutableArray<ServiceSpan> Of(CatalogueLog log, string service)
    {
        ArgumentNullException.ThrowIfNull(log);
        var cuts = log.Versions.SelectMany(v => CutsOf(v, service)).Append(Earliest).Append(Latest).Where(c => c >= Earliest && c <= Latest).Distinct().Order().ToList();
        var spans = ImmutableArray.CreateBuilder<ServiceSpan>();
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            if (At(log, service, cuts[i], cuts[i + 1]) is not { } span)
                continue;
            if (spans.Count > 0 && spans[^1] is var last && last.Until == span.From && ReferenceEquals(last.Version, span.Version) && ReferenceEquals(last.Agreement, span.Agreement))
                spans[^1] = last with { Until = span.Until };
            else
                spans.Add(span);
        }

        return spans.ToImmutable();
    }

    /// <summary>The instant a date begins; where clocks skip midnight, the first that it has.</summary>
    public static Instant StartOf(LocalDate date, DateTimeZone zone) => date.AtMidnight().InZone(zone, Resolvers.LenientResolver).ToInstant();

    private static IEnumerable<Instant> CutsOf(Catalogue version, string service)
    {
        yield return version.EffectiveFrom;
        if (!version.Services.TryGetValue(service, out var defined))
            yield break;
        foreach (var agreement in version.Agreements.Where(a => a.Covers(service)))
        {
            yield return StartOf(agreement.From, version.Zone);
            if (agreement.Until is { } end)
                yield return StartOf(end, version.Zone);
        }

        if (defined.From is { } from)
            yield return StartOf(from, version.Zone);
        if (defined.Until is { } until)
            yield return StartOf(until, version.Zone);
    }

    private static ServiceSpan? At(CatalogueLog log, string service, Instant from, Instant until)
    {
        if (log.At(from) is not { } version || !version.Services.TryGetValue(service, out var defined) || !Holds(version, from, defined.From, defined.Until))
            return null;
        return new ServiceSpan(from, until, version, defined, AgreementOn(version, service, from));
    }

    /// <summary>The agreement that covers a service at an instant; null: none does.</summary>
    internal static Agreement? AgreementOn(Catalogue version, string service, Instant at) => version.Agreements
        .Where(a => a.Covers(service) && Holds(version, at, a.From, a.Until)).OrderBy(a => a.Kind).ThenBy(a => a.Id, StringComparer.Ordinal).FirstOrDefault();

    // By instants, as the cuts are: where midnight is skipped, the local date of a cut need not be the date it was made of.
    private static bool Holds(Catalogue version, Instant at, LocalDate? first, LocalDate? end) =>
        (first is not { } f || at >= StartOf(f, version.Zone)) && (end is not { } e || at < StartOf(e, version.Zone));
}
