using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SlaMonitor.Fuzz;

/// <summary>A file as somebody may want it imported, with the mapping by which its records become events.</summary>
/// <param name="Body">The file.</param>
/// <param name="Mapping">The mapping, in YAML; null: its lines are events.</param>
/// <param name="Input">How it came to be, for whoever has to find the fault.</param>
internal sealed record FileInput(byte[] Body, string? Mapping, FuzzInput Input);

/// <summary>Makes files of a seed: tables of cases, spoilt in their cells, in what is written around them, in their bytes or in their mapping.</summary>
internal sealed class FileInputs(ulong seed)
{
    private static readonly string[] Formats = ["csv", "ndjson", "xes", "xlsx", "events"];
    private static readonly string[] Columns = ["case", "n", "opened", "at", "item", "window", "channel", "deadline", "stage", "staff", "fee", "state", "applicant"];

    /// <summary>The seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The file of a number.</summary>
    public FileInput Make(long number)
    {
        var random = FuzzInputs.RandomOf(Seed ^ 0xF11E, (ulong)number);
        var format = Formats[random.Next(Formats.Length)];
        var done = new List<string> { format };
        var (rows, mapping) = (Rows(random, number), Mapping(format, number));
        for (var i = random.Next(4); i > 0; i--)
            done.Add(SpoilCell(random, rows));
        var body = format switch
        {
            "csv" => Csv(rows),
            "ndjson" => Ndjson(rows),
            "xes" => Xes(random, rows, done),
            "xlsx" => Workbook.Write([[.. Columns], .. rows.Select(r => r.ToList())]),
            _ => Events(random, number, done),
        };
        if (random.Next(4) == 0 && format != "events")
            (mapping, _) = (SpoilMapping(random, mapping), Note(done, "the mapping"));
        if (random.Next(3) == 0)
        {
            var (name, apply) = ByteMutations.All[random.Next(ByteMutations.All.Length)];
            (body, _) = (apply(random, new Envelope(body, null, null)).Body, Note(done, name));
        }
        else if (random.Next(4) == 0)
        {
            (body, _) = (ByteMutations.Gzip(body), Note(done, "packed"));
        }

        return new FileInput(body, format == "events" ? null : mapping, new FuzzInput(number, rows.Count, body, null, null, done));
    }

    private static bool Note(List<string> done, string what)
    {
        done.Add(what);
        return true;
    }

    private static List<string[]> Rows(Random random, long number)
    {
        var rows = new List<string[]>();
        for (var of = random.Next(1, 5); of > 0; of--)
        {
            var opened = new DateTime(2026, 1, 5, 9, 0, 0).AddMinutes(random.Next(60_000));
            var (id, item) = ($"F{number}-{of}", SampleHall.Items[random.Next(SampleHall.Items.Length)]);
            for (var n = 0; n < random.Next(1, 5); n++)
            {
                var at = opened.AddHours(n);
                rows.Add(
                [
                    id, $"{n}", Local(opened), random.Next(2) == 0 ? Local(at) : at.ToString("yyyy-MM-dd'T'HH:mm:ss'+08:00'", CultureInfo.InvariantCulture), item, SampleHall.Windows[random.Next(SampleHall.Windows.Length)],
                    random.Next(2) == 0 ? "web" : "desk", Local(opened.AddDays(9)), random.Next(3) == 0 ? "-" : "review", $"W1-0{n + 1}", random.Next(2) == 0 ? "" : "12.50", n == 3 ? "closed" : "open", GoodEvents.Personal[random.Next(2)],
                ]);
            }
        }

        return rows;
    }

    private static string Local(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string SpoilCell(Random random, List<string[]> rows)
    {
        var (row, column) = (rows[random.Next(rows.Count)], random.Next(Columns.Length));
        (string Name, string Value) spoilt = random.Next(9) switch
        {
            0 => ("a time", BadValues.Times[random.Next(BadValues.Times.Length)]),
            1 => ("a number", BadValues.Numbers[random.Next(BadValues.Numbers.Length)]),
            2 => ("a strange text", BadValues.Texts[random.Next(BadValues.Texts.Length)].Trim('"')),
            3 => ("a long text", BadValues.Long(random, random.Next(2) == 0 ? 300 : 10_000)),
            4 => ("quotes", "\"a\",\"b"),
            5 => ("nothing", ""),
            6 => ("a line break", "a\r\nb,c;d\te"),
            7 => ("a strange character", new[] { "\0", "\u0001", "\u202e", "\ufeff", "\ud800", "\ufffd", "\u2028" }[random.Next(7)]),
            _ => ("a personal value", GoodEvents.Personal[random.Next(2)]),
        };
        row[column] = spoilt.Value;
        return $"{spoilt.Name} as {Columns[column]}";
    }

    private static byte[] Csv(List<string[]> rows) =>
        JsonPiece.Encode(string.Concat(rows.Prepend(Columns).Select(r => string.Join(',', r.Select(c => c.AsSpan().ContainsAny(",\"\r\n") ? $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c)) + "\r\n")));

    private static byte[] Ndjson(List<string[]> rows) =>
        JsonPiece.Encode(string.Concat(rows.Select(r => new JsonObject(r.Select((c, i) => KeyValuePair.Create(Columns[i], (JsonNode?)JsonValue.Create(c)))).ToJsonString() + "\n")));

    private static byte[] Events(Random random, long number, List<string> done)
    {
        var lines = new List<byte>();
        var inputs = new FuzzInputs((ulong)random.Next(), lines: false);
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var made = inputs.Make((number * 10) + i, "f");
            done.AddRange(made.Mutations);
            lines.AddRange([.. made.Body, (byte)'\n']);
        }

        return [.. lines];
    }

