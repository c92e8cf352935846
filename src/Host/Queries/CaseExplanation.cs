using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>
/// A case with the reason of each of its verdicts at an instant. Folded from the stream itself, by the code that makes the
/// read models: an explanation that were stored could differ from what it explains.
/// </summary>
internal sealed record CaseExplanation(string Centre, string Id, Instant At, DateTimeZone Zone, CaseClocks Case, IReadOnlyList<(Clock Clock, ClockReading Reading, Explanation Explanation)> Clocks, AsOf? AsOf)
{
    /// <summary>
    /// Explains a case as of now; asked for an instant, as if nothing had happened after it; asked for a past, as if nothing
    /// had been recorded after it. Null when the log holds no fact of it by then, or its centre had published nothing.
    /// </summary>
    public static async Task<CaseExplanation?> ReadAsync(EventLog log, string centre, CatalogueLog published, string id, Instant now, Instant? asked, AsOf? asOf, CancellationToken ct)
    {
        var events = await log.ReadStreamAsync(centre, $"case/{id}", asOf?.Position, ct);
        return Of(centre, id, events.Facts(), published, now, asked, asOf);
    }

    /// <summary>Explains a case of which these are the facts; null when nothing had happened by then, or nothing was published.</summary>
    public static CaseExplanation? Of(string centre, string id, IEnumerable<Recorded> known, CatalogueLog published, Instant now, Instant? asked, AsOf? asOf = null)
    {
        var at = asked ?? asOf?.At ?? now;
        var catalogue = asOf is { } past ? published.UpTo(past.Position) : published;
        var facts = known.Where(f => asked is null || f.OccurredAt <= asked).ToList();
        if (facts.Count == 0 || catalogue.Newest is not { } newest)
            return null;
        var folded = CaseClocks.Fold(facts, catalogue);
        return new CaseExplanation(centre, id, at, newest.Zone, folded, ExplainedClocks.Of(folded, at).Clocks, asOf);
    }

    /// <summary>What it has in common with other streams that have clocks.</summary>
    public ExplainedClocks Explained => new(Case, Clocks);

    /// <summary>The whole explanation as JSON.</summary>
    public JsonObject ToJson() => Asked.Marked(AsOf, Zone, new()
    {
        ["case"] = Id,
        ["centre"] = Centre,
        ["at"] = Timestamps.Format(At, Zone),
        ["events"] = Events(Case.Facts, Zone),
        ["clocks"] = new JsonArray([.. Clocks.Select(c => (JsonNode)ClockToJson(c.Clock, c.Reading, c.Explanation))]),
        ["anomalies"] = Anomalies(Case.Anomalies),
    });

    /// <summary>Where facts come from; what they say may be personal.</summary>
    internal static JsonArray Events(ValueList<Recorded> facts, DateTimeZone zone) => [.. facts.Select(fact => (JsonNode)new JsonObject
    {
        ["id"] = fact.Id.ToString(),
        ["type"] = fact.Type,
        ["occurredAt"] = Timestamps.Format(fact.OccurredAt, zone),
        ["recordedAt"] = Timestamps.Format(fact.RecordedAt, zone),
        ["source"] = fact.Source,
        ["senderId"] = fact.SenderId,
        ["position"] = fact.Position,
    })];

    /// <summary>A clock with the reason of its verdict.</summary>
    internal static JsonObject ClockToJson(Clock clock, ClockReading reading, Explanation explanation)
    {
        var (facts, reckoning, zone) = (clock.Facts, reading.Reckoning, clock.Facts.Calendar.Zone);
        return new JsonObject
        {
            ["commitment"] = clock.Definition.Id,
            ["names"] = new JsonObject { ["zh"] = clock.Definition.Names.Zh, ["en"] = clock.Definition.Names.En },
            ["key"] = clock.Key,
            ["ordinal"] = clock.Ordinal,
            ["state"] = Words.Of(reading.State),
            ["limit"] = LimitJson.Write(facts.Limit),
            ["startedAt"] = Timestamps.Format(facts.Start, zone),
            ["startedBy"] = clock.StartedBy.ToString(),
            ["deemedAfter"] = clock.DeemedAfter is { } silence ? Timestamps.Format(silence, zone) : null,
            ["overdueOf"] = clock.Definition.OverdueOf,
            ["stoppedAt"] = clock.EndedAt is { } stop ? Timestamps.Format(stop, zone) : null,
            ["stoppedBy"] = clock.StoppedBy?.ToString(),
            ["dueAt"] = reckoning.DueAt is { } due ? Timestamps.Format(due, zone) : null,
            ["pausedUntil"] = reading.State == ClockState.Paused && reckoning.ResumesAt is { } resumes ? Timestamps.Format(resumes, zone) : null,
            ["settledAt"] = reading.SettledAt is { } settled ? Timestamps.Format(settled, zone) : null,
            ["used"] = LimitJson.Write(reckoning.Used),
            ["remaining"] = LimitJson.Write(reckoning.Remaining),
            ["catalogueVersion"] = clock.CatalogueVersion,
            ["calendar"] = clock.Definition.Calendar,
            ["calendarVersion"] = facts.Calendar.Version,
            ["provisional"] = facts.Calendar.IsProvisional(facts.Calendar.DateOf(reckoning.DueAt ?? facts.Start)),
            ["extensions"] = new JsonArray([.. (facts.Extensions ?? []).Select(e => (JsonNode)new JsonObject { ["at"] = Timestamps.Format(e.At, zone), ["add"] = LimitJson.Write(e.Add) })]),
            ["refusedExtensions"] = ExplanationJson.Refused(explanation.RefusedExtensions, zone),
            ["segments"] = ExplanationJson.Segments(explanation.Segments, zone),
            ["anomalies"] = Anomalies(clock.Anomalies),
        };
    }

    /// <summary>Contradictions with the events that prove them.</summary>
    internal static JsonArray Anomalies(ValueList<Anomaly> anomalies) => [.. anomalies.Select(a => (JsonNode)new JsonObject
    {
        ["kind"] = Words.Of(a.Kind),
        ["events"] = new JsonArray([.. a.Events.Select(e => (JsonNode)e.ToString())]),
    })];
}
