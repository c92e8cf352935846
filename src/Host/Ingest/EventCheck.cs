using System.Text.Json;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Domain.Outages;
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

    // The branch is looked at where it is read: it is part of a key.
    private static readonly string[] Codes =
        ["item", "priority", "urgency", "impact", "window", "staff", "firstContact", "from", "to", "by", "substituteFor", "stage", "procedure", "cause", "approver", "agency", "authority", "component"];

    /// <summary>Lists every fault of an event; none means that it can be stored.</summary>
    public static void Check(ReportedEvent reported, CatalogueLog catalogue, Instant now, List<Fault> faults)
    {
        if (reported.OccurredAt > now + MaxAhead)
            faults.Add(new Fault("time", "is more than 24 hours ahead of this server's clock; correct the sender's clock"));
        // What could not be read was found faulty before, and is the earliest instant there is.
        else if (reported.OccurredAt < NodaConstants.UnixEpoch && reported.OccurredAt != Instant.MinValue)
            faults.Add(new Fault("time", "is before 1970; correct the year"));
        CheckName("source", reported.Source, faults);
        // Under such a name this program writes what it decides itself.
        if (reported.Source.StartsWith("sla/", StringComparison.Ordinal))
            faults.Add(new Fault("source", "begins with sla/, which is kept for what is decided here; choose another name"));
        CheckName("id", reported.SenderId, faults);
        CheckName("subject", reported.Stream, faults);
        if (EventTypes.Find(reported.Type) is not { } type)
        {
            CheckSubject(reported.Stream, StreamKinds.Of(reported.Stream) ?? StreamKind.Case, faults);
            if (reported.Type.Length > 0)
                faults.Add(new Fault("type", $"is not a known event; use one of {string.Join(", ", EventTypes.Reported.Select(t => t.Name))}"));
            return;
        }

        CheckSubject(reported.Stream, type.Stream, faults);
        if (type.IsDecided)
            faults.Add(new Fault("type", "is decided here and not reported; use POST /exclusions, whose token says who decides"));
        var fields = new JsonFields(reported.Data, faults, "data");
        var read = type.Read(fields);
        type.Look(fields);
        if (type.HasPersonal && fields.Find(EventTypes.Sealed) is not null)
            fields.Refuse(EventTypes.Sealed, "is where this program keeps what it sealed itself; send it under another name");
        CheckLengths(fields);
        if (read is null)
            return;
        var version = catalogue.At(reported.OccurredAt);
        if (version is not null)
        {
            CheckCodes(read, version, faults);
            CheckService(reported, read, version, faults);
            CheckComplaint(read, version, faults);
        }

        LimitCheck.Check(read, reported.OccurredAt, version, faults);
    }

    /// <summary>The event as the store takes it.</summary>
    public static EventToAppend ToAppend(string centre, ReportedEvent reported) => new(
        EventId.From(centre, reported.Source, reported.SenderId), reported.Stream, StreamKinds.WordOf(EventTypes.Of(reported.Type).Stream), reported.Type, EventTypes.Of(reported.Type).DotnetName, EventJson.Write(reported));

    private static void CheckSubject(string stream, StreamKind kind, List<Fault> faults)
    {
        // What is empty was found missing before.
        if (stream.Length == 0)
            return;
        var word = StreamKinds.WordOf(kind);
        var name = stream.StartsWith(word + "/", StringComparison.Ordinal) ? stream[(word.Length + 1)..] : "";
        var (thing, number) = kind == StreamKind.Case ? ("a case", "the case number") : ($"{(kind == StreamKind.Outage ? "an" : "a")} {word}", "its id");
        if (name.Length == 0)
            faults.Add(new Fault("subject", $"does not name {thing}; write {word}/ and {number}"));
        else if (name is "." or ".." || name.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            faults.Add(new Fault("subject", $"names {thing} that no address can name; leave . and .. to folders, and write / as it is instead of %2F"));
        else if (stream.Any(Storable.IsInvisible) || name.Trim().Length != name.Length)
            faults.Add(new Fault("subject", $"has blanks around {number}, or control or invisible characters in it; remove them"));
    }

    private static void CheckCodes(StreamEvent read, Catalogue version, List<Fault> faults)
    {
        if (read is CaseEvent.Received { Item: { Length: > 0 } item } && !version.Items.ContainsKey(item))
            faults.Add(new Fault("data.item", $"is not an item of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
        if (read is CaseEvent.ItemChanged { To: { Length: > 0 } to } && !version.Items.ContainsKey(to))
            faults.Add(new Fault("data.to", $"is not an item of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
        var (field, window) = read switch
        {
            CaseEvent.Received e => ("window", e.Window),
            CaseEvent.StageEntered e => ("window", e.Window),
            CaseEvent.Reassigned e => ("window", e.Window),
            ComplaintEvent.Registered e => ("window", e.Window),
            ComplaintEvent.Substantiated e => ("responsible.window", e.Window),
            _ => ("", null),
        };
        if (window is not null && version.Windows.Count > 0 && !version.Windows.ContainsKey(window))
            faults.Add(new Fault($"data.{field}", $"is not a window of catalogue {version.Version} of {version.Centre}; add it to the catalogue or correct the code"));
    }

    private static void CheckService(ReportedEvent reported, StreamEvent read, Catalogue version, List<Fault> faults)
    {
        var (field, service) = read switch
        {
            OutageEvent.Started e => ("data.service", e.Service),
            MaintenanceEvent.Planned e => ("data.service", e.Service),
            WatchEvent => ("subject", reported.Stream[(reported.Stream.IndexOf('/', StringComparison.Ordinal) + 1)..]),
            _ => ("", ""),
        };
        if (service.Length == 0)
            return;
        if (!version.Services.TryGetValue(service, out var known))
            faults.Add(new Fault(field, $"is not a service of catalogue {version.Version} of {version.Centre}; add it to services or correct the id"));
        else if (read is OutageEvent.Started { Component: { } component } && known.Components.Count > 0 && !known.Components.Contains(component))
            faults.Add(new Fault("data.component", $"is not a component of service {service} in catalogue {version.Version}; add it there or correct it"));
    }

    // Words of the catalogue and nothing else, where it has any: in others somebody's name could stand, and these are not sealed.
    private static void CheckComplaint(StreamEvent read, Catalogue version, List<Fault> faults)
    {
        if (read is ComplaintEvent.Registered { Category: { Length: > 0 } category } && !version.ComplaintCategories.ContainsKey(category))
            faults.Add(new Fault("data.category", $"is not a category of catalogue {version.Version} of {version.Centre}; add it to complaintCategories or correct the id"));
        var (field, staff) = read switch { ComplaintEvent.Registered e => ("staff", e.Staff), ComplaintEvent.Substantiated e => ("responsible.staff", e.Staff), _ => ("", null) };
        if (staff is not null && version.Staff.Count > 0 && !version.Staff.ContainsKey(staff))
            faults.Add(new Fault($"data.{field}", $"is not a staff code of catalogue {version.Version} of {version.Centre}; add it to staff or correct the code"));
        else if (staff?.Any(char.IsWhiteSpace) == true)
            faults.Add(new Fault($"data.{field}", "has blanks in it; give a code and no name"));
        if (read is ComplaintEvent.Registered { Case: { } number } && number.Any(char.IsWhiteSpace))
            faults.Add(new Fault("data.case", "has blanks in it; give the number of the case alone"));
    }

    /// <summary>Codes are compared, grouped by and shown in lists: what is longer is no code, but text that has got into the wrong field.</summary>
    private static void CheckLengths(JsonFields fields)
    {
        foreach (var name in Codes)
        {
            if (fields.Find(name) is { ValueKind: JsonValueKind.String } code && code.GetString()!.Length > MaxIdLength)
                fields.Refuse(name, $"is longer than {MaxIdLength} characters; give a shorter code");
        }
    }

    private static void CheckName(string field, string value, List<Fault> faults)
    {
        if (value.Length > MaxIdLength)
            faults.Add(new Fault(field, $"is longer than {MaxIdLength} characters; shorten it"));
        if (Storable.TextFault(value) is { } fault)
            faults.Add(new Fault(field, fault));
    }
}
