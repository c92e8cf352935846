using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads what a mapping says of the fields of an event.</summary>
internal sealed class MappedValueReader(List<Fault> faults, TimeFormsReader times, RuleReader rules)
{
    private static readonly string[] Sources = ["value", "from", "first", "before", "text", "list", "either"];

    /// <summary>A value.</summary>
    public MappedValue Read(JsonElement element, string path)
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
                return new MappedValue.Nested([.. fields.Members().Select(m => (m.Name, Read(m.Value, m.Path)))]);
            case ["value"]:
                fields.RefuseOthers("value");
                return new MappedValue.Constant(JsonNode.Parse(fields.Find("value")!.Value.GetRawText())!);
            case ["list"]:
                fields.RefuseOthers("list");
                return new MappedValue.Listed([.. fields.Items("list").Select(i => Read(i.Element, i.Path))]);
            case ["either"]:
                fields.RefuseOthers("either");
                return new MappedValue.Either([.. fields.Items("either").Select(i => Read(i.Element, i.Path))]);
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
            "text" => new ValueSource.Composed(rules.ReadTemplate(fields, "text", fields.Text("text"))),
            "before" => ReadBefore(fields),
            _ => rules.ReadFirst(fields),
        };
        return new MappedValue.Taken(from, ReadConversion(fields));
    }

    private ValueSource.Before ReadBefore(JsonFields fields)
    {
        var slot = rules.Slot(fields.Text("before"), fields.PathOf("before"));
        return new ValueSource.Before(slot, rules.Keep(slot, fields.PathOf("before")));
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
                As.Time => new Conversion.Time(times.Of(fields, mustPlace: true)),
                As.Date => new Conversion.Date(times.Of(fields, mustPlace: false)),
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
}
