using System.IO.Compression;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Opens what may be packed with gzip: its first bytes say so, not its name.</summary>
internal static class PackedFile
{
    public static Stream Open(Stream file)
    {
        var start = new PrefixedStream(file, 2);
        return start.Prefix is [0x1f, 0x8b] ? new GZipStream(start, CompressionMode.Decompress) : start;
    }
}
