using System.IO.Compression;
using System.Text;

namespace SlaMonitor.Fuzz;

/// <summary>What can go wrong on the way: bytes, and what is said of them.</summary>
internal static class ByteMutations
{
    private static readonly string?[] Types =
    [
        null, "", "text/plain", "application/json", "application/cloudevents+json", "application/cloudevents-batch+json", "application/x-ndjson", "application/json; charset=utf-16", "application/cloudevents+json; charset=\"utf-8\"", "APPLICATION/JSON",
        "multipart/form-data", "application/xml", "application/json, text/plain", ";", "json", "application/cloudevents+json;", "application/x-www-form-urlencoded", "application/gzip",
    ];

    /// <summary>All of them.</summary>
    public static readonly (string Name, Func<Random, Envelope, Envelope> Apply)[] All =
    [
        ("cut off", (r, e) => e with { Body = e.Body[..r.Next(e.Body.Length + 1)] }),
        ("bits flipped", (r, e) => e with { Body = Flip(r, e.Body) }),
        ("bytes inserted", (r, e) => e with { Body = Insert(r, e.Body, Bytes(r)) }),
        ("punctuation inserted", (r, e) => e with { Body = Insert(r, e.Body, Encoding.UTF8.GetBytes([",:{}[]\"\\ \n\t\0\u00ff"[r.Next(13)]])) }),
        ("bytes left out", (r, e) => e with { Body = Cut(r, e.Body) }),
        ("bytes repeated", (r, e) => e with { Body = Repeat(r, e.Body) }),
        ("two documents", (r, e) => e with { Body = [.. e.Body, .. r.Next(2) == 0 ? "\n"u8.ToArray() : [], .. e.Body] }),
        ("something after the end", (r, e) => e with { Body = [.. e.Body, .. r.Next(3) switch { 0 => "x"u8.ToArray(), 1 => "}"u8.ToArray(), _ => new byte[] { 0 } }] }),
        ("a byte order mark", (r, e) => e with { Body = [.. r.Next(3) switch { 0 => Encoding.Unicode.Preamble.ToArray(), 1 => Encoding.UTF8.Preamble.ToArray(), _ => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble] }, .. e.Body] }),
        ("UTF-16", (r, e) => e with { Body = (r.Next(2) == 0 ? Encoding.Unicode : Encoding.BigEndianUnicode).GetBytes(Encoding.UTF8.GetString(e.Body)) }),
        ("UTF-32", (_, e) => e with { Body = Encoding.UTF32.GetBytes(Encoding.UTF8.GetString(e.Body)) }),
        ("CRLF", (_, e) => e with { Body = [.. e.Body.SelectMany(b => b == '\n' ? "\r\n"u8.ToArray() : [b])] }),
        ("lines within the document", (_, e) => e with { Body = [.. e.Body.SelectMany(b => b == ',' ? ",\n"u8.ToArray() : [b])] }),
        ("empty lines", (r, e) => e with { Body = [.. "\n\n"u8, .. e.Body, .. r.Next(2) == 0 ? "\n \n\r\n"u8.ToArray() : []] }),
        ("a very long line", (r, e) => e with { Body = [.. e.Body, .. Enumerable.Repeat((byte)' ', r.Next(1, 8) * 100_000)] }),
        ("blanks before it", (r, e) => e with { Body = [.. Enumerable.Repeat((byte)" \t\r\n"[r.Next(4)], r.Next(1, 5_000)), .. e.Body] }),
        ("nothing", (_, e) => e with { Body = [] }),
        ("no JSON at all", (r, e) => e with { Body = Encoding.UTF8.GetBytes(new[] { "<?xml version=\"1.0\"?><log/>", "a=b&c=d", "张三丰,13800000000\n", "---\nyaml: 1\n", "(", "\"" }[r.Next(6)]) }),
        ("a comment", (r, e) => e with { Body = Insert(r, e.Body, "/* 张三丰 */"u8.ToArray()) }),
        ("nothing but nesting", (r, e) => e with { Body = Encoding.UTF8.GetBytes(BadValues.Nested(r, 100_000)) }),
        ("another content type", (r, e) => e with { ContentType = Types[r.Next(Types.Length)] }),
        ("an object as a list", (_, e) => e with { Body = [.. "["u8, .. e.Body, .. "]"u8] }),
        ("packed", (_, e) => e with { Body = Gzip(e.Body), ContentEncoding = "gzip" }),
        ("packed and not said so", (_, e) => e with { Body = Gzip(e.Body) }),
        ("said to be packed", (r, e) => e with { ContentEncoding = new[] { "gzip", "GZIP", "br", "deflate", "gzip, gzip", "identity", "nonsense" }[r.Next(7)] }),
        ("packed and cut off", (r, e) => Gzip(e.Body) is var packed ? e with { Body = packed[..r.Next(packed.Length)], ContentEncoding = "gzip" } : e),
        ("packed and broken", (r, e) => e with { Body = Flip(r, Gzip(e.Body)), ContentEncoding = "gzip" }),
        ("packed twice", (_, e) => e with { Body = Gzip(Gzip(e.Body)), ContentEncoding = "gzip" }),
        ("something after the packed", (_, e) => e with { Body = [.. Gzip(e.Body), .. "garbage"u8], ContentEncoding = "gzip" }),
    ];

    /// <summary>Bytes as they are packed on the way.</summary>
    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Some bits the other way round.</summary>
    public static byte[] Flip(Random random, byte[] bytes)
    {
        var flipped = bytes.ToArray();
        for (var i = random.Next(1, 5); i > 0 && flipped.Length > 0; i--)
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>Something put in anywhere.</summary>
    public static byte[] Insert(Random random, byte[] bytes, byte[] more)
    {
        var at = random.Next(bytes.Length + 1);
        return [.. bytes.AsSpan(0, at), .. more, .. bytes.AsSpan(at)];
    }

    /// <summary>A stretch left out.</summary>
    public static byte[] Cut(Random random, byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return [.. bytes.AsSpan(0, from), .. bytes.AsSpan(Math.Min(bytes.Length, from + random.Next(1, 20)))];
    }

    /// <summary>A stretch that comes twice.</summary>
    public static byte[] Repeat(Random random, byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return [.. bytes, .. bytes.AsSpan(from, Math.Min(bytes.Length - from, random.Next(1, 200)))];
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 9)];
        random.NextBytes(bytes);
        return bytes;
    }
}
