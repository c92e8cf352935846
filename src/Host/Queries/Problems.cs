using Microsoft.AspNetCore.Http.HttpResults;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Queries;

/// <summary>Answers to questions that cannot be answered, each naming the parameter and the remedy.</summary>
internal static class Problems
{
    public static ProblemHttpResult Parameter(string name, string reason) => TypedResults.Problem($"{name} {reason}.", statusCode: 400, title: "Bad parameter");

    /// <summary>Why a case has no clocks to show: it stands in quarantine, or there is none.</summary>
    public static async Task<ProblemHttpResult> NoCaseAsync(ReadModels models, Asked asked, string id, CancellationToken ct)
    {
        await using var command = models.Command($"SELECT reason FROM {models.Quarantine} WHERE tenant_id = $1 AND stream_id = $2");
        command.Parameters.Add(new() { Value = asked.Centre });
        command.Parameters.Add(new() { Value = $"case/{id}" });
        return await command.ExecuteScalarAsync(ct) is string reason ? Quarantined(id, reason) : NoCase(id, asked.Centre, asked.AsOf);
    }

    private static ProblemHttpResult Quarantined(string id, string reason) =>
        TypedResults.Problem($"Case {id} holds an event that cannot be used, so it shows no verdicts until that is mended: {reason}", statusCode: 422, title: "Case in quarantine");

    public static ProblemHttpResult NoCase(string id, string centre, AsOf? asOf = null) =>
        TypedResults.Problem(asOf is { } past ? $"Centre {centre} had no case {id} with a running or settled commitment as of position {past.Position}." : $"Centre {centre} has no case {id} with a running or settled commitment.", statusCode: 404, title: "No such case");
}
