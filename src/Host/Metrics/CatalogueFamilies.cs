using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The families of what the newest catalogue says: what things are called, and the centre's calendar as far as queries need it, for they know no holidays. They cost no SQL.
/// What the calendar cannot answer is absent.
/// </summary>
internal static class CatalogueFamilies
{
    // Half a working day: a source silent for longer was not on its break.
    private const int WorkingHours = 4;

    /// <summary>All of them.</summary>
    /// <param name="catalogues">The newest of each centre.</param>
    /// <param name="now">When they are asked.</param>
    public static IEnumerable<Family> Of(IReadOnlyList<Catalogue> catalogues, Instant now)
    {
        return
        [
            Gauge("sla_centre_open", "1 while the centre is open by its calendar, else 0.", c => OnCalendar(c, h => h.IsOpen(now) ? 1 : 0)),
            Gauge("sla_working_time_ago_timestamp_seconds", "The instant from which the centre has been open for that many hours until now. Less than it: longer ago.", c => OnCalendar(c, h => Seconds(h.Subtract(now, Duration.FromHours(WorkingHours))), ("working_hours", $"{WorkingHours}"))),
            Gauge("sla_period_end_timestamp_seconds", "When the current period ends.", c => [new([("period", "quarter"), ("sla_centre", c.Centre)], Seconds(CalendarPeriod.QuarterOf(now, c.Zone).Until))]),
            Gauge("sla_centre_info", "Always 1; the labels tell what the centre is called.", c => [Named(c, c.CentreNames)]),
            Gauge("sla_commitment_info", "Always 1; the labels tell what the commitment is called.", c => c.Commitments.Select(d => Named(c, d.Names, ("sla_commitment", d.Id)))),
            Gauge("sla_service_info", "Always 1; the labels tell what the service is called, which is an item or an IT service.", ServicesOf),
            Gauge("sla_category_info", "Always 1; the labels tell what the category of complaints is called.", c => InOrder(c.ComplaintCategories).Select(k => Named(c, k.Value.Names, ("sla_category", k.Key)))),
        ];

        Family Gauge(string name, string help, Func<Catalogue, IEnumerable<Sample>> of) => new(name, FamilyType.Gauge, help, [.. catalogues.SelectMany(of)]);
    }

    private static IEnumerable<Sample> ServicesOf(Catalogue catalogue) =>
        InOrder(catalogue.Items).Select(i => Named(catalogue, i.Value.Names, ("sla_service", i.Key))).Concat(InOrder(catalogue.Services).Select(s => Named(catalogue, s.Value.Names, ("sla_service", s.Key))));

    private static IEnumerable<KeyValuePair<string, T>> InOrder<T>(IEnumerable<KeyValuePair<string, T>> named) => named.OrderBy(n => n.Key, StringComparer.Ordinal);

    private static Sample Named(Catalogue catalogue, Names names, params IEnumerable<(string, string)> labels) => Of(catalogue, 1, [("sla_name_en", names.En), ("sla_name_zh", names.Zh), .. labels]);

    private static IEnumerable<Sample> OnCalendar(Catalogue catalogue, Func<Calendar, double> of, params IEnumerable<(string, string)> labels)
    {
        try
        {
            return [Of(catalogue, of(catalogue.Hours), labels)];
        }
        catch (CalendarRangeException)
        {
            return [];
        }
    }

    private static Sample Of(Catalogue catalogue, double value, IEnumerable<(string Name, string Value)> labels) =>
        new([.. labels.Append(("sla_centre", catalogue.Centre)).OrderBy(l => l.Item1, StringComparer.Ordinal)], value);

    private static double Seconds(Instant at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
