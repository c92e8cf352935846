using System.Globalization;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SlaMonitor.Host.Catalogues;

/// <summary>
/// YAML as JSON: one document, unquoted whole numbers, true, false and null become what they look like, everything
/// else is text (so that a date stays a date and a version 2026.10 keeps its zero).
/// </summary>
internal static class Yaml
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 500_000;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="places">Told where each value stands.</param>
    /// <exception cref="CatalogueFileException">The file is missing or is not YAML; the message names line and column.</exception>
    public static JsonNode? ReadFile(string file, YamlPlaces? places = null)
    {
        var name = Path.GetFileName(file);
        try
        {
            var stream = Load(name, File.ReadAllText(file));
            var nodes = 0;
            return stream.Documents.Count == 0 ? null : Convert(stream.Documents[0].RootNode, 0, ref nodes, (node, at) => places?.Add(node, new Place(name, at.Line, at.Column)));
        }
        catch (YamlException malformed)
        {
            throw new CatalogueFileException(name, [new Fault($"line {malformed.Start.Line}, column {malformed.Start.Column}", malformed.Message)]);
        }
        catch (Exception closed) when (closed is UnauthorizedAccessException or (IOException and not FileNotFoundException and not DirectoryNotFoundException))
        {
            throw new CatalogueFileException(name, [new Fault("(file)", "is not a file that can be read")]);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CatalogueFileException(name, [new Fault("(file)", "is not there")]);
        }
    }

    /// <summary>What the reader throws at a slip is told in our words; an operation that is not valid in the state of an object helps nobody.</summary>
    private static YamlStream Load(string name, string text)
    {
        using var reader = new StringReader(text);
        var (stream, parser) = (new YamlStream(), new Parser(reader));
        try
        {
            stream.Load(parser);
            return stream;
        }
        catch (Exception broken) when (broken is YamlException or InvalidOperationException or ArgumentException)
        {
            var at = (broken as YamlException)?.Start ?? parser.Current?.End ?? Mark.Empty;
            var slip = YamlSlip.Find(text, at.Line, at.Column, broken.Message);
            throw new CatalogueFileException(name, [new Fault($"line {slip.Line}, column {slip.Column}", slip.Reason)]);
        }
    }

    /// <summary>Aliases repeat what they name, and may name what they stand in: both are bounded.</summary>
    private static JsonNode? Convert(YamlNode node, int depth, ref int nodes, Action<JsonNode, Mark> found)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
            throw new YamlException(node.Start, node.End, $"the file is deeper than {MaxDepth} levels or, with its aliases written out, larger than {MaxNodes} values");
        switch (node)
        {
            case YamlMappingNode mapping:
                var fields = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name })
                        throw new YamlException(key.Start, key.End, "the name of a field must be a plain text");
                    // Of a field its name is pointed at, which is where it begins.
                    if ((fields[name] = Convert(value, depth + 1, ref nodes, found)) is { } converted)
                        found(converted, key.Start);
                }

                return fields;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    items.Add(Convert(item, depth + 1, ref nodes, found));
                    if (items[^1] is { } converted)
                        found(converted, item.Start);
                }

                return items;
            case YamlScalarNode { Style: ScalarStyle.Plain } plain:
                return Plain(plain.Value ?? "");
            case YamlScalarNode quoted:
                return JsonValue.Create(quoted.Value);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}

/// <summary>Where something stands in a file; lines and columns count from 1.</summary>
internal readonly record struct Place(string File, long Line, long Column)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}

/// <summary>Where the values of files stand, wherever they are moved to.</summary>
internal sealed class YamlPlaces
{
    private readonly Dictionary<JsonNode, Place> _places = new(ReferenceEqualityComparer.Instance);

    public void Add(JsonNode node, Place place) => _places[node] = place;

    /// <summary>Where the field of a path stands, such as <c>items[2].promised</c>; of one that is absent, what should hold it.</summary>
    public Place? Find(JsonNode root, string path)
    {
        Place? found = null;
        JsonNode? node = root;
        var left = path;
        while (node is not null)
        {
            if (_places.TryGetValue(node, out var place))
                found = place;
            (node, left) = left.Length == 0 ? (null, left) : Step(node, left);
        }

        return found;
    }

    private static (JsonNode? Node, string Left) Step(JsonNode? node, string path)
    {
        if (path[0] == '[' && node is JsonArray items)
        {
            var end = path.IndexOf(']', StringComparison.Ordinal);
            var item = int.TryParse(path.AsSpan(1, end - 1), CultureInfo.InvariantCulture, out var i) && i < items.Count ? items[i] : null;
            return (item, path[(end + 1)..].TrimStart('.'));
        }

        if (node is not JsonObject fields)
            return (null, "");
        // Names of fields may have dots in them: the longest that is there is meant.
        var name = fields.Select(f => f.Key).Where(k => path.StartsWith(k, StringComparison.Ordinal) && (path.Length == k.Length || path[k.Length] is '.' or '[')).MaxBy(k => k.Length);
        return name is null ? (null, "") : (fields[name], path[name.Length..].TrimStart('.'));
    }
}
