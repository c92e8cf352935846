using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using NodaTime;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Notifications;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla run</c>: the server, with its own PostgreSQL unless one is named.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Address to listen on; any but a loopback one requires tokens (sla token create). https takes the certificate of Kestrel's own settings, such as Kestrel__Certificates__Default__Path", DefaultValueFactory = _ => Server.DefaultUrl };
        var tokens = new Option<bool>("--require-tokens") { Description = "Require tokens on a loopback address, too: for use behind a proxy" };
        var sample = new Option<bool>("--sample") { Description = "Load two years of a made-up hall, and the outages of the IT department beside it, when its centre has no cases yet, and go on with both while this runs" };
        var first = new Option<FileInfo?>("--first-import") { Description = "A file to import when its centre has no cases yet; needs --mapping" };
        var mapping = new Option<FileInfo?>("--mapping") { Description = "The mapping of --first-import" };
        var (data, catalogues, vaultKeys, notifications) = (CommonOptions.Data(), CommonOptions.Catalogues(), CommonOptions.VaultKeys(), CommonOptions.Notifications());
        var command = new Command("run", "Serve the pages, the API and the metrics.") { url, tokens, sample, first, mapping, data, catalogues, vaultKeys, notifications };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(first) is null) != (result.GetValue(mapping) is null))
                result.AddError("--first-import and --mapping go together.");
        });
        command.SetAction(async (parsed, ct) =>
        {
            var address = ListenAddress.Parse(parsed.GetValue(url)!);
            var webhooks = Webhooks.Read(parsed.GetValue(catalogues)!);
            var rules = new AccessRules(parsed.GetValue(tokens) || !address.IsLoopback);
            var plan = NotificationFile.Named(parsed.GetValue(notifications));
            RefuseIfTaken(address.Url);
            await using var database = await Database.OpenAsync(parsed.GetValue(data), parsed.GetValue(catalogues)!, ct);
            if (rules.TokensRequired && !await new AccessTokens(database.Source).AnyUsableAsync(SystemClock.Instance.GetCurrentInstant(), ct))
                throw new ArgumentException($"{address.Url} asks everybody for a token, and none is usable; make one with: sla token create --name NAME --role admin");
            var keys = database.KeysOf(parsed.GetValue(vaultKeys));
            await VaultCheck.RunAsync(database.Source, keys, warning => Console.Error.WriteLine($"sla: {warning}"), ct);
            // Its events are said to have been recorded in the past, so they come before those that are recorded now.
            var loaded = parsed.GetValue(sample) && await DemoCommand.LoadAsync(database, parsed.GetValue(vaultKeys), DemoCommand.DefaultSeed, DemoCommand.DefaultCases, SystemClock.Instance.GetCurrentInstant(), ct) is not null;
            if (parsed.GetValue(first) is { } file)
                await FirstImportAsync(database, file, parsed.GetValue(mapping)!, parsed.GetValue(vaultKeys), ct);
            // The first page shows what was loaded.
            if (loaded)
                await DemoCommand.RebuildAsync(database, ct);
            using (var follower = new Follower(database.Source, Report))
                await follower.CatchUpAsync(ct);
            foreach (var unknown in await TargetCheck.UnknownAsync(plan, new Centres(database.Source), ct))
                Console.Error.WriteLine($"sla: {unknown}");
            await using var app = Server.Build(database.Source, SystemClock.Instance, address.Url, rules, webhooks, keys: keys, notifications: plan);
            await StartAsync(app, address.Url, ct);
            Console.WriteLine($"SlaMonitor is at {app.Urls.First()}  (Ctrl-C stops it)");
            await using var hall = parsed.GetValue(sample) ? await LiveHall.StartAsync(app, database.Source, ct) : null;
            if (parsed.GetValue(sample) && hall is null)
                Console.WriteLine("the sample hall does not go on: what is stored here was not made up by this program, or its catalogue is missing");
            await app.WaitForShutdownAsync(ct);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Said before a history is loaded for half a minute; who takes the address meanwhile is found out at the start.</summary>
    private static void RefuseIfTaken(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Port == 0)
            return;
        try
        {
            using var listener = new TcpListener(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Loopback, address.Port);
            listener.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw Taken(url, taken);
        }
        catch (SocketException)
        {
            // What else hinders is told by the server itself.
        }
    }

    private static ArgumentException Taken(string url, Exception hindrance) => new($"{url} is taken by another program; stop it or give another address with --url", hindrance);

    private static async Task StartAsync(WebApplication app, string url, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception hindrance) when (hindrance is IOException or SocketException or InvalidOperationException or CryptographicException)
        {
            // What was started with it ends first, or it would complain of its own.
            await app.StopAsync(CancellationToken.None);
            throw hindrance.InnerException is AddressInUseException ? Taken(url, hindrance) : new ArgumentException($"{url} cannot be served: {hindrance.Message}", hindrance);
        }
    }

    private static void Report(Exception fault) => Console.Error.WriteLine($"sla: {fault.Message}");

    private static async Task FirstImportAsync(Database database, FileInfo file, FileInfo mapping, string? keyFile, CancellationToken ct)
    {
        var centre = Ingest.Import.Mapping.ReadFile(mapping.FullName).Centre;
        if (!await new Centres(database.Source).HasCasesAsync(centre, ct))
            await ImportCommand.ImportAsync(database, file, mapping, Path.Combine(Path.GetTempPath(), file.Name + ".rejects.csv"), keyFile, ct);
    }
}
