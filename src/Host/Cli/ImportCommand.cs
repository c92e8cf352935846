using System.CommandLine;
using System.Globalization;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Projections;
using Spectre.Console;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla import FILE --mapping M</c>: brings a log into the store; may be stopped anywhere and run again.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "XES or CSV, plain or gzip" };
        var mapping = new Option<FileInfo>("--mapping") { Description = "How its records become events (YAML)", Required = true };
        var rejects = new Option<string?>("--rejects") { Description = "Where records that cannot be used are listed; default: FILE.rejects.csv" };
        var (data, catalogues) = (CommonOptions.Data(), CommonOptions.Catalogues());
        var command = new Command("import", "Bring a file of cases into the store.") { file, mapping, rejects, data, catalogues };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            return await ImportAsync(database, parsed.GetValue(file)!, parsed.GetValue(mapping)!, parsed.GetValue(rejects), ct);
        });
        return command;
    }

    /// <summary>Imports a file with a progress bar; 1 when any record was rejected.</summary>
    public static async Task<int> ImportAsync(Database database, FileInfo file, FileInfo mappingFile, string? rejectsPath, CancellationToken ct)
    {
        if (!file.Exists)
            throw new ImportFileException($"there is no file {file.FullName}");
        if (rejectsPath is not null && Path.GetFullPath(rejectsPath) == file.FullName)
            throw new ImportFileException("--rejects names the file that is imported; give another");
        var mapping = Mapping.ReadFile(mappingFile.FullName);
        if (await new Centres(database.Source).CatalogueOfAsync(mapping.Centre, ct) is not { } catalogue)
            throw new ImportFileException($"mapping {mappingFile.Name}: centre '{mapping.Centre}' has no catalogue; publish one for it first");
        using var rejects = new Rejects(rejectsPath ?? file.FullName + ".rejects.csv");
        await using var stream = file.OpenRead();
        await using var hold = await SourceHold.BeginAsync(database.Source, mapping.Centre, mapping.Source, ct);
        var run = new ImportRun(new EventLog(database.Source), catalogue, mapping, SystemClock.Instance, rejects, hold);
        ImportCounts counts;
        try
        {
            counts = await WithProgressAsync(file.Name, stream, progress => run.RunAsync(stream, progress, ct));
        }
        catch (Exception broken) when (broken is ImportFileException or InvalidDataException)
        {
            throw new ImportFileException($"{file.Name}: {(broken is InvalidDataException ? "the gzip packing is broken or cut off" : broken.Message)}; what was read before is stored, and an import of the mended file adds the rest");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {counts.Records:N0} records, {counts.Appended:N0} events stored, {counts.Duplicates:N0} were there already, {counts.Rejected:N0} rejected"));
        if (counts.Rejected > 0)
            Console.WriteLine($"the rejects, with line and reason, are in {rejects.Path}");
        return counts.Rejected > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<ImportCounts> WithProgressAsync(string name, FileStream stream, Func<Action<ImportCounts>, Task<ImportCounts>> run)
    {
        if (Console.IsOutputRedirected)
            return await run(_ => { });
        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            // By bytes of the file as it lies there, packed or not: the only size known beforehand.
            var task = context.AddTask(name, maxValue: Math.Max(1, stream.Length));
            var counts = await run(c =>
            {
                task.Value = stream.Position;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{name}  {c.Appended + c.Duplicates:N0} events");
            });
            task.Value = task.MaxValue;
            return counts;
        });
    }
}
