using System.Globalization;
using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest;

/// <summary>An event on the wire with the centre it names; null: the only one.</summary>
internal sealed record WireEvent(string? Centre, ReportedEvent Reported);

/// <summary>Reads CloudEvents 1.0 in JSON.</summary>
internal static class CloudEvents
{
    /// <summary>Reads one event. With faults it is as much of it as could be read, so that the rest can be looked at too; null when it is no object.</summary>
    public static WireEvent? Read(JsonElement element, List<Fault> faults)
    {
        var before = faults.Count;
        Storable.Check(element, "", faults);
        if (faults.Count > before)
            return null;
        var fields = new JsonFields(element, faults);
        if (faults.Count > before)
            return null;
        if (fields.Text("specversion") is { Length: > 0 } version && version != "1.0")
            fields.Refuse("specversion", "is not supported; send CloudEvents 1.0");
        var (type, subject, source, id, time) = (fields.Text("type"), fields.Text("subject"), fields.Text("source"), fields.Text("id"), fields.Time("time"));
        var (centre, sequence) = (fields.OptionalText("centre"), ReadSequence(fields));
        if (fields.Find("data") is not { } data)
        {
            if (fields.Find("data_base64") is not null)
                fields.Refuse("data_base64", "is not read; send the fields as JSON in data");
            data = EmptyObject;
        }

        if (data.ValueKind != JsonValueKind.Object)
        {
            fields.Refuse("data", "must be an object");
            return null;
        }

        return new WireEvent(centre, new ReportedEvent(type, subject, source, id, time, sequence, data.Clone()));
    }

    private static JsonElement EmptyObject { get; } = JsonDocument.Parse("{}").RootElement;

    /// <summary>The sequence extension is a text in CloudEvents; a number is read as well.</summary>
    private static long? ReadSequence(JsonFields fields)
    {
        if (fields.Find("sequence") is not { } given)
            return null;
        var text = given.ValueKind == JsonValueKind.String ? given.GetString() : given.GetRawText();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence))
            return sequence;
        fields.Refuse("sequence", "is not a whole number; it orders events of the same instant");
        return null;
    }
}
