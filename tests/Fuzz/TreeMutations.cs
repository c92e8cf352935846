using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlaMonitor.Fuzz;

/// <summary>What can be wrong inside an event, or between two.</summary>
internal static class TreeMutations
{
    private static readonly int[] Lengths = [255, 256, 257, 300, 2_000, 10_000];
    private static readonly int[] Depths = [10, 58, 60, 61, 62, 63, 64, 65, 1_000];
    private static readonly string[] LimitFields = ["promised", "statutory", "given", "limit", "granted", "add", "dueOn"];
    private static readonly string[] Codes = ["type", "item", "to", "window", "kind", "outcome", "channel", "level", "approver", "cause", "score", "amount", "complete", "branch", "category", "satisfied", "copied", "responsible"];

    /// <summary>All of them.</summary>
    public static readonly (string Name, Action<Mutated> Apply)[] All =
    [
        ("drop a field", m => { var holder = m.Holder(); holder.Members!.RemoveAt(m.Random.Next(holder.Members.Count)); }),
        ("a field twice", m => { var holder = m.Holder(); holder.Members!.Add(Any(m, holder)); }),
        ("a field twice with two values", m => { var holder = m.Holder(); holder.Members!.Add((Any(m, holder).Name, JsonPiece.Leaf("\"other\""))); }),
        ("rename a field", m => Rename(m, m.Random.Next(3) switch { 0 => n => n.ToUpperInvariant(), 1 => n => n + "_", _ => n => "x" + n })),
        ("a name that is no text", m => Rename(m, _ => m.Pick(["\\ud800", "", "\\u0000", "a\\u0000", "a.b", "__proto__", "\\u0073ubject", $"{JsonPiece.Byte(0xe9)}"])!)),
        ("a long name", m => Rename(m, _ => BadValues.Long(m.Random, Length(m)))),
        ("another kind of value", m => m.Value().Become(JsonPiece.Leaf(m.Pick(BadValues.Others)!))),
        ("null", m => m.Value().Become(JsonPiece.Leaf("null"))),
        ("a number", m => m.Value().Become(JsonPiece.Leaf(m.Pick(BadValues.Numbers)!))),
        ("a number as text", m => m.Value().Become(JsonPiece.Leaf($"\"{m.Pick(BadValues.Numbers)}\""))),
        ("a number as a code", m => OfFields(m, Codes, () => JsonPiece.Leaf(m.Pick(BadValues.Numbers)!))),
        ("a number as sequence", m => m.Event.Set("sequence", JsonPiece.Leaf(m.Pick(BadValues.Numbers)!))),
        ("a strange text", m => m.Value().Become(JsonPiece.Leaf(m.Pick(BadValues.Texts)!))),
        ("a strange text as envelope", m => m.Event.Set(m.Pick(["id", "source", "type", "centre", "specversion", "sequence"])!, JsonPiece.Leaf(m.Pick(BadValues.Texts)!))),
        ("a long text", m => m.Value().Become(JsonPiece.Leaf($"\"{BadValues.Long(m.Random, Length(m))}\""))),
        ("a long name of the event", m => m.Event.Set(m.Pick(["id", "source", "centre"])!, JsonPiece.Leaf($"\"{BadValues.Long(m.Random, Length(m))}\""))),
        ("a long subject", m => m.Event.Set("subject", JsonPiece.Leaf($"\"case/{BadValues.Long(m.Random, Length(m))}\""))),
        ("a long value of a field", m => (m.Event.Find("data") ?? JsonPiece.Object()).Set(m.Pick(["staff", "window", "priority", "urgency", "branch", "procedure", "stage", "reason"])!, JsonPiece.Leaf($"\"{BadValues.Long(m.Random, Length(m))}\""))),
        ("a strange subject", m => m.Event.Set("subject", JsonPiece.Leaf($"\"{m.Pick(BadValues.Subjects)}\""))),
        ("nesting", m => m.Value().Become(JsonPiece.Leaf(BadValues.Nested(m.Random, Depths[m.Random.Next(Depths.Length)])))),
        ("nesting in an unknown field", m => (m.Event.Find("data") ?? JsonPiece.Object()).Set("deep", JsonPiece.Leaf(BadValues.Nested(m.Random, Depths[m.Random.Next(Depths.Length)])))),
        ("a time", m => m.Event.Set("time", Text(m.Pick(BadValues.Times)!))),
        ("a time in a field", m => OfFields(m, ["given", "promised", "dueOn", "limit", "issuedOn", "date", "deadline"], () => Text(m.Pick(BadValues.Times)!))),
        ("a limit", m => OfFields(m, LimitFields, () => JsonPiece.Leaf(m.Pick(BadValues.Limits)!))),
        ("a case of limits", LimitedCase),
        ("a code nobody knows", m => OfFields(m, Codes, () => JsonPiece.Leaf(BadValues.Code(m.Random)))),
        ("an unknown type", m => m.Event.Set("type", JsonPiece.Leaf(m.Pick(["\"case_eaten\"", "\"catalogue_published\"", "\"commitment_breached\"", "\"CASE_RECEIVED\"", "\"case_received \"", "\"recalculation_ordered\""])!))),
        ("swap fields of two events", Swap),
        ("swap the data of two events", m => { var (a, b) = (m.Event.Find("data") ?? JsonPiece.Object(), m.Event.Find("data") ?? JsonPiece.Object()); var kept = a.Copy(); a.Become(b); b.Become(kept); }),
        ("one id with two contents", m => { var copy = m.Event.Copy(); copy.Set("time", JsonPiece.Text(new GoodEvents(m.Random).Time())); m.Events.Add(copy); }),
        ("one event twice", m => m.Events.Add(m.Event.Copy())),
        ("an id of the log with another content", m => { m.Event.Set("source", JsonPiece.Text("fuzz/anchor")); m.Event.Set("id", JsonPiece.Text("anchor")); }),
        ("an event of the log", m => m.Events.Add(FuzzInputs.Anchor("anchor"))),
        ("another centre", m => m.Event.Set("centre", JsonPiece.Leaf(m.Pick(["\"permits-nl\"", "\"service-hall\"", "\"no-such-centre\"", "\"SERVICE-HALL\"", "\"service-hall \"", "\"*DEFAULT*\"", "null"])!))),
        ("a personal value", m => (m.Pick(m.Nameless()) ?? JsonPiece.Object()).Become(JsonPiece.Text(m.Pick(GoodEvents.Personal)!))),
        ("personal values everywhere", m => m.Nameless().ForEach(p => p.Become(m.Random.Next(2) == 0 ? p.Copy() : JsonPiece.Text(m.Pick(GoodEvents.Personal)!)))),
        ("another version of CloudEvents", m => m.Event.Set("specversion", JsonPiece.Leaf(m.Pick(["\"0.3\"", "\"2.0\"", "1.0", "\"1\""])!))),
        ("data as base64", m => { m.Event.Members?.RemoveAll(f => f.Name == "data"); m.Event.Set("data_base64", JsonPiece.Leaf("\"e30=\"")); }),
        ("no event at all", m => m.Events.Add(JsonPiece.Leaf(m.Pick(BadValues.Others)!))),
        ("the fields of another type", m => m.Event.Set("type", JsonPiece.Text(m.Pick(SlaMonitor.Domain.EventTypes.Reported.Select(t => t.Name))!))),
        ("before the catalogue", m => { m.Event.Set("time", JsonPiece.Text("1999-05-05T10:00:00+08:00")); OfFields(m, ["item", "window"], () => JsonPiece.Leaf($"\"{BadValues.Long(m.Random, Length(m))}\"")); }),
    ];

