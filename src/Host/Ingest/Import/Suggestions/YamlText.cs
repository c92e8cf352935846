using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>Texts as YAML takes them, inside braces and lists, too.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text, in quotes unless it can only be read as itself.</summary>
    public static string Of(string text) => Plain().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off") ? text : JsonSerializer.Serialize(text, Readable);

    /// <summary>A list in brackets.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Of))}]";

    /// <summary>Names as a comment lists them: on one line, whatever is in them.</summary>
    public static string Names(IEnumerable<string> texts) => string.Join(", ", texts.Select(Of));

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_/.]*( [\p{L}\p{Nd}_/.]+)*$")]
    private static partial Regex Plain();
}
