using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;

namespace SlaMonitor.Host.Calculations;

/// <summary>
/// Answers one line of <c>sla due</c> and <c>POST /calculate/due</c>: no store, no clock, the same line in gives the same
/// line out. Calendars given inline are kept for the lines after; memory stays bounded whatever comes.
/// </summary>
internal sealed class DueCalculation
{
    private const int MaxCalendars = 256;
    private static readonly string[] Fields = ["id", "calendar", "start", "limit", "pauses", "extensions", "stop", "at", "segments"];
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, Calendar> _calendars = [];

    /// <summary>The answer to a line, and whether it could be read.</summary>
    public (string Line, bool Ok) Answer(string line)
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
            if (Read(fields) is { } question)
                return (Answer(id, question).ToJsonString(Written), true);
        }
        catch (JsonException malformed)
        {
            faults.Add(new Fault("(line)", $"is not JSON: byte {malformed.BytePositionInLine}; give one object a line"));
        }
        catch (CalendarRangeException unreachable)
        {
            faults.Add(new Fault("limit", unreachable.Message));
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

    private static JsonObject Answer(JsonNode? id, Question question)
    {
        var (facts, at, segments) = question;
        var answer = new JsonObject { ["id"] = id };
        List<RefusedExtension> refused = [];
        var reckoning = Reckoning.Of(facts, at, refused);
        answer["dueAt"] = reckoning.DueAt is { } due ? Timestamps.Format(due, facts.Calendar.Zone) : null;
        if (reckoning.DueAt is { } dated && facts.Calendar.IsProvisional(facts.Calendar.DateOf(dated)))
            answer["provisional"] = true;
        if ((at ?? facts.Stop) is { } judged)
        {
            answer["state"] = Words.Of(reckoning.State);
            answer["used"] = LimitJson.Write(reckoning.Used);
            answer["remaining"] = LimitJson.Write(reckoning.Remaining);
            if (segments)
                answer["segments"] = ExplanationJson.Segments(Explanation.Of(facts, judged).Segments, facts.Calendar.Zone);
        }

        if (refused.Count > 0)
            answer["refusedExtensions"] = ExplanationJson.Refused(refused, facts.Calendar.Zone);
        return answer;
    }

    private Question? Read(JsonFields fields)
    {
        var faults = fields.Faults;
        fields.RefuseOthers(Fields);
        var calendar = ReadCalendar(fields);
        var (start, limit) = (fields.Time("start"), fields.RequiredLimit("limit"));
        var pauses = fields.Items("pauses").Select(p => ReadPause(new JsonFields(p.Element, faults, p.Path))).ToArray();
        var extensions = fields.Items("extensions").Select(e => ReadExtension(new JsonFields(e.Element, faults, e.Path))).OfType<Extension>().ToArray();
        var (stop, at) = (fields.OptionalTime("stop"), fields.OptionalTime("at"));
        if (at < start)
            fields.Refuse("at", "is before start; there is nothing to judge yet");
        var segments = fields.OptionalBoolean("segments") ?? false;
        if (segments && at is null && stop is null)
            fields.Refuse("segments", "need an instant to explain up to; give at or stop");
        if (faults.Count > 0 || calendar is null || limit is null)
            return null;
        return new Question(new ClockFacts(calendar, limit, start, pauses, extensions, stop), at, segments);
    }

    private static Pause ReadPause(JsonFields fields)
    {
        fields.RefuseOthers("from", "until", "granted");
        var pause = new Pause(fields.Time("from"), fields.OptionalTime("until"), fields.OptionalLimit("granted"));
        if (pause.Until < pause.From)
            fields.Refuse("until", "is before from");
        return pause;
    }

    private static Extension? ReadExtension(JsonFields fields)
    {
        fields.RefuseOthers("at", "add");
        var at = fields.Time("at");
        return fields.RequiredLimit("add") is { } add ? new Extension(at, add) : null;
    }

    private Calendar? ReadCalendar(JsonFields fields)
    {
        if (fields.Find("calendar") is not { } given)
        {
            fields.Refuse("calendar", "is missing; give the name of one, such as cn, or one inline");
            return null;
        }

        var key = given.GetRawText();
        if (_calendars.TryGetValue(key, out var known))
            return known;
        var definition = given.ValueKind == JsonValueKind.String
            ? CatalogueFiles.FindCalendar(given.GetString()!, fields)
            : CalendarJson.Read(given, fields.Faults, "calendar");
        if (definition is null)
            return null;
        if (_calendars.Count == MaxCalendars)
            _calendars.Clear();
        return _calendars[key] = new Calendar(definition);
    }

    private sealed record Question(ClockFacts Facts, Instant? At, bool Segments);
}
