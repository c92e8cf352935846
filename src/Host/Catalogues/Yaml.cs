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

    /// <exception cref="CatalogueFileException">The file is missing or is not YAML; the message names line and column.</exception>
    public static JsonNode? ReadFile(string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            var stream = new YamlStream();
            stream.Load(reader);
            var nodes = 0;
            return stream.Documents.Count == 0 ? null : Convert(stream.Documents[0].RootNode, 0, ref nodes);
        }
        catch (YamlException malformed)
        {
            throw new CatalogueFileException(Path.GetFileName(file), [new Fault($"line {malformed.Start.Line}, column {malformed.Start.Column}", malformed.Message)]);
        }
        catch (Exception unexpected) when (unexpected is InvalidOperationException or ArgumentException)
        {
            throw new CatalogueFileException(Path.GetFileName(file), [new Fault("(file)", $"is not YAML that can be read: {unexpected.Message}")]);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CatalogueFileException(Path.GetFileName(file), [new Fault("(file)", "is not there")]);
        }
    }

    /// <summary>Aliases repeat what they name, and may name what they stand in: both are bounded.</summary>
    private static JsonNode? Convert(YamlNode node, int depth, ref int nodes)
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
                    fields[name] = Convert(value, depth + 1, ref nodes);
                }

                return fields;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                    items.Add(Convert(item, depth + 1, ref nodes));
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
