using System.Text.Json;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The places of a suggested mapping that wait for somebody: what they say is no column and no code.</summary>
internal static class UnfilledPlaces
{
    /// <summary>What stands in a suggestion for what it cannot know.</summary>
    public const string Mark = "FILL-IN";

    /// <summary>A fault for each, with what to put there.</summary>
    public static IEnumerable<Fault> Of(JsonNode? root) => Of(root, "");

    private static IEnumerable<Fault> Of(JsonNode? node, string path) => node switch
    {
        JsonObject fields => fields.SelectMany(f => Of(f.Value, path.Length == 0 ? f.Key : $"{path}.{f.Key}")
            .Concat(f.Key.Contains(Mark, StringComparison.Ordinal) ? [Unfilled(path, "the name of a column")] : [])),
        JsonArray items => items.SelectMany((item, i) => Of(item, $"{path}[{i}]")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Contains(Mark, StringComparison.Ordinal) => [Unfilled(path, Wanted(path))],
        _ => [],
    };

    private static Fault Unfilled(string path, string wanted) => new(path, $"still says {Mark}; put {wanted} there");

    private static string Wanted(string path) => path switch
    {
        "centre" => "the id of the catalogue's centre",
        "source" => "a name for the system the file comes from",
        "case" => "the column with the case number",
        _ when path.Contains("data.item", StringComparison.Ordinal) => "the id of an item of the catalogue",
        _ when path.Contains("data.window", StringComparison.Ordinal) => "the id of a window of the catalogue",
        _ when path.EndsWith(".at", StringComparison.Ordinal) => "the column with the event's time",
        _ when path.EndsWith(".id", StringComparison.Ordinal) => "columns in braces that tell the records of a case apart",
        _ => "what belongs",
    };
}
