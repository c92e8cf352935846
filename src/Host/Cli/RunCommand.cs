using System.CommandLine;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Ingest;

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
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            if (parsed.GetValue(first) is { } file)
                await FirstImportAsync(database, file, parsed.GetValue(mapping)!, ct);
            if (parsed.GetValue(sample))
                await LoadSampleAsync(database, ct);
            await using var app = Server.Build(database.Source, SystemClock.Instance, parsed.GetValue(url)!);
            await app.StartAsync(ct);
            Console.WriteLine($"SlaMonitor is at {app.Urls.First()}  (Ctrl-C stops it)");
            await app.WaitForShutdownAsync(ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task FirstImportAsync(Database database, FileInfo file, FileInfo mapping, CancellationToken ct)
    {
        var centre = Ingest.Import.Mapping.ReadFile(mapping.FullName).Centre;
        if (!await HasCasesAsync(database, centre, ct))
            await ImportCommand.ImportAsync(database, file, mapping, Path.Combine(Path.GetTempPath(), file.Name + ".rejects.csv"), ct);
    }

    private static async Task LoadSampleAsync(Database database, CancellationToken ct)
    {
        const string centre = "service-hall";
        if (await new Centres(database.Source).CatalogueOfAsync(centre, ct) is not { Newest: { } catalogue } || await HasCasesAsync(database, centre, ct))
            return;
        var events = new HallSample(catalogue, SystemClock.Instance.GetCurrentInstant()).Events();
        var stored = await new EventLog(database.Source).AppendAllAsync(centre, events.Select(e => EventCheck.ToAppend(centre, e.Reported)), ct);
        Console.WriteLine($"sample hall: {stored.Appended} events stored");
    }

    private static async Task<bool> HasCasesAsync(Database database, string centre, CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand("SELECT EXISTS (SELECT 1 FROM public.mt_streams WHERE tenant_id = $1 AND id > 'case/' AND id < 'case0')");
        command.Parameters.Add(new() { Value = centre });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
