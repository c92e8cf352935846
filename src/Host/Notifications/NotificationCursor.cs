using NodaTime;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Notifications;

/// <summary>The key of the last row of a page of the outbox.</summary>
internal static class NotificationCursor
{
    public static string Write(NotificationRow last) => PlaceCursor.Write(last.CreatedAt, last.Id.ToString("d"));

    /// <summary>Reads one; false when it is none of ours, no place for none.</summary>
    public static bool TryParse(string? text, out (Instant At, Guid Id)? place)
    {
        place = null;
        if (!PlaceCursor.TryParse(text, out var found))
            return false;
        if (found is not { } given)
            return true;
        if (!Guid.TryParse(given.Stream, out var id))
            return false;
        place = (given.At, id);
        return true;
    }
}
