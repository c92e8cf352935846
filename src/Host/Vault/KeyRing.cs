using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Host.Vault;

/// <summary>
/// The keys that wrap the keys of streams, as they stand in a key file: the first wraps new ones. A key's id is made of the key, so
/// that another key under the same name is not a wrong key but a missing one. Zeroed when it is disposed.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a wrapped key: nonce, key and tag.</summary>
    public const int WrappedSize = NonceSize + KeySize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;
    private static readonly int TextLength = Base64.GetMaxEncodedToUtf8Length(KeySize);
    private readonly List<(string Id, byte[] Key)> _keys;

    private KeyRing(List<(string, byte[])> keys) => _keys = keys;

    /// <summary>The ids of all keys, the first first.</summary>
    public IReadOnlyList<string> Ids => [.. _keys.Select(k => k.Id)];

    /// <summary>The id of the key that new ones are wrapped by.</summary>
    public string First => _keys[0].Id;

    /// <summary>A line of a key file with a new key.</summary>
    public static string NewLine()
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        try
        {
            return Convert.ToBase64String(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads the text of a key file.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="VaultClosedException">A line is no key, or there is none.</exception>
    public static KeyRing Read(ReadOnlySpan<byte> text, string name)
    {
        var (keys, number) = (new List<(string Id, byte[] Key)>(), 0);
        // Editors put the mark of UTF-8 before the first line.
        if (text.StartsWith("\uFEFF"u8))
            text = text["\uFEFF"u8.Length..];
        try
        {
            foreach (var range in text.Split((byte)'\n'))
            {
                number++;
                var line = text[range].Trim(" \t\r"u8);
                if (line.IsEmpty || line[0] == '#')
                    continue;
                var key = ReadKey(line) ?? throw new VaultClosedException($"{name}, line {number}, is no key: a line holds the base64 of {KeySize} random bytes, {TextLength} characters; sla vault key makes one");
                keys.Add((IdOf(key), key));
                if (keys.FindIndex(k => k.Id == keys[^1].Id) is var first && first < keys.Count - 1)
                    throw new VaultClosedException($"{name}, line {number}, holds the key {keys[^1].Id}, which stands above already; remove one of the lines");
            }

            return keys.Count > 0 ? new KeyRing(keys) : throw new VaultClosedException($"{name} holds no key; sla vault key makes a line of it");
        }
        catch
        {
            Zero(keys);
            throw;
        }
    }

    /// <summary>Wraps the key of a stream by the first key.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> key, string centre, string stream)
    {
        var wrapped = new byte[WrappedSize];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(_keys[0].Key, TagSize);
        cipher.Encrypt(wrapped.AsSpan(0, NonceSize), key, wrapped.AsSpan(NonceSize, KeySize), wrapped.AsSpan(NonceSize + KeySize), BoundTo(centre, stream));
        return wrapped;
    }

    /// <summary>Unwraps the key of a stream; false: the key it is wrapped by is not among these.</summary>
    /// <exception cref="VaultBrokenException">It was not wrapped by that key for that stream.</exception>
    public bool TryUnwrap(string id, ReadOnlySpan<byte> wrapped, string centre, string stream, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (_keys.Find(k => k.Id == id) is not { Key: { } by })
            return false;
        key = new byte[KeySize];
        try
        {
            using var cipher = new AesGcm(by, TagSize);
            cipher.Decrypt(wrapped[..NonceSize], wrapped[NonceSize..(NonceSize + KeySize)], wrapped[(NonceSize + KeySize)..], key, BoundTo(centre, stream));
            return true;
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new VaultBrokenException($"the key of {stream} was changed in the database; restore its row of vault.key from a backup", changed);
        }
    }

    public void Dispose() => Zero(_keys);

    private static byte[]? ReadKey(ReadOnlySpan<byte> line)
    {
        Span<byte> read = stackalloc byte[KeySize + 1];
        try
        {
            return line.Length == TextLength && Base64.DecodeFromUtf8(line, read, out _, out var length) == System.Buffers.OperationStatus.Done && length == KeySize ? read[..KeySize].ToArray() : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(read);
        }
    }

    private static string IdOf(byte[] key)
    {
        byte[] named = [.. "sla vault key"u8, .. key];
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(named).AsSpan(0, 4));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(named);
        }
    }

    // No text of the database holds NUL, so that no two streams are written alike.
    private static byte[] BoundTo(string centre, string stream) => Encoding.UTF8.GetBytes($"sla vault key\0{centre}\0{stream}");

    private static void Zero(List<(string, byte[] Key)> keys)
    {
        foreach (var (_, key) in keys)
            CryptographicOperations.ZeroMemory(key);
    }
}
