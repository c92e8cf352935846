namespace SlaMonitor.Host;

/// <summary>Everything this program logs; never an event's content.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The projections stopped at a fault and go on in a second.")]
    public static partial void ProjectionFault(ILogger logger, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "The metrics could not be renewed.")]
    public static partial void SnapshotFault(ILogger logger, Exception fault);
}
