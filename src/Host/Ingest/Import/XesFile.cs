using System.Xml;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Reads XES (IEEE 1849), one trace at a time: a trace is a case, its attributes are strings, dates, numbers and booleans
/// by key. Nested attributes, globals and extensions are passed over.
/// </summary>
internal static class XesFile
{
    private static readonly HashSet<string> Attributes = ["string", "date", "int", "float", "boolean", "id"];
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true };

    /// <exception cref="ImportFileException">The file is not well-formed; the message names the line.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file)
    {
        using var xml = XmlReader.Create(file, Settings);
        if (!IsLog(xml))
            throw new ImportFileException("the file is XML but no XES log: its root is not <log>");
        while (Next(xml, "trace"))
        {
            foreach (var record in ReadTrace(xml))
                yield return record;
        }
    }

    private static bool IsLog(XmlReader xml)
    {
        try
        {
            return xml.MoveToContent() == XmlNodeType.Element && xml.LocalName == "log";
        }
        catch (XmlException malformed)
        {
            throw Malformed(malformed);
        }
    }

    private static ImportFileException Malformed(XmlException malformed) => new($"line {malformed.LineNumber}: {malformed.Message}");

    private static bool Next(XmlReader xml, string name)
    {
        try
        {
            return xml.ReadToFollowing(name);
        }
        catch (XmlException malformed)
        {
            throw Malformed(malformed);
        }
    }

    private static List<ImportRecord> ReadTrace(XmlReader xml)
    {
        try
        {
            var (line, attributes, events) = (LineOf(xml), new Dictionary<string, string>(), new List<(long Line, Dictionary<string, string> Attributes)>());
            using (var trace = xml.ReadSubtree())
            {
                trace.Read();
                ReadChildren(trace, attributes, events);
            }

            return events.Count == 0
                ? [new ImportRecord(line, attributes, null, true)]
                : [.. events.Select((e, i) => new ImportRecord(e.Line, attributes, e.Attributes, i == 0))];
        }
        catch (XmlException malformed)
        {
            throw Malformed(malformed);
        }
    }

    private static void ReadChildren(XmlReader xml, Dictionary<string, string> attributes, List<(long, Dictionary<string, string>)>? events)
    {
        var depth = xml.Depth + 1;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.Depth != depth)
                continue;
            if (xml.LocalName == "event" && events is not null)
            {
                var (line, own) = (LineOf(xml), new Dictionary<string, string>());
                using (var nested = xml.ReadSubtree())
                {
                    nested.Read();
                    ReadChildren(nested, own, null);
                }

                events.Add((line, own));
            }
            else if (Attributes.Contains(xml.LocalName) && xml.GetAttribute("key") is { } key && xml.GetAttribute("value") is { } value)
            {
                attributes[key] = value;
            }
        }
    }

    private static long LineOf(XmlReader xml) => xml is IXmlLineInfo info ? info.LineNumber : 0;
}

/// <summary>A source file or mapping that cannot be read on.</summary>
internal sealed class ImportFileException(string message) : Exception(message);
