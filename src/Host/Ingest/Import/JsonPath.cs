using System.Globalization;
using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Where a value stands in a document: <c>issue.fields["a.b"].items[0].name</c>, or <c>items[field=status].to</c>, of the first
/// item whose field is that text.
/// </summary>
/// <param name="Steps">From the document on.</param>
internal sealed record JsonPath(IReadOnlyList<JsonStep> Steps)
{
    /// <summary>Reads a path; null when it is none.</summary>
    public static JsonPath? Parse(string text)
    {
        var (steps, first) = (new List<JsonStep>(), true);
        for (var left = text.AsSpan(); !left.IsEmpty; first = false)
        {
            if (left[0] == '[')
            {
                var quoted = left.Length > 1 && left[1] is '"' or '\'';
                var end = quoted ? left[2..].IndexOf($"{left[1]}]", StringComparison.Ordinal) + 2 : left.IndexOf(']');
                if (end < 2)
                    return null;
                if (quoted)
                    steps.Add(new JsonStep.Field(left[2..end].ToString()));
                else if (int.TryParse(left[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var item))
                    steps.Add(new JsonStep.Item(item));
                else if (left[1..end].IndexOf('=') is > 0 and var equals)
                    steps.Add(new JsonStep.Having(left[1..(equals + 1)].ToString(), left[(equals + 2)..end].ToString()));
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
            steps.Add(new JsonStep.Field(left[..length].ToString()));
            left = left[length..];
        }

        return steps.Count == 0 ? null : new JsonPath(steps);
    }

    /// <summary>The value there; null when there is nothing.</summary>
    public JsonElement? Find(JsonElement element)
    {
        var found = (JsonElement?)element;
        foreach (var step in Steps)
        {
            if (found is not { } at)
                return null;
            found = step.Find(at);
        }

        return found;
    }
}

/// <summary>A step of a path.</summary>
internal abstract record JsonStep
{
    private JsonStep()
    {
    }

    /// <summary>A field of an object.</summary>
    public sealed record Field(string Name) : JsonStep;

    /// <summary>An item of a list, from 0.</summary>
    public sealed record Item(int Number) : JsonStep;

    /// <summary>The first item of a list that has a field with this text.</summary>
    public sealed record Having(string Name, string Text) : JsonStep
    {
        /// <summary>True of such an item.</summary>
        public bool Holds(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(Name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(Text);
    }

    /// <summary>Where it leads; null: nowhere.</summary>
    public JsonElement? Find(JsonElement element) => this switch
    {
        Field field => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field.Name, out var value) ? value : null,
        Item item => element.ValueKind == JsonValueKind.Array && item.Number < element.GetArrayLength() ? element[item.Number] : null,
        Having having => element.ValueKind != JsonValueKind.Array ? null : element.EnumerateArray().Where(having.Holds).Select(e => (JsonElement?)e).FirstOrDefault(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
