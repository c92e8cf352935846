using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Fuzz;

/// <summary>Files through the import into a real log: it must grow by what the import says, a second import adds nothing, and nothing comes to stand in quarantine.</summary>
internal sealed class ImportFuzz(HttpClient client, NpgsqlDataSource source, FileInputs inputs, string folder, Findings findings)
{
    private readonly FileDoor _door = new(folder);

    /// <summary>Imports the files from a number on.</summary>
    public async Task RunAsync(long first, int count, CancellationToken ct)
    {
        for (var number = first; number < first + count && !findings.AreEnough; number++)
        {
            var file = inputs.Make(number);
            if (await FaultAsync(file, ct) is { } wrong)
                await findings.AddAsync(new Finding(inputs.Seed, file.Input, wrong), Task.FromResult);
        }

        foreach (var wrong in await HttpFuzz.QuarantinedAsync(client, source, ct))
            await findings.AddAsync(new Finding(inputs.Seed, new FuzzInput(-1, 0, [], null, null, []), wrong), Task.FromResult);
    }

    private async Task<string?> FaultAsync(FileInput file, CancellationToken ct)
    {
        var before = await CountAsync(ct);
        var (once, thrown) = await ImportAsync(file, ct);
        var stored = await CountAsync(ct) - before;
        var (again, _) = await ImportAsync(file, ct);
        return thrown is not null ? thrown
            : stored != once.Appended ? $"the import says {once.Appended} and {stored} were stored"
            : again.Appended != 0 ? $"a second import stored {again.Appended} more"
            : null;
    }

    private async Task<(ImportTally Tally, string? Thrown)> ImportAsync(FileInput file, CancellationToken ct)
    {
        var tally = new ImportTally();
        try
        {
            using var rejects = new Rejects(Path.Combine(folder, "rejects.csv"));
            var events = _door.Checked(file, tally, faults => rejects.Add(1, faults), out var mapping);
            await using var holds = new SourceHolds(source);
            await new ImportRun(new EventLog(source), new EventSealing(source, new KeyTable(source, new KeyFile(Path.Combine(folder, KeyFile.DefaultName), mayMake: true))), mapping, tally, rejects, holds).RunAsync(events, () => { }, ct);
        }
        catch (Exception broken) when (ImportFile.IsBroken(broken))
        {
            // What was read before is stored, as is said of it.
        }
        catch (Exception thrown)
        {
            return (tally, $"{thrown.GetType().Name}: {thrown.Message}\n{thrown.StackTrace}");
        }

        return (tally, null);
    }

    private async Task<long> CountAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM mt_events WHERE stream_id ~ '^(case|complaint)/'");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
