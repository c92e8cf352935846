using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Catalogues;

/// <summary>What differs between two versions of a catalogue, as lines to read.</summary>
internal static class CatalogueComparison
{
    public static IEnumerable<string> Of(Catalogue? before, Catalogue after)
    {
        if (before is null)
            return [$"the first version of {after.Centre}"];
        return
        [
            .. Compare("calendar", before.Calendars, after.Calendars, (_, a, b) => a.Version == b.Version ? [] : [.. Days(a, b)]),
            .. Compare("item", before.Items, after.Items, (_, a, b) => Fields(("kind", $"{a.Kind}", $"{b.Kind}"), ("promised", CatalogueText.Text(a.Promised), CatalogueText.Text(b.Promised)), ("statutory", CatalogueText.Text(a.Statutory), CatalogueText.Text(b.Statutory)), ("basis", a.Basis ?? "none", b.Basis ?? "none"), ("other fields", "", a == b ? "" : "changed"))),
            .. Compare("commitment", ById(before), ById(after), (_, a, b) => Fields(("limit", CatalogueText.Text(a.Limit), CatalogueText.Text(b.Limit)), ("start", a.Start, b.Start), ("stop", string.Join(",", a.Stop.Events), string.Join(",", b.Stop.Events)), ("other fields", "", a == b ? "" : "changed"))),
            .. Compare("service", before.Services, after.Services, (_, a, b) => Fields(("hours", a.Hours, b.Hours), ("parts", ServiceText.Text(a.Of), ServiceText.Text(b.Of)), ("targets", ServiceText.Text(a.Targets), ServiceText.Text(b.Targets)), ("validity", ServiceText.Text(a.From, a.Until), ServiceText.Text(b.From, b.Until)), ("other fields", "", a == b ? "" : "changed"))),
            .. Compare("agreement", before.Agreements.ToDictionary(a => a.Id), after.Agreements.ToDictionary(a => a.Id), (_, a, b) => Fields([("validity", ServiceText.Text(a.From, a.Until), ServiceText.Text(b.From, b.Until)), .. Promises(a, before, b, after), ("other fields", "", a == b ? "" : "changed")])),
            .. Compare("category of complaints", before.ComplaintCategories, after.ComplaintCategories, (_, a, b) => Fields(("priority", a.Priority ?? "none", b.Priority ?? "none"), ("other fields", "", a == b ? "" : "changed"))),
            .. Compare("window", before.Windows, after.Windows, (_, a, b) => a == b ? [] : ["names"]),
            .. Compare("cause", before.Causes, after.Causes, (_, a, b) => a == b ? [] : ["names or basis"]),
        ];
    }

    private static IEnumerable<(string, string, string)> Promises(Agreement then, Catalogue before, Agreement now, Catalogue after) =>
        then.Services.Concat(now.Services).Select(s => s.Service).Distinct().Select(s => (s, ServiceText.Text(then, before, s), ServiceText.Text(now, after, s)));

    private static Dictionary<string, CommitmentDefinition> ById(Catalogue version) => version.Commitments.ToDictionary(d => d.Id);

    private static IEnumerable<string> Compare<T>(string what, IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, Func<string, T, T, IReadOnlyList<string>> changes)
    {
        foreach (var id in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            if (!after.TryGetValue(id, out var now))
                yield return $"{what} {id} is gone; its open clocks run on as they were begun";
            else if (!before.TryGetValue(id, out var then))
                yield return $"{what} {id} is new";
            else if (changes(id, then, now) is { Count: > 0 } differing)
                yield return $"{what} {id}: {string.Join(", ", differing)}";
        }
    }

    private static List<string> Fields(params IReadOnlyList<(string Name, string Before, string After)> fields)
    {
        // Other fields are told of only when none of those named has changed.
        var named = fields.Where(f => f.Name != "other fields" && f.Before != f.After).Select(f => $"{f.Name} {f.Before} becomes {f.After}").ToList();
        return named.Count > 0 ? named : [.. fields.Where(f => f.Before != f.After).Select(f => $"{f.Name} {f.After}")];
    }

    private static IEnumerable<string> Days(Calendar before, Calendar after)
    {
        if (before.Zone.Id != after.Zone.Id)
            yield return $"zone {before.Zone.Id} becomes {after.Zone.Id}";
        var dates = new[] { before, after }.SelectMany(c => c.Definition.Holidays.Concat(c.Definition.Workdays.Keys).Concat(c.Definition.Days.Keys)).Distinct().Order();
        var changed = dates.Where(d => before.Definition.HoursOn(d).Hours.ToString() != after.Definition.HoursOn(d).Hours.ToString()).ToList();
        foreach (var date in changed)
            yield return $"{NodaTime.Text.LocalDatePattern.Iso.Format(date)} {Hours(before, date)} becomes {Hours(after, date)}";
        if (changed.Count == 0)
            yield return "opening hours changed";
    }

    private static string Hours(Calendar calendar, NodaTime.LocalDate date) => calendar.Definition.HoursOn(date).Hours is { IsClosed: false } hours ? hours.ToString() : "closed";
}
