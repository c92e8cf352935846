using Microsoft.AspNetCore.Http.HttpResults;

namespace SlaMonitor.Host.Queries;

/// <summary>Answers to questions that cannot be answered, each naming the parameter and the remedy.</summary>
internal static class Problems
{
    public static ProblemHttpResult Parameter(string name, string reason) => TypedResults.Problem($"{name} {reason}.", statusCode: 400, title: "Bad parameter");

    public static ProblemHttpResult Quarantined(string id, string reason) =>
        TypedResults.Problem($"Case {id} holds an event that cannot be used, so it shows no verdicts until that is mended: {reason}", statusCode: 422, title: "Case in quarantine");

    public static ProblemHttpResult NoCase(string id, string centre) =>
        TypedResults.Problem($"Centre {centre} has no case {id} with a running or settled commitment.", statusCode: 404, title: "No such case");
}
