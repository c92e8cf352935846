using SlaMonitor.Domain.Commitments;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Finds the code of a catalogue that somebody meant who wrote it otherwise, or wrote the name in its place.</summary>
internal static class NearestCode
{
    // Beyond this more is different than alike, and a hint would mislead.
    private const double Far = 0.5;

    /// <summary>The code of that very name, in Chinese or English, or that code itself; null: there is none, or several.</summary>
    public static string? Named(string text, IReadOnlyCollection<(string Code, Names Names)> known) =>
        known.Where(k => Spellings(k).Any(s => string.Equals(s, text.Trim(), StringComparison.OrdinalIgnoreCase))).Select(k => k.Code).Distinct().ToList() is [var only] ? only : null;

    /// <summary>The code that is nearest by itself or by its names, in Chinese or English; null: none is near.</summary>
    public static (string Code, Names Names)? Of(string text, IReadOnlyCollection<(string Code, Names Names)> known)
    {
        var nearest = known.Select(k => (Known: k, Distance: Spellings(k).Min(s => Distance(text.Trim().ToUpperInvariant(), s.ToUpperInvariant())))).OrderBy(k => k.Distance).FirstOrDefault((default, 1));
        return nearest.Distance <= Far ? nearest.Known : null;
    }

    private static string[] Spellings((string Code, Names Names) known) => [known.Code, known.Names.Zh, known.Names.En];

    /// <summary>From 0, the same, to 1, nothing alike. A text that is part of the other is nearer than any that is not quite the other.</summary>
    private static double Distance(string a, string b)
    {
        var (shorter, longer) = a.Length <= b.Length ? (a, b) : (b, a);
        if (longer.Length == 0)
            return 0;
        var apart = (double)Edits(a, b) / longer.Length;
        return shorter.Length >= 2 && longer.Contains(shorter, StringComparison.Ordinal) ? Math.Min(apart, 0.1 + (apart * 0.3)) : apart;
    }

    /// <summary>How many letters have to be put in, taken out or changed (Levenshtein).</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
