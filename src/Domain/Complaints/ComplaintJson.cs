using System.Collections.Frozen;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Complaints;

/// <summary>
/// The stored names of events of complaints and their fields. What stays readable is listed; all else that is sent about a complaint, unknown
/// fields included, goes into the vault.
/// </summary>
public static class ComplaintJson
{
    private static readonly (string Word, ComplaintChannel Value)[] Channels =
    [
        ("inPerson", ComplaintChannel.InPerson), ("phone", ComplaintChannel.Phone), ("letter", ComplaintChannel.Letter), ("box", ComplaintChannel.Box), ("online", ComplaintChannel.Online),
        ("hotline", ComplaintChannel.Hotline), ("rating", ComplaintChannel.Rating), ("petition", ComplaintChannel.Petition), ("media", ComplaintChannel.Media), ("other", ComplaintChannel.Other),
    ];

    /// <summary>Every type, in lifecycle order.</summary>
    public static IReadOnlyList<EventType> Types { get; } =
    [
        Of("complaint_registered", typeof(ComplaintEvent.Registered), ReadRegistered, ["channel", "category", "case", "window", "staff"]) with { Look = LookAtRegistered },
        Of("complaint_transferred", typeof(ComplaintEvent.Transferred), f => new ComplaintEvent.Transferred(f.Code("to")), ["to"]),
        Of("complaint_extension_granted", typeof(ComplaintEvent.ExtensionGranted), ReadExtension, ["add", "approver"]) with { Look = f => f.Text("reason") },
        Of("complaint_responded", typeof(ComplaintEvent.Responded), f => new ComplaintEvent.Responded(f.OptionalBoolean("copied")), ["copied"]),
        Of("complaint_fed_back", typeof(ComplaintEvent.FedBack), _ => new ComplaintEvent.FedBack(), []),
        Of("complaint_review_requested", typeof(ComplaintEvent.ReviewRequested), _ => new ComplaintEvent.ReviewRequested(), []),
        Of("complaint_reviewed", typeof(ComplaintEvent.Reviewed), _ => new ComplaintEvent.Reviewed(), []),
        Of("complaint_substantiated", typeof(ComplaintEvent.Substantiated), ReadSubstantiated, ["responsible"]),
        Of("complaint_unsubstantiated", typeof(ComplaintEvent.Unsubstantiated), _ => new ComplaintEvent.Unsubstantiated(), []),
        Of("complaint_reversed", typeof(ComplaintEvent.Reversed), _ => new ComplaintEvent.Reversed(), []) with { Look = f => f.Text("reason") },
        Of("complaint_closed", typeof(ComplaintEvent.Closed), _ => new ComplaintEvent.Closed(), []),
        Of("complaint_revisited", typeof(ComplaintEvent.Revisited), ReadRevisited, ["satisfied"]),
    ];

    /// <summary>The stored word of a channel.</summary>
    public static string WordOf(ComplaintChannel channel) => Channels.First(c => c.Value == channel).Word;

    private static EventType Of(string name, Type read, Func<JsonFields, ComplaintEvent?> reader, string[] open) =>
        new(name, StreamKind.Complaint, read, reader)
        {
            Open = open.ToFrozenSet(),
            Look = f => f.OptionalText("text"),
        };

    private static ComplaintEvent.Registered ReadRegistered(JsonFields fields) => new(
        fields.RequiredChoice("channel", Channels), fields.Code("category"), ReadCode(fields, "case"), ReadCode(fields, "window"), ReadCode(fields, "staff"));

    private static void LookAtRegistered(JsonFields fields)
    {
        fields.OptionalText("text");
        if (fields.Nested("person") is not { } person)
            return;
        foreach (var name in (string[])["name", "phone", "address", "email"])
            person.OptionalText(name);
    }

    private static ComplaintEvent.ExtensionGranted? ReadExtension(JsonFields fields)
    {
        var (add, approver) = (fields.RequiredLimit("add"), fields.Code("approver"));
        if (add is Limit.Deadline or Limit.OnDate or Limit.SameDay)
            fields.Refuse("add", "is not a length; give one in the unit of the limit, such as {\"workingDays\":7}");
        return add is null ? null : new ComplaintEvent.ExtensionGranted(add, approver);
    }

    private static ComplaintEvent.Substantiated ReadSubstantiated(JsonFields fields)
    {
        if (fields.Nested("responsible") is not { } responsible)
            return new ComplaintEvent.Substantiated(null, null);
        responsible.RefuseOthers("window", "staff");
        return new ComplaintEvent.Substantiated(ReadCode(responsible, "window"), ReadCode(responsible, "staff"));
    }

    private static ComplaintEvent.Revisited ReadRevisited(JsonFields fields)
    {
        if (fields.Find("satisfied") is null)
            fields.Refuse("satisfied", "is missing; give true or false");
        return new ComplaintEvent.Revisited(fields.OptionalBoolean("satisfied") ?? false);
    }

    private static string? ReadCode(JsonFields fields, string name) => fields.Find(name) is null ? null : fields.Code(name);
}
