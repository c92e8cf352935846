using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Tests.Domain.Commitments;

namespace SlaMonitor.Tests.Domain.Rules;

/// <summary>Facts of a case on the wall clock of the hall, and the clocks a hall's catalogue makes of them.</summary>
internal static class HallCases
{
    public static readonly CatalogueLog Hall = new([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue]);

    /// <summary>An instant on the hall's wall clock, to the minute or finer.</summary>
    public static Instant At(string local) => Facts.At(Zoned(local));

    public static Recorded On(string local, string type, string data = "{}", string? recordedAt = null) =>
        Facts.Fact(type, Zoned(local), data, recordedAt is null ? null : Zoned(recordedAt));

    public static Recorded Received(string local, string item, string more = "") => On(local, "case_received", $$"""{"item":"{{item}}"{{more}}}""");

    public static Recorded Accepted(string local) => On(local, "case_accepted");

    public static Recorded Decided(string local, string outcome = "approved") => On(local, "case_decided", $$"""{"outcome":"{{outcome}}"}""");

    public static List<Clock> Clocks(string commitment, params Recorded[] facts) =>
        [.. CaseClocks.Fold(facts, Hall).Clocks.Where(c => c.Definition.Id == commitment)];

    public static Clock Clock(string commitment, params Recorded[] facts) => Assert.Single(Clocks(commitment, facts));

    public static Instant? Due(string commitment, params Recorded[] facts) => Clock(commitment, facts).Read().Reckoning.DueAt;

    public static ClockState State(string commitment, params Recorded[] facts) => Clock(commitment, facts).Read().State;

    /// <summary>The faults of an event that is reported so.</summary>
    public static List<Fault> FaultsOf(string type, string data)
    {
        List<Fault> faults = [];
        using var document = System.Text.Json.JsonDocument.Parse(data);
        EventTypes.Of(type).Read(new JsonFields(document.RootElement, faults));
        EventTypes.Of(type).Look(new JsonFields(document.RootElement, faults));
        return faults;
    }

    private static string Zoned(string local) => (local.Length == "2026-03-02T10:00".Length ? local + ":00" : local) + "+08:00";
}
