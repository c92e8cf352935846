using System.Buffers.Text;
using System.Text.Json;

namespace SlaMonitor.Host.Queries;

/// <summary>The key of the last row of a page, opaque outside.</summary>
internal static class KeyCursor
{
    /// <summary>The parts of a key as one text.</summary>
    public static string Write(params IReadOnlyList<string> key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key));

    /// <summary>The parts; null when the text is no cursor of that many.</summary>
    public static string[]? Parse(string text, int parts)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text)) is { } key && key.Length == parts && !key.Any(k => k is null || k.Contains('\0', StringComparison.Ordinal)) ? key : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }
}
