using System.Globalization;
using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>
/// A table with a row for each combination of some labels, and the worst first. The first query carries the names and orders the rows; each other column is a query of its own, laid beside it by the labels.
/// </summary>
internal sealed class Table : Panel
{
    private readonly JsonObject _hidden = new() { ["Time"] = true };
    private readonly JsonObject _places = [];
    private readonly JsonObject _names = [];
    private int _queries;

    /// <param name="title">Its title.</param>
    /// <param name="description">What it shows.</param>
    /// <param name="noValue">What it says while it has no rows.</param>
    /// <param name="order">The query whose value orders the rows, the greatest first, and which carries the labels of names.</param>
    /// <param name="ascending">The least first instead.</param>
    public Table(string title, string description, string noValue, string order, bool ascending = false)
        : base("table", title, description, "short", noValue)
    {
        Drawn(("align", "auto"), ("cellOptions", new JsonObject { ["type"] = "auto" }), ("filterable", false), ("minWidth", 70));
        Options["cellHeight"] = "sm";
        Options["showHeader"] = true;
        // Pages in place of half a row at the lower edge, and a line that tells how many there are.
        Options["enablePagination"] = true;
        Ask(order, "", instant: true, table: true);
        _queries = 1;
        Transformations.Add((JsonNode)new JsonObject { ["id"] = "merge", ["options"] = new JsonObject() });
        Transformations.Add((JsonNode)new JsonObject
        {
            ["id"] = "sortBy",
            ["options"] = new JsonObject { ["fields"] = new JsonObject(), ["sort"] = new JsonArray(new JsonObject { ["field"] = "Value #A", ["desc"] = !ascending }) },
        });
        Transformations.Add((JsonNode)new JsonObject { ["id"] = "organize", ["options"] = new JsonObject { ["excludeByName"] = _hidden, ["indexByName"] = _places, ["renameByName"] = _names } });
        _hidden["Value #A"] = true;
    }

    /// <summary>Labels that rows need for their links and nobody needs to read.</summary>
    public Table Behind(params string[] labels)
    {
        foreach (var label in labels)
        {
            _places[label] = 100 + _places.Count;
            Where(label, ("custom.hidden", true), ("custom.hideFrom", new JsonObject { ["viz"] = true, ["legend"] = true, ["tooltip"] = true }));
        }

        return this;
    }

    /// <summary>A column of text out of a label of the first query.</summary>
    /// <param name="label">The label.</param>
    /// <param name="title">The column's title.</param>
    /// <param name="width">Its width; 0: what is left.</param>
    /// <param name="links">What a click leads to.</param>
    public Table Text(string label, string title, int width = 0, params (string Title, string Address)[] links)
    {
        Place(label, title);
        // The text for a table without rows would stand in cells without text, too.
        var properties = new List<(string, JsonNode)> { ("custom.align", "left"), ("noValue", "–") };
        if (width > 0)
            properties.Add(("custom.width", width));
        else
            properties.Add(("custom.minWidth", 150));
        if (links.Length > 0)
            properties.Add(("links", Links(links)));
        Where(title, [.. properties]);
        return this;
    }

    /// <summary>A column of text that shows words for what a label holds.</summary>
    public Table Words(string label, string title, IEnumerable<(string Value, string Text)> words)
    {
        Place(label, title);
        Where(title, ("custom.align", "left"), ("custom.minWidth", 150), ("mappings", new JsonArray(Colours.Missing("–"), Colours.Values(words.Select(w => (w.Value, w.Text, Colours.Plain))))));
        return this;
    }

    /// <summary>A column of numbers.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="expression">The query.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="width">Its width.</param>
    /// <param name="thresholds">What numbers are coloured by; null: nothing.</param>
    /// <param name="decimals">Digits behind the point.</param>
    /// <param name="more">Other properties.</param>
    /// <remarks>A query that answers nothing at all leaves its column out; one that may should be <see cref="OrNone"/>.</remarks>
    public Table Column(string title, string expression, string unit, int width, JsonObject? thresholds = null, int? decimals = null, params (string Id, JsonNode Value)[] more)
    {
        Ask(expression, "", instant: true, table: true);
        Place(string.Create(CultureInfo.InvariantCulture, $"Value #{(char)('A' + _queries++)}"), title);
        var properties = new List<(string, JsonNode)> { ("unit", unit), ("custom.width", width), ("custom.align", "right") };
        if (decimals is { } digits)
            properties.Add(("decimals", digits));
        if (thresholds is not null)
            properties.AddRange([("thresholds", thresholds), ("custom.cellOptions", new JsonObject { ["type"] = "color-text" })]);
        Where(title, [.. properties, .. more]);
        return this;
    }

    /// <summary>Not a number for the rows that a query does not answer for.</summary>
    public static string OrNone(string expression, string by, string rows) => $"{expression} or on ({by}) NaN * {rows}";

    /// <summary>A column that says in a word where the row stands.</summary>
    public Table State(string title, string expression, int width, params (string Value, string Text, string Colour)[] values) => Column(
        title, expression, "none", width, null, null,
        ("mappings", new JsonArray(Colours.Missing("–"), Colours.Values(values))), ("custom.cellOptions", new JsonObject { ["type"] = "color-text" }), ("custom.align", "left"));

    /// <summary>What a click on a cell leads to.</summary>
    public static JsonArray Links(params (string Title, string Address)[] links) => [.. links.Select(l => new JsonObject { ["title"] = l.Title, ["url"] = l.Address, ["targetBlank"] = false })];

    private void Place(string field, string title)
    {
        _places[field] = _places.Count;
        _names[field] = title;
    }
}
