using System.CommandLine;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla run</c>: the server, with its own PostgreSQL unless one is named.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Address to listen on; loopback only", DefaultValueFactory = _ => Server.DefaultUrl };
        var sample = new Option<bool>("--sample") { Description = "Load the sample hall when its centre has no cases yet" };
        var first = new Option<FileInfo?>("--first-import") { Description = "A file to import when its centre has no cases yet; needs --mapping" };
        var mapping = new Option<FileInfo?>("--mapping") { Description = "The mapping of --first-import" };
        var (data, catalogues) = (CommonOptions.Data(), CommonOptions.Catalogues());
        var command = new Command("run", "Serve the pages, the API and the metrics.") { url, sample, first, mapping, data, catalogues };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(first) is null) != (result.GetValue(mapping) is null))
                result.AddError("--first-import and --mapping go together.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            Server.RefuseOpenAddress(parsed.GetValue(url)!);
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            if (parsed.GetValue(first) is { } file)
                await FirstImportAsync(database, file, parsed.GetValue(mapping)!, ct);
            if (parsed.GetValue(sample))
                await LoadSampleAsync(database, ct);
            // The first page shows what was loaded.
            using (var follower = new Follower(database.Source, Report))
                await follower.CatchUpAsync(ct);
            await using var app = Server.Build(database.Source, SystemClock.Instance, parsed.GetValue(url)!);
            try
            {
                await app.StartAsync(ct);
            }
            catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                await app.StopAsync(CancellationToken.None);
                throw new ArgumentException($"{parsed.GetValue(url)} is taken by another program; stop it or give another address with --url");
            }

            Console.WriteLine($"SlaMonitor is at {app.Urls.First()}  (Ctrl-C stops it)");
            await app.WaitForShutdownAsync(ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Report(Exception fault) => Console.Error.WriteLine($"sla: {fault.Message}");

    private static async Task FirstImportAsync(Database database, FileInfo file, FileInfo mapping, CancellationToken ct)
    {
        var centre = Ingest.Import.Mapping.ReadFile(mapping.FullName).Centre;
        if (!await new Centres(database.Source).HasCasesAsync(centre, ct))
            await ImportCommand.ImportAsync(database, file, mapping, Path.Combine(Path.GetTempPath(), file.Name + ".rejects.csv"), ct);
    }

    private static async Task LoadSampleAsync(Database database, CancellationToken ct)
    {
        const string centre = "service-hall";
        var centres = new Centres(database.Source);
        if (await centres.CatalogueOfAsync(centre, ct) is not { Newest: { } catalogue } || await centres.HasCasesAsync(centre, ct))
            return;
        var events = new HallSample(catalogue, SystemClock.Instance.GetCurrentInstant()).Events();
        var stored = await new EventLog(database.Source).AppendAllAsync(centre, events.Select(e => EventCheck.ToAppend(centre, e.Reported)), ct);
        Console.WriteLine($"sample hall: {stored.Appended} events stored");
    }
}
