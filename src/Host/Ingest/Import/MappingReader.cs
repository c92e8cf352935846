using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads a mapping strictly: a field that is not known is a fault, and all faults are listed.</summary>
internal sealed class MappingReader(List<Fault> faults)
{
    private const int MaxOnceRules = 64;
    private static readonly string[] Sources = ["value", "from", "first", "before", "text", "list"];

    private readonly AttributeNames _names = new();
    private SourceFormat _format;
    private TimeFormsReader _times = null!;

    public Mapping Read(JsonElement element)
    {
        var fields = new JsonFields(element, faults);
        fields.RefuseOthers("format", "centre", "source", "case", "zone", "times", "absent", "sequence", "csv", "xlsx", "events");
        _format = fields.RequiredChoice("format", ("csv", SourceFormat.Csv), ("xes", SourceFormat.Xes), ("xlsx", SourceFormat.Xlsx), ("ndjson", SourceFormat.Ndjson), ("json", SourceFormat.Json));
        _times = new TimeFormsReader(fields);
        var (centre, source, number) = (fields.Text("centre"), fields.Text("source"), ReadCase(fields));
        _names.SetAbsent(Words(fields.Find("absent"), "absent", allowNone: true));
        var byRow = fields.OptionalChoice("sequence", ("row", true)) ?? false;
        if (byRow && _format == SourceFormat.Json)
            fields.Refuse("sequence", "orders the records of a file, and a single document has no order; leave it out");
        var rules = fields.Items("events").Select(e => ReadRule(new JsonFields(e.Element, faults, e.Path), e.Path)).ToList();
        if (fields.Find("events") is not { ValueKind: JsonValueKind.Array } || rules.Count == 0)
            fields.Refuse("events", "is missing; give a list of rules with type, at, id and data");
        if (rules.Count(r => !r.EachEvent) > MaxOnceRules)
            fields.Refuse("events", $"has more than {MaxOnceRules} rules for once a case; leave some out");
        return new Mapping(_format, centre, source, number, byRow, ReadCsv(fields), ReadXlsx(fields), _names, rules);
    }

    private CsvLayout ReadCsv(JsonFields fields)
    {
        if (Layout(fields, "csv", SourceFormat.Csv) is not { } csv)
            return new CsvLayout(null, ',', 0);
        csv.RefuseOthers("encoding", "delimiter", "skip");
        var (encoding, delimiter) = (csv.OptionalText("encoding"), csv.OptionalText("delimiter"));
        if (encoding is not null && TextEncodings.Find(encoding) is null)
            csv.Refuse("encoding", "is not a known encoding; give its name, such as gb18030, windows-1252 or utf-16");
        if (delimiter is { Length: not 1 } or ['"' or '\r' or '\n'])
            csv.Refuse("delimiter", "is not one character; give what stands between two values, such as \";\" or \"\\t\"");
        return new CsvLayout(encoding, delimiter is { Length: > 0 } ? delimiter[0] : ',', csv.OptionalInteger("skip", 0, 1000) ?? 0);
    }

    private XlsxLayout ReadXlsx(JsonFields fields)
    {
        if (Layout(fields, "xlsx", SourceFormat.Xlsx) is not { } xlsx)
            return new XlsxLayout(null, 0);
        xlsx.RefuseOthers("sheet", "skip");
        return new XlsxLayout(xlsx.OptionalText("sheet"), xlsx.OptionalInteger("skip", 0, 1000) ?? 0);
    }

    private JsonFields? Layout(JsonFields fields, string name, SourceFormat format)
    {
        if (fields.Find(name) is not null && _format != format)
            fields.Refuse(name, "belongs to another format; leave it out");
        return fields.Nested(name);
    }

    private Template ReadCase(JsonFields fields)
    {
        var text = fields.Text("case");
        return text.Contains('{', StringComparison.Ordinal) ? ReadTemplate(fields, "case", text) : Template.Of(text, Slot(text, fields.PathOf("case")));
    }

