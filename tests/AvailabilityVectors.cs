using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Tests;

/// <summary>
/// Availability as peers' own tests and their own code state it (vectors/availability.json, availability-random.json, each with its source), as questions of ours.
/// </summary>
internal static class AvailabilityVectors
{
    public static List<JsonElement> Cases(string file) => [.. SharedFolder.Json("vectors", file).GetProperty("cases").EnumerateArray()];

    /// <summary>
    /// Icinga: a problem inside a downtime does not count and its time stays; unknown time is taken out of the whole. Milliseconds stand for milliseconds of 2024.
    /// </summary>
    public static JsonObject Icinga(JsonElement vector, bool host)
    {
        var (start, end) = (vector.GetProperty("start").GetInt64(), vector.GetProperty("end").GetInt64());
        var (problems, unknown) = Stretches(vector, host, start, end);
        return new JsonObject
        {
            ["id"] = vector.GetProperty("id").GetString(),
            ["from"] = Time(start),
            ["to"] = Time(end),
            ["outages"] = Spans(problems),
            ["exclusions"] = Treated(vector.GetProperty("downtimes"), d => (Time(d.GetProperty("start").GetInt64()), Time(d.GetProperty("end").GetInt64()))),
            ["unobserved"] = Spans(unknown),
            ["unobservedAs"] = "left-out",
        };
    }

    /// <summary>OpenNMS: the mean over members; each takes its share, and what they take adds up.</summary>
    public static JsonObject Composite(JsonElement vector)
    {
        var members = vector.GetProperty("members").EnumerateObject().ToList();
        var share = decimal.Round(1m / members.Count, 9);
        var outages = members.SelectMany(m => m.Value.EnumerateArray()).Select(o => Span(Seconds(o, "start"), Seconds(o, "end"), ("lost", share)));
        return new JsonObject { ["id"] = vector.GetProperty("id").GetString(), ["from"] = Seconds(vector, "start"), ["to"] = Seconds(vector, "end"), ["combine"] = "sum", ["outages"] = new JsonArray([.. outages]) };
    }

    /// <summary>Zabbix: excluded downtime counts as good time in an unchanged whole.</summary>
    public static JsonObject Zabbix(JsonElement vector) => new()
    {
        ["id"] = vector.GetProperty("id").GetString(),
        ["from"] = Seconds(vector, "start"),
        ["to"] = Seconds(vector, "end"),
        ["serviceHours"] = vector.GetProperty("schedule").GetString() switch
        {
            "24x7" => "24x7",
            "Mon-Fri 08:00-18:00 UTC" => JsonNode.Parse("""{"zone":"Etc/UTC","week":{"mon":["08:00-18:00"],"tue":["08:00-18:00"],"wed":["08:00-18:00"],"thu":["08:00-18:00"],"fri":["08:00-18:00"]}}"""),
            var other => throw new InvalidDataException(other),
        },
        ["outages"] = new JsonArray([.. vector.GetProperty("outages").EnumerateArray().Select(o => Span(Seconds(o, "start"), Seconds(o, "end")))]),
        ["exclusions"] = Treated(vector.GetProperty("excluded_downtimes"), d => (Seconds(d, "start"), Seconds(d, "end"))),
        ["target"] = vector.GetProperty("slo").GetDecimal() / 100,
    };

    /// <summary>
    /// Stretches of problem and of unknown state. The state before the first event is what that event says was before it, else the current one, else fine; events at
    /// the end or after tell no more than that. Unknown for the rest of the period is no knowledge against it: it counts as fine.
    /// </summary>
    private static (List<(long, long)> Problems, List<(long, long)> Unknown) Stretches(JsonElement vector, bool host, long start, long end)
    {
        const int Pending = 99;
        var events = vector.GetProperty("states").EnumerateArray()
            .Select(s => (Time: s.GetProperty("time").GetInt64(), State: s.GetProperty("state").GetInt32(), Before: s.GetProperty("previous_state").GetInt32())).OrderBy(s => s.Time).ToList();
        var known = events.Where(e => e.Time <= start).Select(e => (int?)e.State).LastOrDefault();
        var current = vector.TryGetProperty("current_state", out var given) && given.ValueKind == JsonValueKind.Number ? given.GetInt32() : 0;
        var later = events.Where(e => e.Time > start).ToList();
        var (state, now) = (known ?? (later.Count > 0 ? later[0].Before : current), start);
        (List<(long, long)> problems, List<(long, long)> unknown) = ([], []);
        foreach (var next in later.Where(e => e.Time < end))
        {
            Add(now, next.Time, next.Before == Pending ? Pending : state);
            (state, now) = (next.State, next.Time);
        }

        Add(now, end, state == Pending ? 0 : state);
        return (problems, unknown);

        void Add(long from, long until, int was)
        {
            if (was == Pending)
                unknown.Add((from, until));
            else if (was > (host ? 0 : 1))
                problems.Add((from, until));
        }
    }

    private static JsonArray Spans(List<(long From, long Until)> spans) => [.. spans.Select(s => Span(Time(s.From), Time(s.Until)))];

    private static JsonArray Treated(JsonElement downtimes, Func<JsonElement, (string From, string Until)> read) =>
        [.. downtimes.EnumerateArray().Select(read).Select(d => Span(d.From, d.Until, ("treat", "up"), ("kind", "planned")))];

    private static JsonNode Span(string from, string until, params (string Name, JsonNode Value)[] more)
    {
        var span = new JsonObject { ["from"] = from, ["until"] = until };
        foreach (var (name, value) in more)
            span[name] = value;
        return span;
    }

    private static string Time(long milliseconds) => Timestamps.Format(Instant.FromUtc(2024, 1, 1, 0, 0) + Duration.FromMilliseconds(milliseconds));

    private static string Seconds(JsonElement from, string name) => Timestamps.Format(Instant.FromUnixTimeSeconds(from.GetProperty(name).GetInt64()));
}
