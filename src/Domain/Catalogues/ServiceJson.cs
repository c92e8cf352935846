using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>Reads the IT services of a catalogue.</summary>
internal static class ServiceJson
{
    private const string Forms = "give {all: […]}, {any: […]}, {kOf: {k: 2, parts: […]}} or {weighted: [{part: …, weight: 0.7}, …]}";

    private static readonly Duration LongestGap = Duration.FromDays(7);

    private static readonly string[] Fields =
        ["id", "names", "hours", "from", "until", "observed", "components", "of", "combine", "mergeGap", "interruptionFrom", "targets"];

    /// <summary>All services; a composite whose parts are not there or lead back to itself is a fault, since nothing could be made of it.</summary>
    public static ImmutableArray<ItService> ReadAll(JsonFields fields, IReadOnlySet<string> calendars)
    {
        var read = fields.Items("services").Select(s => new JsonFields(s.Element, fields.Faults, s.Path)).Select(s => (Service: Read(s, calendars), Fields: s)).ToList();
        RefuseCircles(read);
        return [.. read.Select(s => s.Service)];
    }

    /// <summary>The calendars with the one that is open all the time, where a service keeps its hours and the catalogue has none of that name.</summary>
    public static ImmutableDictionary<string, Calendar> WithAlwaysOpen(this ImmutableDictionary<string, Calendar> calendars, IEnumerable<ItService> services, DateTimeZone? zone) =>
        zone is null || calendars.ContainsKey(ItService.AlwaysOpen) || services.All(s => s.Hours != ItService.AlwaysOpen) ? calendars
            : calendars.Add(ItService.AlwaysOpen, new Calendar(CalendarDefinition.AlwaysOpen(zone)));

    /// <summary>A span of local dates of which the second is not part.</summary>
    public static (LocalDate? From, LocalDate? Until) ReadValidity(JsonFields fields)
    {
        var (from, until) = (fields.OptionalDate("from"), fields.OptionalDate("until"));
        foreach (var (name, date) in new[] { ("from", from), ("until", until) })
        {
            if (date is { Year: < 1900 or > 2190 })
                fields.Refuse(name, "is not between 1900 and 2190");
        }

        if (until <= from)
            fields.Refuse("until", "is not after from; give the first day on which it no longer holds, or leave it out");
        return (from, until);
    }

    /// <summary>No longer than what is looked at around a span of time.</summary>
    private static Duration ReadGap(JsonFields fields)
    {
        var gap = ReadLength(fields, "mergeGap");
        if (gap > LongestGap)
            fields.Refuse("mergeGap", "is longer than seven days; interruptions so far apart are two");
        return gap;
    }

