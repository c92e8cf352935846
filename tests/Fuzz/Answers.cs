using System.Text.RegularExpressions;

namespace SlaMonitor.Fuzz;

/// <summary>What a refusal must be like: it names the field and what to do, and never what stood there.</summary>
internal static partial class Answers
{
    /// <summary>What is wrong with one fault as it is told; null: nothing.</summary>
    public static string? FaultOf(string? field, string? reason) =>
        string.IsNullOrEmpty(field) ? "a fault names no field"
        : string.IsNullOrEmpty(reason) ? $"the fault of {field} gives no reason"
        : !Remedy().IsMatch(reason) ? $"the fault of {field} names no remedy: {reason}"
        : EchoIn(reason);

    /// <summary>A personal value that stands in an answer; null: none.</summary>
    public static string? EchoIn(string answer) => GoodEvents.Personal.Any(p => answer.Contains(p, StringComparison.Ordinal)) ? "a personal value comes back in the answer" : null;

    // To do, or what should stand there.
    [GeneratedRegex(@"\b(give|send|use|correct|remove|add|write|shorten|leave|publish|must be|can only be|is not (a|an|one of|true) )", RegexOptions.CultureInvariant)]
    private static partial Regex Remedy();
}
