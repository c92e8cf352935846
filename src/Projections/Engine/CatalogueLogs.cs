using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<string, (CatalogueLog Log, string? Unreadable)> _logs = [];

    /// <summary>The versions a centre has published up to a position; empty when there are none. One that cannot be read is left out.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="upToPosition">The last position to read when the centre is not known yet; null reads all.</param>
    /// <param name="ct">Cancels.</param>
    public async ValueTask<CatalogueLog> OfAsync(string centre, long? upToPosition, CancellationToken ct) =>
        (_logs.TryGetValue(centre, out var known) ? known : _logs[centre] = await ReadAsync(centre, upToPosition, ct)).Log;

    /// <summary>Why versions of a centre were left out; null when none was.</summary>
    public string? UnreadableOf(string centre) => _logs.TryGetValue(centre, out var known) ? known.Unreadable : null;

    /// <summary>Forgets a centre, or all: what is asked next is read anew.</summary>
    public void Forget(string? centre = null)
    {
        if (centre is null)
            _logs.Clear();
        else
            _logs.TryRemove(centre, out _);
    }

    private async Task<(CatalogueLog Log, string? Unreadable)> ReadAsync(string centre, long? upToPosition, CancellationToken ct)
    {
        var (versions, unreadable) = (CatalogueLog.Empty, new List<string>());
        foreach (var recorded in await log.ReadStreamAsync(centre, Stream, upToPosition, ct))
        {
            try
            {
                if (recorded.Type == CatalogueJson.Published)
                    versions = versions.Add(Read(recorded));
                else if (recorded.Type == Recalculation.Ordered)
                    versions = versions.Add(EventJson.Read(recorded.Id, recorded.Data, (_, data) => Recalculation.Read(recorded.Id, recorded.Position, recorded.RecordedAt, data)));
            }
            catch (UnreadableEventException poison)
            {
                unreadable.Add(poison.Message);
            }
        }

        return (versions, unreadable.Count == 0 ? null : string.Join("; ", unreadable));
    }

    private static Catalogue Read(RecordedEvent recorded) => EventJson.Read(recorded.Id, recorded.Data, (_, data) =>
    {
        if (data.Find("content") is { } content)
            return CatalogueJson.Read(content, data.Faults) is { } version ? version with { Position = recorded.Position, PublishedAt = recorded.RecordedAt } : null;
        data.Refuse("content", "is missing");
        return null;
    });
}
