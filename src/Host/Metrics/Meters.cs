using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SlaMonitor.Host.Metrics;

/// <summary>The meter all instruments of this program belong to, and the source of its spans.</summary>
internal static class Meters
{
    private static readonly string? Version = typeof(Meters).Assembly.GetName().Version?.ToString(3);

    public static Meter Sla { get; } = new("SlaMonitor", Version);

    public static ActivitySource Spans { get; } = new("SlaMonitor", Version);
}
