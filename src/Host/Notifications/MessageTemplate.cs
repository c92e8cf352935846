using System.Text;

namespace SlaMonitor.Host.Notifications;

/// <summary>A text with places such as <c>{case}</c> that a message fills. Braces are doubled to stand for themselves.</summary>
internal sealed class MessageTemplate
{
    private readonly IReadOnlyList<(string Plain, string? Place)> _parts;

    private MessageTemplate(IReadOnlyList<(string, string?)> parts) => _parts = parts;

    /// <summary>Reads one; null and the reason when it cannot be filled.</summary>
    public static (MessageTemplate? Template, string Reason) Parse(string text)
    {
        var (parts, plain) = (new List<(string, string?)>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            var doubled = i + 1 < text.Length && text[i + 1] == text[i];
            if (text[i] is '{' or '}' && doubled)
            {
                plain.Append(text[i++]);
            }
            else if (text[i] == '{' && text.IndexOf('}', i) is > 0 and var end)
            {
                var place = text[(i + 1)..end];
                if (!MessageText.Places.Contains(place))
                    return (null, $"names a place that no message fills; use {string.Join(", ", MessageText.Places.Select(p => $"{{{p}}}"))}");
                parts.Add((plain.ToString(), place));
                plain.Clear();
                i = end;
            }
            else if (text[i] is '{' or '}')
            {
                return (null, $"has a {text[i]} that belongs to no place; double it to have it stand for itself");
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        parts.Add((plain.ToString(), null));
        return (new MessageTemplate(parts), "");
    }

    /// <summary>The text with each place filled.</summary>
    public string Fill(IReadOnlyDictionary<string, string> values) => string.Concat(_parts.Select(p => p.Place is { } place ? p.Plain + values[place] : p.Plain));
}
