using System.Globalization;
using System.Text;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>A suggestion as a mapping file, with a comment for each choice. What has to be checked says so in capitals, and what has to be filled in is a fault until it is.</summary>
internal static class MappingText
{
    public static string Write(Suggestion found, string file, string? centre, string? source, Catalogue? known = null)
    {
        var (text, sample) = (new StringBuilder(), found.Sample);
        Line(text, $"# Suggested from {OneLine(Path.GetFileName(file))}: {Count(sample.Records)} records were looked at{(sample.IsPart ? ", and in the others, up to half a million, the values of the columns whose values are listed" : "")}.");
        Line(text, "# Read it through before the first import: events are never changed afterwards. What needs a look says CHECK, what is missing FILL IN.");
        Unused(text, found);
        Line(text, $"format: {sample.Kind.Format}");
        Line(text, $"centre: {(centre is null ? "FILL-IN  # the id of the catalogue's centre" : YamlText.Of(centre))}");
        Line(text, $"source: {YamlText.Of(source ?? $"{NameOf(file)}/export")}  # with the ids below it makes events known again: keep it for later files of the same export");
        Line(text, Case(sample));
        if (Layout(sample.Kind) is { Count: > 0 } layout)
            Line(text, $"{sample.Kind.Format}: {{ {string.Join(", ", layout)} }}");
        Times(text, found);
        if (sample.Columns.SelectMany(c => c.Absent).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } absent)
            Line(text, $"absent: [{string.Join(", ", absent.Select(a => $"\"{a.Replace("\\", "\\\\", StringComparison.Ordinal)}\""))}]  # taken for no value. CHECK that none means something");
        if (!sample.RowsAreCases)
            Line(text, "sequence: row  # events of one instant keep the order of the records");
        Line(text, "# Which events start and stop clocks is the catalogue's to say; most promises stop at case_decided, and case_closed alone leaves them running. sla import --dry-run counts the cases in which that is so. CHECK");
        Line(text, "events:");
        foreach (var line in new SuggestedEvents(found, known).All().SelectMany(e => e.Lines()))
            Line(text, line);
        return text.ToString();
    }

    private static string Case(Sample sample) => sample.Case is not { } key
        ? "case: FILL-IN  # no column looks like a case number"
        : $"case: {YamlText.Of(key.Name)}  # {(sample.Kind.Format == "xes" ? "the name of the trace" : sample.RowsAreCases ? "different in each record: a record is a case" : $"{Count(key.Values.Count)} different in {Count(key.Present)} records: a record is an event of a case")}";

    private static List<string> Layout(FileKind kind)
    {
        var layout = new List<string>();
        if (kind.Encoding is { } encoding)
            layout.Add($"encoding: {encoding}");
        if (kind.Delimiter != ',')
            layout.Add($"delimiter: \"{(kind.Delimiter == '\t' ? "\\t" : kind.Delimiter)}\"");
        if (kind.Skip > 0)
            layout.Add(string.Create(CultureInfo.InvariantCulture, $"skip: {kind.Skip}"));
        return layout;
    }

    private static void Times(StringBuilder text, Suggestion found)
    {
        var local = found.Sample.Columns.Where(c => found.Uses(c) && c.Time is { Local: > 0 }).ToList();
        if (local.Count == 0)
            return;
        // Whoever writes Chinese lives by China's clock; of others nothing is known.
        var chinese = found.Sample.Columns.Any(c => c.Name.Any(IsHan) || c.Values.Keys.Take(20).Any(v => v.Any(IsHan)));
        Line(text, $"zone: {(chinese ? "Asia/Shanghai" : "Etc/UTC")}  # CHECK: {YamlText.Names(local.Select(c => c.Name))} bear{(local.Count == 1 ? "s" : "")} no offset; give the zone of the clock that wrote them, such as America/New_York");
        var unclear = local.Where(c => c.Time!.DayOrMonth).ToList();
        Line(text, $"times: {YamlText.List(found.Patterns)}{(unclear.Count > 0 ? $"  # CHECK whether day or month comes first in {YamlText.Names(unclear.Select(c => c.Name))}: no value shows it" : "")}");
    }

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';

    /// <summary>Names alone: what stands in these columns is nobody's business.</summary>
    private static void Unused(StringBuilder text, Suggestion found)
    {
        var unused = found.Sample.Columns.Where(c => !found.Uses(c)).ToList();
        var (personal, others) = (unused.FindAll(c => c.IsPersonal), unused.FindAll(c => !c.IsPersonal));
        if (personal.Count > 0)
            Line(text, $"# Left out, as about persons or free text: {YamlText.Names(personal.Select(c => c.Name).Distinct())}");
        if (others.Count > 0)
            Line(text, $"# Left out, as not understood: {YamlText.Names(others.Select(c => c.Name).Distinct())}");
    }

    private static string NameOf(string file)
    {
        var name = Path.GetFileName(file);
        return OneLine(name.Contains('.', StringComparison.Ordinal) ? name[..name.IndexOf('.', StringComparison.Ordinal)] : name);
    }

    private static string OneLine(string text) => string.Concat(text.Where(c => !char.IsControl(c)));

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
