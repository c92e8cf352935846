using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Calculations;

/// <summary>What a line asks: of a service's history, from, to, as known at an instant.</summary>
internal sealed record AvailabilityQuestion(TermsSpan[] Terms, DateTimeZone Zone, Instant From, Instant To, Instant At, LostShare? Target, bool Segments);

/// <summary>Reads questions about availability; calendars are kept from one to the next.</summary>
internal sealed class AvailabilityQuestionReader
{
    private static readonly string[] Fields =
        ["id", "from", "to", "at", "serviceHours", "outages", "exclusions", "unobserved", "unobservedAs", "combine", "mergeGap", "interruptionFrom", "target", "segments"];

    private static readonly (string, ExclusionTreatment)[] Treatments = [("left-out", ExclusionTreatment.LeftOut), ("up", ExclusionTreatment.Up)];
    private static readonly (string, UnobservedAs)[] UnobservedWords = [("left-out", UnobservedAs.LeftOut), ("up", UnobservedAs.Up), ("down", UnobservedAs.Down)];
    private static readonly (string, Combine)[] CombineWords = [("max", Combine.Max), ("sum", Combine.Sum), ("independent", Combine.Independent)];

    private readonly KnownCalendars _calendars = new();

    /// <summary>The question; null: there are faults.</summary>
    public AvailabilityQuestion? Read(JsonFields fields)
    {
        fields.RefuseOthers(Fields);
        var (from, to) = (fields.Time("from"), fields.Time("to"));
        var at = fields.OptionalTime("at") ?? to;
        if (to < from)
            fields.Refuse("to", "is before from; give the end of the period");
        var hours = ReadHours(fields);
        var terms = new AvailabilityTerms(
            hours, fields.OptionalChoice("unobservedAs", UnobservedWords) ?? UnobservedAs.LeftOut, ReadGap(fields), Share(fields, "interruptionFrom", LostShare.None) ?? LostShare.None);
        var facts = new ServiceFacts(
            [.. Items(fields, "outages").Select(ReadOutage)], [.. Items(fields, "exclusions").Select(ReadExclusion)], [.. Items(fields, "unobserved").Select(ReadUnobserved)]);
        var node = new ServiceNode.Own(facts, fields.OptionalChoice("combine", CombineWords) ?? Combine.Max);
        var (target, segments) = (Share(fields, "target", new LostShare(1)), fields.OptionalBoolean("segments") ?? false);
        return fields.Faults.Count > 0 ? null
            : new AvailabilityQuestion([new TermsSpan(Instant.MinValue, Instant.MaxValue, terms, node)], hours?.Zone ?? DateTimeZone.Utc, from, to, at, target, segments);
    }

    private static IEnumerable<JsonFields> Items(JsonFields fields, string name) => fields.Items(name).Select(i => new JsonFields(i.Element, fields.Faults, i.Path));

    private static OutageSpan ReadOutage(JsonFields fields)
    {
        fields.RefuseOthers("id", "from", "until", "lost");
        var outage = new OutageSpan(fields.Time("from"), fields.OptionalTime("until"), Share(fields, "lost", new LostShare(1)) ?? LostShare.Whole, Id(fields));
        Ordered(fields, outage.From, outage.Until);
        return outage;
    }

    private static ExclusionSpan ReadExclusion(JsonFields fields)
    {
        // The kind is why it was excluded; what becomes of the time is said by treat alone.
        fields.RefuseOthers("id", "from", "until", "kind", "treat");
        fields.OptionalText("kind");
        var exclusion = new ExclusionSpan(fields.Time("from"), fields.Time("until"), fields.RequiredChoice("treat", Treatments), Id(fields));
        Ordered(fields, exclusion.From, exclusion.Until);
        return exclusion;
    }

    private static UnobservedSpan ReadUnobserved(JsonFields fields)
    {
        fields.RefuseOthers("from", "until");
        var unobserved = new UnobservedSpan(fields.Time("from"), fields.OptionalTime("until"));
        Ordered(fields, unobserved.From, unobserved.Until);
        return unobserved;
    }

    private static string Id(JsonFields fields) => fields.Find("id") is null ? "" : fields.Code("id");

    private static void Ordered(JsonFields fields, Instant from, Instant? until)
    {
        if (until < from)
            fields.Refuse("until", "is before from");
    }

    private static LostShare? Share(JsonFields fields, string name, LostShare least)
    {
        if (fields.OptionalDecimal(name) is not { } given)
            return null;
        if (LostShare.FromDecimal(given) is { } share && share >= least)
            return share;
        fields.Refuse(name, $"is out of bounds; give a number {(least > LostShare.None ? "above" : "from")} 0 and up to 1 with at most nine decimals, such as 0.5");
        return null;
    }

    private static Duration ReadGap(JsonFields fields)
    {
        if (fields.OptionalText("mergeGap") is not { } text)
            return Duration.Zero;
        if (LimitJson.TryParseLength(text, out var gap) && gap >= Duration.Zero)
            return gap;
        fields.Refuse("mergeGap", "is not a length of time; give an ISO 8601 duration such as PT5M");
        return Duration.Zero;
    }

    private Calendar? ReadHours(JsonFields fields) =>
        fields.Find("serviceHours") is not { } given || (given.ValueKind == JsonValueKind.String && given.GetString() == "24x7") ? null : _calendars.Read(given, "serviceHours", fields);
}
