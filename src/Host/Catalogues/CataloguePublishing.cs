using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Catalogues;

/// <summary>Publishes catalogue versions as events, each once.</summary>
internal static class CataloguePublishing
{
    private const string Source = "sla/catalogue";

    /// <summary>Publishes what is new. A version that was published before stays as it was.</summary>
    /// <exception cref="CatalogueFileException">A published version has other content now: agreements in use are not edited.</exception>
    public static async Task PublishAsync(NpgsqlDataSource dataSource, IReadOnlyList<(Catalogue Catalogue, JsonObject Content)> catalogues, CancellationToken ct)
    {
        var log = new EventLog(dataSource);
        foreach (var (catalogue, content) in catalogues)
        {
            // The version is the sender's id: the same one with other content is refused by the store itself.
            var data = JsonSerializer.SerializeToElement(new JsonObject
            {
                ["version"] = catalogue.Version,
                ["effectiveFrom"] = Timestamps.Format(catalogue.EffectiveFrom, catalogue.Zone),
                ["content"] = content.DeepClone(),
                ["by"] = "shipped file",
            });
            var reported = new ReportedEvent(CatalogueJson.Published, CatalogueLogs.Stream, Source, catalogue.Version, catalogue.EffectiveFrom, null, data);
            var append = new EventToAppend(EventId.From(catalogue.Centre, Source, catalogue.Version), CatalogueLogs.Stream, "catalogue", CatalogueJson.Published, null, EventJson.Write(reported));
            try
            {
                await log.AppendAsync(catalogue.Centre, [append], ct: ct);
            }
            catch (EventIdReusedException)
            {
                throw new CatalogueFileException(catalogue.Centre, [new Fault("version", $"'{catalogue.Version}' was published before with other content; a version in use is never edited: give the changed file a new version and the date from which it holds")]);
            }
        }
    }
}
