namespace SlaMonitor.Host;

/// <summary>Everything this program logs; never an event's content.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The projections stopped and try again: {Fault}")]
    public static partial void ProjectionFault(ILogger logger, string fault);

    [LoggerMessage(2, LogLevel.Warning, "The metrics could not be renewed: {Fault}")]
    public static partial void SnapshotFault(ILogger logger, string fault);

    [LoggerMessage(3, LogLevel.Warning, "Of {Items} items that webhook {Webhook} was sent, {Refused} were refused, and {LeftOut} were left out by the sender. The first fault: {Fault}")]
    public static partial void WebhookLoss(ILogger logger, string webhook, int items, int refused, int leftOut, string fault);

    [LoggerMessage(6, LogLevel.Error, "Notifications are held up and are tried again: {Fault}")]
    public static partial void NotificationFault(ILogger logger, string fault);
}
