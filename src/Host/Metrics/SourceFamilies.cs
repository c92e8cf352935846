using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>The families of who sends events: a source that fell silent looks like a quiet day in every other figure.</summary>
internal static class SourceFamilies
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Family> Of(IReadOnlyList<CentreFigures> centres) =>
    [
        Gauge(centres, "sla_source_last_event_timestamp_seconds", $"When the newest event of a source was recorded. Of each centre the {SourceFigures.Most} sources heard of last, within {SourceFigures.Days} days; a source is what its sender calls itself, and is shown to whoever reads this.", s => s.LastRecordedAt),
        Gauge(centres, "sla_source_active_dates", $"On how many of the last {SourceFigures.Days} days, in UTC and with today, something of the source was recorded.", s => s.ActiveDays),
    ];

    private static Family Gauge(IReadOnlyList<CentreFigures> centres, string name, string help, Func<SourceFigures, double> of) =>
        new(name, FamilyType.Gauge, help, [.. centres.SelectMany(c => c.Sources.OrderBy(s => s.Source, StringComparer.Ordinal).Select(s => new Sample([("sla_centre", c.Catalogue.Centre), ("sla_source", s.Source)], of(s))))]);
}
