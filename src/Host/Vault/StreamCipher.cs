using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Host.Vault;

/// <summary>
/// Seals and opens what is personal in the events of one stream, by the stream's key. The same event is sealed to the same bytes, so that one that is sent
/// twice is recognised; two events differ in all of it, for the nonce is made of the event's id and what is sealed. Bound to centre, stream, type and id: what is moved to another event
/// does not open.
/// </summary>
internal sealed class StreamCipher : IDisposable
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = 1 + NonceSize + TagSize;
    private readonly string _centre;
    private readonly string _stream;
    private readonly AesGcm _cipher;
    private readonly byte[] _nonceKey;

    /// <param name="key">The stream's; zeroed.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="stream">The stream within it.</param>
    public StreamCipher(byte[] key, string centre, string stream)
    {
        (_centre, _stream) = (centre, stream);
        _nonceKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyRing.KeySize, info: "sla vault nonce 1"u8.ToArray());
        var encryption = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyRing.KeySize, info: "sla vault encryption 1"u8.ToArray());
        _cipher = new AesGcm(encryption, TagSize);
        CryptographicOperations.ZeroMemory(encryption);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Seals the bytes of an event.</summary>
    public string Seal(Guid id, string type, ReadOnlySpan<byte> plain)
    {
        var bytes = new byte[Overhead + plain.Length];
        bytes[0] = Version;
        var nonce = bytes.AsSpan(1, NonceSize);
        Nonce(id, plain).AsSpan(0, NonceSize).CopyTo(nonce);
        _cipher.Encrypt(nonce, plain, bytes.AsSpan(1 + NonceSize, plain.Length), bytes.AsSpan(1 + NonceSize + plain.Length), BoundTo(id, type));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Opens what was sealed; false: it was not sealed by this key, for this event.</summary>
    public bool TryOpen(Guid id, string type, string given, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        var bytes = new byte[given.Length];
        if (!Convert.TryFromBase64String(given, bytes, out var length) || length < Overhead || bytes[0] != Version)
            return false;
        var opened = new byte[length - Overhead];
        try
        {
            _cipher.Decrypt(bytes.AsSpan(1, NonceSize), bytes.AsSpan(1 + NonceSize, opened.Length), bytes.AsSpan(length - TagSize, TagSize), opened, BoundTo(id, type));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = opened;
        return true;
    }

    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_nonceKey);
    }

    private byte[] Nonce(Guid id, ReadOnlySpan<byte> plain)
    {
        Span<byte> name = stackalloc byte[16];
        id.TryWriteBytes(name, bigEndian: true, out _);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _nonceKey);
        hash.AppendData(name);
        hash.AppendData(plain);
        return hash.GetHashAndReset();
    }

    // No text of the database holds NUL, so that no two events are written alike.
    private byte[] BoundTo(Guid id, string type) => Encoding.UTF8.GetBytes($"sla vault event\0{_centre}\0{_stream}\0{type}\0{id:N}");
}
