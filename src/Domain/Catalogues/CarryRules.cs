using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>
/// Whether OLAs and UCs can carry the SLAs they support (rules 203 and 222: an SLA promises no more than what it rests on). An SLA that nothing
/// supports is not asked; of one that something supports every promise has to be carried, at each time it holds.
/// </summary>
internal static class CarryRules
{
    private const int DaysTried = 366;
    private const int HoursBetweenStarts = 3;

    /// <summary>Lists what an SLA promises beyond what carries it.</summary>
    public static void Check(Catalogue catalogue, Agreement sla, JsonFields fields, List<Fault> advice)
    {
        var supporting = catalogue.Agreements.Where(a => a.Kind != AgreementKind.Sla && a.Supports.Contains(sla.Id)).ToList();
        if (supporting.Count == 0)
            return;
        foreach (var ((_, path), covered) in fields.Items("services").Zip(sla.Services))
            Check(new Entry(catalogue, sla, supporting, catalogue.Services[covered.Service], path, fields.Faults, advice));
    }

    /// <summary>Each time with the same support by itself; what is wrong in one is not told of the later ones again.</summary>
    private static void Check(Entry entry)
    {
        if (!entry.Targets.Any)
            return;
        var faults = entry.Faults.Count;
        foreach (var (from, until) in entry.Stretches())
        {
            var time = new Stretch(entry, from, until, new Carrying(entry.Catalogue, [.. entry.Supporting.Where(a => a.HoldsOn(from))]));
            CheckAvailability(time);
            CheckInterruptions(time);
            if (entry.Faults.Count == faults)
            {
                CheckHours(time);
                CheckRestore(time);
            }

            if (entry.Faults.Count > faults)
                return;
        }
    }

    private static void CheckAvailability(Stretch time)
    {
        if (time.Entry.Targets.Availability is not { } promised)
            return;
        var (promises, missing) = (new List<Carrying.Promised>(), new HashSet<string>());
        var loss = time.Carrying.Loss(time.Service, promises, missing);
        if (loss > ExactShare.LostAt(promised))
        {
            if (missing.Count > 0)
                time.RefuseMissing($"{Percent(promised)} of '{time.Service}'", "of the availability", missing);
            else
                time.Refuse($"promises {Percent(promised)} of '{time.Service}', and what carries it guarantees {loss.LeftInPercent()} ({string.Join(", ", promises.DistinctBy(p => p.Service).Select(p => $"{p.Service} {Percent(p.Availability)}"))}); promise less, or have more promised by what supports it");
        }

        foreach (var longer in promises.Where(p => p.Period > time.Entry.Targets.Period).DistinctBy(p => p.Service))
            time.Advise($"is promised by the {Word(time.Entry.Targets.Period)}, and '{longer.Service}', which carries it, by the {Word(longer.Period)} in {longer.By}: a bad {Word(time.Entry.Targets.Period)} can lie within a good {Word(longer.Period)}");
    }

    private static void CheckInterruptions(Stretch time)
    {
        if (time.Entry.Targets.InterruptionsPerYear is not { } promised)
            return;
        var missing = new HashSet<string>();
        var carried = time.Carrying.Interruptions(time.Service, missing);
        if (missing.Count > 0)
            time.RefuseMissing(FormattableString.Invariant($"at most {promised} interruptions a year of '{time.Service}'"), "of interruptions", missing);
        else if (carried > promised)
            time.Refuse(FormattableString.Invariant($"promises at most {promised} interruptions a year of '{time.Service}', and what carries it allows {carried}; promise more, or have fewer promised by what supports it"));
    }

    /// <summary>Opening hours change only where one of the calendars opens or closes.</summary>
    private static void CheckHours(Stretch time)
    {
        foreach (var at in time.Changes)
        {
            if (!time.Hours.IsOpen(at) || time.Carrying.IsOpen(time.Service, at))
                continue;
            var closed = time.Carrying.Bearers(time.Service).Distinct().Where(b => !time.Calendar(b).IsOpen(at)).Order(StringComparer.Ordinal);
            time.Refuse($"promises '{time.Service}' on {Local(time, at)}, outside the hours of what carries it ({string.Join(", ", closed)}); give those the hours of this service at least");
            return;
        }
    }

    /// <summary>Of an outage that begins in the service's hours, what carries the service is restored no later than promised.</summary>
    private static void CheckRestore(Stretch time)
    {
        if (time.Entry.Targets.Restore is not { } table)
            return;
        var priorities = table.Rows.Select(r => r.Priority).Concat(time.Carrying.PrioritiesOf(time.Service)).Append(null).Distinct().Order(StringComparer.Ordinal);
        foreach (var priority in priorities.Where(p => time.Entry.Targets.RestoreFor([p]) is not null))
        {
            var limit = time.Entry.Targets.RestoreFor([priority])!;
            foreach (var failed in time.Starts)
            {
                var missing = new HashSet<string>();
                var due = CatalogueRules.DueOf(time.Hours, limit, failed);
                var restored = time.Carrying.RestoredBy(time.Service, priority, failed, missing);
                if (restored <= due || due is null)
                    continue;
                if (missing.Count > 0)
                    time.RefuseMissing($"a restore limit for {Of(priority)} of '{time.Service}'", "of restoring", missing);
                else
                    time.Refuse($"promises to restore '{time.Service}' sooner than what carries it, for {Of(priority)} that begins on {Local(time, failed)}; promise a longer limit, or have a shorter one promised by what supports it");
                return;
            }
        }
    }

