using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using SlaMonitor.Host.Metrics;

namespace SlaMonitor.Host.Ingest;

/// <summary>How many requests with events are worked on, and how many may wait; whoever comes when the queue is full is asked to come again.</summary>
internal static class IngestQueue
{
    /// <summary>The policy of routes that take events.</summary>
    public const string Policy = "ingest";

    // What is in work takes milliseconds, but for long streams.
    private const int RetryAfterSeconds = 1;

    private static readonly Counter<long> Busy = Meters.Sla.CreateCounter<long>("sla_ingest_busy", description: "Requests with events that found the queue full.");

    public static void Add(IServiceCollection services, IngestLimits limits) => services.AddRateLimiter(options =>
    {
        options.AddConcurrencyLimiter(Policy, queue =>
        {
            queue.PermitLimit = limits.Concurrent;
            queue.QueueLimit = limits.Waiting;
            queue.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
        });
        options.OnRejected = async (rejected, _) =>
        {
            Busy.Add(1);
            rejected.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Results.Problem($"{limits.Concurrent} requests are in work and {limits.Waiting} wait; send it again after {RetryAfterSeconds} second. Nothing was stored.", statusCode: StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(rejected.HttpContext);
        };
    });
}
