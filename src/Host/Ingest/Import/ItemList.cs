using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// The list inside a document of which each item is a record of its own. In it <c>item</c> is the item, and <c>item.labels.job</c>
/// something in it; every other name is of the document around it.
/// </summary>
/// <param name="Name">The path as the mapping writes it.</param>
/// <param name="Path">Where the list stands.</param>
internal sealed record ItemList(string Name, JsonPath Path)
{
    private const string Item = "item";

    /// <summary>Whether an attribute is of the item; a field of the document that has this name itself is written <c>["item"]</c>.</summary>
    public static bool IsOfItem(string attribute) => attribute.StartsWith(Item, StringComparison.Ordinal) && (attribute.Length == Item.Length || attribute[Item.Length] is '.' or '[');

    /// <summary>The way to an attribute from the item on.</summary>
    public static JsonPath FromItem(JsonPath path) => new([.. path.Steps.Skip(1)]);

    /// <summary>The items; none when there is no list. Null: something else stands there.</summary>
    public IReadOnlyList<JsonElement>? Find(JsonElement document) => Path.Find(document) switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        _ => null,
    };
}
