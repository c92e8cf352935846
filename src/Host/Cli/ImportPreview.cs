using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Queries;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Host.Cli;

/// <summary><c>sla import --dry-run</c>: what an import would store, on the terminal. Values of rejected records are shown here and nowhere else; what would be sealed is not.</summary>
internal static class ImportPreview
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the whole file and shows it; 1 when anything is rejected.</summary>
    public static async Task<int> ShowAsync(FileInfo file, FileInfo? mappingFile, FileInfo? catalogueFile, string? data, string? keyFile, int cases, CancellationToken ct)
    {
        var mapping = mappingFile is null ? null : MappingFile.Read(mappingFile.FullName);
        if (catalogueFile is not null)
            return await ShowAsync(file, mapping, OfFile(catalogueFile, mapping), null, null, cases, ct);
        await using var database = await Database.OpenExistingAsync(data, ct);
        return await ShowAsync(file, mapping, await ImportCommand.CataloguesAsync(database.Source, mapping, ct), database.Source, database.Sealing(keyFile), cases, ct);
    }

    private static async Task<int> ShowAsync(FileInfo file, MappingFile? mapping, IReadOnlyDictionary<string, CatalogueLog> centres, NpgsqlDataSource? database, EventSealing? sealing, int cases, CancellationToken ct)
    {
        var (tally, run) = (new ImportTally(), new DryRun(centres, mapping?.Mapping, database, sealing));
        await using var input = new ImportFile(file, mapping, centres);
        string? broken = null;
        try
        {
            await run.ReadAsync(input.Events(tally, run.Reject), ct);
        }
        catch (Exception fault) when (ImportFile.IsBroken(fault))
        {
            broken = input.Broken(fault);
        }

        foreach (var (explained, kept) in await run.FoldAsync(cases, SystemClock.Instance.GetCurrentInstant(), ct))
            Print(explained, kept);
        foreach (var (other, clocks) in await run.OthersAsync(cases, SystemClock.Instance.GetCurrentInstant(), ct))
        {
            Print(other.Id, other.Facts, other, centres[other.Centre].Newest?.Zone ?? DateTimeZone.Utc);
            if (clocks is not null)
                Print(clocks);
            Console.WriteLine();
        }

        PrintRejects(run);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {tally.Records:N0} records, {run.Totals.Values.Sum():N0} events would be stored, {run.Known:N0} {(database is null ? "stand in the file before" : "were there already")}, {run.Rejected:N0} rejected; nothing was stored{(database is null ? ", and no database was asked what it holds" : "")}"));
        foreach (var (type, count) in run.Totals)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {type,-32} {count,12:N0}"));
        PrintRunningOn(run, centres);
        return broken is not null ? throw new ImportFileException(broken) : run.Rejected > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static void PrintRunningOn(DryRun run, IReadOnlyDictionary<string, CatalogueLog> centres)
    {
        var lines = run.RunningOn.Lines().ToList();
        foreach (var line in lines)
            Console.WriteLine(line);
        if (lines.Count > 0)
            Console.WriteLine("where that is not what happened: map the end to the event at which the commitment stops, or have the catalogue name this one");
        foreach (var line in centres.Count == 1 && centres.Values.Single().Newest is { } only ? run.RunningOn.NeverBegun(only.Commitments) : [])
            Console.WriteLine(line);
        if (!run.Cases.AreAll)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ends were looked at in the first {run.Cases.Count:N0} cases of the file"));
    }

    private static Dictionary<string, CatalogueLog> OfFile(FileInfo file, MappingFile? mapping)
    {
        var catalogue = CatalogueFiles.Read(file.FullName).Catalogue;
        var log = new CatalogueLog([catalogue]);
        if (mapping is not null && mapping.Mapping.Centre != catalogue.Centre)
            throw new ImportFileException($"mapping {mapping.Name}: centre is '{mapping.Mapping.Centre}', and the catalogue is that of '{catalogue.Centre}'; give its own");
        mapping?.CheckCodes(log);
        return new() { [catalogue.Centre] = log };
    }

    private static void Print(CaseExplanation explained, KeptCase kept)
    {
        Print($"case {explained.Id}", explained.Case.Facts, kept, explained.Zone);
        Print(explained.Explained);
        Console.WriteLine();
    }

    private static void Print(ExplainedClocks explained)
    {
        foreach (var (clock, reading, _) in explained.Clocks)
        {
            var (zone, due) = (clock.Facts.Calendar.Zone, reading.Reckoning.DueAt);
            Console.WriteLine($"  clock {clock.Definition.Id}{(clock.Key is { } key ? "/" + key : "")}{(clock.Ordinal > 1 ? $" #{clock.Ordinal}" : "")}  {Words.Of(reading.State)}, due {(due is { } at ? Timestamps.Format(at, zone) : "none while paused")}, stopped {(clock.EndedAt is { } ended ? Timestamps.Format(ended, zone) : "not yet")}");
        }

        foreach (var anomaly in explained.Stream.Anomalies.Concat(explained.Clocks.SelectMany(c => c.Clock.Anomalies)).Distinct())
            Console.WriteLine($"  anomaly {Words.Of(anomaly.Kind)}");
    }

    private static void Print(string name, IEnumerable<Recorded> facts, KeptCase kept, DateTimeZone zone)
    {
        Console.WriteLine(name);
        foreach (var fact in facts)
        {
            Console.WriteLine($"  {Timestamps.Format(fact.OccurredAt, zone)}  {fact.Type,-28} {Readable(fact.Type, kept.Data[fact.Id])}{(kept.Stored.Contains(fact.Id) ? "  (stored already)" : "")}");
        }
    }

    /// <summary>The data of an event; what goes into the vault is only named.</summary>
    private static string Readable(string type, ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var (data, known) = (JsonObject.Create(document.RootElement.GetProperty("data"))!, EventTypes.Of(type));
        var hidden = data.Select(f => f.Key).Where(known.Seals).ToList();
        foreach (var field in hidden)
            data.Remove(field);
        return data.ToJsonString(Written) + (hidden.Count > 0 ? $"  (not readable once stored: {string.Join(", ", hidden)})" : "");
    }

    private static void PrintRejects(DryRun run)
    {
        foreach (var kind in run.Rejects)
        {
            var (fault, left) = (kind.Fault, kind.Count - kind.Shown.Count);
            Console.WriteLine($"rejected: {(fault.Column.Length > 0 && fault.Column != fault.Field ? $"column {fault.Column}, " : "")}{fault.Field} {fault.Reason}");
            foreach (var (line, value) in kind.Shown)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {line}{(value.Length > 0 ? $": {JsonSerializer.Serialize(value, Written)}" : "")}"));
            if (left > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {left:N0} more"));
        }

        if (run.Unlisted > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rejected: {run.Unlisted:N0} faults of further kinds"));
    }
}
