using System.Buffers;
using System.Globalization;
using System.Text;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// Writes families in both formats at once, for their samples are the same: one HELP and TYPE a family before its samples, families not
/// interleaved, invariant numbers, lines that end in \n. A series or family that would stand twice is a fault of ours and
/// throws, as Prometheus would not say so.
/// </summary>
internal sealed class ExpositionWriter
{
    private const int LongestNumber = 32;

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _open = new();
    private readonly HashSet<string> _families;
    private readonly HashSet<Range> _series;

    /// <param name="before">The families that stand before in the same document.</param>
    public ExpositionWriter(IReadOnlySet<string>? before = null) =>
        (_families, _series) = (before is null ? new(StringComparer.Ordinal) : new(before, StringComparer.Ordinal), new(new SameBytes(_text)));

    /// <summary>Writes families.</summary>
    public static Exposition Write(IEnumerable<Family> families, IReadOnlySet<string>? before = null)
    {
        var writer = new ExpositionWriter(before);
        foreach (var family in families)
            writer.Add(family);
        return new Exposition(writer._text.WrittenSpan.ToArray(), writer._open.WrittenSpan.ToArray(), writer._families);
    }

    private void Add(Family family)
    {
        if (!_families.Add(family.Name))
            throw new InvalidOperationException($"the family {family.Name} stands twice in the exposition");
        Head(_text, family, family.SampleName, quotes: false);
        Head(_open, family, family.Name, quotes: true);
        if (family.Unit is { } unit)
            Append(_open, $"# UNIT {family.Name} {unit}\n");
        var start = _text.WrittenCount;
        foreach (var sample in family.Samples)
            Add(family, sample);
        _open.Write(_text.WrittenSpan[start..]);
    }

    private void Add(Family family, Sample sample)
    {
        var start = _text.WrittenCount;
        Append(_text, family.SampleName);
        Append(_text, sample.Suffix);
        for (var i = 0; i < sample.Labels.Count; i++)
        {
            var (name, value) = sample.Labels[i];
            if (i > 0 && string.CompareOrdinal(sample.Labels[i - 1].Name, name) >= 0)
                throw new InvalidOperationException($"the labels of {family.Name} are not in the order of their names, or one stands twice");
            Append(_text, i == 0 ? "{" : ",");
            Append(_text, name);
            Append(_text, "=\"");
            Append(_text, Escape(value, quotes: true));
            Append(_text, "\"");
        }

        if (sample.Labels.Count > 0)
            Append(_text, "}");
        if (!_series.Add(new Range(start, _text.WrittenCount)))
            throw new InvalidOperationException($"the series {Encoding.UTF8.GetString(_text.WrittenSpan[start..])} stands twice in the exposition");
        Append(_text, " ");
        AppendNumber(sample.Value);
        Append(_text, "\n");
    }

    private static void Head(ArrayBufferWriter<byte> to, Family family, string name, bool quotes)
    {
        Append(to, $"# HELP {name} {Escape(family.Help, quotes)}\n");
        Append(to, $"# TYPE {name} {Word(family.Type)}\n");
    }

    private static string Word(FamilyType type) => type switch
    {
        FamilyType.Gauge => "gauge",
        FamilyType.Counter => "counter",
        FamilyType.Histogram => "histogram",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private void AppendNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            Append(_text, double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
            return;
        }

        value.TryFormat(_text.GetSpan(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _text.Advance(written);
    }

    private static void Append(ArrayBufferWriter<byte> to, string text) => Encoding.UTF8.GetBytes(text, to);

    private static string Escape(string text, bool quotes)
    {
        if (text.AsSpan().IndexOfAny('\\', '\n', '"') < 0)
            return text;
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    /// <summary>Compares what stands in the buffer, so that fifty thousand series are not fifty thousand strings.</summary>
    private sealed class SameBytes(ArrayBufferWriter<byte> buffer) : IEqualityComparer<Range>
    {
        public bool Equals(Range x, Range y) => buffer.WrittenSpan[x].SequenceEqual(buffer.WrittenSpan[y]);

        public int GetHashCode(Range range)
        {
            var hash = default(HashCode);
            hash.AddBytes(buffer.WrittenSpan[range]);
            return hash.ToHashCode();
        }
    }
}
