using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;

namespace SlaMonitor.Tests.Host.Demo;

/// <summary>Stretches of the made-up hall, for tests without a database.</summary>
internal static class SampleDays
{
    /// <summary>A Monday.</summary>
    public static readonly LocalDate First = new(2025, 3, 3);

    public static readonly Catalogue Catalogue = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue;

    public static DemoPlan Plan(int cases, long seed = 7) => new(seed, cases, First);

    public static HallDemo Hall(int cases, long seed = 7) => new(Catalogue, Plan(cases, seed));

    /// <summary>All that is ever told of the cases of some days, without complaints about them.</summary>
    public static IEnumerable<DemoEvent> Of(HallDemo hall, int days, LocalDate? from = null) => All(hall, days, from).Where(e => e.Kind == StreamKind.Case);

    /// <summary>The same with complaints.</summary>
    public static IEnumerable<DemoEvent> All(HallDemo hall, int days, LocalDate? from = null) =>
        Enumerable.Range(0, days).SelectMany(d => hall.EventsOf((from ?? First).PlusDays(d)));

    /// <summary>Each case with its clocks.</summary>
    public static IEnumerable<(string Case, CaseClocks Clocks)> Folded(IEnumerable<DemoEvent> events)
    {
        var log = new CatalogueLog([Catalogue]);
        foreach (var one in events.GroupBy(e => e.Case))
            yield return (one.Key, CaseClocks.Fold(one.Select((e, i) => EventJson.ReadFact(e.Type, e.Arriving().Id, e.Json, i + 1, e.RecordedAt)), log));
    }

    public static LocalDateTime Local(HallDemo hall, Instant at) => at.InZone(hall.Zone).LocalDateTime;
}
