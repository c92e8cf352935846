using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>How the records of a file become events; written in YAML.</summary>
/// <param name="Format"><c>xes</c> or <c>csv</c>.</param>
/// <param name="Centre">The centre the cases belong to.</param>
/// <param name="Source">The source all events are sent under. Two formats of one export under one source give the same events.</param>
/// <param name="Case">The attribute that holds the case number.</param>
/// <param name="Rules">One for each kind of event.</param>
internal sealed record Mapping(string Format, string Centre, string Source, string Case, IReadOnlyList<MappingRule> Rules)
{
    /// <summary>Every attribute the rules name; a CSV file must have a column for each.</summary>
    public IEnumerable<string> Attributes => Rules.SelectMany(r => r.Data.SelectMany(d => d.Value.Attributes).Append(r.At).Append(r.Id is ['{', .. var named, '}'] ? named : Case)).Append(Case).Distinct();

    /// <exception cref="ImportFileException">The mapping cannot be used; the message lists every fault.</exception>
    public static Mapping ReadFile(string path)
    {
        using var document = ReadYaml(path);
        List<Fault> faults = [];
        var fields = new JsonFields(document.RootElement, faults);
        var format = fields.OptionalChoice("format", ("xes", 0), ("csv", 1));
        if (fields.Find("format") is null)
            fields.Refuse("format", "is missing; give xes or csv");
        fields.RefuseOthers("format", "centre", "source", "case", "events");
        var rules = fields.Items("events").Select(e => ReadRule(new JsonFields(e.Element, faults, e.Path))).ToList();
        if (rules.Count == 0)
            fields.Refuse("events", "is missing; give a list of rules with type, at, id and data");
        var mapping = new Mapping(format == 1 ? "csv" : "xes", fields.Text("centre"), fields.Text("source"), fields.Text("case"), rules);
        return faults.Count == 0 ? mapping : throw new ImportFileException($"mapping {Path.GetFileName(path)}: {string.Join("; ", faults.Select(f => $"{f.Field} {f.Reason}"))}");
    }

    private static JsonDocument ReadYaml(string path)
    {
        try
        {
            return JsonSerializer.SerializeToDocument(Yaml.ReadFile(path));
        }
        catch (CatalogueFileException unreadable)
        {
            throw new ImportFileException($"mapping {path}: {unreadable.Reason}");
        }
    }

    private static MappingRule ReadRule(JsonFields fields)
    {
        fields.RefuseOthers("type", "each", "at", "id", "data");
        var type = fields.Text("type");
        if (type.Length > 0 && !CaseJson.Knows(type))
            fields.Refuse("type", $"is not a known event; use one of {string.Join(", ", CaseJson.All.Select(t => t.Type))}");
        var each = fields.OptionalChoice("each", ("case", false), ("event", true)) ?? false;
        var data = fields.Members("data").Select(m => (m.Name, ReadValue(m.Value, fields.Faults, m.Path))).ToList();
        return new MappingRule(type, each, fields.Text("at"), fields.Text("id"), data);
    }

    private static MappedValue ReadValue(JsonElement element, List<Fault> faults, string path)
    {
        var fields = new JsonFields(element, faults, path);
        if (fields.Find("value") is { } constant)
            return new MappedValue.Constant(JsonNode.Parse(constant.GetRawText())!);
        if (fields.OptionalText("from") is not { } attribute)
            return new MappedValue.Nested([.. fields.Names().Select(n => (n, ReadValue(fields.Find(n) ?? default, faults, $"{path}.{n}")))]);
        var map = fields.Find("map") is null ? null : fields.Members("map").ToDictionary(m => m.Name, m => JsonNode.Parse(m.Value.GetRawText()));
        return new MappedValue.From(attribute, map, fields.OptionalChoice("as", ("text", false), ("time", true)) ?? false);
    }
}

/// <summary>One event for each case, or for each event of the file.</summary>
/// <param name="Type">The event's name.</param>
/// <param name="EachEvent">False: once a case.</param>
/// <param name="At">The attribute with the time; a record without it gives no event.</param>
/// <param name="Id">Names the event within its case: a constant, or <c>{attribute}</c>.</param>
/// <param name="Data">The event's fields.</param>
internal sealed record MappingRule(string Type, bool EachEvent, string At, string Id, IReadOnlyList<(string Field, MappedValue Value)> Data);

/// <summary>Where a field's value comes from.</summary>
internal abstract record MappedValue
{
    private MappedValue()
    {
    }

    /// <summary>The same always.</summary>
    public sealed record Constant(JsonNode Value) : MappedValue;

    /// <summary>
    /// An attribute, by a table of values where one is given; absent: no field. As a time it is written in one form, so that
    /// two exports that write it differently give the same event.
    /// </summary>
    public sealed record From(string Attribute, IReadOnlyDictionary<string, JsonNode?>? Map, bool AsTime) : MappedValue;

    /// <summary>An object of values; empty: no field.</summary>
    public sealed record Nested(IReadOnlyList<(string Field, MappedValue Value)> Fields) : MappedValue;

    /// <summary>The attributes it is made of.</summary>
    public IEnumerable<string> Attributes => this switch
    {
        From from => [from.Attribute],
        Nested nested => nested.Fields.SelectMany(f => f.Value.Attributes),
        _ => [],
    };

    /// <summary>The value for a record; null: none. A value the table does not have is a fault.</summary>
    public JsonNode? For(Func<string, string?> attribute, string path, List<Fault> faults)
    {
        switch (this)
        {
            case Constant constant:
                return constant.Value.DeepClone();
            case From from:
                if (attribute(from.Attribute) is not { } text)
                    return null;
                if (from.AsTime)
                    return Time(text, path, faults);
                if (from.Map is null)
                    return JsonValue.Create(text);
                if (from.Map.TryGetValue(text, out var mapped))
                    return mapped?.DeepClone();
                faults.Add(new Fault(path, $"has a value of '{from.Attribute}' that the mapping's table does not list; add it there"));
                return null;
            case Nested nested:
                var members = nested.Fields.Select(f => KeyValuePair.Create(f.Field, f.Value.For(attribute, string.Create(CultureInfo.InvariantCulture, $"{path}.{f.Field}"), faults)))
                    .Where(m => m.Value is not null).ToList();
                return members.Count == 0 ? null : new JsonObject(members);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static JsonValue? Time(string text, string path, List<Fault> faults)
    {
        if (Timestamps.TryParse(text, out var at))
            return JsonValue.Create(Timestamps.Format(at));
        faults.Add(new Fault(path, $"is not {Timestamps.Expected}"));
        return null;
    }
}
