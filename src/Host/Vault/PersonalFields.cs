using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Host.Vault;

/// <summary>The fields of an event that may tell of a person: parts an event on its way into the log into them and what stays readable.</summary>
internal static class PersonalFields
{
    // As the log is written: Chinese stays Chinese.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The personal fields of an event as one JSON object, the same bytes however the event was written; null: it has none.</summary>
    public static byte[]? Of(EventToAppend e)
    {
        if (EventTypes.Find(e.Type) is not { HasPersonal: true } type)
            return null;
        using var document = JsonDocument.Parse(e.Data);
        var fields = document.RootElement.GetProperty("data"u8).EnumerateObject().Where(f => IsPersonal(type, f)).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        if (fields.Count == 0)
            return null;
        var buffer = new ArrayBufferWriter<byte>(e.Data.Length);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                writer.WritePropertyName(field.Name);
                ContentHash.Write(field.Value, writer, Plain);
            }

            writer.WriteEndObject();
        }

        var plain = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return plain;
    }

    /// <summary>The event without them, and with what they were sealed to; null: with nothing in their place.</summary>
    public static EventToAppend Replaced(EventToAppend e, string? seal)
    {
        var type = EventTypes.Of(e.Type);
        using var document = JsonDocument.Parse(e.Data);
        var buffer = new ArrayBufferWriter<byte>(e.Data.Length + (seal?.Length ?? 0));
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!member.NameEquals("data"u8))
                {
                    member.WriteTo(writer);
                    continue;
                }

                writer.WriteStartObject("data"u8);
                foreach (var field in member.Value.EnumerateObject().Where(f => !IsPersonal(type, f)))
                    field.WriteTo(writer);
                if (seal is not null)
                    writer.WriteString(EventTypes.Sealed, seal);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return e with { Data = buffer.WrittenMemory };
    }

    // What is sealed already stays as it is; nobody can send a field of that name.
    private static bool IsPersonal(EventType type, JsonProperty field) => type.Seals(field.Name) && field.Name != EventTypes.Sealed;

    /// <summary>A number in one form, and in one that people read: a phone number is often sent as a number.</summary>
    private static string Plain(string number)
    {
        const int longest = 30;
        var canonical = ContentHash.Canonical(number);
        var e = canonical.IndexOf('e', StringComparison.Ordinal);
        return e >= 0 && int.TryParse(canonical.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var zeros) && zeros is >= 0 and <= longest ? canonical[..e] + new string('0', zeros) : canonical;
    }
}
