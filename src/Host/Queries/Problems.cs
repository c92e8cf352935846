using Microsoft.AspNetCore.Http.HttpResults;

namespace SlaMonitor.Host.Queries;

/// <summary>Answers to questions that cannot be answered, each naming the parameter and the remedy.</summary>
internal static class Problems
{
    public static ProblemHttpResult Parameter(string name, string reason) => TypedResults.Problem($"{name} {reason}.", statusCode: 400, title: "Bad parameter");

    public static ProblemHttpResult NoCase(string id, string centre) =>
        TypedResults.Problem($"Centre {centre} has no case {id} with a running or settled commitment.", statusCode: 404, title: "No such case");
}
