using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Host.Calculations;

/// <summary>One JSON question in a line, and the line that answers it, with the question's id; one that cannot be read is answered with what is wrong.</summary>
internal static class QuestionLine
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer to a line, and whether it could be read; who answers adds fields, or faults and gives null.</summary>
    /// <param name="line">The question.</param>
    /// <param name="beyond">The field to name when it leads beyond the years of calendars.</param>
    /// <param name="answer">Puts the fields of the answer into the object it is given; false: there are faults.</param>
    public static (string Line, bool Ok) Answer(string line, string beyond, Func<JsonFields, JsonObject, bool> answer)
    {
        List<Fault> faults = [];
        JsonNode? id = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            Storable.Check(document.RootElement, "", faults);
            if (faults.Count > 0)
                return Error(null, faults);
            var fields = new JsonFields(document.RootElement, faults);
            id = fields.Find("id") is { ValueKind: JsonValueKind.String or JsonValueKind.Number } given ? JsonNode.Parse(given.GetRawText()) : null;
            var written = new JsonObject { ["id"] = id?.DeepClone() };
            if (answer(fields, written))
                return (written.ToJsonString(Written), true);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(line)", $"is not JSON: byte {malformed.BytePositionInLine}; give one object a line"));
        }
        catch (CalendarRangeException unreachable)
        {
            faults.Add(new Fault(beyond, unreachable.Message));
        }
        catch (Exception unforeseen) when (unforeseen is OverflowException or ArgumentException or InvalidOperationException)
        {
            faults.Add(new Fault("(line)", "leads beyond the times and lengths that can be counted"));
        }

        return Error(id, faults);
    }

    private static (string Line, bool Ok) Error(JsonNode? id, List<Fault> faults)
    {
        var error = string.Join("; ", faults.Select(f => $"{f.Field}: {f.Reason}"));
        return (new JsonObject { ["id"] = id?.DeepClone(), ["error"] = error }.ToJsonString(Written), false);
    }
}
