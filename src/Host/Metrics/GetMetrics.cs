using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Metrics;

/// <summary><c>GET /metrics</c>: the last snapshot and the counters of this process.</summary>
internal static class GetMetrics
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Handle)
        .WithName("GetMetrics").WithSummary("Metrics for Prometheus.").WithMetadata(new ResponseExample(200, "The exposition", "text/plain", null)).Refuses(503, "The first snapshot is not made yet");

    private static IResult Handle(Snapshot snapshot, CounterListener counters) => snapshot.Families is { Count: > 0 } families
        ? Results.Text(Exposition.Write([.. families, .. counters.Families()]), Exposition.ContentType)
        : Results.Problem("The first snapshot is not made yet.", statusCode: 503);
}
