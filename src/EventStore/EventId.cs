using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.EventStore;

/// <summary>Event ids that a sender's retry arrives at again.</summary>
public static class EventId
{
    // Ours, drawn once. Changing it, or the joining below, would let every event in every log in a second time.
    private static readonly Guid Namespace = new("c63ce136-e9c6-4c88-a656-58dcc354b4c1");

    /// <summary>The id of the event that <paramref name="source"/> calls <paramref name="senderId"/>: UUIDv5 (RFC 9562) of the three parts
    /// as netstrings (<c>2:cn,4:desk,3:e-1,</c>, lengths in UTF-8 bytes), so that no two triples join to the same name.</summary>
    /// <param name="centre">The centre whose log the event goes to.</param>
    /// <param name="source">The sender, as CloudEvents' <c>source</c>.</param>
    /// <param name="senderId">The sender's own id of the event; unique within the source.</param>
    /// <returns>The same id for the same three parts, on every machine.</returns>
    public static Guid From(string centre, string source, string senderId)
    {
        ArgumentNullException.ThrowIfNull(centre);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(senderId);
        var name = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[centre, source, senderId])
            name.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:{part},");
        return Version5(Namespace, name.ToString());
    }

    /// <summary>UUIDv5 of RFC 9562, section 5.5.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The name, hashed as UTF-8.</param>
    /// <returns>The id.</returns>
    public static Guid Version5(Guid space, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The RFC says SHA-1; the id names, it does not protect.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
