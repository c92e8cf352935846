namespace SlaMonitor.Host.Queries;

/// <summary>Text out of a route. The framework leaves %2F as it is, and case numbers may hold a slash.</summary>
internal static class RouteText
{
    public static string Unescape(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