    private Template ReadTemplate(JsonFields fields, string name, string text)
    {
        if (Template.Parse(text, attribute => Slot(attribute, fields.PathOf(name))) is { } template)
            return template;
        fields.Refuse(name, "has a brace that is not closed or is empty; write {attribute}, and {{ for a brace itself");
        return new Template(text, []);
    }

    private MappingRule ReadRule(JsonFields fields, string path)
    {
        fields.RefuseOthers("type", "each", "at", "id", "when", "data");
        var type = fields.Text("type");
        if (type.Length > 0 && EventTypes.Find(type) is null or { IsDecided: true })
            fields.Refuse("type", $"is not a known event; use one of {string.Join(", ", EventTypes.Reported.Select(t => t.Name))}");
        var each = fields.OptionalChoice("each", ("case", false), ("event", true), ("row", true)) ?? false;
        var (at, times) = ReadAt(fields);
        var id = fields.Text("id");
        var when = fields.Members("when").SelectMany(m => ReadConditions(m.Name, m.Value, m.Path)).ToList();
        var data = fields.Members("data").Select(m => (m.Name, ReadValue(m.Value, m.Path))).ToList();
        return new MappingRule(type, each, at, times, ReadTemplate(fields, "id", id), when, data);
    }

    private (ValueSource.First At, TimeForms Times) ReadAt(JsonFields fields)
    {
        if (fields.Find("at") is not { ValueKind: JsonValueKind.Object } given)
            return (new ValueSource.First([Slot(fields.Text("at"), fields.PathOf("at"))]), _times.OfMapping(fields, "at"));
        var at = new JsonFields(given, faults, fields.PathOf("at"));
        at.RefuseOthers("from", "first", "zone", "times");
        if (at.Find("from") is null == at.Find("first") is null)
            at.Refuse("from", "is missing, or first stands beside it; give one of the two");
        return (ReadFirst(at), _times.Of(at, mustPlace: true));
    }

    private ValueSource.First ReadFirst(JsonFields fields) => fields.Find("from") is null
        ? new ValueSource.First([.. fields.RequiredTexts("first").Select(a => Slot(a, fields.PathOf("first")))])
        : new ValueSource.First([Slot(fields.Text("from"), fields.PathOf("from"))]);

    private IEnumerable<Condition> ReadConditions(string attribute, JsonElement element, string path)
    {
        var slot = Slot(attribute, path);
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield return new Condition.OneOf(slot, Words(element, path));
            yield break;
        }

