using System.CommandLine;
using System.Globalization;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla vault key|status|rotate|erase</c>: the keys of what is sealed of people.</summary>
internal static class VaultCommand
{
    public static Command Create() => new("vault", "Care for the keys by which personal data is sealed.") { Key(), Status(), Rotate(), Erase() };

    private static Command Key()
    {
        var command = new Command("key", "Write a new line of a key file to the standard output. Put it first to wrap by it from now on; keep the lines below as long as sla vault status says that they are used.");
        command.SetAction(_ =>
        {
            Console.WriteLine(KeyRing.NewLine());
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Status()
    {
        var (data, keys) = (CommonOptions.Data(), CommonOptions.VaultKeys());
        var command = new Command("status", "Tell which key wraps how many, which are missing here, and what is erased. Never a key.") { data, keys };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var file = database.KeysOf(parsed.GetValue(keys));
            return await TellAsync(new KeyTable(database.Source, file), file, ct) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Rotate()
    {
        var (data, keys) = (CommonOptions.Data(), CommonOptions.VaultKeys());
        var command = new Command("rotate", "Wrap all keys by the first key of the key file, while hosts run. May be stopped and run again.") { data, keys };
        command.SetAction(async (parsed, ct) =>
        {
            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var file = database.KeysOf(parsed.GetValue(keys));
            var table = new KeyTable(database.Source, file);
            var rotated = await new KeyRotation(database.Source, table).RunAsync(ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rotated.Rewrapped:N0} keys are wrapped anew"));
            if (rotated.Erased > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rotated.Erased:N0} keys that a backup had brought back after their erasure are destroyed again"));
            foreach (var broken in rotated.Broken)
                Console.Error.WriteLine($"sla vault rotate: the key of {broken} was changed in the database and stays as it is; restore its row of vault.key from a backup");
            return await TellAsync(table, file, ct) && rotated.Broken.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Erase()
    {
        var id = new Argument<string>("id") { Description = "The complaint, as after complaint/ in the subject of its events; or with its kind: case/2026-000123" };
        var by = new Option<string>("--by") { Description = "Who has it erased; stands in the log", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why; stands in the log, so it must tell nothing of the person", Required = true };
        var (centre, data, keys) = (CommonOptions.Centre(), CommonOptions.Data(), CommonOptions.VaultKeys());
        var command = new Command("erase", "Erase for good what a complaint tells of people; all that is counted stays as it is.") { id, by, reason, centre, data, keys };
        command.SetAction(async (parsed, ct) =>
        {
            foreach (var (name, text) in new[] { ("--by", parsed.GetValue(by)), ("--reason", parsed.GetValue(reason)) })
            {
                if (PersonRoutes.TextFault(text) is { } fault)
                    return Fail($"{name} {fault}");
            }

            await using var database = await Database.OpenExistingAsync(parsed.GetValue(data), ct);
            var (found, _, refused) = await new Centres(database.Source).ResolveAsync(parsed.GetValue(centre), ct);
            if (found is null)
                return Fail($"--centre {refused}");
            var desk = new PersonDesk(database.Source, new EventLog(database.Source), new KeyTable(database.Source, database.KeysOf(parsed.GetValue(keys))), SystemClock.Instance);
            var stream = StreamOf(parsed.GetValue(id)!);
            if (await desk.EraseAsync(found, stream, new VaultActor(parsed.GetValue(by)!, null), parsed.GetValue(reason)!, ct) is not { } erased)
                return Fail($"centre {found} has no {stream}");
            Console.WriteLine($"{stream} was erased at {Timestamps.Format(erased.Erasure.At)} by {erased.Erasure.By}{(erased.First ? "" : " before, and stays so")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string StreamOf(string id) => StreamKinds.Of(id) is StreamKind.Complaint or StreamKind.Case ? id : $"{StreamKinds.WordOf(StreamKind.Complaint)}/{id}";

    /// <summary>Tells how keys are wrapped; false: some by keys that are not here.</summary>
    private static async Task<bool> TellAsync(KeyTable table, KeyFile file, CancellationToken ct)
    {
        var (used, erased) = (await table.UsedAsync(ct), await table.ErasedAsync(ct));
        var known = new List<string>();
        if (file.Exists)
        {
            using var ring = file.Read();
            known.AddRange(ring.Ids);
        }

        foreach (var key in known)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key}  {(key == known[0] ? "first in" : "in")} {file.Path}: {(used.GetValueOrDefault(key) is > 0 and var count ? $"wraps {count:N0}" : key == known[0] ? "wraps nothing yet" : "wraps nothing any more and may be taken out")}"));
        foreach (var (key, count) in used.Where(u => !known.Contains(u.Key)))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key}  missing here: wraps {count:N0}, which nobody can read or add to until its line is put back"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{erased:N0} erased"));
        return used.Keys.All(known.Contains);
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine($"sla vault: {reason}");
        return ExitCode.Failed;
    }
}
