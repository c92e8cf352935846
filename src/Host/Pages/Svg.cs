using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace SlaMonitor.Host.Pages;

/// <summary>What drawings are made of.</summary>
internal static class Svg
{
    public static XElement Rect(string kind, double from, double until, double y, double height) =>
        new("rect", new XAttribute("class", kind), Attribute("x", from), Attribute("y", y), Attribute("width", Math.Max(0, until - from)), Attribute("height", height));

    public static XElement Line(string kind, double x, double from, double until) =>
        new("line", new XAttribute("class", kind), Attribute("x1", x), Attribute("x2", x), Attribute("y1", from), Attribute("y2", until));

    public static XElement Text(string kind, double x, double y, string anchor, string text) =>
        new("text", new XAttribute("class", kind), Attribute("x", x), Attribute("y", y), new XAttribute("text-anchor", anchor), Legible(text));

    /// <summary>What is told of an element when it is pointed at.</summary>
    public static XElement Title(string text) => new("title", Legible(text));

    public static XAttribute Attribute(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));

    /// <summary>Without what XML has no way to write; senders may have put it into a key, and what is in the log stays there.</summary>
    private static string Legible(string text)
    {
        var legible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            legible.Append(rune.Value is '\t' or '\n' or '\r' or >= 0x20 and not 0xFFFE and not 0xFFFF ? rune : Rune.ReplacementChar);
        return legible.ToString();
    }
}
