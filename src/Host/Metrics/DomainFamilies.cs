using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The families of the domain. Sums over labels mean something; there are no "total" rows. What a catalogue promises for its items is there even while there is
/// none of it, because an alert must see a count fall to 0; what cannot be said, such as a ratio of nothing, is absent.
/// </summary>
internal static class DomainFamilies
{
    private static readonly string[] Levels = ["running", "dueSoon", "paused", "overdue"];

    /// <summary>All of them.</summary>
    /// <param name="centres">The figures of each centre.</param>
    /// <param name="now">When they were judged.</param>
    /// <param name="behind">Log positions not yet in the read models.</param>
    /// <param name="oldestBehind">The age of the oldest event of these, in seconds.</param>
    public static IReadOnlyList<Family> Of(IReadOnlyList<CentreFigures> centres, Instant now, long behind, double oldestBehind)
    {
        var series = centres.SelectMany(Series).ToList();
        return
        [
            new("sla_build_info", FamilyType.Gauge, "Always 1; the label names the version.", [new([("version", Meters.Sla.Version ?? "")], 1)]),
            new("sla_cases_open", FamilyType.Gauge, "Cases with a commitment that are neither decided, closed nor withdrawn.", [.. centres.SelectMany(CasesOf)]),
            new("sla_commitments_open", FamilyType.Gauge, "Clocks that have not stopped, by where they stand.", [.. series.SelectMany(s => Levels.Select(l => s.Sample(s.Open.GetValueOrDefault(l), before: ("level", l))))]),
            new("sla_commitments_escalated", FamilyType.Gauge, "Clocks that have not stopped and are past the first level after due, as the catalogue sets it. They are among those of level overdue.", [.. series.Select(s => s.Sample(s.Escalated))]),
            new("sla_commitments_settled", FamilyType.Counter, "Clocks met or breached, whenever they settled. Corrections can make it fall.", [.. series.SelectMany(s => (Sample[])[s.Sample(s.Breached, after: ("verdict", "breached")), s.Sample(s.Met, after: ("verdict", "met"))])]),
            new("sla_next_due_timestamp_seconds", FamilyType.Gauge, "When the next running clock falls due.", [.. series.Where(s => s.NextDue is not null).Select(s => s.Sample(s.NextDue!.Value))]),
            new("sla_compliance_met", FamilyType.Gauge, "Clocks met of those that settled in the current period. Ratios over several series are sums of these divided by sums of sla_compliance_settled.", [.. series.Select(s => s.OfQuarter(s.MetInQuarter))]),
            new("sla_compliance_settled", FamilyType.Gauge, "Clocks met or breached in the current period.", [.. series.Select(s => s.OfQuarter(s.SettledInQuarter))]),
            new("sla_compliance_ratio", FamilyType.Gauge, "Met / (met + breached) of what settled in the current period; absent when nothing did.", [.. series.Where(s => s.SettledInQuarter > 0).Select(s => s.OfQuarter((double)s.MetInQuarter / s.SettledInQuarter))]),
            new("sla_compliance_target_ratio", FamilyType.Gauge, "What share is to be met by the catalogue; absent when it does not say.", [.. centres.SelectMany(TargetsOf)]),
            .. ServiceFamilies.Of(centres),
            .. CitizenFamilies.Of(centres),
            .. SourceFamilies.Of(centres),
            .. CatalogueFamilies.Of([.. centres.Select(c => c.Catalogue)], now),
            new("sla_anomalies_open", FamilyType.Gauge, "Contradictions between facts, as listed by /anomalies.", [.. centres.SelectMany(AnomaliesOf)]),
            new("sla_quarantined_streams", FamilyType.Gauge, "Streams that could not be folded.", [.. centres.Select(c => new Sample([("sla_centre", c.Catalogue.Centre)], c.Standing.Quarantined))]),
            Family.Single("sla_projection_lag_events", "Log positions drawn and not yet in the read models.", behind),
            Family.Single("sla_projection_lag_seconds", "Age of the oldest event not yet in the read models; 0 when there is none.", oldestBehind),
            Family.Single("sla_snapshot_timestamp_seconds", "When these gauges were made.", now.ToUnixTimeMilliseconds() / 1000.0),
        ];
    }

