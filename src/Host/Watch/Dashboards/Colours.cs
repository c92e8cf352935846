using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Dashboards;

/// <summary>What colours say, on every panel the same: red is a broken promise, orange one about to break, green is kept; whatever is merely a number has the colour of text.</summary>
internal static class Colours
{
    public const string Bad = "red", Near = "orange", Good = "green", Plain = "text", Calm = "blue", Quiet = "#8e8e99";

    /// <summary>A number that says nothing about good and bad.</summary>
    public static JsonObject Neutral => Steps(Plain);

    /// <summary>A count that is bad from one on.</summary>
    public static JsonObject NoneIsGood => Steps(Good, (1, Bad));

    /// <summary>A count that asks for attention from one on.</summary>
    public static JsonObject NoneIsCalm => Steps(Good, (1, Near));

    /// <summary>Achieved less promised: below zero is bad.</summary>
    public static JsonObject Gap => Steps(Bad, (0, Good));

    /// <summary>A share left of a budget: spent, nearly spent, there.</summary>
    public static JsonObject Budget => Steps(Bad, (0, Near), (0.25, Good));

    /// <summary>Thresholds: a colour, and others from values on.</summary>
    public static JsonObject Steps(string first, params (double From, string Colour)[] others) => new()
    {
        ["mode"] = "absolute",
        ["steps"] = new JsonArray([new JsonObject { ["color"] = first, ["value"] = null }, .. others.Select(o => new JsonObject { ["color"] = o.Colour, ["value"] = o.From })]),
    };

    /// <summary>Without this, what is missing would have the colour of the lowest number.</summary>
    public static JsonObject Missing(string text) => new()
    {
        ["type"] = "special",
        ["options"] = new JsonObject { ["match"] = "null+nan", ["result"] = new JsonObject { ["text"] = text, ["color"] = Plain, ["index"] = 0 } },
    };

    /// <summary>Words and colours for certain values.</summary>
    public static JsonObject Values(IEnumerable<(string Value, string Text, string Colour)> values)
    {
        var options = new JsonObject();
        foreach (var (value, text, colour) in values)
            options[value] = new JsonObject { ["text"] = text, ["color"] = colour, ["index"] = options.Count + 1 };
        return new JsonObject { ["type"] = "value", ["options"] = options };
    }
}
