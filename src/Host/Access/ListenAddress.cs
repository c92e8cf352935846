using System.Net;

namespace SlaMonitor.Host.Access;

/// <summary>An address to listen on, and whether other machines can reach it.</summary>
internal sealed record ListenAddress(string Url, bool IsLoopback)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="ArgumentException">It is no plain address.</exception>
    public static ListenAddress Parse(string url)
    {
        // Whatever else an address may hold could mean one thing to us and another to the server.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            throw new ArgumentException($"'{url}' is not an address to listen on; give one such as {Server.DefaultUrl}");
        // The server listens everywhere under any other name.
        var loopback = uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return new ListenAddress($"{uri.Scheme}://{uri.Host}:{uri.Port}", loopback);
    }
}
