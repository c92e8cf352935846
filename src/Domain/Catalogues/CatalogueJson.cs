using System.Collections.Immutable;
using System.Text.Json;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>Reads a catalogue's content. The file people write is the same shape in YAML.</summary>
public static class CatalogueJson
{
    /// <summary>The stored name of the event that publishes a version.</summary>
    public const string Published = "catalogue_published";

    /// <summary>Reads a version; null and every fault when it cannot be used.</summary>
    public static Catalogue? Read(JsonElement content, List<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var fields = new JsonFields(content, faults);
        fields.RefuseOthers("version", "effectiveFrom", "centre", "calendars", "windows", "items", "commitments");
        var version = fields.Text("version");
        var effective = fields.OptionalDate("effectiveFrom");
        if (fields.Find("effectiveFrom") is null)
            fields.Refuse("effectiveFrom", "is missing; give the date from which clocks follow this version, such as 2026-01-01");
        var calendars = ReadCalendars(fields);
        var items = ReadItems(fields);
        var windows = fields.Items("windows").Select(w => new JsonFields(w.Element, faults, w.Path))
            .Select(w => (Id: w.Text("id"), Names: ReadNames(w))).ToList();
        var centre = fields.Nested("centre");
        if (centre is null)
            fields.Refuse("centre", "is missing; give its id, names and calendar");
        centre?.RefuseOthers("id", "names", "calendar");
        var centreCalendar = centre?.Text("calendar") ?? "";
        if (centre is { } c && centreCalendar.Length > 0 && !calendars.ContainsKey(centreCalendar))
            c.Refuse("calendar", "is not among this catalogue's calendars");
        var commitments = fields.Items("commitments")
            .Select(d => CommitmentJson.Read(new JsonFields(d.Element, faults, d.Path), centreCalendar, calendars.Keys.ToHashSet()))
            .OfType<CommitmentDefinition>().ToImmutableArray();
        RefuseRepeats(faults, "items", items.Select(i => i.Id));
        RefuseRepeats(faults, "windows", windows.Select(w => w.Id));
        RefuseRepeats(faults, "commitments", commitments.Select(d => d.Id));
        if (faults.Count > before)
            return null;
        var zone = calendars[centreCalendar].Zone;
        return new Catalogue(
            version, effective!.Value.AtMidnight().InZoneLeniently(zone).ToInstant(), centre!.Value.Text("id"), ReadNames(centre.Value), zone, calendars,
            items.ToImmutableDictionary(i => i.Id), windows.ToImmutableDictionary(w => w.Id, w => w.Names), commitments);
    }

    private static ImmutableDictionary<string, Calendar> ReadCalendars(JsonFields fields)
    {
        var calendars = ImmutableDictionary.CreateBuilder<string, Calendar>();
        foreach (var (name, value, path) in fields.Members("calendars"))
        {
            if (CalendarJson.Read(value, fields.Faults, path) is { } definition)
                calendars[name] = new Calendar(definition);
        }

        return calendars.ToImmutable();
    }

    private static List<ServiceItem> ReadItems(JsonFields fields)
    {
        var items = new List<ServiceItem>();
        foreach (var (element, path) in fields.Items("items"))
        {
            var item = new JsonFields(element, fields.Faults, path);
            item.RefuseOthers("id", "names", "department", "kind", "promised", "statutory", "basis");
            items.Add(new ServiceItem(
                item.Text("id"), ReadNames(item), item.OptionalText("department"), CaseJson.ReadKind(item, "kind") ?? CaseKind.Commitment,
                CommitmentJson.ReadTable(item, "promised"), CommitmentJson.ReadTable(item, "statutory"), item.OptionalText("basis")));
        }

        return items;
    }

    internal static Names ReadNames(JsonFields fields)
    {
        if (fields.Nested("names") is not { } names)
        {
            fields.Refuse("names", "is missing; give {zh: …, en: …}");
            return new Names("", "");
        }

        return new Names(names.Text("zh"), names.Text("en"));
    }

    private static void RefuseRepeats(List<Fault> faults, string list, IEnumerable<string> ids)
    {
        foreach (var repeated in ids.GroupBy(i => i).Where(g => g.Count() > 1))
            faults.Add(new Fault(list, $"has '{repeated.Key}' {repeated.Count()} times; ids are unique"));
    }
}
