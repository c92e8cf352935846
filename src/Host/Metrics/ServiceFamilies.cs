using SlaMonitor.Domain.Availability;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The families of services: by service, over the period its availability is promised for, which the label names. What cannot be said, such as the availability of a service that nobody watched, is
/// absent; what is counted is there while there is none of it.
/// </summary>
internal static class ServiceFamilies
{
    private const double Microseconds = 1_000_000;

    /// <summary>All of them.</summary>
    public static IEnumerable<Family> Of(IReadOnlyList<CentreFigures> centres)
    {
        var services = centres.SelectMany(c => c.Services.Select(s => new Series(c.Catalogue.Centre, s))).ToList();
        return
        [
            Gauge("sla_availability_ratio", "(agreed time - downtime) / agreed time of the current period; absent when nothing was agreed or observed.", s => [s.InPeriod(s.Is.Totals.Availability?.ToDouble())]),
            Gauge("sla_availability_gross_ratio", "The same with nothing excluded.", s => [s.InPeriod(s.Is.Totals.GrossAvailability?.ToDouble())]),
            Gauge("sla_availability_target_ratio", "What availability is promised; absent when none is.", s => [s.InPeriod((double?)s.Is.Targets.Availability)]),
            Gauge("sla_agreed_seconds", "Agreed time of the current period until now. Availability over several services is made of this and sla_period_downtime_seconds.", s => [s.InPeriod(s.Is.Totals.Agreed / Microseconds)]),
            Gauge("sla_period_downtime_seconds", "Downtime of the current period.", s => [s.InPeriod(Seconds(s.Is.Totals.Downtime))]),
            Gauge("sla_observed_ratio", "The share of service time in which something was known to watch, of the current period.", s => [s.InPeriod(s.Is.Totals.Coverage?.ToDouble())]),
            Gauge("sla_downtime_seconds", "Downtime since the calendar year began, without what is excluded. Begins anew with the year; corrections can make it fall.", s => [s.Plain(Seconds(s.Is.SinceNewYear.Downtime))]) with { Type = FamilyType.Counter },
            Gauge("sla_error_budget_seconds", "What may be lost in the whole of the current period; absent when no availability is promised.", s => [s.InPeriod(s.Is.Budget is { } b ? Seconds(b.Allowed) : null)]),
            Gauge("sla_error_budget_remaining_ratio", "What is left of it as a share of it, below 0 when more was lost.", s => [s.InPeriod(s.Is.Budget is { } b && b.Allowed > 0 ? (double)b.Left / (double)b.Allowed : null)]),
            Gauge("sla_error_budget_burn_rate", "How many times faster than promised the budget is used, over a window of time until now; absent when the window holds no agreed time.", BurnOf),
            Gauge("sla_interruptions", "Interruptions that began in the year that counts for the promise.", s => [s.Plain(s.Is.InYear)]),
            Gauge("sla_interruptions_limit", "How many interruptions a year are promised at most; absent when nothing is.", s => [s.Plain(s.Is.Targets.InterruptionsPerYear)]),
            Gauge("sla_outage_open", "Outages of the service itself that have not ended, by priority.", OpenOf),
            Gauge("sla_outage_restore_due_timestamp_seconds", "When the next of them is to be restored.", s => [s.Plain(s.Is.Open.Select(o => o.DueAt?.ToUnixTimeMilliseconds() / 1000.0).Min())]),
        ];

        Family Gauge(string name, string help, Func<Series, IEnumerable<Sample?>> of) => new(name, FamilyType.Gauge, help, [.. services.SelectMany(of).OfType<Sample>()]);
    }

    private static IEnumerable<Sample?> BurnOf(Series series) =>
        ErrorBudget.Windows.Zip(series.Is.Burn).Select(b => series.Sample(b.Second?.ToDouble(), ("window", ServiceJson.WindowName(b.First))));

    private static IEnumerable<Sample?> OpenOf(Series series) =>
        series.Is.Open.Select(o => o.Priority ?? "").Append("").Distinct().Order(StringComparer.Ordinal).Select(p => series.Sample(series.Is.Open.Count(o => (o.Priority ?? "") == p), null, p));

    private static double Seconds(Int128 lost) => (double)((decimal)lost / LostShare.Scale / 1_000_000);

    /// <summary>A service's labels.</summary>
    private sealed record Series(string Centre, ServiceStanding Is)
    {
        public Sample? Plain(double? value) => Sample(value, null);

        public Sample? InPeriod(double? value) => Sample(value, ("period", Is.Span.Targets.Period.ToString().ToLowerInvariant()));

        /// <summary>Labels in the order of their names.</summary>
        public Sample? Sample(double? value, (string Name, string Value)? other, string? priority = null)
        {
            if (value is not { } number)
                return null;
            var labels = new List<(string Name, string Value)> { ("sla_centre", Centre), ("sla_service", Is.Service) };
            if (other is { } more)
                labels.Add(more);
            if (priority is not null)
                labels.Add(("sla_priority", priority));
            labels.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return new Sample(labels, number);
        }
    }
}
