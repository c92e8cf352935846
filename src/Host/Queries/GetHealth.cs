using Npgsql;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Queries;

/// <summary><c>GET /healthz</c>: the process answers. <c>GET /readyz</c>: the database answers, and the read models have caught up once.</summary>
internal static class GetHealth
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok\n")).WithName("GetHealth").WithSummary("The process answers.").Answers("health.txt", "text/plain");
        routes.MapGet("/readyz", ReadyAsync).WithName("GetReadiness").WithSummary("The database answers, and the read models have caught up once.").Answers("ready.json").Refuses(503, "Not yet");
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource dataSource, Follower follower, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(ct);
        return Results.Json(new { ready = follower.HasBeenLevel, checkpoint = follower.Checkpoint, lag = follower.Lag }, statusCode: follower.HasBeenLevel ? 200 : 503);
    }
}
