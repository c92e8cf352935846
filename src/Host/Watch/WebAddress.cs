namespace SlaMonitor.Host.Watch;

/// <summary>The address of a program, as links begin with it that stand in templates of Prometheus and variables of Grafana.</summary>
internal static class WebAddress
{
    /// <summary>The address an option gives, without a slash at its end.</summary>
    /// <exception cref="ArgumentException">No link can begin with it.</exception>
    public static string Read(string option, string given) =>
        Uri.TryCreate(given, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") && given.StartsWith(address.Scheme + "://", StringComparison.OrdinalIgnoreCase)
            && address.Host.Length > 0 && address.UserInfo.Length == 0 && !given.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || "{}$?#\"'`<>\\|".Contains(c, StringComparison.Ordinal))
            ? given.TrimEnd('/')
            : throw new ArgumentException($"{option} is no address that links can begin with; give one such as https://sla.example, with http or https and without a user, a question mark, # or braces");

    /// <summary>Where a document is: an address or a path.</summary>
    /// <exception cref="ArgumentException">It would be read as a template.</exception>
    public static string Document(string option, string given) => !given.Any(c => c is '{' or '}' || char.IsControl(c)) ? given : throw new ArgumentException($"{option} has braces or control characters, which alerts cannot carry; give the address or path of the document without them");
}
