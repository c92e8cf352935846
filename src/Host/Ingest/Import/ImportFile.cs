using NodaTime;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A file that is imported, with what its records are read and checked by.</summary>
internal sealed class ImportFile : IAsyncDisposable
{
    private readonly MappingFile? _mapping;
    private readonly IReadOnlyDictionary<string, CatalogueLog> _centres;
    private readonly FileStream _packed;
    private readonly Stream _unpacked;

    /// <param name="file">The file.</param>
    /// <param name="mapping">How its records become events; null: its lines are events.</param>
    /// <param name="centres">The catalogues of the centres its events may go to.</param>
    /// <exception cref="ImportFileException">There is no such file.</exception>
    public ImportFile(FileInfo file, MappingFile? mapping, IReadOnlyDictionary<string, CatalogueLog> centres)
    {
        if (!file.Exists)
            throw new ImportFileException($"there is no file {file.FullName}");
        (Name, _mapping, _centres) = (file.Name, mapping, centres);
        _packed = file.OpenRead();
        try
        {
            _unpacked = PackedFile.Open(_packed);
        }
        catch
        {
            _packed.Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>Its size as it lies there, packed or not: the only one known beforehand.</summary>
    public long Length => _packed.Length;

    /// <summary>How much of it has been read.</summary>
    public long Position => _packed.Position;

    /// <summary>True for what a broken file throws.</summary>
    public static bool IsBroken(Exception fault) => fault is ImportFileException or InvalidDataException;

    /// <summary>Its events, once, read as they are asked for.</summary>
    public IEnumerable<CheckedEvent> Events(ImportTally tally, RejectRecord reject) => _mapping is null
        ? new CloudEventLines(_centres, SystemClock.Instance, tally, reject).Read(_unpacked)
        : new MappedEvents(_mapping.Mapping, _centres[_mapping.Mapping.Centre], SystemClock.Instance, tally, reject).Read(_unpacked);

    /// <summary>What is wrong with the file as a whole.</summary>
    public string Broken(Exception fault) => $"{Name}: {(fault is InvalidDataException ? "the gzip packing is broken or cut off" : fault.Message)}";

    public async ValueTask DisposeAsync()
    {
        await _unpacked.DisposeAsync();
        await _packed.DisposeAsync();
    }
}
