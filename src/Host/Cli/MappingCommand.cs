using System.CommandLine;
using System.Globalization;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Ingest.Import.Suggestions;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla mapping suggest|check</c>: how a file becomes events, before the first one is imported.</summary>
internal static class MappingCommand
{
    public static Command Create() => new("mapping", "Suggest a mapping for a file, and check mappings.") { Suggest(), Check() };

    private static Command Suggest()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV, XLSX, XES or NDJSON, plain or gzip" };
        var centre = new Option<string?>("--centre") { Description = "The centre the cases belong to" };
        var source = new Option<string?>("--source") { Description = "The source the events are sent under" };
        var catalogue = new Option<FileInfo?>("--catalogue") { Description = "A catalogue file to look items and windows up in by their names; default: what the centre has published, if there is a database" };
        var data = CommonOptions.Data();
        var command = new Command("suggest", "Look at the first records of a file and print a mapping for it, with the reason of each choice and what to check. Values of columns about persons are not shown. Stores nothing.") { file, centre, source, catalogue, data };
        command.SetAction(async (parsed, ct) =>
        {
            var given = parsed.GetValue(file)!;
            if (!given.Exists)
                throw new ImportFileException($"there is no file {given.FullName}");
            var known = await KnownAsync(parsed.GetValue(centre), parsed.GetValue(catalogue), parsed.GetValue(data), ct);
            Console.Write(MappingText.Write(new Suggestion(Sample.Read(given.FullName)), given.Name, parsed.GetValue(centre) ?? known?.Centre, parsed.GetValue(source), known));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The catalogue that codes are looked up in; null: none is known, and a suggestion does without.</summary>
    private static async Task<Catalogue?> KnownAsync(string? centre, FileInfo? file, string? data, CancellationToken ct)
    {
        if (file is not null)
        {
            var read = CatalogueFiles.Read(file.FullName).Catalogue;
            return centre is null || centre == read.Centre ? read : throw new ImportFileException($"--centre is '{centre}', and the catalogue is that of '{read.Centre}'; give its own");
        }

        if (centre is null)
            return null;
        try
        {
            await using var database = await Database.OpenExistingAsync(data, ct);
            return (await new Centres(database.Source).CatalogueOfAsync(centre, ct))?.Newest;
        }
        catch (Exception missing) when (data is null && (missing is ArgumentException or NpgsqlException))
        {
            // Nobody asked for one: a file can be looked at on a machine without any.
            return null;
        }
    }

    private static Command Check()
    {
        var files = new Argument<FileInfo[]>("file") { Description = "Mapping files (YAML)", Arity = ArgumentArity.OneOrMore };
        var command = new Command("check", "Name every fault of mapping files with its place and remedy; exit code 1 when there is one.") { files };
        command.SetAction(parsed =>
        {
            var code = ExitCode.Done;
            foreach (var file in parsed.GetValue(files)!)
            {
                try
                {
                    var mapping = Mapping.ReadFile(file.FullName);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {mapping.Rules.Count} events for {mapping.Centre}: no fault"));
                }
                catch (ImportFileException refused)
                {
                    Console.Error.WriteLine(refused.Message);
                    code = ExitCode.Failed;
                }
            }

            return code;
        });
        return command;
    }
}
