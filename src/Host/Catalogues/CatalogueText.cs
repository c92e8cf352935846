using System.Globalization;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Host.Catalogues;

/// <summary>A catalogue version as lines to read.</summary>
internal static class CatalogueText
{
    private static readonly PageLanguage English = new(Chinese: false);

    public static void Write(Catalogue version, TextWriter to)
    {
        to.WriteLine($"{version.Centre}  {version.CentreNames.Zh} / {version.CentreNames.En}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"version {version.Version}, from {Timestamps.Format(version.EffectiveFrom, version.Zone)}, published {Timestamps.Format(version.PublishedAt, version.Zone)} at position {version.Position}"));
        foreach (var (name, calendar) in version.Calendars.OrderBy(c => c.Key, StringComparer.Ordinal))
            to.WriteLine($"calendar {name} {calendar.Version}, {calendar.Zone.Id}{(calendar.Definition.PublishedYears is { } years ? string.Create(CultureInfo.InvariantCulture, $", official for {years.From} to {years.Through}") : "")}");
        foreach (var definition in version.Commitments)
            to.WriteLine($"commitment {definition.Id}  {definition.Names.Zh} / {definition.Names.En}  from {definition.Start} until {string.Join(definition.Stop.All ? " and " : " or ", definition.Stop.Events)}{(definition.Stop.PassesEarly ? " after it" : "")}: {Text(definition.Limit)}");
        foreach (var item in version.Items.Values.OrderBy(i => i.Id, StringComparer.Ordinal))
            to.WriteLine($"item {item.Id}  {item.Names.Zh} / {item.Names.En}  {item.Kind.ToString().ToLowerInvariant()}, promised {Text(item.Promised)}, statutory {Text(item.Statutory)}");
        foreach (var (id, category) in version.ComplaintCategories.OrderBy(c => c.Key, StringComparer.Ordinal))
            to.WriteLine($"category of complaints {id}  {category.Names.Zh} / {category.Names.En}{(category.Priority is { } priority ? $"  priority {priority}" : "")}");
        ServiceText.Write(version, to);
    }

    /// <summary>Where a limit comes from.</summary>
    public static string Text(LimitSource source) => source switch
    {
        LimitSource.Literal literal => Text(literal.Limits),
        LimitSource.ItemPromised => "the item's promise",
        LimitSource.ItemStatutory => "the item's statutory limit",
        LimitSource.ServiceRestore => "the service's restore limit",
        LimitSource.Given { Default: { } table } given => $"{given.Field} of its start, or {Text(table)}",
        LimitSource.Given given => $"{given.Field} of its start",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The limits of a table.</summary>
    public static string Text(LimitTable? table) => table is null ? "none"
        : string.Join("; ", table.Rows.Select(r => $"{(r.Kind is { } kind ? kind.ToString().ToLowerInvariant() + " " : "")}{(r.Priority is { } priority ? $"priority {priority} " : "")}{English.LimitText(r.Limit)}"));
}
