using System.Globalization;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The families of complaints and ratings: of the current quarter, but for the complaints that are open. Made of open complaints, of the quarter's, and of one row for each of its days,
/// so that they cost no more in the tenth year.
/// </summary>
internal static class CitizenFamilies
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Family> Of(IReadOnlyList<CentreFigures> centres) =>
    [
        new("sla_complaints_open", FamilyType.Gauge, "Complaints that are not done with.", [.. centres.SelectMany(OpenOf)]),
        OfQuarter(centres, "sla_complaints_registered", "Complaints taken down in the current period.", c => c.Registered),
        OfQuarter(centres, "sla_complaints_substantiated", "Of those taken down in the current period, those found true and not reversed.", c => c.Substantiated),
        new("sla_ratings", FamilyType.Gauge, "Cases finished in the current period that somebody rated, by score, 1 best to 5 worst; without what was voided.", [.. centres.SelectMany(ScoresOf)]),
        OfQuarter(centres, "sla_ratings_defaulted", "Cases finished in the current period of which it was told that nobody rated them.", c => c.Rated.Defaulted),
        OfQuarter(centres, "sla_ratings_voided", "Cases finished in the current period whose ratings do not count.", c => c.Rated.Voided),
        OfQuarter(centres, "sla_cases_finished", "Cases finished in the current period. Rates over several centres are sums of sla_ratings divided by sums of this.", c => c.Rated.Finished),
        Ratio(centres, "sla_satisfaction_ratio", "The share of scores 1 to 3 in sla_ratings; absent when there is none.", c => c.Rated.Satisfied, c => c.Rated.Given),
        Ratio(centres, "sla_rating_response_ratio", "The share of cases finished in the current period that somebody rated; absent when none was finished.", c => c.Rated.Given, c => c.Rated.Finished),
    ];

    private static IEnumerable<Sample> OpenOf(CentreFigures centre) => centre.Catalogue.ComplaintCategories.Keys.Union(centre.Citizens.Open.Keys).Order(StringComparer.Ordinal)
        .Select(category => new Sample([("sla_category", category), ("sla_centre", centre.Catalogue.Centre)], centre.Citizens.Open.GetValueOrDefault(category)));

    private static IEnumerable<Sample> ScoresOf(CentreFigures centre) => centre.Citizens.Rated.ByScore
        .Select((count, i) => new Sample([("period", "quarter"), ("score", (i + 1).ToString(CultureInfo.InvariantCulture)), ("sla_centre", centre.Catalogue.Centre)], count));

    private static Family OfQuarter(IReadOnlyList<CentreFigures> centres, string name, string help, Func<CitizenFigures, long> of) =>
        new(name, FamilyType.Gauge, help, [.. centres.Select(c => Of(c, of(c.Citizens)))]);

    private static Family Ratio(IReadOnlyList<CentreFigures> centres, string name, string help, Func<CitizenFigures, long> of, Func<CitizenFigures, long> by) =>
        new(name, FamilyType.Gauge, help, [.. centres.Where(c => by(c.Citizens) > 0).Select(c => Of(c, (double)of(c.Citizens) / by(c.Citizens)))]);

    private static Sample Of(CentreFigures centre, double value) => new([("period", "quarter"), ("sla_centre", centre.Catalogue.Centre)], value);
}