    private static string Of(string? priority) => priority is null ? "an outage without a priority of its own" : $"an outage of priority {priority}";

    private static string Local(Stretch time, Instant at) => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Format(at.InZone(time.Hours.Zone).LocalDateTime);

    private static string Percent(decimal availability) => FormattableString.Invariant($"{availability * 100:0.#######} %");

    private static string Word(TargetPeriod period) => period switch
    {
        TargetPeriod.Month => "month",
        TargetPeriod.Quarter => "quarter",
        TargetPeriod.Year => "year",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>One service of an SLA and what supports the SLA.</summary>
    private sealed record Entry(Catalogue Catalogue, Agreement Sla, List<Agreement> Supporting, ItService Service, string Path, List<Fault> Faults, List<Fault> Advice)
    {
        public ServiceTargets Targets { get; } = Sla.TargetsOf(Service);

        /// <summary>The times both the SLA and the service hold in, cut where support begins or ends; null: without end.</summary>
        public IEnumerable<(LocalDate From, LocalDate? Until)> Stretches()
        {
            var from = Service.From > Sla.From ? Service.From.Value : Sla.From;
            var end = Service.Until is null || Sla.Until < Service.Until ? Sla.Until : Service.Until;
            var cuts = Supporting.SelectMany(a => new[] { a.From, a.Until }).OfType<LocalDate>().Append(from).Where(c => c >= from && !(c >= end)).Distinct().Order().ToList();
            for (var i = 0; i < cuts.Count; i++)
                yield return (cuts[i], i + 1 < cuts.Count ? cuts[i + 1] : end);
        }
    }

    /// <summary>A time in which the same agreements support an SLA.</summary>
    private sealed record Stretch(Entry Entry, LocalDate From, LocalDate? Until, Carrying Carrying)
    {
        public string Service => Entry.Service.Id;

        public Calendar Hours => Calendar(Service);

        /// <summary>Where one of the calendars concerned opens or closes, within a year of the start.</summary>
        public List<Instant> Changes
        {
            get
            {
                var (from, until) = Tried;
                return [.. Carrying.HoursOf(Service).Append(Hours).DistinctBy(c => c.Version).SelectMany(c => c.OpenIntervals(from, until)).SelectMany(i => new[] { i.Start, i.End })
                    .Append(from).Where(i => i < until).Distinct().Order()];
            }
        }

        /// <summary>Instants in the service's hours, within a year of the start, at which an outage is tried: through the days, and at the openings and the last ticks before closing, where limits in opening hours and others lie farthest apart.</summary>
        public IEnumerable<Instant> Starts
        {
            get
            {
                var (from, until) = Tried;
                var steps = Enumerable.Range(0, DaysTried * 24 / HoursBetweenStarts).Select(i => from + Duration.FromHours(i * HoursBetweenStarts)).Where(i => i < until);
                return Changes.SelectMany(c => new[] { c, c - Tick.ToDuration(1) }).Where(c => c >= from).Concat(steps).Where(Hours.IsOpen).Distinct().Order();
            }
        }

        private (Instant From, Instant Until) Tried
        {
            get
            {
                var last = Until is { } end && end < From.PlusDays(DaysTried) ? end : From.PlusDays(DaysTried);
                return (ServiceHistory.StartOf(From, Entry.Catalogue.Zone), ServiceHistory.StartOf(last, Entry.Catalogue.Zone));
            }
        }

        public Calendar Calendar(string service) => Entry.Catalogue.Calendars[Entry.Catalogue.Services[service].Hours];

        public void Refuse(string reason) => Entry.Faults.Add(new Fault(Entry.Path, From == Entry.Stretches().First().From ? reason : $"{reason}; so it is from {LocalDatePattern.Iso.Format(From)} on"));

        public void RefuseMissing(string promise, string what, HashSet<string> missing)
        {
            var part = missing.Order(StringComparer.Ordinal).First();
            var lapsed = Entry.Supporting.FirstOrDefault(a => a.Covers(part) && !a.HoldsOn(From));
            var remedy = lapsed is null ? "have an OLA or UC that supports this SLA promise it" : $"{lapsed.Id}, which covers it, does not hold then: let it hold as long as this SLA does";
            Refuse($"promises {promise}, and nothing is promised {what} for {(part == Service ? "it" : $"part '{part}'")} by what supports this SLA, so nothing carries it; {remedy}");
        }

        public void Advise(string text)
        {
            var fault = new Fault(Entry.Path, text);
            if (!Entry.Advice.Contains(fault))
                Entry.Advice.Add(fault);
        }
    }
}
