using System.Text.Json;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Calculations;

/// <summary>Calendars that questions named or gave inline, kept for the questions after; memory stays bounded whatever comes.</summary>
internal sealed class KnownCalendars
{
    private const int Most = 256;
    private readonly Dictionary<string, Calendar> _calendars = [];

    /// <summary>The calendar a field names or holds; null and a fault when there is none.</summary>
    public Calendar? Read(JsonElement given, string field, JsonFields fields)
    {
        var key = given.GetRawText();
        if (_calendars.TryGetValue(key, out var known))
            return known;
        var definition = given.ValueKind == JsonValueKind.String
            ? CatalogueFiles.FindCalendar(given.GetString()!, fields, field)
            : CalendarJson.Read(given, fields.Faults, field);
        if (definition is null)
            return null;
        if (_calendars.Count == Most)
            _calendars.Clear();
        return _calendars[key] = new Calendar(definition);
    }
}
