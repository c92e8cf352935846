using System.Globalization;
using SlaMonitor.Host.OpenApi;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Queries;

/// <summary><c>?wait=position</c>: answers only once the read models have passed a position, so that a sender reads its own events.</summary>
internal sealed class WaitForPosition(Follower follower) : IEndpointFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>The position that is waited for; null: none.</summary>
    public static long? Asked(HttpRequest request) => long.TryParse(request.Query["wait"], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Query["wait"].ToString().Length == 0)
            return await next(context);
        if (Asked(context.HttpContext.Request) is not { } position)
            return Problems.Parameter("wait", "is not a log position");
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (follower.Checkpoint < position)
        {
            if (Environment.TickCount64 > until)
                return TypedResults.Problem($"The read models are at position {follower.Checkpoint} and did not reach {position} within {Patience.TotalSeconds} s.", statusCode: 504, title: "Projections are behind");
            await Task.Delay(Step, context.HttpContext.RequestAborted);
        }

        return await next(context);
    }
}

/// <summary>Routes of which one can wait.</summary>
internal static class WaitingRoutes
{
    /// <summary>Lets a reader wait for a position, and says so in the description of the API.</summary>
    public static RouteHandlerBuilder CanWait(this RouteHandlerBuilder route) => route.AddEndpointFilter<RouteHandlerBuilder, WaitForPosition>().WithMetadata(new WaitParameter());
}
