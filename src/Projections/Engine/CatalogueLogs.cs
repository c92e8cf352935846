using System.Collections.Concurrent;
using System.Text.Json;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>Each centre's catalogue versions, read from its <c>catalogue</c> stream and kept while nothing was published.</summary>
/// <param name="log">The log they are published in.</param>
public sealed class CatalogueLogs(EventLog log)
{
    /// <summary>The stream of a centre that holds its catalogue.</summary>
    public const string Stream = "catalogue/main";

    private readonly ConcurrentDictionary<string, CatalogueLog> _logs = [];

    /// <summary>The versions a centre has published up to a position; empty when there are none.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="upToPosition">The last position to read when the centre is not known yet; null reads all.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<CatalogueLog> OfAsync(string centre, long? upToPosition, CancellationToken ct) =>
        _logs.TryGetValue(centre, out var known) ? known : _logs[centre] = await ReadAsync(centre, upToPosition, ct);

    /// <summary>Forgets a centre, or all: what is asked next is read anew.</summary>
    public void Forget(string? centre = null)
    {
        if (centre is null)
            _logs.Clear();
        else
            _logs.TryRemove(centre, out _);
    }

    private async Task<CatalogueLog> ReadAsync(string centre, long? upToPosition, CancellationToken ct)
    {
        var versions = CatalogueLog.Empty;
        foreach (var recorded in await log.ReadStreamAsync(centre, Stream, upToPosition, ct))
        {
            if (recorded.Type != CatalogueJson.Published)
                continue;
            using var stored = JsonDocument.Parse(recorded.Data);
            List<Fault> faults = [];
            var content = stored.RootElement.GetProperty("data").GetProperty("content");
            var version = CatalogueJson.Read(content, faults) ?? throw new UnreadableEventException(recorded.Id, faults);
            versions = versions.Add(version with { Position = recorded.Position, PublishedAt = recorded.RecordedAt });
        }

        return versions;
    }
}
