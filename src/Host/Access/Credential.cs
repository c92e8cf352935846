using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Host.Access;

/// <summary>
/// What a caller presents, <c>sla_ID_SECRET</c>: the token it says to be, and the hash of its secret. The secret itself is
/// kept nowhere. It is 32 random bytes, so that a fast hash protects it as well as a slow one would.
/// </summary>
internal sealed class Credential
{
    private const string Prefix = "sla_";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;

    private static readonly int IdLength = 2 * IdBytes;
    private static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    private Credential(string id, byte[] secretHash) => (Id, SecretHash) = (id, secretHash);

    public string Id { get; }

    public byte[] SecretHash { get; }

    /// <summary>A new one, and the text to hand over once.</summary>
    public static (Credential Credential, string Text) New()
    {
        var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
        return (new Credential(id, Hash(secret)), $"{Prefix}{id}_{secret}");
    }

    /// <summary>Reads one; null when the text has not its form.</summary>
    public static Credential? Parse(string text)
    {
        if (text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
            return null;
        var (id, secret) = (text.Substring(Prefix.Length, IdLength), text[^SecretLength..]);
        return id.All(char.IsAsciiHexDigitLower) && secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? new Credential(id, Hash(secret)) : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
