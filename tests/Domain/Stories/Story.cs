using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Queries;
using SlaMonitor.Tests.Domain.Rules;

namespace SlaMonitor.Tests.Domain.Stories;

/// <summary>
/// A case told from its facts to its explanation. The explanation is the program's own JSON, written out for people: every
/// field that says something, events by name instead of by id.
/// </summary>
internal sealed class Story(string title, params Recorded[] given)
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The catalogue is the story's own and the calendar grows every autumn: their versions say nothing here.
    private static readonly string[] LeftOut = ["commitment", "names", "key", "ordinal", "state", "catalogueVersion", "calendar", "calendarVersion", "segments"];

    /// <summary>Compares the explanation of the case at an instant with the approved one.</summary>
    public void IsExplainedAt(string local, string file, [CallerFilePath] string caller = "")
    {
        var asked = HallCases.At(local);
        var explained = CaseExplanation.Of("hall", "1", given, Hall, asked, asked)!;
        Approved.Check(file, Written(title, explained.ToJson()), caller);
    }

    /// <summary>The national base with an item of each kind a story needs.</summary>
    private static CatalogueLog Hall { get; } = new([HallFiles.Read("""
        - { id: licence, names: { zh: 许可, en: Licence }, kind: commitment, promised: { workingDays: 5 }, statutory: { workingDays: 20 } }
        - { id: joint, names: { zh: 联办, en: Joint }, kind: joint, promised: { workingDays: 25 }, branches: [{ id: fire, agency: F }, { id: hygiene, agency: H }] }
        - { id: upward, names: { zh: 报批, en: Upward }, kind: upward, promised: { workingDays: 20 }, statutory: { workingDays: 30 } }
        - { id: either, names: { zh: 视情, en: Either }, kind: commitment, promised: [{ kind: commitment, limit: { workingDays: 5 } }, { limit: { sameDay: true } }], statutory: { workingDays: 20 } }
        """).Catalogue]);

    private static string Written(string title, JsonObject explained)
    {
        var events = explained["events"]!.AsArray().ToDictionary(e => e!["id"]!.GetValue<string>(), e => e!.AsObject());
        var text = new StringBuilder().AppendLine(title).AppendLine(Inv($"Asked at {Time(explained["at"]!)}")).AppendLine().AppendLine("Events");
        foreach (var told in events.Values)
            text.AppendLine(Inv($"  {Name(told)}{(told["recordedAt"]!.ToString() == told["occurredAt"]!.ToString() ? "" : $", recorded {Time(told["recordedAt"]!)}")}"));
        foreach (var clock in explained["clocks"]!.AsArray())
            Write(text.AppendLine(), clock!.AsObject(), events);
        text.AppendLine();
        WriteAnomalies(text, explained["anomalies"]!.AsArray(), events, "Anomalies of the case");
        return text.ToString().TrimEnd().ReplaceLineEndings("\n") + "\n";
    }

    private static void Write(StringBuilder text, JsonObject clock, Dictionary<string, JsonObject> events)
    {
        text.AppendLine(Inv($"{clock["names"]!["en"]} ({clock["commitment"]}{(clock["key"] is { } key ? $", {key}" : "")}) {clock["ordinal"]}: {clock["state"]}"));
        foreach (var (field, value) in clock)
        {
            if (value is null or JsonArray { Count: 0 } || LeftOut.Contains(field) || (field == "provisional" && !value.GetValue<bool>()))
                continue;
            if (field == "anomalies")
                WriteAnomalies(text, value.AsArray(), events, "  anomalies");
            else
                text.AppendLine(Inv($"  {field}: {Value(field, value, events)}"));
        }

        foreach (var segment in clock["segments"]!.AsArray())
            text.AppendLine(Inv($"    {Time(segment!["from"]!)} - {Time(segment["until"]!)}  {Why(segment.AsObject())}; used {segment["total"]!.ToJsonString(Compact)}"));
    }

    private static string Why(JsonObject segment)
    {
        var reason = $"{segment["reason"]}{(segment["cause"] is { } cause ? $" {cause}" : "")}";
        return !segment["counted"]!.GetValue<bool>() ? $"not counted, {reason}" : reason == "counted" ? reason : $"counted, {reason}";
    }

    private static void WriteAnomalies(StringBuilder text, JsonArray anomalies, Dictionary<string, JsonObject> events, string heading)
    {
        if (anomalies.Count == 0)
            return;
        text.AppendLine(heading);
        foreach (var anomaly in anomalies)
            text.AppendLine(Inv($"    {anomaly!["kind"]}: {string.Join(" | ", anomaly["events"]!.AsArray().Select(e => Name(events[e!.ToString()])))}"));
    }

    private static string Value(string field, JsonNode value, Dictionary<string, JsonObject> events) =>
        field.EndsWith("By", StringComparison.Ordinal) ? Name(events[value.ToString()])
            : field.EndsWith("At", StringComparison.Ordinal) || field == "deemedAfter" ? Time(value)
            : value.ToJsonString(Compact);

    private static string Name(JsonObject told) => Inv($"{Time(told["occurredAt"]!)} {told["type"]}");

    private static string Time(JsonNode time)
    {
        var at = DateTimeOffset.Parse(time.ToString(), CultureInfo.InvariantCulture);
        return at.ToString(at.Ticks % TimeSpan.TicksPerMinute == 0 ? "ddd MM-dd HH:mm" : "ddd MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
    }

    private static string Inv(FormattableString text) => FormattableString.Invariant(text);
}
