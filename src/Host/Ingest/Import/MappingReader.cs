using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads a mapping strictly: a field that is not known is a fault, and all faults are listed.</summary>
internal sealed class MappingReader(List<Fault> faults)
{
    private const int MaxOnceRules = 64;

    private readonly AttributeNames _names = new();
    private SourceFormat _format;
    private RuleReader _rules = null!;

    public Mapping Read(JsonElement element)
    {
        var fields = new JsonFields(element, faults);
        fields.RefuseOthers("format", "centre", "source", "stream", "case", "series", "each", "leftOut", "when", "zone", "times", "absent", "sequence", "csv", "xlsx", "events");
        _format = fields.RequiredChoice("format", ("csv", SourceFormat.Csv), ("xes", SourceFormat.Xes), ("xlsx", SourceFormat.Xlsx), ("ndjson", SourceFormat.Ndjson), ("json", SourceFormat.Json));
        _rules = new RuleReader(faults, _names, _format, new TimeFormsReader(fields));
        var (centre, source, stream) = (fields.Text("centre"), fields.Text("source"), RuleReader.ReadStream(fields) ?? StreamKind.Case);
        var (each, number) = (ReadEach(fields), _rules.ReadNumber(fields));
        _names.SetAbsent(_rules.Words(fields.Find("absent"), "absent", allowNone: true));
        var byRow = fields.OptionalChoice("sequence", ("row", true)) ?? false;
        if (byRow && (_format == SourceFormat.Json || each is not null))
            fields.Refuse("sequence", "orders the records of a file, and a single document has no order, nor has a list in one; leave it out");
        var rules = fields.Items("events").Select(e => _rules.ReadRule(new JsonFields(e.Element, faults, e.Path), stream, number)).ToList();
        if (fields.Find("events") is not { ValueKind: JsonValueKind.Array } || rules.Count == 0)
            fields.Refuse("events", "is missing; give a list of rules with type, at, id and data");
        if (rules.Count(r => !r.EachEvent) > MaxOnceRules)
            fields.Refuse("events", $"has more than {MaxOnceRules} rules for once a {StreamKinds.WordOf(stream)}; leave some out");
        return new Mapping(_format, centre, source, stream, number, byRow, ReadCsv(fields), ReadXlsx(fields), _names, rules)
        {
            Each = each,
            When = _rules.ReadWhen(fields),
            Series = ReadSeries(fields, stream, number),
            LeftOut = ReadLeftOut(fields, each),
        };
    }

    private ItemList? ReadEach(JsonFields fields)
    {
        if (fields.OptionalText("each") is not { } name)
            return null;
        if (_format is not (SourceFormat.Ndjson or SourceFormat.Json))
            fields.Refuse("each", "names a list inside a record, which only json and ndjson have; leave it out");
        if (JsonPath.Parse(name) is { } path)
            return new ItemList(name, path);
        fields.Refuse("each", "is no path to a list, such as alerts or incident.components");
        return null;
    }

    /// <summary>What outages of one cause have in common: their numbers are that, a hyphen, and when each began, so that they lie side by side in the log.</summary>
    private Template? ReadSeries(JsonFields fields, StreamKind stream, Template number)
    {
        if (fields.OptionalText("series") is not { } text)
            return null;
        var series = _rules.ReadTemplate(fields, "series", text);
        if (stream != StreamKind.Outage || _format != SourceFormat.Json)
            fields.Refuse("series", "is for outages that a webhook tells of; leave it out");
        else if (!(number.Parts.Count == series.Parts.Count + 2 && number.Parts.Take(series.Parts.Count).SequenceEqual(series.Parts) && number.Parts[^2].Plain == "-" && number.Parts[^1].Form is TemplateForm.Time))
            fields.Refuse("series", "is not what case begins with; write case as the series, a hyphen and a time, such as \"am-{item.fingerprint}-{item.startsAt|time}\"");
        return series;
    }

    private JsonPath? ReadLeftOut(JsonFields fields, ItemList? each)
    {
        if (fields.OptionalText("leftOut") is not { } name)
            return null;
        if (each is null || _format != SourceFormat.Json)
            fields.Refuse("leftOut", "counts what a webhook left out of the list that each names; leave it out, or give each");
        if (JsonPath.Parse(name) is { } path)
            return path;
        fields.Refuse("leftOut", "is no path to a number, such as truncatedAlerts");
        return null;
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
}
