using System.Collections.Concurrent;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Metrics;

/// <summary>The gauges of the domain at a moment, written ahead of time for who sees all of them, and on demand for who sees some centres only.</summary>
/// <param name="families">All there are.</param>
/// <param name="standing">How each centre stands, for its board.</param>
/// <param name="checkpoint">The log position whose facts are in it, at least.</param>
internal sealed class Snapshot(IReadOnlyList<Family> families, IReadOnlyDictionary<string, CentreStanding> standing, long checkpoint)
{
    // They tell nothing of any centre.
    private static readonly string[] OfNobody = ["sla_build_info", "sla_snapshot_timestamp_seconds"];

    private readonly ConcurrentDictionary<string, Exposition> _limited = [];

    public IReadOnlyList<Family> Families => families;

    public IReadOnlyDictionary<string, CentreStanding> Standing => standing;

    public long Checkpoint => checkpoint;

    /// <summary>All of it.</summary>
    public Exposition All { get; } = ExpositionWriter.Write(families);

    /// <summary>The samples of some centres, and no figure over all of them.</summary>
    public Exposition For(IReadOnlySet<string> centres) => _limited.GetOrAdd(
        string.Join('\n', centres.Order(StringComparer.Ordinal)),
        _ => ExpositionWriter.Write(families.Select(f => Visible(f, centres)).Where(f => f.Samples.Count > 0)));

    private static Family Visible(Family family, IReadOnlySet<string> centres) => OfNobody.Contains(family.Name)
        ? family
        : family with { Samples = [.. family.Samples.Where(s => s.Labels.Any(l => l.Name == "sla_centre" && centres.Contains(l.Value)))] };
}
