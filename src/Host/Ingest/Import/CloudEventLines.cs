using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The events of a file that holds a CloudEvent a line, as <c>POST /events</c> takes them; each names its centre, unless there is only one.</summary>
internal sealed class CloudEventLines(IReadOnlyDictionary<string, CatalogueLog> centres, IClock clock, ImportTally tally, RejectRecord reject)
{
    /// <exception cref="ImportFileException">The file cannot be read on; the message names the line.</exception>
    public IEnumerable<CheckedEvent> Read(Stream unpacked)
    {
        foreach (var (line, document, broken) in NdjsonFile.ReadLines(unpacked))
        {
            tally.Records++;
            if (broken is not null)
            {
                if (tally.Records == 1)
                    throw new ImportFileException($"line {line}: is no CloudEvent in JSON; say with --mapping how records of another kind become events");
                reject(line, [broken], null);
                continue;
            }

            List<Fault> faults = [];
            var wire = CloudEvents.Read(document.RootElement, faults);
            var centre = wire?.Centre ?? (centres.Count == 1 ? centres.Keys.First() : "");
            if (wire is not null)
                Check(wire, centre, faults);
            if (faults.Count > 0)
                reject(line, [.. faults.Select(f => new RecordFault(f.Field, f.Field, f.Reason))], null);
            else
                yield return new CheckedEvent(line, centre, wire!.Reported.Source, EventCheck.ToAppend(centre, wire.Reported), null);
        }
    }

    private void Check(WireEvent wire, string centre, List<Fault> faults)
    {
        if (!centres.TryGetValue(centre, out var catalogue))
            faults.Add(new Fault("centre", wire.Centre is null ? $"is missing; give one of the {centres.Count} there are" : "has no catalogue; publish one for it first, or correct the name"));
        EventCheck.Check(wire.Reported, catalogue ?? CatalogueLog.Empty, clock.GetCurrentInstant(), faults);
    }
}