    private static IEnumerable<Sample> CasesOf(CentreFigures centre) => centre.Catalogue.Items.Keys.Union(centre.Standing.OpenCases.Keys).Order(StringComparer.Ordinal)
        .Select(item => new Sample([("sla_centre", centre.Catalogue.Centre), ("sla_service", item)], centre.Standing.OpenCases.GetValueOrDefault(item)));

    private static IEnumerable<Sample> TargetsOf(CentreFigures centre) => centre.Catalogue.Commitments.Where(d => d.Target is not null)
        .Select(d => new Sample([("sla_centre", centre.Catalogue.Centre), ("sla_commitment", d.Id)], (double)d.Target!.Value));

    private static IEnumerable<Sample> AnomaliesOf(CentreFigures centre) => Enum.GetValues<AnomalyKind>()
        .Select(kind => new Sample([("sla_centre", centre.Catalogue.Centre), ("sla_kind", Words.Of(kind))], centre.Anomalies.GetValueOrDefault(kind.ToString())));

    private static IEnumerable<string> KeysOf(StreamKind kind, Catalogue catalogue) => kind switch
    {
        StreamKind.Outage => catalogue.Services.Keys,
        StreamKind.Complaint => catalogue.ComplaintCategories.Keys,
        _ => catalogue.Items.Keys,
    };

    /// <summary>Every commitment of every item in the newest catalogue, and whatever others there are clocks of.</summary>
    private static IEnumerable<ItemSeries> Series(CentreFigures centre)
    {
        var series = new Dictionary<(string Commitment, string Item), ItemSeries>();
        foreach (var definition in centre.Catalogue.Commitments)
        {
            foreach (var item in KeysOf(definition.On, centre.Catalogue))
                Of(definition.Id, item);
        }

        foreach (var open in centre.Standing.Open)
            Of(open.Commitment, open.Item).Add(open);
        foreach (var settled in centre.Settled)
            Of(settled.Commitment, settled.Item).Add(settled);
        return series.OrderBy(s => s.Key.Commitment, StringComparer.Ordinal).ThenBy(s => s.Key.Item, StringComparer.Ordinal).Select(s => s.Value);

        ItemSeries Of(string commitment, string item) => series.TryGetValue((commitment, item), out var found) ? found
            : series[(commitment, item)] = new ItemSeries(centre.Catalogue.Centre, commitment, item);
    }

    /// <summary>The figures of an item's commitment.</summary>
    private sealed class ItemSeries(string centre, string commitment, string item)
    {
        public Dictionary<string, long> Open { get; } = [];

        public long Met { get; private set; }

        public long Breached { get; private set; }

        public long MetInQuarter { get; private set; }

        public long SettledInQuarter { get; private set; }

        public double? NextDue { get; private set; }

        public long Escalated { get; private set; }

        public void Add(OpenClocks open)
        {
            Open[open.Level] = Open.GetValueOrDefault(open.Level) + open.Count;
            if (open.NextDue is { } due)
                NextDue = Math.Min(NextDue ?? due, due);
            if (open.Level != "overdue")
                return;
            // A breach of an open clock settles by time alone; no sum holds it.
            Breached += open.Count;
            Escalated += open.Escalated;
            SettledInQuarter += open.DueInQuarter;
        }

        public void Add(SettledClocks settled)
        {
            (Met, Breached) = (Met + settled.Met, Breached + settled.Breached);
            (MetInQuarter, SettledInQuarter) = (MetInQuarter + settled.MetInQuarter, SettledInQuarter + settled.MetInQuarter + settled.BreachedInQuarter);
        }

        public Sample OfQuarter(double value) => Sample(value, before: ("period", "quarter"));

        public Sample Sample(double value, (string, string)? before = null, (string, string)? after = null)
        {
            (string, string)[] own = [("sla_centre", centre), ("sla_commitment", commitment), ("sla_service", item)];
            return new Sample(before is { } first ? [first, .. own] : after is { } last ? [.. own, last] : own, value);
        }
    }
}
