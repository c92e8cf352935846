using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>How an import stands.</summary>
internal sealed record ImportCounts(long Records, long Appended, long Duplicates, long Rejected);

/// <summary>
/// Brings a file into the log. It can be stopped anywhere, by kill -9 too, and started again: what is there already is
/// recognised by its id and counted as a duplicate. A record that cannot be used goes to the rejects, the rest goes on.
/// </summary>
internal sealed class ImportRun(EventLog log, CatalogueLog catalogue, Mapping mapping, IClock clock, Rejects rejects, SourceHold hold)
{
    private const int BatchSize = 1_000;
    private long _records;
    private long _appended;
    private long _duplicates;

    /// <summary>Runs to the end of the file; progress is told after each batch.</summary>
    public async Task<ImportCounts> RunAsync(Stream file, Action<ImportCounts> progress, CancellationToken ct)
    {
        await using var unpacked = Unpack(file);
        var records = mapping.Format == "csv" ? CsvFile.Read(unpacked, mapping.Case, mapping.Attributes) : XesFile.Read(unpacked);
        foreach (var batch in records.SelectMany(Events).Chunk(BatchSize))
        {
            ct.ThrowIfCancellationRequested();
            await AppendAsync(batch, ct);
            await hold.RenewAsync(ct);
            progress(Counts());
        }

        return Counts();
    }

    private ImportCounts Counts() => new(_records, _appended, _duplicates, rejects.Count);

    private async Task AppendAsync((long Line, EventToAppend Event)[] batch, CancellationToken ct)
    {
        try
        {
            var result = await log.AppendAsync(mapping.Centre, [.. batch.Select(e => e.Event)], ct: ct);
            (_appended, _duplicates) = (_appended + result.Appended, _duplicates + result.Duplicates);
        }
        catch (AppendRefusedException) when (batch.Length > 1)
        {
            // One event of it is refused; halving finds it and stores the others.
            var half = batch.Length / 2;
            await AppendAsync(batch[..half], ct);
            await AppendAsync(batch[half..], ct);
        }
        catch (AppendRefusedException refused)
        {
            rejects.Add(batch[0].Line, new Fault("id", refused.Message));
        }
    }

    private IEnumerable<(long Line, EventToAppend Event)> Events(ImportRecord record)
    {
        _records++;
        foreach (var rule in mapping.Rules)
        {
            if (rule.EachEvent ? record.Event is null : !record.FirstOfCase)
                continue;
            List<Fault> faults = [];
            if (Map(record, rule, faults) is not { } reported)
            {
                rejects.Add(record.Line, faults);
                continue;
            }

            EventCheck.Check(reported, catalogue, clock.GetCurrentInstant(), faults);
            if (faults.Count == 0)
                yield return (record.Line, EventCheck.ToAppend(mapping.Centre, reported));
            else
                rejects.Add(record.Line, faults);
        }
    }

    /// <summary>The event a rule makes of a record; null without faults when the record has no time for it.</summary>
    private ReportedEvent? Map(ImportRecord record, MappingRule rule, List<Fault> faults)
    {
        // Of the case alone: in XES an event has a concept:name of its own.
        var caseNumber = record.Case.GetValueOrDefault(mapping.Case);
        if (caseNumber is not null && Attribute(rule.At) is null)
            return null;
        if (!Timestamps.TryParse(Attribute(rule.At) ?? "", out var at))
            faults.Add(new Fault(rule.At, $"is not {Timestamps.Expected}"));
        if (caseNumber is null)
            faults.Add(new Fault(mapping.Case, "is missing; a record needs its case"));
        else if (IdOf(rule, Attribute) is not { } id)
            faults.Add(new Fault(rule.Id, "is missing; the event needs a name within its case"));
        else
            return Reported(caseNumber, id);
        return null;

        string? Attribute(string name) => rule.EachEvent && record.Event!.TryGetValue(name, out var own) ? own : record.Case.GetValueOrDefault(name);

        ReportedEvent? Reported(string number, string id)
        {
            var data = new JsonObject(rule.Data.Select(d => KeyValuePair.Create(d.Field, d.Value.For(Attribute, $"data.{d.Field}", faults))).Where(d => d.Value is not null));
            var written = JsonSerializer.SerializeToElement(data);
            Storable.Check(written, "data", faults);
            return faults.Count > 0 ? null : new ReportedEvent(rule.Type, $"case/{number}", mapping.Source, $"{number}/{id}", at, null, written);
        }
    }

    private static string? IdOf(MappingRule rule, Func<string, string?> attribute) =>
        rule.Id is ['{', .. var name, '}'] ? attribute(name) : rule.Id;

    private static Stream Unpack(Stream file)
    {
        // By its first bytes, not by its name.
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return gzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : new BufferedStream(file);
    }
}
