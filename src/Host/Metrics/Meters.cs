using System.Diagnostics.Metrics;

namespace SlaMonitor.Host.Metrics;

/// <summary>The meter all instruments of this program belong to.</summary>
internal static class Meters
{
    public static Meter Sla { get; } = new("SlaMonitor", typeof(Meters).Assembly.GetName().Version?.ToString(3));
}
