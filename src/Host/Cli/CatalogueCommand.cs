using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla catalogue check|apply|diff|show</c>: what a centre promises, before and after it is published.</summary>
internal static class CatalogueCommand
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new("catalogue", "Check, publish, compare and show catalogues.") { Check(), Apply(), Diff(), Show() };

    private static Command Check()
    {
        var paths = new Argument<string[]>("file") { Description = "Catalogue files, or folders of them", Arity = ArgumentArity.OneOrMore };
        var command = new Command("check", "Name every fault of catalogue files with its line, column, field and remedy. Publishes nothing; exit code 1 when there is one.") { paths };
        command.SetAction(parsed =>
        {
            var files = parsed.GetValue(paths)!.SelectMany(FilesOf).ToList();
            return files.Count == 0 ? Fail("there is no catalogue file there; their names end in .yaml") : files.Sum(CheckFile) == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal) : [path];

    private static int CheckFile(string file)
    {
        try
        {
            var read = CatalogueFiles.Read(file);
            foreach (var advice in read.Advice)
                Console.WriteLine($"advice  {advice.Field} {advice.Reason}");
            Console.WriteLine($"{file}: version {read.Catalogue.Version} of {read.Catalogue.Centre}, {read.Catalogue.Items.Count} items, {read.Catalogue.Commitments.Length} commitments{(read.Catalogue.Services.Count > 0 ? $", {read.Catalogue.Services.Count} services, {read.Catalogue.Agreements.Length} agreements" : "")}: no fault{(read.Advice.Count > 0 ? $", {read.Advice.Count} pieces of advice" : "")}");
            return 0;
        }
        catch (CatalogueFileException refused)
        {
            foreach (var line in refused.Lines)
                Console.Error.WriteLine($"fault   {line}");
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {refused.Lines.Count} fault{(refused.Lines.Count == 1 ? "" : "s")}"));
            return refused.Lines.Count;
        }
    }

    private static Command Apply()
    {
        var file = new Argument<string>("file") { Description = "The catalogue file" };
        var by = new Option<string>("--by") { Description = "Who publishes it; stands in the log beside the version", Required = true };
        var data = CommonOptions.Data();
        var command = new Command("apply", "Publish a version. It holds for clocks that start from its effective date on; open clocks follow its calendars; what has settled stays.") { file, by, data };
        command.SetAction(async (parsed, ct) =>
        {
            var read = CatalogueFiles.Read(parsed.GetValue(file)!);
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var position = await CataloguePublishing.PublishAsync(database.Source, [read], ct, parsed.GetValue(by)!);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"version {read.Catalogue.Version} of {read.Catalogue.Centre} {(position is { } at ? $"is published at position {at}" : "was published before with this content")}; it holds from {Timestamps.Format(read.Catalogue.EffectiveFrom, read.Catalogue.Zone)} on"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Diff()
    {
        var file = new Argument<string>("file") { Description = "The catalogue file" };
        var data = CommonOptions.Data();
        var command = new Command("diff", "List what publishing a file would do: to the catalogue, and to each open clock. Changes nothing.") { file, data };
        command.SetAction(async (parsed, ct) =>
        {
            var read = CatalogueFiles.Read(parsed.GetValue(file)!);
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var published = await new Centres(database.Source).CatalogueOfAsync(read.Catalogue.Centre, ct) ?? CatalogueLog.Empty;
            foreach (var change in CatalogueComparison.Of(published.Newest, read.Catalogue))
                Console.WriteLine(change);
            var (clocks, moved) = (0L, 0L);
            await foreach (var foreseen in new ForeseenChanges(database.Source, read.Catalogue.Centre).OfPublishingAsync(read.Catalogue, ct))
            {
                clocks += foreseen.Clocks;
                foreach (var change in foreseen.Changes)
                {
                    moved++;
                    Console.WriteLine(change);
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{moved} of {clocks} open clocks would change"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var at = new Option<string?>("--at") { Description = "The version that holds for clocks that start at this time (ISO 8601 with offset); default: now" };
        var json = new Option<bool>("--json") { Description = "The whole content as JSON" };
        var (centre, data) = (CommonOptions.Centre(), CommonOptions.Data());
        var command = new Command("show", "Show the catalogue a centre has published.") { at, json, centre, data };
        command.SetAction(async (parsed, ct) =>
        {
            var asked = SystemClock.Instance.GetCurrentInstant();
            if (parsed.GetValue(at) is { } text && !Timestamps.TryParse(text, out asked))
                return Fail($"--at is not {Timestamps.Expected}");
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, log, reason) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {reason}");
            var version = log.At(asked)!;
            if (parsed.GetValue(json))
                Console.WriteLine((await CataloguePublishing.ContentOfAsync(database.Source, version, ct)).ToJsonString(Written));
            else
                CatalogueText.Write(version, Console.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla catalogue: {reason}");
        return ExitCode.Failed;
    }
}
