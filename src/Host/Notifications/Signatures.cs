using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Host.Notifications;

/// <summary>How receivers know that a message is ours, each in its own way.</summary>
internal static class Signatures
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 24;

    /// <summary>The key in a file: <c>whsec_</c> and base64 as the Standard Webhooks have it, or a long text; null: it is too short to keep anybody out, or no base64.</summary>
    public static byte[]? KeyOf(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return Encoding.UTF8.GetByteCount(text) >= ShortestKey ? Encoding.UTF8.GetBytes(text) : null;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length >= ShortestKey ? key[..length] : null;
    }

    /// <summary>Standard Webhooks: HMAC-SHA256 over id, time and body with points between.</summary>
    public static string OfWebhook(byte[] key, string id, long seconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>Feishu: HMAC-SHA256 of nothing, under time and secret with a line end between.</summary>
    public static string OfFeishu(string secret, long seconds) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}\n{secret}")), ReadOnlySpan<byte>.Empty));

    /// <summary>DingTalk: HMAC-SHA256 of time and secret with a line end between, under the secret.</summary>
    public static string OfDingTalk(string secret, long milliseconds) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{milliseconds}\n{secret}"))));
}
