using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads the rules of a mapping, and what they have in common with the mapping itself: numbers, conditions, attributes.</summary>
internal sealed class RuleReader
{
    private readonly List<Fault> _faults;
    private readonly AttributeNames _names;
    private readonly SourceFormat _format;
    private readonly TimeFormsReader _times;
    private readonly MappedValueReader _values;

    public RuleReader(List<Fault> faults, AttributeNames names, SourceFormat format, TimeFormsReader times)
    {
        (_faults, _names, _format, _times) = (faults, names, format, times);
        _values = new MappedValueReader(faults, times, this);
    }

    /// <summary>What streams are about; null: not said here.</summary>
    public static StreamKind? ReadStream(JsonFields fields) => fields.OptionalChoice<StreamKind>("stream", MappedStreams.Words);

    /// <summary>A rule; its stream and number are those of the mapping unless it has its own.</summary>
    public MappingRule ReadRule(JsonFields fields, StreamKind ofMapping, Template number)
    {
        fields.RefuseOthers("type", "stream", "case", "each", "at", "id", "when", "data");
        var (type, stream) = (fields.Text("type"), ReadStream(fields) ?? ofMapping);
        CheckType(fields, type, stream);
        var own = fields.Find("case") is null ? number : ReadNumber(fields);
        var each = fields.OptionalChoice("each", ("case", false), ("event", true), ("row", true)) ?? false;
        var (at, times) = ReadAt(fields);
        var id = fields.Text("id");
        var when = ReadWhen(fields);
        var data = fields.Members("data").Select(m => (m.Name, _values.Read(m.Value, m.Path))).ToList();
        return new MappingRule(type, stream, own, each, at, times, ReadTemplate(fields, "id", id), when, data);
    }

    /// <summary>The number under <c>case</c>: an attribute, or a template.</summary>
    public Template ReadNumber(JsonFields fields)
    {
        var text = fields.Text("case");
        return text.Contains('{', StringComparison.Ordinal) ? ReadTemplate(fields, "case", text) : Template.Of(text, Slot(text, fields.PathOf("case")));
    }

    public Template ReadTemplate(JsonFields fields, string name, string text)
    {
        if (Template.Parse(text, attribute => Slot(attribute, fields.PathOf(name)), () => _times.OfMapping(fields, name)) is { } template)
            return template;
        fields.Refuse(name, "has a brace that is not closed or is empty; write {attribute}, and {{ for a brace itself");
        return new Template(text, []);
    }

    /// <summary>What a record must be: conditions that must all hold, or a list of such sets, of which one must.</summary>
    public Conditions ReadWhen(JsonFields fields)
    {
        IEnumerable<JsonFields> sets = fields.Find("when") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } => fields.Items("when").Select(i => new JsonFields(i.Element, _faults, i.Path)),
            { } one => [new JsonFields(one, _faults, fields.PathOf("when"))],
        };
        return new Conditions([.. sets.Select(s => s.Members().SelectMany(m => ReadConditions(m.Name, m.Value, m.Path)).ToList())]);
    }

    /// <summary>A value or a list of values as the source would write them.</summary>
    public HashSet<string> Words(JsonElement? element, string path, bool allowNone = false)
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
                _faults.Add(new Fault(several ? $"{path}[{i}]" : path, "is not a value to compare with; quote it if it is a text"));
        }

        if (words.Count == 0 && several && !allowNone)
            _faults.Add(new Fault(path, "is empty; list a value at least"));
        return words;
    }

    public ValueSource.First ReadFirst(JsonFields fields) => fields.Find("from") is null
        ? new ValueSource.First([.. fields.RequiredTexts("first").Select(a => Slot(a, fields.PathOf("first")))])
        : new ValueSource.First([Slot(fields.Text("from"), fields.PathOf("from"))]);

    public int Slot(string attribute, string path)
    {
        if (_format is SourceFormat.Ndjson or SourceFormat.Json && attribute.Length > 0 && JsonPath.Parse(attribute) is null)
            _faults.Add(new Fault(path, "names an attribute that is no path into a document, such as issue.fields.status.name or changes[0].to"));
        return _names.Add(attribute);
    }

    public int Keep(int slot, string path)
    {
        if (_format == SourceFormat.Json)
            _faults.Add(new Fault(path, "asks for the record before, which a single document does not have; use what the document says of it"));
        return _names.Keep(slot);
    }

    private static void CheckType(JsonFields fields, string type, StreamKind stream)
    {
        if (type.Length == 0)
            return;
        if (EventTypes.Find(type) is not { IsDecided: false } known)
            fields.Refuse("type", $"is not a known event; use one of {string.Join(", ", EventTypes.Reported.Select(t => t.Name))}");
        else if (known.Stream != stream)
            fields.Refuse("type", $"is an event of {MappedStreams.Several(known.Stream)}, and these are {MappedStreams.Several(stream)}; write stream: {StreamKinds.WordOf(known.Stream)}, or use another type");
    }

    private (ValueSource.First At, TimeForms Times) ReadAt(JsonFields fields)
    {
        if (fields.Find("at") is not { ValueKind: JsonValueKind.Object } given)
            return (new ValueSource.First([Slot(fields.Text("at"), fields.PathOf("at"))]), _times.OfMapping(fields, "at"));
        var at = new JsonFields(given, _faults, fields.PathOf("at"));
        at.RefuseOthers("from", "first", "zone", "times");
        if (at.Find("from") is null == at.Find("first") is null)
            at.Refuse("from", "is missing, or first stands beside it; give one of the two");
        return (ReadFirst(at), _times.Of(at, mustPlace: true));
    }

    private IEnumerable<Condition> ReadConditions(string attribute, JsonElement element, string path)
    {
        var slot = Slot(attribute, path);
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield return new Condition.OneOf(slot, Words(element, path));
            yield break;
        }

        var fields = new JsonFields(element, _faults, path);
        fields.RefuseOthers("present", "not", "changed", "becomes", "leaves");
        if (!fields.Names().Any())
            _faults.Add(new Fault(path, "asks nothing; give a value, a list of values, or one of present, not, changed, becomes, leaves"));
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
}
