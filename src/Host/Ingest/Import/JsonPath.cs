using System.Globalization;
using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Where a value stands in a document: <c>issue.fields["a.b"].items[0].name</c>.</summary>
/// <param name="Steps">Names of fields, and numbers of list items from 0.</param>
internal sealed record JsonPath(IReadOnlyList<(string? Name, int Item)> Steps)
{
    /// <summary>Reads a path; null when it is none.</summary>
    public static JsonPath? Parse(string text)
    {
        var (steps, first) = (new List<(string?, int)>(), true);
        for (var left = text.AsSpan(); !left.IsEmpty; first = false)
        {
            if (left[0] == '[')
            {
                var quoted = left.Length > 1 && left[1] is '"' or '\'';
                var end = quoted ? left[2..].IndexOf($"{left[1]}]", StringComparison.Ordinal) + 2 : left.IndexOf(']');
                if (end < 2)
                    return null;
                if (quoted)
                    steps.Add((left[2..end].ToString(), 0));
                else if (int.TryParse(left[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var item))
                    steps.Add((null, item));
                else
                    return null;
                left = left[(end + (quoted ? 2 : 1))..];
                continue;
            }

            if (!first && left[0] != '.')
                return null;
            left = first ? left : left[1..];
            var length = left.IndexOfAny('.', '[') is var stop && stop < 0 ? left.Length : stop;
            if (length == 0)
                return null;
            steps.Add((left[..length].ToString(), 0));
            left = left[length..];
        }

        return steps.Count == 0 ? null : new JsonPath(steps);
    }

    /// <summary>The value there; null when there is nothing.</summary>
    public JsonElement? Find(JsonElement element)
    {
        foreach (var (name, item) in Steps)
        {
            if (name is null)
            {
                if (element.ValueKind != JsonValueKind.Array || item >= element.GetArrayLength())
                    return null;
                element = element[item];
            }
            else if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
