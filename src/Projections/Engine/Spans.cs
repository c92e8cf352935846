using System.Diagnostics;

namespace SlaMonitor.Projections.Engine;

/// <summary>The source of the projections' spans.</summary>
public static class Spans
{
    /// <summary>Its name.</summary>
    public const string Name = "SlaMonitor.Projections";

    internal static ActivitySource Source { get; } = new(Name);
}
