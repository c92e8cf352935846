using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SlaMonitor.Host.Metrics;

/// <summary>A text form of metrics: that of Prometheus since ever (0.0.4), or OpenMetrics 1.0.0.</summary>
internal sealed record ExpositionFormat(string ContentType, bool IsOpenMetrics)
{
    private const string OpenMetricsType = "application/openmetrics-text";
    private const string TextType = "text/plain";

    public static ExpositionFormat Text { get; } = new(TextType + "; version=0.0.4; charset=utf-8", false);

    public static ExpositionFormat OpenMetrics { get; } = new(OpenMetricsType + "; version=1.0.0; charset=utf-8", true);

    /// <summary>What a scraper would rather have. Who takes neither gets the older one, as from every other exporter.</summary>
    public static ExpositionFormat For(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return Text;
        var (open, text, any) = (0.0, (double?)null, 0.0);
        foreach (var range in ranges)
        {
            var (quality, version) = (range.Quality ?? 1, range.Parameters.FirstOrDefault(p => p.Name == "version")?.Value.Value?.Trim('"'));
            if (range.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase) && version is null or "1.0.0")
                open = Math.Max(open, quality);
            else if (range.MediaType.Equals(TextType, StringComparison.OrdinalIgnoreCase) && version is null or "0.0.4")
                text = Math.Max(text ?? 0, quality);
            else if (range.MatchesAllTypes || range.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase))
                any = Math.Max(any, quality);
        }

        // Whoever names it can read it; a browser's */* does not mean it.
        return open > 0 && open >= (text ?? any) ? OpenMetrics : Text;
    }

    /// <summary>True when gzip is asked for, not merely left open.</summary>
    public static bool TakesGzip(StringValues acceptEncoding) =>
        StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var codings)
        && (codings.LastOrDefault(c => c.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase)) ?? codings.LastOrDefault(c => c.Value == "*"))?.Quality is null or > 0
        && codings.Any(c => c.Value == "*" || c.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
}
