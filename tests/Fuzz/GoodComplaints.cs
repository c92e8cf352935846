using System.Text.Json.Nodes;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Complaints;

namespace SlaMonitor.Fuzz;

/// <summary>What sound events about complaints say, and who complained.</summary>
internal sealed class GoodComplaints(Random random)
{
    private static readonly string[] Types = [.. ComplaintJson.Types.Select(t => t.Name)];
    private static readonly string[] Channels = [.. Enum.GetValues<ComplaintChannel>().Select(ComplaintJson.WordOf)];

    /// <summary>The stream of a complaint that is numbered like a case.</summary>
    public static string SubjectOf(string subject) => $"{StreamKinds.WordOf(StreamKind.Complaint)}/{subject[(StreamKinds.WordOf(StreamKind.Case).Length + 1)..]}";

    /// <summary>A type; every fourth is a registration.</summary>
    public string Type() => random.Next(4) == 0 ? "complaint_registered" : Types[random.Next(Types.Length)];

    /// <summary>The fields a type must have.</summary>
    public JsonObject Required(string type) => type switch
    {
        "complaint_registered" => new() { ["channel"] = Pick(Channels), ["category"] = Pick(SampleHall.ComplaintCategories) },
        "complaint_transferred" => new() { ["to"] = Pick("supervision", "agency-b") },
        "complaint_extension_granted" => new() { ["add"] = new JsonObject { [Pick("workingDays", "calendarDays")] = random.Next(40) }, ["approver"] = Pick("centre-head", "agency-head", "nobody"), ["reason"] = "案情复杂" },
        "complaint_reversed" => new() { ["reason"] = "申诉成立" },
        "complaint_revisited" => new() { ["satisfied"] = random.Next(2) == 0 },
        _ => [],
    };

    /// <summary>The fields it may have.</summary>
    public (string, Func<JsonNode>)[] Optional(string type) => type switch
    {
        "complaint_registered" => [("case", () => $"C-{random.Next(100)}"), ("window", Window), ("staff", Staff), ("person", Person), ("text", () => $"{GoodEvents.Personal[0]}投诉")],
        "complaint_responded" => [("copied", () => random.Next(2) == 0), ("text", () => "道歉")],
        "complaint_substantiated" => [("responsible", () => new JsonObject { ["window"] = Window(), ["staff"] = Staff() })],
        _ => [("text", () => $"{GoodEvents.Personal[1]}来电")],
    };

    private static JsonObject Person() => new() { ["name"] = GoodEvents.Personal[0], ["phone"] = GoodEvents.Personal[1], ["address"] = "某路1号", ["email"] = "a@example.org" };

    private JsonNode Window() => Pick(SampleHall.Windows);

    private JsonNode Staff() => $"W1-0{random.Next(1, 5)}";

    private string Pick(params ReadOnlySpan<string> words) => words[random.Next(words.Length)];
}
