using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Fuzz;

namespace SlaMonitor.Tests.Host;

/// <summary>One body that must be refused.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="ContentType">What is said of them.</param>
/// <param name="Status">How it is answered.</param>
/// <param name="Faults">What is told: item and field of each fault; none where the body as a whole is refused.</param>
/// <param name="Encoding">How it is said to be packed.</param>
internal sealed record MalformedRow(byte[] Body, string ContentType, int Status, string[] Faults, string? Encoding = null);

/// <summary>Every kind of malformed event and body that was thought of, with the faults that name what to mend.</summary>
internal static class MalformedRows
{
    public const string One = "application/cloudevents+json";
    public const string List = "application/cloudevents-batch+json";
    public const string Lines = "application/x-ndjson";

    /// <summary>Rows by their names. Of each body, all but what the name says is right.</summary>
    public static readonly IReadOnlyDictionary<string, MalformedRow> All = Make();

    /// <summary>An event there is nothing wrong with, with a person's data in it.</summary>
    public static JsonObject Good(string id, string type = "case_received", string data = """{"item":"food-business-licence","window":"W1"}""")
    {
        var made = TestServer.Event(type, $"case/{id}", "2026-03-02T09:30:00+08:00", JsonNode.Parse(data)!.AsObject(), id);
        made["data"]!["applicant"] = new JsonObject { ["name"] = GoodEvents.Personal[0], ["phone"] = GoodEvents.Personal[1] };
        return made;
    }

    private static Dictionary<string, MalformedRow> Make()
    {
        var rows = new Dictionary<string, MalformedRow>();
        AddBodies(rows);
        AddEnvelopes(rows);
        AddFields(rows);
        AddLimits(rows);
        AddTexts(rows);
        return rows;
    }

