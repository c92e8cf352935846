using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// A hash of what an event says, however it is written: two events of one id have the same one when
/// <see cref="EventToAppend.SameContent(EventToAppend)"/> holds. So contents can be compared without being kept.
/// </summary>
internal static class ContentHash
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>128 bits of SHA-256 over stream, type and the JSON with members in order of their names and numbers in one form.</summary>
    public static UInt128 Of(EventToAppend e)
    {
        var buffer = new ArrayBufferWriter<byte>(e.Data.Length + 128);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        using (var document = JsonDocument.Parse(e.Data))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(e.StreamId);
            writer.WriteStringValue(e.Type);
            Write(document.RootElement, writer, Canonical);
            writer.WriteEndArray();
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Writes members in order of their names, and numbers in one form.</summary>
    internal static void Write(JsonElement element, Utf8JsonWriter writer, Func<string, string> number)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer, number);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer, number);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(number(element.GetRawText()), skipInputValidation: true);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>A JSON number as digits without zeros at their ends and a power of ten: 1.50 and 15e-1 are 15e-1.</summary>
    internal static string Canonical(string number)
    {
        var exponentAt = number.IndexOfAny(['e', 'E']);
        var exponent = exponentAt < 0 ? 0 : long.Parse(number.AsSpan(exponentAt + 1), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? number.AsSpan() : number.AsSpan(0, exponentAt);
        var negative = mantissa[0] == '-';
        if (negative)
            mantissa = mantissa[1..];
        var point = mantissa.IndexOf('.');
        var digits = new StringBuilder(mantissa.Length).Append(point < 0 ? mantissa : mantissa[..point]).Append(point < 0 ? [] : mantissa[(point + 1)..]).ToString();
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var ended = digits.TrimEnd('0');
        var significant = ended.TrimStart('0');
        return significant.Length == 0 ? "0" : $"{(negative ? "-" : "")}{significant}e{exponent + digits.Length - ended.Length}";
    }
}
