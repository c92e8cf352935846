using System.Globalization;
using System.Text.Json;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// Whether JSON can be kept by PostgreSQL and come back with the same meaning. Unknown fields are kept, so all of it is
/// looked at.
/// </summary>
internal static class Storable
{
    // PostgreSQL's numeric ends at 131,072 digits; nothing we are told about needs a hundredth of that.
    private const int MaxNumberLength = 1000;
    private const int MaxExponent = 1000;

    // PostgreSQL writes 1e999 out whenever it is read: a megabyte of such numbers came back as 150.
    private const int MaxWrittenOut = 100_000;

    public static void Check(JsonElement element, string path, List<Fault> faults)
    {
        var writtenOut = 0;
        Check(element, path, faults, ref writtenOut);
    }

    private static void Check(JsonElement element, string path, List<Fault> faults, ref int writtenOut)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when TextFault(element) is { } fault:
                faults.Add(new Fault(Named(path), fault));
                break;
            case JsonValueKind.Number:
                if (ExponentOf(element.GetRawText()) is not { } exponent)
                    faults.Add(new Fault(Named(path), "is a number too large or too fine to keep; send it as text"));
                else if (writtenOut <= MaxWrittenOut && (writtenOut += exponent) > MaxWrittenOut)
                    faults.Add(new Fault(Named(path), $"is a number that makes more than {MaxWrittenOut} digits with those before it; send such numbers as text"));
                break;
            case JsonValueKind.Object:
                CheckMembers(element, path, faults, ref writtenOut);
                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in element.EnumerateArray())
                    Check(item, $"{path}[{i++}]", faults, ref writtenOut);
                break;
        }
    }

    /// <summary>What is wrong with what cannot be read as JSON at all.</summary>
    public static string Malformed(JsonException malformed) =>
        $"is not JSON, or is nested deeper than 64 levels: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}; correct it there";

    /// <summary>What is wrong with a text; null: nothing.</summary>
    public static string? TextFault(string text) => text.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character; remove it" : null;

    /// <summary>What a reader does not see, or sees in another order than it stands: two case numbers, or two people, would look alike.</summary>
    public static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void CheckMembers(JsonElement element, string path, List<Fault> faults, ref int writtenOut)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (NameOf(member) is not { } name || TextFault(name) is not null)
                faults.Add(new Fault(Named(path), "has a field whose name is not valid text; correct its characters"));
            else if (!names.Add(name))
                faults.Add(new Fault(Named(path), $"has the field '{name}' twice; send it once"));
            else
                Check(member.Value, path.Length == 0 ? name : $"{path}.{name}", faults, ref writtenOut);
        }
    }

    private static string? TextFault(JsonElement element)
    {
        try
        {
            return TextFault(element.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Bytes of another encoding, or half of a surrogate pair: JSON can carry them, Unicode has no such character.
            return "is not valid text; send UTF-8, and characters beyond the basic plane as whole pairs";
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>By how many places a number is moved when it is written out; null when that is more than is kept.</summary>
    private static int? ExponentOf(string number)
    {
        if (number.Length > MaxNumberLength)
            return null;
        var e = number.IndexOfAny(['e', 'E']);
        return e < 0 ? 0 : int.TryParse(number.AsSpan(e + 1), out var exponent) && exponent is >= -MaxExponent and <= MaxExponent ? Math.Abs(exponent) : null;
    }

    private static string Named(string path) => path.Length == 0 ? "(whole)" : path;
}
