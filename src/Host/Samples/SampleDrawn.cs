using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Samples;

/// <summary>What was drawn at a window.</summary>
/// <param name="Window">The window; null: the cases name none.</param>
/// <param name="Frame">How many cases it was drawn of.</param>
/// <param name="Drawn">Their numbers, in the order drawn.</param>
internal sealed record WindowSample(string? Window, int Frame, IReadOnlyList<string> Drawn);

/// <summary>A sample of the cases finished in a month, as it stands in the log (抽查).</summary>
/// <param name="Month">Such as <c>2026-10</c>.</param>
/// <param name="PerWindow">How many were asked for at each window.</param>
/// <param name="Seed">What it was drawn with.</param>
/// <param name="Algorithm">How.</param>
/// <param name="FramePosition">The log position as of which the cases were finished.</param>
/// <param name="By">Who had it drawn.</param>
/// <param name="Windows">What was drawn.</param>
internal sealed record SampleDrawn(string Month, int PerWindow, string Seed, string Algorithm, long FramePosition, string By, IReadOnlyList<WindowSample> Windows)
{
    /// <summary>The stored name of the event, and the kind of its streams.</summary>
    public const string Type = "sample_drawn", Kind = "sample";

    public JsonObject ToJson() => new()
    {
        ["month"] = Month,
        ["perWindow"] = PerWindow,
        ["seed"] = Seed,
        ["algorithm"] = Algorithm,
        ["framePosition"] = FramePosition,
        ["by"] = By,
        ["windows"] = new JsonArray([.. Windows.Select(w => (JsonNode)new JsonObject { ["window"] = w.Window, ["frame"] = w.Frame, ["drawn"] = new JsonArray([.. w.Drawn.Select(n => (JsonNode)n)]) })]),
    };

    /// <summary>Reads a stored one.</summary>
    public static (SampleDrawn Sample, Instant At, long Position) Read(RecordedEvent stored)
    {
        using var document = JsonDocument.Parse(stored.Data);
        var data = document.RootElement.GetProperty("data");
        return (
            new SampleDrawn(
                Text("month"), data.GetProperty("perWindow").GetInt32(), Text("seed"), Text("algorithm"), data.GetProperty("framePosition").GetInt64(), Text("by"),
                [.. data.GetProperty("windows").EnumerateArray().Select(w => new WindowSample(w.GetProperty("window").GetString(), w.GetProperty("frame").GetInt32(), [.. w.GetProperty("drawn").EnumerateArray().Select(n => n.GetString()!)]))]),
            stored.RecordedAt, stored.Position);

        string Text(string name) => data.GetProperty(name).GetString()!;
    }
}
