using System.Xml;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Reads XES (IEEE 1849), one trace at a time: a trace is a case, its attributes are strings, dates, numbers and booleans
/// by key. Nested attributes, lists, globals and extensions are passed over; entities and DTDs are refused.
/// </summary>
internal sealed class XesFile
{
    private const int MaxDepth = 64;
    private const int MaxAttributes = 1_000;
    private const int MaxEvents = 100_000;
    private static readonly HashSet<string> Attributes = ["string", "date", "int", "float", "boolean", "id"];

    private readonly XmlReader _xml;
    private readonly AttributeNames _names;

    private XesFile(XmlReader xml, AttributeNames names) => (_xml, _names) = (xml, names);

    /// <summary>Reads the traces.</summary>
    /// <exception cref="ImportFileException">The file is not well-formed; the message names the line.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file, AttributeNames names)
    {
        using var xml = GuardedXml.Open(file);
        var log = new XesFile(xml, names);
        GuardedXml.Guarded(xml, log.Begin);
        while (GuardedXml.Guarded(xml, log.ReadTrace) is { } trace)
        {
            foreach (var record in trace)
                yield return record;
        }
    }

    private bool Begin()
    {
        if (_xml.MoveToContent() != XmlNodeType.Element || _xml.LocalName != "log")
            throw new ImportFileException("the file is XML but no XES log: its root is not <log>");
        return true;
    }

    /// <summary>The records of the next trace; null at the end.</summary>
    private List<ImportRecord>? ReadTrace()
    {
        while (Step())
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.Depth != 1 || _xml.LocalName != "trace")
                continue;
            var (line, attributes, events) = (LineOf(), _names.NewSlots(), new List<ImportRecord>());
            ReadChildren(attributes, events);
            return events.Count == 0 ? [new ImportRecord(line, attributes, null)] : events;
        }

        return null;
    }

    /// <summary>Reads the attributes, and of a trace the events, of the element it stands on, to its end.</summary>
    private void ReadChildren(string?[] slots, List<ImportRecord>? events)
    {
        var (depth, count) = (_xml.Depth + 1, 0);
        if (_xml.IsEmptyElement)
            return;
        while (Step() && _xml.Depth >= depth)
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.Depth != depth)
                continue;
            if (events is not null && _xml.LocalName == "event")
            {
                if (events.Count >= MaxEvents)
                    throw new ImportFileException($"line {LineOf()}: a trace has more than {MaxEvents} events, which is no case");
                var (line, own) = (LineOf(), _names.NewSlots());
                ReadChildren(own, null);
                events.Add(new ImportRecord(line, slots, own));
            }
            else if (Attributes.Contains(_xml.LocalName))
            {
                if (++count > MaxAttributes)
                    throw new ImportFileException($"line {LineOf()}: a trace or event has more than {MaxAttributes} attributes");
                if (_xml.GetAttribute("key") is { } key && _names.TryFind(key, out var slot))
                    slots[slot] = _names.Clean(_xml.GetAttribute("value"));
            }
        }
    }

    private bool Step()
    {
        if (!_xml.Read())
            return false;
        if (_xml.Depth > MaxDepth)
            throw new ImportFileException($"line {LineOf()}: elements are nested deeper than {MaxDepth}");
        return true;
    }

    private long LineOf() => ((IXmlLineInfo)_xml).LineNumber;
}