        var fields = new JsonFields(element, faults, path);
        fields.RefuseOthers("present", "not", "changed", "becomes", "leaves");
        if (!fields.Names().Any())
            faults.Add(new Fault(path, "asks nothing; give a value, a list of values, or one of present, not, changed, becomes, leaves"));
        if (fields.OptionalBoolean("present") is { } present)
            yield return new Condition.Present(slot, present);
        if (fields.Find("not") is { } not)
            yield return new Condition.NoneOf(slot, Words(not, fields.PathOf("not")));
        if (fields.OptionalBoolean("changed") is { } changed)
            yield return new Condition.Changed(slot, Keep(slot, fields.PathOf("changed")), changed);
        if (fields.Find("becomes") is { } becomes)
            yield return new Condition.Becomes(slot, Keep(slot, fields.PathOf("becomes")), Words(becomes, fields.PathOf("becomes")));
        if (fields.Find("leaves") is { } leaves)
            yield return new Condition.Leaves(slot, Keep(slot, fields.PathOf("leaves")), Words(leaves, fields.PathOf("leaves")));
    }

    private MappedValue ReadValue(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(path, "does not say where its value comes from; give { from: attribute }, or { value: … } for the same always"));
            return new MappedValue.Nested([]);
        }

        var fields = new JsonFields(element, faults, path);
        switch (Sources.Where(s => fields.Find(s) is not null).ToList())
        {
            case []:
                if (!fields.Names().Any())
                    faults.Add(new Fault(path, $"is empty; give one of {string.Join(", ", Sources)}, or fields of its own"));
                return new MappedValue.Nested([.. fields.Members().Select(m => (m.Name, ReadValue(m.Value, m.Path)))]);
            case ["value"]:
                fields.RefuseOthers("value");
                return new MappedValue.Constant(JsonNode.Parse(fields.Find("value")!.Value.GetRawText())!);
            case ["list"]:
                fields.RefuseOthers("list");
                return new MappedValue.Listed([.. fields.Items("list").Select(i => ReadValue(i.Element, i.Path))]);
            case [var source]:
                return ReadTaken(fields, source);
            case var several:
                faults.Add(new Fault(path, $"has {string.Join(" and ", several)}; give one of them"));
                return new MappedValue.Nested([]);
        }
    }

    private MappedValue.Taken ReadTaken(JsonFields fields, string source)
    {
        fields.RefuseOthers(source, "as", "map", "otherwise", "zone", "times");
        ValueSource from = source switch
        {
            "text" => new ValueSource.Composed(ReadTemplate(fields, "text", fields.Text("text"))),
            "before" => ReadBefore(fields),
            _ => ReadFirst(fields),
        };
        return new MappedValue.Taken(from, ReadConversion(fields));
    }

    private ValueSource.Before ReadBefore(JsonFields fields)
    {
        var slot = Slot(fields.Text("before"), fields.PathOf("before"));
        return new ValueSource.Before(slot, Keep(slot, fields.PathOf("before")));
    }

    private Conversion ReadConversion(JsonFields fields)
    {
        var kind = fields.OptionalChoice("as", ("text", As.Text), ("time", As.Time), ("date", As.Date), ("number", As.Number), ("integer", As.Integer), ("boolean", As.Boolean));
        if (kind is not (As.Time or As.Date) && (fields.Find("zone") ?? fields.Find("times")) is not null)
            fields.Refuse("as", "is missing; zone and times go with as: time or as: date");
        if (fields.Find("map") is null)
        {
            if (fields.Names().Contains("otherwise"))
                fields.Refuse("otherwise", "goes with map; give the table, or leave it out");
            return kind switch
            {
                As.Time => new Conversion.Time(_times.Of(fields, mustPlace: true)),
                As.Date => new Conversion.Date(_times.Of(fields, mustPlace: false)),
                As.Number or As.Integer => new Conversion.Number(kind == As.Integer),
                As.Boolean => new Conversion.Boolean(),
                _ => new Conversion.Text(),
            };
        }

        if (kind is not null)
            fields.Refuse("as", "goes without map: the table says what a value becomes");
        var rows = fields.Members("map").ToDictionary(m => m.Name, m => JsonNode.Parse(m.Value.GetRawText()), StringComparer.Ordinal);
        return new Conversion.Table(rows, fields.Names().Contains("otherwise"), fields.Find("otherwise") is { } otherwise ? JsonNode.Parse(otherwise.GetRawText()) : null);
    }

    private enum As
    {
        Text,
        Time,
        Date,
        Number,
        Integer,
        Boolean,
    }

    /// <summary>A value or a list of values as the source would write them.</summary>
    private HashSet<string> Words(JsonElement? element, string path, bool allowNone = false)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (element is not { } given)
            return words;
        var several = given.ValueKind == JsonValueKind.Array;
        foreach (var (value, i) in (several ? given.EnumerateArray().AsEnumerable() : [given]).Select((v, i) => (v, i)))
        {
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                words.Add(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
            else
                faults.Add(new Fault(several ? $"{path}[{i}]" : path, "is not a value to compare with; quote it if it is a text"));
        }

        if (words.Count == 0 && several && !allowNone)
            faults.Add(new Fault(path, "is empty; list a value at least"));
        return words;
    }

    private int Slot(string attribute, string path)
    {
        if (_format is SourceFormat.Ndjson or SourceFormat.Json && attribute.Length > 0 && JsonPath.Parse(attribute) is null)
            faults.Add(new Fault(path, "names an attribute that is no path into a document, such as issue.fields.status.name or changes[0].to"));
        return _names.Add(attribute);
    }

    private int Keep(int slot, string path)
    {
        if (_format == SourceFormat.Json)
            faults.Add(new Fault(path, "asks for the record before, which a single document does not have; use what the document says of it"));
        return _names.Keep(slot);
    }
}
