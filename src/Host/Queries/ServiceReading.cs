using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// One service over any span of time, worked out from the facts: the figures, every interruption, and every stretch with what it counted for. The same code path as the daily counts.
/// </summary>
/// <param name="Service">The service.</param>
/// <param name="Zone">The centre's zone.</param>
/// <param name="From">The first instant of the span.</param>
/// <param name="Until">The first that is not part of it.</param>
/// <param name="Now">The instant it is judged at; later facts are not known.</param>
/// <param name="Terms">The terms of its life with the facts around the span.</param>
/// <param name="History">What held when.</param>
internal sealed record ServiceReading(string Service, DateTimeZone Zone, Instant From, Instant Until, Instant Now, IReadOnlyList<TermsSpan> Terms, IReadOnlyList<ServiceSpan> History)
{
    /// <summary>What is explained in one answer: where many outages overlap, each stretch names them all.</summary>
    public const int MostSegments = AvailabilityCalculation.MostSegments;

    // What is listed in one answer; the count says how many there are.
    private const int MostInterruptions = 10_000;

    // An interruption goes on over a closed time, so what lies so far around the span is looked at, too.
    private static readonly Duration Around = Duration.FromDays(40);

    /// <summary>What is known around the span of the service and of each of its parts; those of which nothing is are missing.</summary>
    public IReadOnlyDictionary<string, KnownFacts> Known { get; init; } = new Dictionary<string, KnownFacts>();

    /// <summary>What holds at the end of the span, as far as it has come; null: nothing was agreed in it.</summary>
    public ServiceSpan? Span => History.LastOrDefault(h => h.From < Instant.Min(Until, Instant.Max(From + Duration.Epsilon, Now)) && h.Until > From);

    /// <summary>What was agreed and lost of it until now.</summary>
    public AvailabilityTotals Totals => ServiceAvailability.Totals(Terms, From, Until, Now);

    /// <summary>Every stretch of it until now, and what it counted for; null: they would be more than <see cref="MostSegments"/> with the names in them.</summary>
    public IReadOnlyList<AvailabilitySegment>? Segments => ServiceAvailability.Segments(Terms, From, Until, Now, MostSegments);

    /// <summary>The interruptions that began in it.</summary>
    public IReadOnlyList<Interruption> Interruptions => ServiceAvailability.Interruptions(Terms, From, Until, Now);

    /// <summary>What may be lost in the whole of it, and what has been; null: no availability is promised.</summary>
    public ErrorBudget? Budget => Target is { } target ? ServiceAvailability.Budget(Terms, target, From, Until, Now) : null;

    private LostShare? Target => Span?.Targets.Availability is { } target ? LostShare.FromDecimal(target) : null;

    /// <summary>Reads what is known of a service around a span.</summary>
    public static async Task<ServiceReading> ReadAsync(ReadModels models, string centre, CatalogueLog log, string service, Instant from, Instant until, Instant now, CancellationToken ct)
    {
        var known = await ServiceSpans.LoadAsync(models.Command, models.Spans, centre, ServiceLife.PartsOf(log, service), from - Around, until + Around, ct);
        return Of(log, service, from, until, now, known);
    }

    /// <summary>One of its parts over the same span, by the facts that are known already.</summary>
    public ServiceReading OfPart(CatalogueLog log, string part)
    {
        var parts = ServiceLife.PartsOf(log, part);
        return Of(log, part, From, Until, Now, Known.Where(k => parts.Contains(k.Key)).ToDictionary());
    }

    private static ServiceReading Of(CatalogueLog log, string service, Instant from, Instant until, Instant now, IReadOnlyDictionary<string, KnownFacts> known) =>
        new(service, log.Newest!.Zone, from, until, now, ServiceLife.Of(log, service, s => known.GetValueOrDefault(s, KnownFacts.None)), ServiceHistory.Of(log, service)) { Known = known };

    /// <summary>When an interruption is to have ended, by the limit of its highest priority; null: no limit is promised.</summary>
    public Instant? DueOf(Interruption interruption) => History.LastOrDefault(h => h.From <= interruption.From)?.RestoreDueOf(interruption);

    /// <summary>Counts and restore times of the interruptions.</summary>
    public InterruptionFigures Figures(IReadOnlyList<Interruption> interruptions)
    {
        var ended = interruptions.Where(i => i.Until is not null).ToList();
        return new InterruptionFigures(
            interruptions.Count, ended.Count, ended.Sum(i => i.RestoreTicks), ended.Select(i => i.RestoreTicks).DefaultIfEmpty().Max(),
            ended.Count(i => DueOf(i) is { } due && i.Until <= due), interruptions.Count(i => DueOf(i) < (i.Until ?? Now)));
    }

    /// <summary>All of it.</summary>
    /// <param name="segments">Every stretch and what it counted for; null: without them.</param>
    public JsonObject ToJson(IReadOnlyList<AvailabilitySegment>? segments)
    {
        var (totals, interruptions, span) = (Totals, Interruptions, Span);
        var answer = new JsonObject
        {
            ["service"] = Service,
            ["from"] = Timestamps.Format(From, Zone),
            ["until"] = Timestamps.Format(Until, Zone),
            ["at"] = Timestamps.Format(Now, Zone),
            ["agreement"] = span?.Agreement?.Id,
            ["catalogueVersion"] = span?.Version.Version,
        };
        ServiceJson.AddTotals(answer, totals, Budget, span?.Targets.Availability);
        ServiceJson.AddInterruptions(answer, Figures(interruptions), totals);
        answer["interruptionsLeftOut"] = Math.Max(0, interruptions.Count - MostInterruptions);
        answer["interruptionList"] = new JsonArray([.. interruptions.Take(MostInterruptions).Select(i => (JsonNode)ServiceJson.Interruption(i, DueOf(i), Now, Zone))]);
        if (segments is not null)
            answer["segments"] = new JsonArray([.. segments.Select(s => (JsonNode)ServiceJson.Segment(s, Zone))]);
        return answer;
    }
}