    private static void AddBodies(Dictionary<string, MalformedRow> rows)
    {
        var good = Bytes(Good("b"));
        rows["broken JSON"] = new(good[..^20], One, 400, []);
        rows["broken JSON in a list"] = new([.. "["u8, .. good, .. ",{]"u8], List, 400, []);
        rows["a broken line"] = new([.. good, .. "\n{\"id\":\n"u8], Lines, 400, ["1 (whole)"]);
        rows["no JSON"] = new("张三丰,13800000000"u8.ToArray(), One, 400, []);
        rows["a list of what is no event"] = new("[5,null,\"张三丰\",[]]"u8.ToArray(), List, 400, ["0 (whole)", "1 (whole)", "2 (whole)", "3 (whole)"]);
        rows["the content type of a text"] = new(good, "text/plain", 415, []);
        rows["the content type of XML"] = new(good, "application/xml", 415, []);
        rows["a content type in another encoding"] = new(good, "application/cloudevents+json; charset=utf-16", 415, []);
        rows["a list as one event"] = new([.. "["u8, .. good, .. "]"u8], One, 400, []);
        rows["an event as a list"] = new(good, List, 400, []);
        rows["packed in a way that is not read"] = new(good, One, 415, [], "br");
        rows["said to be packed"] = new(good, One, 400, [], "gzip");
        rows["packed and cut off"] = new(ByteMutations.Gzip(good)[..^30], One, 400, [], "gzip");
        rows["UTF-16"] = new(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(good)), One, 400, []);
        rows["nesting 1,000 deep"] = new(Replaced("case_closed", "{\"deep\":VALUE}", BadValues.Nested(new Random(1), 1_000)), One, 400, []);
        rows["a line nested 1,000 deep"] = new([.. good, .. "\n"u8, .. Replaced("case_closed", "{\"deep\":VALUE}", BadValues.Nested(new Random(2), 1_000))], Lines, 400, ["1 (whole)"]);
        rows["an event of 10 MB"] = new(Long(10_000_000), One, 413, []);
        rows["an event of 10 MB in a list"] = new([.. "["u8, .. Long(10_000_000), .. "]"u8], List, 400, ["0 (whole)"]);
        rows["an event of 10 MB on a line"] = new([.. good, .. "\n"u8, .. Long(10_000_000), .. "\n"u8], Lines, 400, ["1 (whole)"]);
    }

    private static void AddEnvelopes(Dictionary<string, MalformedRow> rows)
    {
        foreach (var field in (string[])["specversion", "id", "source", "subject", "type", "time"])
        {
            rows[$"no {field}"] = Enveloped(field, null, field);
            rows[$"{field} is a number"] = Enveloped(field, 5, field);
            rows[$"{field} is empty"] = Enveloped(field, "", field);
        }

        rows["another version of CloudEvents"] = Enveloped("specversion", "0.3", "specversion");
        rows["an unknown type"] = Enveloped("type", "case_eaten", "type");
        rows["a type of our own"] = Enveloped("type", "commitment_breached", "type");
        rows["no centre where there are two"] = Enveloped("centre", null, "centre");
        rows["an unknown centre"] = Enveloped("centre", "张三丰", "centre");
        rows["two centres"] = new(Bytes(new JsonArray(Good("c1"), With(Good("c2", "case_closed", "{}"), "centre", "permits-nl"))), List, 400, ["1 centre"]);
        rows["a time without offset"] = Enveloped("time", "2026-03-02T09:30:00", "time");
        rows["a time 25 hours ahead"] = Enveloped("time", "2026-03-21T11:00:00+08:00", "time");
        rows["a time in 2099"] = Enveloped("time", "2099-01-01T00:00:00Z", "time");
        rows["a time in 1969"] = Enveloped("time", "1969-12-31T23:59:59Z", "time");
        rows["a time in 1899"] = Enveloped("time", "1899-12-31T23:59:59Z", "time");
        rows["a time in month 13"] = Enveloped("time", "2026-13-02T09:30:00Z", "time");
        rows["a leap second"] = Enveloped("time", "2016-12-31T23:59:60Z", "time");
        rows["a time that is a person"] = Enveloped("time", "张三丰", "time");
        rows["a sequence that is no number"] = Enveloped("sequence", "first", "sequence");
        rows["a subject that is no case"] = Enveloped("subject", "window/1", "subject");
        rows["a subject without a number"] = Enveloped("subject", "case/", "subject");
        rows["a subject of 10,000 characters"] = Enveloped("subject", $"case/{new string('9', 10_000)}", "subject");
        rows["a subject with a NUL"] = Enveloped("subject", "case/\0", "subject");
        rows["a subject read from right to left"] = Enveloped("subject", "case/\u202e1", "subject");
        rows["a subject with a line break"] = Enveloped("subject", "case/1\n2", "subject");
        rows["an id of 10,000 characters"] = Enveloped("id", new string('9', 10_000), "id");
        rows["one id with two contents in a request"] = new(Bytes(new JsonArray(Good("d"), With(Good("d"), "time", "2026-03-03T09:30:00+08:00"))), List, 409, ["1 id"]);
        rows["one id with two contents on lines"] = new([.. Bytes(Good("d")), .. "\n"u8, .. Bytes(With(Good("d"), "time", "2026-03-03T09:30:00+08:00"))], Lines, 409, ["1 id"]);
        rows["an id of the log with another content"] = new(Bytes(With(Good("known"), "time", "2026-03-03T09:30:00+08:00")), One, 409, ["0 id"]);
        rows["data as a list"] = Enveloped("data", new JsonArray(), "data");
        rows["data as base64"] = new(Bytes(With(With(Good("e"), "data", null), "data_base64", "e30=")), One, 400, ["0 data_base64", "0 data.item"]);
    }

    private static void AddFields(Dictionary<string, MalformedRow> rows)
    {
        rows["no item"] = Typed("case_received", "{}", "data.item");
        rows["an unknown item"] = Typed("case_received", """{"item":"张三丰"}""", "data.item");
        rows["an unknown window"] = Typed("case_received", """{"item":"business-licence","window":"13800000000"}""", "data.window");
        rows["another unknown item"] = Typed("case_item_changed", """{"to":"no-such-item"}""", "data.to");
        rows["a window of another hall"] = Typed("case_reassigned", """{"window":"W99"}""", "data.window");
        rows["an unknown kind"] = Typed("case_received", """{"item":"business-licence","kind":"quick"}""", "data.kind");
        rows["an unknown outcome"] = Typed("case_decided", """{"outcome":"perhaps"}""", "data.outcome");
        rows["no outcome"] = Typed("case_decided", "{}", "data.outcome");
        rows["an unknown channel"] = Typed("case_received", """{"item":"business-licence","channel":5}""", "data.channel");
        rows["an unknown level"] = Typed("case_extension_granted", """{"add":{"workingDays":5},"reason":"r","approver":"agency-head","level":"village"}""", "data.level");
        rows["an item that is a number"] = Typed("case_received", """{"item":5}""", "data.item");
        rows["a channel that is a text"] = Typed("case_received", """{"item":"business-licence","channel":"1"}""", "data.channel");
        rows["tags that are a text"] = Typed("case_received", """{"item":"business-licence","tags":"green"}""", "data.tags");
        rows["given that is a number"] = Typed("case_received", """{"item":"business-licence","given":5}""", "data.given");
        rows["complete that is a text"] = Typed("case_supplement_received", """{"complete":"yes"}""", "data.complete");
        rows["a score of 6"] = Typed("case_rated", """{"score":6}""", "data.score");
        rows["a score and a half"] = Typed("case_rated", """{"score":1.5}""", "data.score");
        rows["an amount that is a person"] = Typed("case_fee_charged", """{"amount":"张三丰"}""", "data.amount");
        rows["materials that are empty"] = Typed("case_supplement_requested", """{"items":[]}""", "data.items");
        rows["a notice that is a text"] = Typed("case_accepted", """{"notice":"受2026-0001"}""", "data.notice");
        rows["a day that is none"] = Typed("case_tolerance_granted", """{"missing":["m"],"dueOn":"2026-02-30"}""", "data.dueOn");
        rows["a staff code of 10,000 characters"] = Typed("case_stage_entered", $$"""{"stage":"review","staff":"{{new string('S', 10_000)}}"}""", "data.staff");
        rows["several faults of several events"] = new(Bytes(new JsonArray(With(Good("f1"), "id", null), Good("f2"), Good("f3", "case_decided", """{"outcome":1,"document":2}"""))), List, 400, ["0 id", "2 data.outcome", "2 data.document"]);
    }

    private static void AddLimits(Dictionary<string, MalformedRow> rows)
    {
        rows["a limit of -5 working days"] = Typed("case_accepted", """{"promised":{"workingDays":-5}}""", "data.promised.workingDays");
        rows["a limit of a billion days"] = Typed("case_accepted", """{"promised":{"workingDays":1000000000}}""", "data.promised.workingDays");
        rows["a limit of more than ten years"] = Typed("case_accepted", """{"promised":{"workingDays":2501}}""", "data.promised");
        rows["a limit of P99999Y"] = Typed("case_accepted", """{"statutory":{"workingTime":"P99999Y"}}""", "data.statutory.workingTime");
        rows["a negative length"] = Typed("case_accepted", """{"statutory":{"elapsed":"PT-5H"}}""", "data.statutory.elapsed");
        rows["a limit of no unit"] = Typed("case_accepted", """{"promised":{"days":5}}""", "data.promised");
        rows["more limits than anybody promises"] = Typed("case_accepted", $"{{\"given\":{{{string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"l{i}\":{{\"workingDays\":5}}"))}}}}}", "data.given");
        rows["a limit of two units"] = Typed("case_accepted", """{"promised":{"workingDays":5,"calendarDays":5}}""", "data.promised");
        rows["a limit that is a number"] = Typed("case_branch_opened", """{"branch":"b","agency":"a","limit":5}""", "data.limit");
        rows["a limit in the year 9999"] = Typed("case_branch_opened", """{"branch":"b","agency":"a","limit":"9999-12-31"}""", "data.limit");
        rows["a limit before there were any"] = Typed("case_branch_opened", """{"branch":"b","agency":"a","limit":"0001-01-01"}""", "data.limit");
        rows["a deadline in 2150"] = Typed("case_received", """{"item":"business-licence","given":{"deadline":"2150-01-01T00:00:00Z"}}""", "data.given.deadline");
        rows["an extension by a date"] = Typed("case_extension_granted", """{"add":"2026-05-01","reason":"r","approver":"agency-head"}""", "data.add");
        rows["a pause of a century"] = Typed("case_special_procedure_started", """{"procedure":"p","cause":"hearing","granted":{"calendarDays":36525}}""", "data.granted");
    }

    private static void AddTexts(Dictionary<string, MalformedRow> rows)
    {
        rows["bad UTF-8"] = new(Raw($"{JsonPiece.Byte(0xe9)}"), One, 400, ["0 data.via"]);
        rows["half a character"] = new(Raw("\\ud800"), One, 400, ["0 data.via"]);
        rows["a NUL"] = new(Raw("a\\u0000b"), One, 400, ["0 data.via"]);
        rows["a control character as it is"] = new(Raw("\u0001"), One, 400, []);
        rows["a name that is no text"] = new(Replaced("case_closed", "{VALUE:1}", "\"\\ud800\""), One, 400, ["0 data"]);
        rows["a name of the envelope that is no text"] = new([.. "{\"\\ud800\":1,"u8, .. Bytes(Good("g"))[1..]], One, 400, ["0 (whole)"]);
        rows["a field twice"] = new(Replaced("case_closed", "VALUE", """{"via":"sms","via":"post"}"""), One, 400, ["0 data"]);
        rows["a number nobody can keep"] = new(Replaced("case_closed", "{\"size\":VALUE}", "1e400000"), One, 400, ["0 data.size"]);
        rows["numbers too many to be written out"] = new(Replaced("case_closed", "{\"sizes\":VALUE}", $"[{string.Join(',', Enumerable.Repeat("1e-999", 150))}]"), One, 400, ["0 data.sizes[100]"]);
        rows["NaN"] = new(Replaced("case_closed", "{\"size\":VALUE}", "NaN"), One, 400, []);
    }

    private static MalformedRow Enveloped(string field, JsonNode? value, string fault) => new(Bytes(With(Good("a"), field, value)), One, 400, [$"0 {fault}"]);

    private static MalformedRow Typed(string type, string data, string fault) => new(Bytes(Good("t", type, data)), One, 400, [$"0 {fault}"]);

    private static JsonObject With(JsonObject made, string field, JsonNode? value)
    {
        made.Remove(field);
        if (value is not null)
            made[field] = value;
        return made;
    }

    /// <summary>With a value of data that no serializer writes.</summary>
    private static byte[] Replaced(string type, string data, string value) =>
        JsonPiece.Encode(With(Good("r", type, "{}"), "data", "DATA").ToJsonString().Replace("\"DATA\"", data.Replace("VALUE", value, StringComparison.Ordinal), StringComparison.Ordinal));

    private static byte[] Raw(string via) => Replaced("case_closed", "{\"via\":\"VALUE\"}", via);

    private static byte[] Long(int length) => Bytes(Good("l", "case_closed", $$"""{"text":"{{new string('x', length)}}"}"""));

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);
}
