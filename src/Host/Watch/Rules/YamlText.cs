using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// JSON as YAML that people read and compare: fields in the order they were put, expressions of several lines as blocks, other text plain where nothing can be mistaken and in single quotes where it could.
/// </summary>
internal static partial class YamlText
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "null", "yes", "no", "on", "off", "y", "n" };

    /// <summary>The text of a file, its head as comments.</summary>
    public static string Write(JsonObject content, params IEnumerable<string> head)
    {
        var text = new StringBuilder();
        foreach (var line in head)
            text.Append("# ").Append(Unprintable().Replace(line, " ")).Append('\n');
        Fields(text, content, 0);
        return text.ToString();
    }

    /// <summary>Text in double quotes, as YAML, PromQL and templates of Go all read it.</summary>
    public static string Quoted(string text) =>
        $"\"{Unprintable().Replace(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c.Value[0]:X4}"))}\"";

    private static void Fields(StringBuilder text, JsonObject fields, int indent, bool inItem = false)
    {
        foreach (var (name, value) in fields)
        {
            // The first field of an entry of a list stands beside its dash.
            text.Append(' ', inItem ? 0 : indent).Append(Scalar(name)).Append(':');
            inItem = false;
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } fields:
                text.Append('\n');
                Fields(text, fields, indent + 2);
                break;
            case JsonArray { Count: > 0 } items when items.All(i => i is JsonValue):
                text.Append(" [").AppendJoin(", ", items.Select(i => OfValue(i!.AsValue()))).Append("]\n");
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (var item in items)
                    Item(text, item, indent + 2);
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar when scalar.TryGetValue<string>(out var written) && written.Contains('\n', StringComparison.Ordinal) && !Unprintable().IsMatch(written.Replace('\n', ' ')):
                Block(text, written, indent + 2);
                break;
            default:
                text.Append(' ').Append(value is JsonValue single ? OfValue(single) : "null").Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item is JsonObject { Count: > 0 } fields)
        {
            text.Append(' ');
            Fields(text, fields, indent + 2, inItem: true);
        }
        else
        {
            Value(text, item, indent);
        }
    }

    private static void Block(StringBuilder text, string written, int indent)
    {
        // A first line that begins with a space would be taken for the indentation of all.
        text.Append(written.EndsWith('\n') ? " |" : " |-").Append(written[0] is ' ' or '\n' ? "2" : "").Append('\n');
        foreach (var line in written.TrimEnd('\n').Split('\n'))
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
    }

    private static string OfValue(JsonValue value) => value.TryGetValue<string>(out var text) ? Scalar(text) : value.ToJsonString();

    private static string Scalar(string text) => Unprintable().IsMatch(text) ? Quoted(text) : Plain().IsMatch(text) && !Words.Contains(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    // What YAML takes for the end of a line or refuses.
    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]")]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"^[A-Za-z_/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*\z|^[0-9]+[smhd]\z")]
    private static partial Regex Plain();
}