    private static byte[] Xes(Random random, List<string[]> rows, List<string> done)
    {
        var traces = string.Concat(rows.GroupBy(r => r[0]).Select(c => $"<trace>{Attributes(c.First(), ["case", "opened", "item", "window", "channel", "deadline", "applicant"])}{string.Concat(c.Select(r => $"<event>{Attributes(r, ["n", "at", "stage", "staff", "fee", "state"])}</event>"))}</trace>\n"));
        var head = """<?xml version="1.0" encoding="UTF-8"?>""";
        var (before, log) = random.Next(10) switch
        {
            0 => ("<!DOCTYPE log [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", traces.Replace("review", "&x;", StringComparison.Ordinal)),
            1 => ("<!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>", traces.Replace("review", "&c;", StringComparison.Ordinal)),
            2 => ("", string.Concat(Enumerable.Repeat("<string key=\"a\" value=\"b\">", 20_000)) + traces),
            3 => ("", traces.Replace("</trace>", "", StringComparison.Ordinal)),
            4 => ("", traces.Replace("value=", random.Next(2) == 0 ? "wert=" : "value", StringComparison.Ordinal)),
            _ => ("", traces),
        };
        if (log != traces)
            done.Add("XML");
        return JsonPiece.Encode($"{head}{before}<log>{log}</log>");

        static string Attributes(string[] row, string[] columns) =>
            string.Concat(columns.Select(c => $"<string key=\"{c}\" value=\"{System.Security.SecurityElement.Escape(row[Array.IndexOf(Columns, c)])}\"/>"));
    }

    private static string SpoilMapping(Random random, string mapping) => random.Next(4) switch
    {
        0 => Encoding.UTF8.GetString(ByteMutations.Flip(random, Encoding.UTF8.GetBytes(mapping))),
        1 => Encoding.UTF8.GetString(ByteMutations.Cut(random, Encoding.UTF8.GetBytes(mapping))),
        2 => Encoding.UTF8.GetString(ByteMutations.Repeat(random, Encoding.UTF8.GetBytes(mapping))),
        _ => SpoilLine(random, mapping),
    };

    private static string SpoilLine(Random random, string mapping)
    {
        var lines = mapping.Split('\n');
        var i = random.Next(lines.Length);
        var value = new[] { "", "null", "[]", "{}", "5", "{ from: }", "{ from: x, map: 3 }", "\"{\"", "\"{a}{b\"", "&a [*a]", "!!binary x", "[a, [b, [c, [d]]]]", "Mars/Olympus", "{ first: [] }", "{ before: { from: x } }", new string('[', 200), "\"\\0\"", "{ text: \"{n}{n}\" }", "{ list: [{ from: n }] }", "{ value: 张三丰 }" }[random.Next(20)];
        lines[i] = random.Next(3) == 0 ? lines[i] + lines[random.Next(lines.Length)] : lines[i].Split(':')[0] + ": " + value;
        return string.Join('\n', lines);
    }

    private static string Mapping(string format, long number) => $$"""
        format: {{format}}
        centre: service-hall
        source: fuzz/file-{{number}}
        case: case
        zone: Asia/Shanghai
        times: ["uuuu-MM-dd HH:mm:ss"]
        absent: ["-"]
        sequence: row
        events:
          - type: case_received
            each: case
            at: opened
            id: received
            data:
              item: { from: item }
              window: { from: window }
              channel: { from: channel, map: { web: 2, desk: 1 }, otherwise: 9 }
              given: { deadline: { from: deadline, as: time } }
              applicant: { from: applicant }
          - type: case_stage_entered
            each: event
            at: at
            id: "{n}"
            when: { stage: { present: true } }
            data:
              stage: { from: stage }
              staff: { from: staff }
          - type: case_fee_charged
            each: event
            at: at
            id: "fee-{n}"
            when:
              fee: { present: true }
            data:
              amount: { from: fee, as: number }
          - type: case_closed
            each: event
            at: at
            id: "closed-{n}"
            when: { state: { becomes: [closed] } }
        """;
}
