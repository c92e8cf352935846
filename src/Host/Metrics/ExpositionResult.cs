using Microsoft.Net.Http.Headers;

namespace SlaMonitor.Host.Metrics;

/// <summary>A whole exposition as an answer: what was written ahead of time, and what is of this moment.</summary>
/// <param name="ahead">Written with the snapshot.</param>
/// <param name="live">Families of this moment, none of which stands in the other.</param>
internal sealed class ExpositionResult(Exposition ahead, IEnumerable<Family> live) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var format = ExpositionFormat.For(request.Headers.Accept);
        // All of it is there before anything is sent: a fault is answered as one, never with half of an exposition.
        var rest = ExpositionWriter.Write(live, ahead.Families).Plain(format);
        if (format.IsOpenMetrics)
            rest = (byte[])[.. rest.Span, .. "# EOF\n"u8];
        var first = ahead.Plain(format);
        response.Headers.Vary = new([HeaderNames.Accept, HeaderNames.AcceptEncoding]);
        response.Headers.CacheControl = "no-store";
        response.ContentType = format.ContentType;
        if (ExpositionFormat.TakesGzip(request.Headers.AcceptEncoding))
        {
            var deflated = ahead.Deflated(format);
            (first, rest) = (deflated.Bytes, deflated.End(rest.Span));
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentLength = first.Length + rest.Length;
        await response.Body.WriteAsync(first, httpContext.RequestAborted);
        await response.Body.WriteAsync(rest, httpContext.RequestAborted);
    }
}
