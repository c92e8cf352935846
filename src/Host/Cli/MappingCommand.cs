using System.CommandLine;
using System.Globalization;
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
        var command = new Command("suggest", "Look at the first records of a file and print a mapping for it, with the reason of each choice and what to check. Values of columns about persons are not shown. Stores nothing.") { file, centre, source };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(file)!;
            if (!given.Exists)
                throw new ImportFileException($"there is no file {given.FullName}");
            Console.Write(MappingText.Write(new Suggestion(Sample.Read(given.FullName)), given.Name, parsed.GetValue(centre), parsed.GetValue(source)));
            return ExitCode.Done;
        });
        return command;
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
