using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The events of a file by a mapping, each checked as if it had been sent.</summary>
internal sealed class MappedEvents(Mapping mapping, CatalogueLog catalogue, IClock clock, ImportTally tally, RejectRecord reject)
{
    /// <summary>Reads on as they are asked for. A record may give events and be rejected for others.</summary>
    /// <exception cref="ImportFileException">The file cannot be read on; the message names the line.</exception>
    public IEnumerable<CheckedEvent> Read(Stream unpacked)
    {
        var (mapper, faults, found) = (new RecordMapper(mapping), new List<RecordFault>(), new List<Fault>());
        foreach (var record in RecordFile.Read(unpacked, mapping))
        {
            tally.Records++;
            foreach (var (rule, reported) in mapper.Map(record, faults))
            {
                EventCheck.Check(reported, catalogue, clock.GetCurrentInstant(), found);
                if (found.Count == 0)
                    yield return new CheckedEvent(record.Line, mapping.Centre, mapping.Source, EventCheck.ToAppend(mapping.Centre, reported), rule);
                faults.AddRange(found.Select(f => new RecordFault(mapping.ColumnOf(rule, f.Field), f.Field, f.Reason)));
                found.Clear();
            }

            if (faults.Count > 0)
                reject(record.Line, [.. faults.Distinct()], record);
            faults.Clear();
        }
    }
}
