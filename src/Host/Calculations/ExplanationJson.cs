using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Calculations;

/// <summary>Explanations as JSON, times on the wall clock of the calendar.</summary>
internal static class ExplanationJson
{
    public static JsonArray Segments(IEnumerable<ExplainedSegment> segments, DateTimeZone zone) =>
        [.. segments.Select(s => (JsonNode)Segment(s, zone))];

    public static JsonArray Refused(IEnumerable<RefusedExtension> refused, DateTimeZone zone) =>
        [.. refused.Select(r => (JsonNode)new JsonObject
        {
            ["at"] = Timestamps.Format(r.Extension.At, zone),
            ["add"] = LimitJson.Write(r.Extension.Add),
            ["because"] = Words.Of(r.Refusal),
        })];

    private static JsonObject Segment(ExplainedSegment segment, DateTimeZone zone)
    {
        var written = new JsonObject
        {
            ["from"] = Timestamps.Format(segment.From, zone),
            ["until"] = Timestamps.Format(segment.Until, zone),
            ["counted"] = segment.Counted,
            ["reason"] = Words.Of(segment.Reason),
        };
        if (segment.Cause is { } cause)
            written["cause"] = cause;
        written["total"] = LimitJson.Write(segment.Total);
        return written;
    }
}
