using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>A complaint or an outage with the reason of each verdict of its clocks at an instant, made like that of a case. Of who complained it knows nothing.</summary>
internal sealed record StreamExplanation(string Centre, string Stream, Instant At, DateTimeZone Zone, ExplainedClocks Explained, AsOf? AsOf)
{
    /// <summary>Null when the name is of no stream that has clocks, the log holds no fact of it by then, or its centre had published nothing.</summary>
    public static async Task<StreamExplanation?> ReadAsync(EventLog log, string centre, CatalogueLog published, string stream, Instant now, Instant? asked, AsOf? asOf, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, stream, asOf?.Position, ct);
        return Of(centre, stream, events.Facts(), published, now, asked, asOf);
    }

    /// <summary>Explains a stream of which these are the facts.</summary>
    public static StreamExplanation? Of(string centre, string stream, IEnumerable<Recorded> known, CatalogueLog published, Instant now, Instant? asked, AsOf? asOf = null)
    {
        if (StreamKinds.Of(stream) is not (StreamKind.Complaint or StreamKind.Outage))
            return null;
        var facts = known.Where(f => asked is null || f.OccurredAt <= asked).ToList();
        var catalogue = asOf is { } past ? published.UpTo(past.Position) : published;
        if (facts.Count == 0 || catalogue.Newest is not { } newest)
            return null;
        var at = asked ?? asOf?.At ?? now;
        return new StreamExplanation(centre, stream, at, newest.Zone, ExplainedClocks.Of(StreamClocks.Fold(StreamKinds.Of(stream)!.Value, facts, catalogue), at), asOf);
    }

    /// <summary>What the stream is called after the word of its kind and the slash.</summary>
    public string Id => Stream[(Word.Length + 1)..];

    private string Word => StreamKinds.WordOf(StreamKinds.Of(Stream)!.Value);

    /// <summary>The whole explanation as JSON.</summary>
    public JsonObject ToJson() => Asked.Marked(AsOf, Zone, new()
    {
        [Word] = Id,
        ["centre"] = Centre,
        ["at"] = Timestamps.Format(At, Zone),
        ["events"] = CaseExplanation.Events(Explained.Facts, Zone),
        ["clocks"] = new JsonArray([.. Explained.Clocks.Select(c => (JsonNode)CaseExplanation.ClockToJson(c.Clock, c.Reading, c.Explanation))]),
        ["anomalies"] = CaseExplanation.Anomalies(Explained.Stream.Anomalies),
    });
}
