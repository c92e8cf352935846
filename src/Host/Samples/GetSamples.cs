using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Samples;

/// <summary><c>GET /samples</c>: the months of which a sample was drawn; <c>GET /samples/{month}</c>: one with the present ratings of its cases.</summary>
internal static class GetSamples
{
    public static void Map(IEndpointRouteBuilder read)
    {
        read.MapGet("/samples", HandleAsync)
            .WithName("GetSamples").WithSummary("The months of whose finished cases a sample was drawn, the last first.").Answers("samples.json").Refuses(400, "A parameter cannot be used; which, and why");
        read.MapGet("/samples/{month}", HandleOneAsync)
            .CanWait().WithName("GetSample").WithSummary("The sample of a month, with the present ratings of its cases.").Answers("sample.json").Refuses(400, "A parameter cannot be used; which, and why").Refuses(404, "No such sample");
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleAsync(VisibleCentres centres, NpgsqlDataSource dataSource, SampleDesk desk, string? centre, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, null, ct);
        return asked is null ? problem! : TypedResults.Ok(new JsonObject { ["centre"] = asked.Centre, ["samples"] = new JsonArray([.. (await desk.MonthsAsync(asked.Centre, ct)).Select(m => (JsonNode)m)]) });
    }

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> HandleOneAsync(
        string month, VisibleCentres centres, NpgsqlDataSource dataSource, SampleDesk desk, string? centre, bool? verify, string? asOf, CancellationToken ct)
    {
        var (asked, problem) = await Asked.ResolveAsync(centres, dataSource, centre, asOf, ct);
        if (asked is null)
            return problem!;
        if (await desk.FindAsync(asked.Centre, month, ct) is not { } found || found.Position > asked.AsOf?.Position)
            return TypedResults.Problem($"Centre {asked.Centre} has no sample of that month.", statusCode: 404, title: "No such sample");
        await using var models = await asked.ReadModelsAsync(dataSource, ct);
        var answer = (await SampleReading.ReadAsync(models, asked.Centre, found.Sample, found.At, found.Position, ct)).ToJson(asked.Newest.Zone);
        if (verify == true)
            answer["same"] = await desk.IsSameAsync(asked.Centre, asked.Published, found.Sample, ct);
        return TypedResults.Ok(asked.Marked(answer));
    }
}
