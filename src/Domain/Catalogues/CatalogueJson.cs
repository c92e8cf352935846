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
        fields.RefuseOthers("version", "effectiveFrom", "centre", "calendars", "windows", "staff", "causes", "priorities", "items", "services", "agreements", "complaintCategories", "commitments");
        var version = fields.Text("version");
        var effective = fields.OptionalDate("effectiveFrom");
        if (fields.Find("effectiveFrom") is null)
            fields.Refuse("effectiveFrom", "is missing; give the date from which clocks follow this version, such as 2026-01-01");
        if (effective is { Year: < 1900 or > 2190 })
            fields.Refuse("effectiveFrom", "is not between 1900 and 2190");
        var calendars = ReadCalendars(fields);
        var items = ReadItems(fields);
        var windows = fields.Items("windows").Select(w => new JsonFields(w.Element, faults, w.Path))
            .Select(w => (Id: w.Text("id"), Names: ReadNames(w))).ToList();
        var centre = fields.Nested("centre");
        if (centre is null)
            fields.Refuse("centre", "is missing; give its id, names and calendar");
        centre?.RefuseOthers("id", "names", "calendar");
        var (centreId, centreNames, centreCalendar) = centre is { } about ? (about.Text("id"), ReadNames(about), about.Text("calendar")) : ("", new Names("", ""), "");
        if (centre is { } c && centreCalendar.Length > 0 && !calendars.ContainsKey(centreCalendar))
            c.Refuse("calendar", "is not among this catalogue's calendars");
        var services = ServiceJson.ReadAll(fields, calendars.Keys.ToHashSet());
        var agreements = AgreementJson.ReadAll(fields, services.Select(s => s.Id).ToHashSet());
        calendars = calendars.WithAlwaysOpen(services, calendars.GetValueOrDefault(centreCalendar)?.Zone);
        var commitments = fields.Items("commitments")
            .Select(d => CommitmentJson.Read(new JsonFields(d.Element, faults, d.Path), centreCalendar, calendars.Keys.ToHashSet()))
            .OfType<CommitmentDefinition>().ToImmutableArray();
        var staff = ReadStaff(fields, [.. windows.Select(w => w.Id)]);
        var causes = fields.Items("causes").Select(c => new JsonFields(c.Element, faults, c.Path)).Select(c => (Id: c.Text("id"), Cause: new PauseCause(ReadNames(c), c.Text("basis")))).ToList();
        var priorities = ReadPriorities(fields);
        var categories = ReadCategories(fields);
        RefuseRepeats(faults, "staff", staff.Select(s => s.Code));
        RefuseRepeats(faults, "causes", causes.Select(c => c.Id));
        RefuseRepeats(faults, "items", items.Select(i => i.Id));
        RefuseRepeats(faults, "services", services.Select(s => s.Id));
        foreach (var shared in services.Select(s => s.Id).Intersect(items.Select(i => i.Id)))
            fields.Refuse("services", $"has '{shared}', which is an item as well; clocks of both stand side by side: give the service another id");
        RefuseRepeats(faults, "complaintCategories", categories.Select(c => c.Id));
        foreach (var shared in categories.Select(c => c.Id).Intersect([.. items.Select(i => i.Id), .. services.Select(s => s.Id)]))
            fields.Refuse("complaintCategories", $"has '{shared}', which is an item or a service as well; clocks of both stand side by side: give the category another id");
        RefuseRepeats(faults, "agreements", agreements.Select(a => a.Id));
        RefuseRepeats(faults, "windows", windows.Select(w => w.Id));
        RefuseRepeats(faults, "commitments", commitments.Select(d => d.Id));
        if (faults.Count > before)
            return null;
        var zone = calendars[centreCalendar].Zone;
        return new Catalogue(
            version, effective!.Value.AtMidnight().InZoneLeniently(zone).ToInstant(), centreId, centreNames, zone, calendars,
            items.ToImmutableDictionary(i => i.Id), windows.ToImmutableDictionary(w => w.Id, w => w.Names),
            staff.ToImmutableDictionary(s => s.Code, s => s.Window), causes.ToImmutableDictionary(c => c.Id, c => c.Cause), priorities, commitments)
        {
            Hours = calendars[centreCalendar],
            Services = services.ToImmutableDictionary(s => s.Id),
            Agreements = agreements,
            ComplaintCategories = categories.ToImmutableDictionary(c => c.Id, c => c.Category),
        };
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
            item.RefuseOthers("id", "names", "department", "kind", "promised", "statutory", "basis", "materials", "procedure", "fee", "channels", "branches", "authority");
            items.Add(new ServiceItem(
                item.Text("id"), ReadNames(item), item.OptionalText("department"), CaseJson.ReadKind(item, "kind") ?? CaseKind.Commitment,
                CommitmentJson.ReadTable(item, "promised"), CommitmentJson.ReadTable(item, "statutory"), item.OptionalText("basis"),
                [.. item.Texts("materials")], [.. item.Texts("procedure")], ReadFee(item), [.. ReadChannels(item)],
                [.. item.Items("branches").Select(b => new JsonFields(b.Element, fields.Faults, b.Path)).Select(b => (b.Text("id"), b.Text("agency")))], item.OptionalText("authority")));
        }

        return items;
    }

    private static List<(string Id, ComplaintCategory Category)> ReadCategories(JsonFields fields)
    {
        var categories = new List<(string, ComplaintCategory)>();
        foreach (var (element, path) in fields.Items("complaintCategories"))
        {
            var category = new JsonFields(element, fields.Faults, path);
            category.RefuseOthers("id", "names", "priority");
            categories.Add((category.Code("id"), new ComplaintCategory(ReadNames(category), category.OptionalText("priority"))));
        }

        return categories;
    }

    private static List<(string Code, string? Window)> ReadStaff(JsonFields fields, HashSet<string> windows)
    {
        var staff = new List<(string, string?)>();
        foreach (var (element, path) in fields.Items("staff"))
        {
            var member = new JsonFields(element, fields.Faults, path);
            member.RefuseOthers("code", "window");
            var window = member.OptionalText("window");
            if (window is not null && !windows.Contains(window))
                member.Refuse("window", "is not among this catalogue's windows; add it there or correct the id");
            staff.Add((member.Text("code"), window));
        }

        return staff;
    }

    /// <summary><c>{high: {high: P1, low: P2}, …}</c>: by urgency, then by impact.</summary>
    private static PriorityMatrix ReadPriorities(JsonFields fields)
    {
        var cells = ImmutableDictionary.CreateBuilder<(string, string), string>();
        foreach (var (urgency, row, path) in fields.Members("priorities"))
        {
            var impacts = new JsonFields(row, fields.Faults, path);
            foreach (var (impact, _, _) in impacts.Members())
                cells[(urgency, impact)] = impacts.Text(impact);
        }

        return cells.Count == 0 ? PriorityMatrix.None : new PriorityMatrix(cells.ToImmutable());
    }

    private static Fee? ReadFee(JsonFields item)
    {
        if (item.Find("fee") is { ValueKind: JsonValueKind.String } word)
        {
            if (word.GetString() == "none")
                return new Fee(0, null);
            item.Refuse("fee", "is not a fee; give none, or {yuan: \"10.00\", basis: …}");
            return null;
        }

        if (item.Nested("fee") is not { } fee)
            return null;
        fee.RefuseOthers("yuan", "basis");
        if (fee.Find("yuan") is null)
            fee.Refuse("yuan", "is missing; give the amount as text, such as \"10.00\"");
        return new Fee(fee.OptionalDecimal("yuan") ?? 0, fee.OptionalText("basis"));
    }

    private static IEnumerable<Channel> ReadChannels(JsonFields item)
    {
        foreach (var word in item.Texts("channels"))
        {
            if (Enum.GetValues<Channel>().FirstOrDefault(c => c.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)) is var channel && channel != default)
                yield return channel;
            else
                item.Refuse("channels", $"names '{word}'; use window, pc, mobile, courier or other");
        }
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
