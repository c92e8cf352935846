using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Metrics;

/// <summary><c>GET /metrics</c>: the last snapshot and the figures of this process. Who sees some centres only gets the samples of these.</summary>
internal static class GetMetrics
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Handle)
        .WithName("GetMetrics").WithSummary("Metrics for Prometheus.").WithMetadata(new ResponseExample(200, "The exposition", "text/plain", null)).Refuses(503, "The first snapshot is not made yet");

    private static IResult Handle(Snapshots snapshots, ProcessMetrics process, Requester requester) => snapshots.Last is not { } last
        ? Results.Problem("The first snapshot is not made yet.", statusCode: 503)
        : requester.Centres is { } centres ? new ExpositionResult(last.For(centres), []) : new ExpositionResult(last.All, [.. snapshots.Families(), .. process.Families()]);
}
