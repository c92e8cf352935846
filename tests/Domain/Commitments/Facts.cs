using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Commitments;

/// <summary>Facts of a case, made through the stored form as the program makes them.</summary>
internal static class Facts
{
    public static Recorded Fact(string type, string at, string data = "{}", string? recordedAt = null) =>
        Fact(type, At(at), data, 0, at) is var fact && recordedAt is not null ? fact with { RecordedAt = At(recordedAt) } : fact;

    public static Recorded Fact(string type, Instant at, string data, long sequence, string salt, long position = 1)
    {
        var reported = new ReportedEvent(type, "case/1", "test", $"{salt}/{type}/{data}", at, sequence, JsonSerializer.SerializeToElement(JsonNode.Parse(data)));
        return EventJson.ReadFact(type, SlaMonitor.EventStore.EventId.From("centre", "test", reported.SenderId), EventJson.Write(reported), position, at);
    }

    public static Instant At(string text) => Timestamps.TryParse(text, out var at) ? at : throw new FormatException(text);

    public static CatalogueLog Catalogue(string file) =>
        new([CatalogueFiles.ReadAll(Path.Combine(AppContext.BaseDirectory, "Catalogues")).Single(c => c.Catalogue.Centre == Path.GetFileNameWithoutExtension(file)).Catalogue]);

    /// <summary>The clocks a catalogue makes of facts.</summary>
    internal sealed record Desk(CatalogueLog Log)
    {
        public CaseClocks Fold(params Recorded[] facts) => CaseClocks.Fold(facts, Log);

        public List<Clock> Clocks(string commitment, params Recorded[] facts) => [.. Fold(facts).Clocks.Where(c => c.Definition.Id == commitment)];

        public Clock Single(string commitment, params Recorded[] facts) => Clocks(commitment, facts).Single();
    }
}
