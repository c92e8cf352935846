using System.Security.Cryptography;
using System.Text;

namespace SlaMonitor.Domain.Samples;

/// <summary>
/// Draws a sample that anybody can draw again: who knows the seed and the numbers comes to the same cases with a few lines of any language, in whatever order
/// the numbers are given.
/// </summary>
public static class Sampling
{
    /// <summary>Names how it is drawn, in the log beside what was drawn.</summary>
    public const string Algorithm = "sha256(seed LF number), least first";

    /// <summary>The cases drawn of some, least digest first; all of them where there are no more than asked for.</summary>
    /// <param name="seed">Chosen before anybody knew what it would draw.</param>
    /// <param name="numbers">Case numbers, each once.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> Draw(string seed, IEnumerable<string> numbers, int count) =>
        [.. numbers.Select(n => (Number: n, Digest: Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{n}")))))
            .OrderBy(n => n.Digest, StringComparer.Ordinal).Take(count).Select(n => n.Number)];
}