    /// <summary>An id that stands in addresses and labels.</summary>
    private static string ReadId(JsonFields fields)
    {
        var id = fields.Code("id");
        if (id.Length > 0 && (!char.IsLetterOrDigit(id[0]) || id.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))))
            fields.Refuse("id", "is not made of letters, digits and - _ . : beginning with a letter or digit; it stands in addresses");
        return id;
    }

    private static ItService Read(JsonFields fields, IReadOnlySet<string> calendars)
    {
        fields.RefuseOthers(Fields);
        var hours = fields.OptionalText("hours");
        if (fields.Find("hours") is null)
            fields.Refuse("hours", "is missing; give the id of one of this catalogue's calendars, or 24x7");
        else if (hours is { Length: > 0 } && hours != ItService.AlwaysOpen && !calendars.Contains(hours))
            fields.Refuse("hours", "is not among this catalogue's calendars; add it there, or give 24x7");
        var (from, until) = ReadValidity(fields);
        return new ItService(
            ReadId(fields), CatalogueJson.ReadNames(fields), hours ?? "", from, until,
            fields.OptionalChoice("observed", ("byMonitor", Observed.ByMonitor), ("always", Observed.Always)) ?? Observed.ByMonitor,
            [.. fields.Texts("components")], ReadComposite(fields),
            fields.OptionalChoice("combine", ("max", Combine.Max), ("sum", Combine.Sum), ("independent", Combine.Independent)) ?? Combine.Max,
            ReadGap(fields), ReadShare(fields, "interruptionFrom") ?? LostShare.None,
            TargetJson.Read(fields)?.Over(ServiceTargets.None) ?? ServiceTargets.None);
    }

    private static Duration ReadLength(JsonFields fields, string name)
    {
        if (fields.OptionalText(name) is not { Length: > 0 } text)
            return Duration.Zero;
        if (!LimitJson.TryParseLength(text, out var length))
            fields.Refuse(name, "is not a length; give hours, minutes and seconds as ISO 8601, such as PT5M");
        return length;
    }

    private static LostShare? ReadShare(JsonFields fields, string name)
    {
        if (fields.OptionalDecimal(name) is not { } number)
            return null;
        if (LostShare.FromDecimal(number) is not { } share)
        {
            fields.Refuse(name, "is not a share from 0 to 1 with at most nine decimals; a tenth is written 0.1");
            return null;
        }

        return share;
    }

    private static ServicePart? ReadComposite(JsonFields fields)
    {
        if (fields.Find("of") is not { } of)
            return null;
        if (of.ValueKind != JsonValueKind.String)
            return ReadPart(of, fields.PathOf("of"), fields.Faults);
        fields.Refuse("of", $"is one service; {Forms}");
        return null;
    }

    /// <summary>The id of a service, or parts in their turn.</summary>
    private static ServicePart ReadPart(JsonElement element, string path, List<Fault> faults)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } service)
            return new ServicePart.Named(service);
        var fields = new JsonFields(element, faults, path);
        if (element.ValueKind != JsonValueKind.Object)
            return new ServicePart.Named("");
        fields.RefuseOthers("all", "any", "kOf", "weighted");
        if (fields.Names().ToList() is not [var form])
        {
            faults.Add(new Fault(path, $"says in no one way what it is made of; {Forms}"));
            return new ServicePart.Named("");
        }

        return form switch
        {
            "all" => new ServicePart.All(ReadParts(fields, "all")),
            "any" => new ServicePart.Any(ReadParts(fields, "any")),
            "kOf" => ReadKOf(fields),
            "weighted" => ReadWeighted(fields),
            _ => new ServicePart.Named(""),
        };
    }

    private static ValueList<ServicePart> ReadParts(JsonFields fields, string name)
    {
        ValueList<ServicePart> parts = [.. fields.Items(name).Select(p => ReadPart(p.Element, p.Path, fields.Faults))];
        RefuseRepeats(fields, name, parts);
        return parts;
    }

    private static void RefuseRepeats(JsonFields fields, string name, ValueList<ServicePart> parts)
    {
        if (parts.Count == 0)
            fields.Refuse(name, "lists no part; give the ids of services");
        foreach (var repeated in parts.OfType<ServicePart.Named>().Where(p => p.Service.Length > 0).GroupBy(p => p.Service).Where(g => g.Count() > 1))
            fields.Refuse(name, $"has '{repeated.Key}' {repeated.Count()} times; name each part once");
    }

    private static ServicePart.KOf ReadKOf(JsonFields fields)
    {
        if (fields.Nested("kOf") is not { } some)
            return new ServicePart.KOf(1, []);
        some.RefuseOthers("k", "parts");
        var parts = ReadParts(some, "parts");
        if (some.Find("k") is null)
            some.Refuse("k", "is missing; give how many of the parts are needed");
        return new ServicePart.KOf(some.OptionalInteger("k", 1, Math.Max(parts.Count, 1)) ?? 1, parts);
    }

    private static ServicePart.Weighted ReadWeighted(JsonFields fields)
    {
        var parts = new List<WeightedPart>();
        foreach (var (element, path) in fields.Items("weighted"))
        {
            var entry = new JsonFields(element, fields.Faults, path);
            entry.RefuseOthers("part", "weight");
            if (entry.Find("part") is null)
                entry.Refuse("part", "is missing; give the id of a service");
            if (entry.Find("weight") is null)
                entry.Refuse("weight", "is missing; give its share of the whole, such as 0.7");
            var weight = ReadShare(entry, "weight");
            if (weight == LostShare.None)
                entry.Refuse("weight", "is 0; give a share above it, or take the part out");
            if (entry.Find("part") is { } part)
                parts.Add(new WeightedPart(ReadPart(part, entry.PathOf("part"), fields.Faults), weight ?? LostShare.None));
        }

        RefuseRepeats(fields, "weighted", [.. parts.Select(p => p.Part)]);
        if (parts.Count > 0 && parts.All(p => p.Weight > LostShare.None) && parts.Sum(p => (long)p.Weight.Billionths) is not LostShare.Scale)
            fields.Refuse("weighted", "has weights that are not exactly 1 together; change one of them");
        return new ServicePart.Weighted([.. parts]);
    }

    private static void RefuseCircles(List<(ItService Service, JsonFields Fields)> read)
    {
        var parts = read.GroupBy(s => s.Service.Id).ToDictionary(g => g.Key, g => g.First().Service.Of?.Services.Distinct().ToList() ?? []);
        var told = new HashSet<string>();
        foreach (var (service, fields) in read)
        {
            foreach (var unknown in (service.Of?.Services ?? []).Distinct().Where(p => p.Length > 0 && !parts.ContainsKey(p)))
                fields.Refuse("of", $"names '{unknown}', which is not among this catalogue's services; add it there or correct the id");
            if (WayBack(parts, service.Id, [service.Id], []) is not { } circle || circle.Any(told.Contains))
                continue;
            told.UnionWith(circle);
            fields.Refuse("of", $"is made of itself: {string.Join(", made of ", circle)}; take one of them out");
        }
    }

    /// <summary>The chain of parts that leads back to a service; null: none does.</summary>
    private static List<string>? WayBack(Dictionary<string, List<string>> parts, string service, List<string> chain, HashSet<string> seen)
    {
        foreach (var part in parts.GetValueOrDefault(chain[^1]) ?? [])
        {
            if (part == service)
                return [.. chain, part];
            if (seen.Add(part) && WayBack(parts, service, [.. chain, part], seen) is { } found)
                return found;
        }

        return null;
    }
}
