using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;
using SlaMonitor.Tests.Domain.Time;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>Histories in whole hours of 2026-03-02, a Monday, in UTC; hour 24 is Tuesday's midnight.</summary>
internal static class TestServices
{
    public const decimal Hour = 3600m * Tick.PerSecond;

    public static readonly Calendar Office = TestCalendars.Weekly("Etc/UTC", "09:00-18:00");

    public static Instant At(double hours) => Instant.FromUtc(2026, 3, 2, 0, 0) + Duration.FromMilliseconds((long)(hours * 3_600_000));

    public static LostShare Share(decimal share) => LostShare.FromDecimal(share)!.Value;

    public static OutageSpan Outage(double from, double? until, decimal lost = 1, string id = "o", string? priority = null) =>
        new(At(from), until is { } end ? At(end) : null, Share(lost), id, priority);

    public static ExclusionSpan LeftOut(double from, double until, string id = "x") => new(At(from), At(until), ExclusionTreatment.LeftOut, id);

    public static ExclusionSpan Up(double from, double until, string id = "x") => new(At(from), At(until), ExclusionTreatment.Up, id);

    public static UnobservedSpan Unobserved(double from, double? until) => new(At(from), until is { } end ? At(end) : null);

    /// <summary>A service of these facts, in any order.</summary>
    public static ServiceNode.Own Service(params object[] facts) => Service(Combine.Max, facts);

    public static ServiceNode.Own Service(Combine combine, params object[] facts) =>
        new(new ServiceFacts([.. facts.OfType<OutageSpan>()], [.. facts.OfType<ExclusionSpan>()], [.. facts.OfType<UnobservedSpan>()]), combine);

    /// <summary>The same terms for 2026.</summary>
    public static TermsSpan[] Always(ServiceNode node, AvailabilityTerms? terms = null) =>
        [new(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0), terms ?? AvailabilityTerms.Always, node)];

    public static AvailabilityTotals Day(ServiceNode node, AvailabilityTerms? terms = null) => ServiceAvailability.Totals(Always(node, terms), At(0), At(24), At(24));

    public static IReadOnlyList<Interruption> Interruptions(ServiceNode node, AvailabilityTerms? terms = null, double from = 0, double until = 24, double at = 24) =>
        ServiceAvailability.Interruptions(Always(node, terms), At(from), At(until), At(at));

    /// <summary>Agreed and lost hours.</summary>
    public static (decimal Agreed, decimal Down) Hours(AvailabilityTotals totals) => (totals.Agreed / Hour, (decimal)totals.Downtime / LostShare.Scale / Hour);

    public static (decimal Agreed, decimal Down) GrossHours(AvailabilityTotals totals) => (totals.GrossAgreed / Hour, (decimal)totals.GrossDowntime / LostShare.Scale / Hour);
}
