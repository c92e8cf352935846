using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Time;

internal static class TestCalendars
{
    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>A calendar as it is shipped.</summary>
    public static Calendar Shipped(string name)
    {
        List<Fault> faults = [];
        var definition = CatalogueFiles.FindCalendar(name, new JsonFields(System.Text.Json.JsonDocument.Parse("{}").RootElement, faults));
        Assert.Empty(faults);
        return new Calendar(definition!);
    }

    /// <summary>Monday to Friday with the given hours, in a zone.</summary>
    public static Calendar Weekly(string zone, params string[] hours) => OnDays(5, zone, hours);

    /// <summary>The given hours on all seven days, in a zone.</summary>
    public static Calendar EveryDay(string zone, params string[] hours) => OnDays(7, zone, hours);

    private static Calendar OnDays(int days, string zone, string[] hours)
    {
        var open = OpeningHours.Parse(hours);
        return new Calendar(new CalendarDefinition
        {
            Zone = DateTimeZoneProviders.Tzdb[zone],
            Week = System.Collections.Immutable.ImmutableDictionary.CreateRange(
                Enumerable.Range(1, days).Select(d => KeyValuePair.Create((IsoDayOfWeek)d, open))),
        });
    }

    public static Instant At(string local, Calendar calendar) => Minutes.Parse(local).Value.InZoneLeniently(calendar.Zone).ToInstant();
}
