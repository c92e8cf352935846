using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Takes the values a mapping asks for out of documents.</summary>
/// <param name="names">What is asked for.</param>
/// <param name="each">Each item of this list is a record; null: the document is one.</param>
internal sealed class JsonSlots(AttributeNames names, ItemList? each)
{
    private readonly (JsonPath Path, bool OfItem)[] _paths = [.. names.Names.Select(n => each is not null && ItemList.IsOfItem(n) ? (ItemList.FromItem(JsonPath.Parse(n)!), true) : (JsonPath.Parse(n)!, false))];

    /// <summary>The records of a document: scalars as text, numbers and booleans as written.</summary>
    public IEnumerable<ImportRecord> Read(long line, JsonElement document)
    {
        if (each is null)
            return [Read(line, document, default)];
        return each.Find(document) is { } items
            ? items.Select(item => Read(line, document, item))
            : [new ImportRecord(line, names.NewSlots(), null) { Faults = [new RecordFault(each.Name, "(value)", "is not a list; name one in the mapping's each, or correct it in the source")] }];
    }

    private ImportRecord Read(long line, JsonElement document, JsonElement item)
    {
        var (values, faults) = (names.NewSlots(), new List<RecordFault>());
        for (var slot = 0; slot < _paths.Length; slot++)
        {
            if (Find(slot, document, item, faults) is not { } element)
                continue;
            if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                faults.Add(new RecordFault(names.Names[slot], "(value)", "is an object or a list; name a field or item of it in the mapping"));
            else if (element.ValueKind != JsonValueKind.Null)
                values[slot] = names.Clean(TextOf(element, names.Names[slot], faults));
        }

        return new ImportRecord(line, values, values) { Faults = faults };
    }

    private JsonElement? Find(int slot, JsonElement document, JsonElement item, List<RecordFault> faults)
    {
        var (path, ofItem) = _paths[slot];
        try
        {
            return path.Find(ofItem ? item : document);
        }
        catch (InvalidOperationException)
        {
            faults.Add(new RecordFault(names.Names[slot], "(value)", "stands beside a name that is not valid text; write UTF-8"));
            return null;
        }
    }

    private static string? TextOf(JsonElement element, string name, List<RecordFault> faults)
    {
        if (element.ValueKind != JsonValueKind.String)
            return element.GetRawText();
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            faults.Add(new RecordFault(name, "(value)", "is not valid text; write UTF-8"));
            return null;
        }
    }
}
