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
    /// <returns>The position of the last one that was new; null when none was.</returns>
    public static async Task<long?> PublishAsync(NpgsqlDataSource dataSource, IReadOnlyList<CatalogueFile> catalogues, CancellationToken ct, string by = "shipped file")
    {
        var (log, position) = (new EventLog(dataSource), (long?)null);
        foreach (var file in catalogues)
        {
            var catalogue = file.Catalogue;
            // The version is the sender's id: the same one with other content is refused by the store itself.
            var data = JsonSerializer.SerializeToElement(new JsonObject
            {
                ["version"] = catalogue.Version,
                ["effectiveFrom"] = Timestamps.Format(catalogue.EffectiveFrom, catalogue.Zone),
                ["content"] = file.Content.DeepClone(),
                ["by"] = by,
            });
            try
            {
                if (await log.AppendAsync(catalogue.Centre, [ToAppend(catalogue.Centre, CatalogueJson.Published, catalogue.Version, catalogue.EffectiveFrom, data)], ct: ct) is { Appended: > 0 } appended)
                    position = appended.LastPosition;
            }
            catch (EventIdReusedException)
            {
                // Who published it may differ; what, may not.
                if (JsonNode.DeepEquals(await ContentOfAsync(dataSource, catalogue, ct), file.Content))
                    continue;
                throw new CatalogueFileException(catalogue.Centre, [new Fault("version", $"'{catalogue.Version}' was published before with other content; a version in use is never edited: give the changed file a new version and the date from which it holds")]);
            }
        }

        return position;
    }

    /// <summary>Orders settled clocks to be counted again.</summary>
    /// <returns>The order's position.</returns>
    public static async Task<long> OrderRecalculationAsync(NpgsqlDataSource dataSource, string centre, RecalculationOrder order, CancellationToken ct)
    {
        var content = new JsonObject
        {
            ["from"] = Timestamps.Format(order.From),
            ["until"] = Timestamps.Format(order.Until),
            ["commitment"] = order.Commitment,
            ["by"] = order.By,
            ["reason"] = order.Reason,
        };
        if (order.Token is { } token)
            content["token"] = token;
        var data = JsonSerializer.SerializeToElement(content);
        var appended = await new EventLog(dataSource).AppendAsync(centre, [ToAppend(centre, Recalculation.Ordered, Guid.NewGuid().ToString(), order.Until, data)], ct: ct);
        return appended.LastPosition!.Value;
    }

    private static EventToAppend ToAppend(string centre, string type, string id, NodaTime.Instant at, JsonElement data) => new(
        EventId.From(centre, Source, id), CatalogueLogs.Stream, "catalogue", type, null, EventJson.Write(new ReportedEvent(type, CatalogueLogs.Stream, Source, id, at, null, data)));

    /// <summary>The content of a published version, as it stands in the log.</summary>
    public static async Task<JsonNode> ContentOfAsync(NpgsqlDataSource dataSource, Catalogue version, CancellationToken ct)
    {
        var published = await new EventLog(dataSource).ReadStreamAsync(version.Centre, CatalogueLogs.Stream, ct: ct);
        return JsonNode.Parse(published.Single(e => e.Id == EventId.From(version.Centre, Source, version.Version)).Data.Span)!["data"]!["content"]!;
    }
}

/// <summary>Settled clocks that are to be counted again: of what span and commitment, who orders it and why, and the id of the token it was ordered with; null: none.</summary>
internal sealed record RecalculationOrder(NodaTime.Instant From, NodaTime.Instant Until, string? Commitment, string By, string Reason, string? Token = null);
