using System.CommandLine;
using System.Globalization;
using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla import FILE --mapping M</c>: brings a log into the store; may be stopped anywhere and run again.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV, XES, XLSX or NDJSON, plain or gzip" };
        var mapping = new Option<FileInfo?>("--mapping") { Description = "How its records become events (YAML); without it each line is a CloudEvent" };
        var rejects = new Option<string?>("--rejects") { Description = "Where records that cannot be used are listed; default: FILE.rejects.csv" };
        var (data, catalogues) = (CommonOptions.Data(), CommonOptions.Catalogues());
        var command = new Command("import", "Bring a file of cases into the store.") { file, mapping, rejects, data, catalogues };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            return await ImportAsync(database, parsed.GetValue(file)!, parsed.GetValue(mapping), parsed.GetValue(rejects), ct);
        });
        return command;
    }

    /// <summary>Imports a file with a progress bar; 1 when any record was rejected.</summary>
    public static async Task<int> ImportAsync(Database database, FileInfo file, FileInfo? mappingFile, string? rejectsPath, CancellationToken ct)
    {
        if (!file.Exists)
            throw new ImportFileException($"there is no file {file.FullName}");
        if (rejectsPath is not null && Path.GetFullPath(rejectsPath) == file.FullName)
            throw new ImportFileException("--rejects names the file that is imported; give another");
        var mapping = mappingFile is null ? null : MappingFile.Read(mappingFile.FullName);
        var centres = await CataloguesAsync(database, mapping, ct);
        var tally = new ImportTally();
        using var rejects = new Rejects(rejectsPath ?? file.FullName + ".rejects.csv");
        await using var stream = file.OpenRead();
        await using var unpacked = PackedFile.Open(stream);
        await using var holds = new SourceHolds(database.Source);
        var events = mapping is null
            ? new CloudEventLines(centres, SystemClock.Instance, tally, Reject).Read(unpacked)
            : new MappedEvents(mapping.Mapping, centres[mapping.Mapping.Centre], SystemClock.Instance, tally, Reject).Read(unpacked);
        var run = new ImportRun(new EventLog(database.Source), mapping?.Mapping, tally, rejects, holds);
        try
        {
            await ImportProgress.ShowAsync(file.Name, stream, tally, told => run.RunAsync(events, told, ct));
        }
        catch (Exception broken) when (broken is ImportFileException or InvalidDataException)
        {
            throw new ImportFileException($"{file.Name}: {(broken is InvalidDataException ? "the gzip packing is broken or cut off" : broken.Message)}; what was read before is stored, and an import of the mended file adds the rest");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {tally.Records:N0} records, {tally.Appended:N0} events stored, {tally.Duplicates:N0} were there already, {rejects.Count:N0} rejected"));
        if (rejects.Count > 0)
            Console.WriteLine($"the rejects, with line and reason, are in {rejects.Path}");
        return rejects.Count > 0 ? ExitCode.Failed : ExitCode.Done;

        void Reject(long line, IReadOnlyList<RecordFault> faults, ImportRecord? record) => rejects.Add(line, faults);
    }

    /// <summary>The catalogues that the events are checked by: that of the mapping's centre, or all.</summary>
    private static async Task<IReadOnlyDictionary<string, CatalogueLog>> CataloguesAsync(Database database, MappingFile? mapping, CancellationToken ct)
    {
        var (centres, found) = (new Centres(database.Source), new Dictionary<string, CatalogueLog>());
        foreach (var centre in mapping is null ? await centres.AllAsync(ct) : [mapping.Mapping.Centre])
        {
            if (await centres.CatalogueOfAsync(centre, ct) is { } catalogue)
                found.Add(centre, catalogue);
        }

        if (mapping is null)
            return found;
        if (!found.TryGetValue(mapping.Mapping.Centre, out var own))
            throw new ImportFileException($"mapping {mapping.Name}: centre '{mapping.Mapping.Centre}' has no catalogue; publish one for it first");
        mapping.CheckCodes(own);
        return found;
    }
}
