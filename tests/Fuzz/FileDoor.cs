using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Fuzz;

/// <summary>The way of a file into the log without a database: mapping, reading, checking, folding, by the program's own code.</summary>
internal sealed class FileDoor(string folder)
{
    private static readonly Dictionary<string, CatalogueLog> Centres = new[] { SampleHall.Centre, SampleHall.OtherCentre }.ToDictionary(c => c, c => SampleHall.CatalogueOf(c)!);

    // Nothing here is larger than a megabyte.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly Door _door = new();

    /// <summary>Events let in.</summary>
    public long Let => _door.Let;

    /// <summary>Records turned away.</summary>
    public long Rejected { get; private set; }

    /// <summary>Files and mappings that could not be read to their end.</summary>
    public long Broken { get; private set; }

    /// <summary>Reads a file to its end, which must come soon; what must not happen is said, null: all is well.</summary>
    public async Task<string?> TryAsync(FileInput file)
    {
        try
        {
            return await Task.Run(() => Try(file)).WaitAsync(Soon);
        }
        catch (TimeoutException)
        {
            return "does not end";
        }
    }

    private string? Try(FileInput file)
    {
        string? wrong = null;
        try
        {
            foreach (var (centre, stored) in Events(file, new ImportTally(), faults => wrong ??= faults.Select(f => Answers.FaultOf(f.Column + f.Field, f.Reason)).FirstOrDefault(f => f is not null)))
                wrong ??= _door.Take(centre, stored);
        }
        catch (Exception broken) when (ImportFile.IsBroken(broken))
        {
            Broken++;
            wrong ??= Answers.EchoIn(broken.Message) is null ? null : $"a personal value comes back: {broken.Message}";
        }
        catch (Exception thrown)
        {
            return $"{thrown.GetType().Name}: {thrown.Message}\n{thrown.StackTrace}";
        }

        return wrong;
    }

    /// <summary>The events of a file as the import reads them.</summary>
    public IEnumerable<(string Centre, SlaMonitor.EventStore.EventToAppend Event)> Events(FileInput file, ImportTally tally, Action<IReadOnlyList<RecordFault>> reject) =>
        Checked(file, tally, reject, out _).Select(e => (e.Centre, e.Event));

    /// <summary>The same with their lines, and the mapping they were made by.</summary>
    /// <exception cref="ImportFileException">The mapping cannot be used.</exception>
    public IEnumerable<CheckedEvent> Checked(FileInput file, ImportTally tally, Action<IReadOnlyList<RecordFault>> reject, out Mapping? mapping)
    {
        mapping = null;
        if (file.Mapping is not null)
        {
            var path = Path.Combine(folder, "mapping.yaml");
            File.WriteAllText(path, file.Mapping);
            mapping = MappingFile.Read(path).Mapping;
        }

        return Read(file, mapping, tally, (_, faults, _) =>
        {
            Rejected++;
            reject(faults);
        });
    }

    private static IEnumerable<CheckedEvent> Read(FileInput file, Mapping? mapping, ImportTally tally, RejectRecord reject)
    {
        using var unpacked = PackedFile.Open(new MemoryStream(file.Body));
        if (mapping is not null && !Centres.ContainsKey(mapping.Centre))
            throw new ImportFileException("the centre has no catalogue");
        var events = mapping is null
            ? new CloudEventLines(Centres, new Standing(), tally, reject).Read(unpacked)
            : new MappedEvents(mapping, Centres[mapping.Centre], new Standing(), tally, reject).Read(unpacked);
        foreach (var e in events)
            yield return e;
    }

    private sealed class Standing : IClock
    {
        public Instant GetCurrentInstant() => SampleHall.Now;
    }
}
