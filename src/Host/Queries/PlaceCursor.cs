using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Queries;

/// <summary>The key of the last row of a page of a list by time: the time, and the stream.</summary>
internal static class PlaceCursor
{
    public static string Write(Instant at, string stream) => KeyCursor.Write(Timestamps.Format(at), stream);

    /// <summary>Reads one; false when it is none of ours, no place for none.</summary>
    public static bool TryParse(string? text, out (Instant At, string Stream)? place)
    {
        place = null;
        if (text is null)
            return true;
        if (KeyCursor.Parse(text, 2) is not { } parts || !Timestamps.TryParse(parts[0], out var at))
            return false;
        place = (at, parts[1]);
        return true;
    }
}
