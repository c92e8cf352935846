using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Whether a reported event may enter the log: its type is known, its fields are of the right kind, and the item and window
/// it names are in the centre's catalogue. What contradicts other facts is not a fault; that is folded and reported later.
/// </summary>
internal static class EventCheck
{
    private const int MaxIdLength = 256;
    private static readonly Duration MaxAhead = Duration.FromHours(24);

    /// <summary>Lists every fault of an event; none means that it can be stored.</summary>
    public static void Check(ReportedEvent reported, CatalogueLog catalogue, Instant now, List<Fault> faults)
    {
        if (reported.OccurredAt > now + MaxAhead)
            faults.Add(new Fault("time", "is more than 24 hours ahead of this server's clock; correct the sender's clock"));
        CheckName("source", reported.Source, faults);
        CheckName("id", reported.SenderId, faults);
        CheckName("subject", reported.Stream, faults);
        // What is empty was found missing before.
        if (reported.Stream.Length > 0 && (!reported.Stream.StartsWith("case/", StringComparison.Ordinal) || reported.Stream.Length == "case/".Length))
            faults.Add(new Fault("subject", "does not name a case; write case/ and the case number"));
        else if (reported.Stream.Length > 0 && (reported.Stream.Any(char.IsControl) || reported.Stream["case/".Length..].Trim().Length != reported.Stream.Length - "case/".Length))
            faults.Add(new Fault("subject", "has blanks around the case number or control characters in it; remove them"));
        if (!CaseJson.Knows(reported.Type))
        {
            if (reported.Type.Length > 0)
                faults.Add(new Fault("type", $"is not a known event; use one of {string.Join(", ", CaseJson.All.Select(t => t.Type))}"));
            return;
        }

        var fields = new JsonFields(reported.Data, faults, "data");
        var read = CaseJson.Read(reported.Type, fields);
        CaseJson.Look(reported.Type, fields);
        if (read is not null && catalogue.At(reported.OccurredAt) is { } version)
            CheckCodes(read, version, faults);
    }

    /// <summary>The event as the store takes it.</summary>
    public static EventToAppend ToAppend(string centre, ReportedEvent reported) => new(
        EventId.From(centre, reported.Source, reported.SenderId), reported.Stream, "case", reported.Type, CaseJson.DotnetTypeOf(reported.Type), EventJson.Write(reported));

    private static void CheckCodes(CaseEvent read, Catalogue version, List<Fault> faults)
    {
        if (read is CaseEvent.Received { Item: { Length: > 0 } item } && !version.Items.ContainsKey(item))
            faults.Add(new Fault("data.item", $"is not an item of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
        if (read is CaseEvent.ItemChanged { To: { Length: > 0 } to } && !version.Items.ContainsKey(to))
            faults.Add(new Fault("data.to", $"is not an item of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
        var window = read switch { CaseEvent.Received r => r.Window, CaseEvent.StageEntered s => s.Window, CaseEvent.Reassigned a => a.Window, _ => null };
        if (window is not null && version.Windows.Count > 0 && !version.Windows.ContainsKey(window))
            faults.Add(new Fault("data.window", $"is not a window of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
    }

    private static void CheckName(string field, string value, List<Fault> faults)
    {
        if (value.Length > MaxIdLength)
            faults.Add(new Fault(field, $"is longer than {MaxIdLength} characters"));
        if (Storable.TextFault(value) is { } fault)
            faults.Add(new Fault(field, fault));
    }
}
