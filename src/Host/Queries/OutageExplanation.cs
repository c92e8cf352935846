using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Outages;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>The outages of one stream with the reason of each of their verdicts, folded from the stream itself as a case's are.</summary>
/// <param name="Id">What the stream is called after <c>outage/</c>.</param>
/// <param name="Outage">What the facts say.</param>
/// <param name="Explained">The clocks.</param>
internal sealed record OutageExplanation(string Id, OutageClocks Outage, ExplainedClocks Explained)
{
    /// <summary>Explains it as of now; null when the log holds no fact of it.</summary>
    public static async Task<OutageExplanation?> ReadAsync(EventLog log, string centre, CatalogueLog published, string id, Instant now, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, $"outage/{id}", null, ct);
        var facts = events.Facts().ToList();
        if (facts.Count == 0)
            return null;
        var folded = OutageClocks.Fold(facts, published);
        return new OutageExplanation(id, folded, ExplainedClocks.Of(folded, now));
    }
}
