using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The streams mapped events stand in, and how messages speak of them.</summary>
internal static class MappedStreams
{
    /// <summary>The words a mapping may give.</summary>
    public static (string Word, StreamKind Kind)[] Words { get; } = [.. StreamKinds.All.Select(k => (StreamKinds.WordOf(k), k))];

    /// <summary>Several of a kind, for messages.</summary>
    public static string Several(StreamKind kind) => kind == StreamKind.Maintenance ? "maintenance" : StreamKinds.WordOf(kind) + "s";
}
