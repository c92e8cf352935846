using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The texts that cells share.</summary>
internal sealed class SharedStrings
{
    private const int MaxTexts = 4_000_000;
    private const long MaxCharacters = 64L << 20;
    private readonly List<string> _texts = [];

    private SharedStrings()
    {
    }

    /// <exception cref="ImportFileException">There are too many for memory.</exception>
    public static SharedStrings Read(SharedStringTablePart? part)
    {
        var strings = new SharedStrings();
        if (part is null)
            return strings;
        using var xml = GuardedXml.Open(part.GetStream());
        var characters = 0L;
        while (GuardedXml.Guarded(xml, xml.Read))
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "si")
                continue;
            strings._texts.Add(GuardedXml.Guarded(xml, () => ReadText(xml)));
            characters += strings._texts[^1].Length;
            if (characters > MaxCharacters || strings._texts.Count > MaxTexts)
                throw new ImportFileException("the workbook shares more text than is kept in memory; export it as CSV");
        }

        return strings;
    }

    /// <summary>The text of a number; null: there is none.</summary>
    public string? At(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < _texts.Count ? _texts[i] : null;

    /// <summary>All runs of a text, without how to pronounce it.</summary>
    public static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, text, phonetic) = (xml.Depth, new StringBuilder(), -1);
        while (xml.Read() && xml.Depth > depth)
        {
            if (phonetic >= 0 && xml.Depth <= phonetic)
                phonetic = -1;
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "rPh")
                phonetic = xml.Depth;
            else if (phonetic < 0 && xml.NodeType == XmlNodeType.Element && xml.LocalName == "t")
                text.Append(ReadPlain(xml));
            if (text.Length > RecordFile.MaxRow)
                throw new ImportFileException("a text of the workbook is larger than 1 MiB");
        }

        return text.ToString();
    }

    /// <summary>The text of the element it stands on, to its end.</summary>
    public static string ReadPlain(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        // Elements inside would cut a text in pieces; there are none in a file that follows its schema.
        var (depth, text) = (xml.Depth, "");
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace)
                text = xml.Value;
        }

        return text;
    }
}
