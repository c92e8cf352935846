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
    /// <exception cref="CatalogueFileException">The file is missing or is not YAML; the message names line and column.</exception>
    public static JsonNode? ReadFile(string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Count == 0 ? null : Convert(stream.Documents[0].RootNode);
        }
        catch (YamlException malformed)
        {
            throw new CatalogueFileException(Path.GetFileName(file), [new Fault($"line {malformed.Start.Line}, column {malformed.Start.Column}", malformed.Message)]);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CatalogueFileException(Path.GetFileName(file), [new Fault("(file)", "is not there")]);
        }
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Convert(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
