using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Complaints;

/// <summary>A complaint with the reason of each of its verdicts at an instant, folded from the stream itself as a case's are. What is sealed stays so.</summary>
/// <param name="Id">What the stream is called after <c>complaint/</c>.</param>
/// <param name="At">The instant.</param>
/// <param name="Zone">The centre's.</param>
/// <param name="Complaint">What the facts say.</param>
/// <param name="Explained">The clocks.</param>
/// <param name="AsOf">The past; null: the present.</param>
internal sealed record ComplaintExplanation(string Id, Instant At, DateTimeZone Zone, ComplaintClocks Complaint, ExplainedClocks Explained, AsOf? AsOf)
{
    /// <summary>Explains it, as if nothing had happened after an instant or been recorded after a past; null when the log holds no fact of it by then.</summary>
    public static async Task<ComplaintExplanation?> ReadAsync(EventLog log, string centre, CatalogueLog published, string id, Instant now, Instant? asked, AsOf? asOf, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, $"complaint/{id}", asOf?.Position, ct);
        var catalogue = asOf is { } past ? published.UpTo(past.Position) : published;
        var facts = events.Where(e => EventTypes.Concerns(e.Type, e.StreamId)).Select(e => EventJson.ReadFact(e.Type, e.Id, e.Data, e.Position, e.RecordedAt)).Where(f => asked is null || f.OccurredAt <= asked).ToList();
        if (facts.Count == 0 || catalogue.Newest is not { } newest)
            return null;
        var (at, folded) = (asked ?? asOf?.At ?? now, ComplaintClocks.Fold(facts, catalogue));
        return new ComplaintExplanation(id, at, newest.Zone, folded, ExplainedClocks.Of(folded, at), asOf);
    }

    /// <summary>The whole explanation as JSON.</summary>
    public JsonObject ToJson(string centre) => Asked.Marked(AsOf, Zone, new()
    {
        ["complaint"] = Id,
        ["centre"] = centre,
        ["at"] = Timestamps.Format(At, Zone),
        ["events"] = CaseExplanation.Events(Complaint.Facts, Zone),
        ["clocks"] = new JsonArray([.. Explained.Clocks.Select(c => (JsonNode)CaseExplanation.ClockToJson(c.Clock, c.Reading, c.Explanation))]),
        ["anomalies"] = CaseExplanation.Anomalies(Complaint.Anomalies),
    });
}
