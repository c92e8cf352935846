using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Calculations;

/// <summary>
/// Answers one line of <c>sla availability</c> and <c>POST /calculate/availability</c>: no store, no clock, the same line in gives the same line out.
/// </summary>
internal sealed class AvailabilityCalculation
{
    // A line is at most a million characters, but what overlaps in it is named again and again, and there are many days in 300 years.
    public const int MostSegments = 50_000;

    private readonly AvailabilityQuestionReader _reader = new();

    /// <summary>The answer to a line, and whether it could be read.</summary>
    public (string Line, bool Ok) Answer(string line) => QuestionLine.Answer(line, "serviceHours", (fields, answer) =>
    {
        if (_reader.Read(fields) is not { } question)
            return false;
        Answer(question, answer);
        return !question.Segments || Explain(question, fields, answer);
    });

    private static bool Explain(AvailabilityQuestion question, JsonFields fields, JsonObject answer)
    {
        if (ServiceAvailability.Segments(question.Terms, question.From, question.To, question.At, MostSegments) is { } segments)
            answer["segments"] = new JsonArray([.. segments.Select(s => Segment(s, question.Zone))]);
        else
            fields.Refuse("segments", $"would be more than {MostSegments} stretches and names of outages and exclusions in them; ask for a shorter period, or without segments");
        return fields.Faults.Count == 0;
    }

    private static void Answer(AvailabilityQuestion question, JsonObject answer)
    {
        var (terms, from, to, at) = (question.Terms, question.From, question.To, question.At);
        var totals = ServiceAvailability.Totals(terms, from, to, at);
        var interruptions = ServiceAvailability.Interruptions(terms, from, to, at);
        answer["agreedSeconds"] = Seconds(totals.Agreed);
        answer["downtimeSeconds"] = LostSeconds(totals.Downtime);
        answer["grossAgreedSeconds"] = Seconds(totals.GrossAgreed);
        answer["grossDowntimeSeconds"] = LostSeconds(totals.GrossDowntime);
        answer["availability"] = totals.Availability?.ToDouble();
        answer["grossAvailability"] = totals.GrossAvailability?.ToDouble();
        answer["coverage"] = totals.Coverage?.ToDouble();
        answer["interruptions"] = interruptions.Count;
        answer["longestRestoreSeconds"] = interruptions.Count == 0 ? null : Seconds(interruptions.Max(i => i.RestoreTicks));
        if (question.Target is { } target)
        {
            var budget = ServiceAvailability.Budget(terms, target, from, to, at);
            answer["budgetSeconds"] = LostSeconds(budget.Allowed);
            answer["budgetLeftSeconds"] = LostSeconds(budget.Left);
        }
    }

    private static JsonObject Segment(AvailabilitySegment segment, DateTimeZone zone)
    {
        var written = new JsonObject
        {
            ["from"] = Timestamps.Format(segment.From, zone),
            ["until"] = Timestamps.Format(segment.Until, zone),
            ["agreed"] = segment.IsAgreed,
            ["reason"] = Words.Of(segment.Reason),
        };
        if (segment.GrossLost > LostShare.None || segment.Lost > LostShare.None)
        {
            written["lost"] = Exact(segment.Lost.ToDecimal());
            written["grossLost"] = Exact(segment.GrossLost.ToDecimal());
        }

        if (segment.Outages.Count > 0)
            written["outages"] = new JsonArray([.. segment.Outages.Select(o => (JsonNode)o)]);
        if (segment.Exclusions.Count > 0)
            written["exclusions"] = new JsonArray([.. segment.Exclusions.Select(e => (JsonNode)e)]);
        return written;
    }

    private static JsonValue Seconds(long ticks) => Exact((decimal)ticks / Tick.PerSecond);

    private static JsonValue LostSeconds(Int128 tickBillionths) => Exact((decimal)tickBillionths / LostShare.Scale / Tick.PerSecond);

    // A decimal divided by one with all its places is written without the zeros at its end.
    private static JsonValue Exact(decimal value) => JsonValue.Create(value / 1.0000000000000000000000000000m);
}
