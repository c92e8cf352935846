using System.Text;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A text with attributes in braces, such as <c>BOS-{case_id}</c>; a brace itself is written twice.</summary>
/// <param name="Text">As the mapping writes it.</param>
/// <param name="Parts">Plain texts, and slots of attributes.</param>
internal sealed record Template(string Text, IReadOnlyList<(string? Plain, int Slot)> Parts)
{
    /// <summary>The attributes in it.</summary>
    public IEnumerable<int> Slots => Parts.Where(p => p.Plain is null).Select(p => p.Slot);

    /// <summary>One attribute alone.</summary>
    public static Template Of(string name, int slot) => new(name, [(null, slot)]);

    /// <summary>Reads a template; null when a brace is not closed or holds nothing.</summary>
    public static Template? Parse(string text, Func<string, int> slotOf)
    {
        var (parts, plain) = (new List<(string?, int)>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                plain.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end <= i + 1)
                    return null;
                if (plain.Length > 0)
                    parts.Add((plain.ToString(), 0));
                plain.Clear();
                parts.Add((null, slotOf(text[(i + 1)..end])));
                i = end;
            }
            else if (text[i] == '}')
            {
                return null;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        if (plain.Length > 0)
            parts.Add((plain.ToString(), 0));
        return new Template(text, parts);
    }

    /// <summary>The text for a record; null when it has no value for one of the attributes.</summary>
    public string? For(in Reading reading)
    {
        if (Parts is [var only])
            return only.Plain ?? reading[only.Slot];
        var text = new StringBuilder();
        foreach (var (plain, slot) in Parts)
        {
            if ((plain ?? reading[slot]) is not { } part)
                return null;
            text.Append(part);
        }

        return text.ToString();
    }
}
