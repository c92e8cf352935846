using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Calculations;

/// <summary>
/// Answers one line of <c>sla due</c> and <c>POST /calculate/due</c>: no store, no clock, the same line in gives the same
/// line out.
/// </summary>
internal sealed class DueCalculation
{
    private static readonly string[] Fields = ["id", "calendar", "start", "limit", "pauses", "extensions", "stop", "at", "segments"];
    private readonly KnownCalendars _calendars = new();

    /// <summary>The answer to a line, and whether it could be read.</summary>
    public (string Line, bool Ok) Answer(string line) => QuestionLine.Answer(line, "limit", (fields, answer) =>
    {
        if (Read(fields) is not { } question)
            return false;
        Answer(question, answer);
        return true;
    });

    private static void Answer(Question question, JsonObject answer)
    {
        var (facts, at, segments) = question;
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
        if (fields.Find("calendar") is { } given)
            return _calendars.Read(given, "calendar", fields);
        fields.Refuse("calendar", "is missing; give the name of one, such as cn, or one inline");
        return null;
    }

    private sealed record Question(ClockFacts Facts, Instant? At, bool Segments);
}
