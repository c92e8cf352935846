namespace SlaMonitor.Host.Catalogues;

/// <summary>What somebody most likely slipped at in YAML that cannot be read, and where. The reader itself notices an open bracket only further down, if it says anything at all.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Reason">What is wrong and what to do.</param>
internal sealed record YamlSlip(long Line, long Column, string Reason)
{
    /// <summary>Looks for it.</summary>
    /// <param name="text">The file.</param>
    /// <param name="line">Where the reader stopped.</param>
    /// <param name="column">And in which column.</param>
    /// <param name="said">What the reader said of it.</param>
    public static YamlSlip Find(string text, long line, long column, string said)
    {
        if (said.StartsWith("Duplicate key", StringComparison.Ordinal))
            return new YamlSlip(line, column, "the field stands there twice; keep one of them");
        if (said.Contains("anchor", StringComparison.Ordinal))
            return new YamlSlip(line, column, "begins with * or & and names what is not there; put the text in quotes");
        return OfTab(text) ?? OfOpen(text) ?? new YamlSlip(line, column, said.Contains("cannot start any token", StringComparison.Ordinal)
            ? "begins with a sign that no text may begin with; put the text in quotes"
            : said.Contains("invalid mapping", StringComparison.Ordinal)
            ? "is a field where none can be; put a text with a colon in quotes, and indent fields of one level alike"
            : "is not YAML; compare brackets, quotes, colons and indentation with the lines around it");
    }

    private static YamlSlip? OfTab(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var tab = lines[i].AsSpan().IndexOfAnyExcept(' ');
            if (tab >= 0 && lines[i][tab] == '\t' && !string.IsNullOrWhiteSpace(lines[i]))
                return new YamlSlip(i + 1, tab + 1, "is indented with a tab; indent with spaces");
        }

        return null;
    }

    /// <summary>The bracket, brace or quote that is not closed; null: each one is.</summary>
    private static YamlSlip? OfOpen(string text)
    {
        var open = new Stack<(char Sign, int At)>();
        for (var i = 0; i < text.Length; i++)
        {
            var begins = i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '[' or '{' or ',';
            if (text[i] == '#' && (i == 0 || char.IsWhiteSpace(text[i - 1])))
            {
                i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
            }
            else if (begins && (text[i] is '"' or '\''))
            {
                if (ClosedAt(text, i) is not { } closed)
                    return Unclosed(text, i, $"{text[i]} opens a quote that is not closed; close it");
                i = closed;
            }
            else if (begins && (text[i] is '[' or '{'))
            {
                open.Push((text[i], i));
            }
            else if (text[i] is ']' or '}' && open.TryPop(out var last) && last.Sign != (text[i] == ']' ? '[' : '{'))
            {
                return Unclosed(text, last);
            }
        }

        return open.Count > 0 ? Unclosed(text, open.Last()) : null;
    }

    private static int? ClosedAt(string text, int quote)
    {
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[quote] == '"' && text[i] == '\\')
                i++;
            else if (text[i] == text[quote] && text[quote] == '\'' && i + 1 < text.Length && text[i + 1] == '\'')
                i++;
            else if (text[i] == text[quote])
                return i;
        }

        return null;
    }

    private static YamlSlip Unclosed(string text, (char Sign, int At) open) =>
        Unclosed(text, open.At, $"{open.Sign} is not closed; write {(open.Sign == '[' ? ']' : '}')} where its {(open.Sign == '[' ? "list ends" : "fields end")}, or put the text in quotes");

    private static YamlSlip Unclosed(string text, int at, string reason)
    {
        var before = text.AsSpan(0, at);
        return new YamlSlip(before.Count('\n') + 1, at - before.LastIndexOf('\n'), reason);
    }
}
