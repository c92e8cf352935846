using System.CommandLine;
using System.Globalization;
using Npgsql;
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
        var dryRun = new Option<bool>("--dry-run") { Description = "Store nothing; show the first cases and all that is wrong" };
        var cases = new Option<int>("--cases") { Description = "How many cases --dry-run shows", DefaultValueFactory = _ => 3 };
        var catalogue = new Option<FileInfo?>("--catalogue") { Description = "A catalogue file for --dry-run to check and judge by, without any database; default: what is published" };
        var (data, catalogues, keys) = (CommonOptions.Data(), CommonOptions.Catalogues(), CommonOptions.VaultKeys());
        var command = new Command("import", "Bring a file of cases into the store.") { file, mapping, rejects, dryRun, cases, catalogue, data, catalogues, keys };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(dryRun) && (result.GetResult(catalogue) is not null || result.GetResult(cases) is { Implicit: false }))
                result.AddError("--cases and --catalogue go with --dry-run.");
            if (result.GetValue(cases) < 0)
                result.AddError("--cases is a number from 0 on.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var (input, how) = (parsed.GetValue(file)!, parsed.GetValue(mapping));
            if (parsed.GetValue(dryRun))
                return await ImportPreview.ShowAsync(input, how, parsed.GetValue(catalogue), parsed.GetValue(data), parsed.GetValue(keys), parsed.GetValue(cases), ct);
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            return await ImportAsync(database, input, how, parsed.GetValue(rejects), parsed.GetValue(keys), ct);
        });
        return command;
    }

    /// <summary>Imports a file with a progress bar; 1 when any record was rejected.</summary>
    public static async Task<int> ImportAsync(Database database, FileInfo file, FileInfo? mappingFile, string? rejectsPath, string? keyFile, CancellationToken ct)
    {
        if (rejectsPath is not null && Path.GetFullPath(rejectsPath) is var written && (written == file.FullName || written == mappingFile?.FullName))
            throw new ImportFileException("--rejects names the file that is imported, or its mapping; give another");
        var (mapping, tally) = (mappingFile is null ? null : MappingFile.Read(mappingFile.FullName), new ImportTally());
        using var rejects = new Rejects(rejectsPath ?? file.FullName + ".rejects.csv");
        await using var input = new ImportFile(file, mapping, await CataloguesAsync(database.Source, mapping, ct));
        await using var holds = new SourceHolds(database.Source);
        var run = new ImportRun(new EventLog(database.Source), database.Sealing(keyFile), mapping?.Mapping, tally, rejects, holds);
        try
        {
            await ImportProgress.ShowAsync(input, tally, told => run.RunAsync(input.Events(tally, (line, faults, _) => rejects.Add(line, faults)), told, ct));
        }
        catch (Exception broken) when (ImportFile.IsBroken(broken))
        {
            throw new ImportFileException($"{input.Broken(broken)}; what was read before is stored, and an import of the mended file adds the rest");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {tally.Records:N0} records, {tally.Appended:N0} events stored, {tally.Duplicates:N0} were there already, {rejects.Count:N0} rejected"));
        if (rejects.Count > 0)
            Console.WriteLine($"the rejects, with line, column and reason, are in {rejects.Path}");
        return rejects.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The catalogues that the events are checked by: that of the mapping's centre, or all.</summary>
    /// <exception cref="ImportFileException">The centre has none, or not what the mapping names.</exception>
    public static async Task<IReadOnlyDictionary<string, CatalogueLog>> CataloguesAsync(NpgsqlDataSource database, MappingFile? mapping, CancellationToken ct)
    {
        var (centres, found) = (new Centres(database), new Dictionary<string, CatalogueLog>());
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
