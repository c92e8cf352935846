using Microsoft.AspNetCore.Http.Features;

namespace SlaMonitor.Host.Metrics;

/// <summary>Tells the span of a request what may be told of it: by which route it went, and what it was answered with. The framework tells nothing, or the path.</summary>
internal static class RequestSpans
{
    // What a caller makes up is no method.
    private static readonly string[] Known = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options];

    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            {
                span.SetTag("http.request.method", HttpMethods.GetCanonicalizedValue(context.Request.Method) is { } method && Known.Contains(method) ? method : "_OTHER");
                span.SetTag("http.response.status_code", context.Response.StatusCode);
                span.SetTag("http.route", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            }
        }
    });
}
