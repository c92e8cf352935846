using NodaTime;
using SlaMonitor.Host.Outages;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>The outages and exclusions that touch a span of time, of a service and its parts, whatever became of them.</summary>
/// <param name="Outages">By their start.</param>
/// <param name="Exclusions">By their begin.</param>
internal sealed record ServiceEvidence(IReadOnlyList<OutageEntry> Outages, IReadOnlyList<ExclusionEntry> Exclusions)
{
    /// <summary>No more of a kind are read, the newest; a page lists fewer.</summary>
    public const int Most = 1000;

    /// <summary>Reads them.</summary>
    public static async Task<ServiceEvidence> ReadAsync(ReadModels models, string centre, IReadOnlyCollection<string> services, Instant from, Instant until, Instant now, CancellationToken ct)
    {
        var outages = await new OutageList(centre, services, null, from, until).ReadAsync(models, null, Most, now, ct);
        var exclusions = await ExclusionList.ReadAsync(models, centre, services, null, null, from, until, Most, ct);
        return new ServiceEvidence([.. outages.OrderBy(o => o.StartedAt).ThenBy(o => o.Stream, StringComparer.Ordinal).ThenBy(o => o.Ordinal)], [.. exclusions.OrderBy(x => x.From).ThenBy(x => x.Name, StringComparer.Ordinal)]);
    }
}
