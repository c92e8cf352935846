using System.Globalization;
using System.Text;

namespace SlaMonitor.Host.Metrics;

/// <summary>A sample: label names and values, and the value.</summary>
internal sealed record Sample(IReadOnlyList<(string Name, string Value)> Labels, double Value);

/// <summary>A metric family with its samples.</summary>
internal sealed record Family(string Name, string Type, string Help, IReadOnlyList<Sample> Samples);

/// <summary>
/// Writes the Prometheus text format 0.0.4: one HELP and TYPE a family, families not interleaved, invariant numbers,
/// lines end in \n. A series that would stand twice is a fault of ours and throws, as Prometheus would not say so.
/// </summary>
internal static class Exposition
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Family> families)
    {
        var text = new StringBuilder();
        var series = new HashSet<string>(StringComparer.Ordinal);
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escape(family.Help, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
            foreach (var sample in family.Samples)
            {
                var name = family.Name + Labels(sample.Labels);
                if (!series.Add(name))
                    throw new InvalidOperationException($"the series {name} stands twice in the exposition");
                text.Append(name).Append(' ').Append(Number(sample.Value)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Labels(IReadOnlyList<(string Name, string Value)> labels) => labels.Count == 0
        ? ""
        : "{" + string.Join(",", labels.OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => $"{l.Name}=\"{Escape(l.Value, quotes: true)}\"")) + "}";

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