    private static (string Name, JsonPiece Value) Any(Mutated m, JsonPiece holder)
    {
        var (name, value) = holder.Members![m.Random.Next(holder.Members.Count)];
        return (name, value.Copy());
    }

    private static void Rename(Mutated m, Func<string, string> name)
    {
        var holder = m.Holder();
        var i = m.Random.Next(holder.Members!.Count);
        holder.Members[i] = (name(holder.Members[i].Name), holder.Members[i].Value);
    }

    private static void Swap(Mutated m)
    {
        var (a, b) = (m.Holder(), m.Holder());
        var (i, j) = (m.Random.Next(a.Members!.Count), m.Random.Next(b.Members!.Count));
        // Copies: what holds the other would hold itself.
        var (first, second) = (a.Members[i].Value.Copy(), b.Members[j].Value.Copy());
        a.Members[i] = (a.Members[i].Name, second);
        b.Members[j] = (b.Members[j].Name, first);
    }

    /// <summary>Replaces a field of one of these names; where the event has none of them, gives it one.</summary>
    private static void OfFields(Mutated m, string[] names, Func<JsonPiece> value)
    {
        var there = m.Event.All().Where(p => p.Members is not null).SelectMany(p => p.Members!).Where(f => names.Contains(f.Name)).ToList();
        if (there.Count > 0)
            there[m.Random.Next(there.Count)].Value.Become(value());
        else
            (m.Event.Find("data") ?? JsonPiece.Object()).Set(m.Pick(names)!, value());
    }

    /// <summary>Facts of one case, each with a limit at the edge of what is taken: each may be right, and all together be too much.</summary>
    private static void LimitedCase(Mutated m)
    {
        var (good, subject, at) = (new GoodEvents(m.Random), m.Event.Find("subject")?.Raw ?? "\"case/limits\"", m.Event.Find("id")?.Raw ?? "\"limits\"");
        foreach (var (type, data) in ((string, string)[])[("case_received", """{"item":"open-hotel","given":LIMIT}"""), ("case_accepted", """{"promised":LIMIT,"given":LIMIT}"""), ("case_branch_opened", """{"branch":"b","agency":"a","limit":LIMIT}"""), ("case_special_procedure_started", """{"procedure":"p","cause":"hearing","granted":LIMIT}"""),
            ("case_extension_granted", """{"add":LIMIT,"reason":"r","approver":"agency-head"}"""), ("case_tolerance_granted", """{"missing":["m"],"dueOn":LIMIT}""")])
        {
            if (m.Random.Next(3) == 0)
                continue;
            var made = JsonPiece.Of(good.Next("x", "case/x"));
            made.Set("type", JsonPiece.Text(type));
            made.Set("centre", JsonPiece.Text(SampleHall.Centre));
            made.Set("subject", JsonPiece.Leaf(subject));
            made.Set("id", JsonPiece.Leaf(at.TrimEnd('"') + $"/{type}\""));
            var limit = m.Random.Next(2) == 0 ? good.Limit().ToJsonString() : m.Pick(BadValues.Limits)!;
            made.Set("data", JsonPiece.Leaf(data.Replace("LIMIT", limit, StringComparison.Ordinal)));
            m.Events.Add(made);
        }
    }

    private static int Length(Mutated m) => Lengths[m.Random.Next(Lengths.Length)];

    private static JsonPiece Text(string text) => JsonPiece.Leaf(JsonSerializer.Serialize((JsonNode)text));
}
