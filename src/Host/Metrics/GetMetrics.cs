using SlaMonitor.Host.Access;
using SlaMonitor.Host.OpenApi;

namespace SlaMonitor.Host.Metrics;

/// <summary><c>GET /metrics</c>: the last snapshot and the counters of this process. Who sees some centres only gets the samples of these.</summary>
internal static class GetMetrics
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Handle)
        .WithName("GetMetrics").WithSummary("Metrics for Prometheus.").WithMetadata(new ResponseExample(200, "The exposition", "text/plain", null)).Refuses(503, "The first snapshot is not made yet");

    // They tell nothing of any centre.
    private static readonly string[] OfNobody = ["sla_build_info", "sla_snapshot_timestamp_seconds"];

    private static IResult Handle(Snapshot snapshot, CounterListener counters, Requester requester) => snapshot.Families is { Count: > 0 } families
        ? Results.Text(Exposition.Write(requester.Centres is null ? [.. families, .. counters.Families()] : families.Select(f => Visible(f, requester)).Where(f => f.Samples.Count > 0)), Exposition.ContentType)
        : Results.Problem("The first snapshot is not made yet.", statusCode: 503);

    private static Family Visible(Family family, Requester requester) => OfNobody.Contains(family.Name)
        ? family
        : family with { Samples = [.. family.Samples.Where(s => s.Labels.Any(l => l.Name == "sla_centre" && requester.Sees(l.Value)))] };
}
