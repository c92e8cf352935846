using System.Text;
using NodaTime;
using NodaTime.Text;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A text with attributes in braces, such as <c>BOS-{case_id}</c>; a brace itself is written twice.</summary>
/// <param name="Text">As the mapping writes it.</param>
/// <param name="Parts">Plain texts, and attributes.</param>
internal sealed record Template(string Text, IReadOnlyList<TemplatePart> Parts)
{
    /// <summary>The attributes in it.</summary>
    public IEnumerable<int> Slots => Parts.Where(p => p.Plain is null).Select(p => p.Slot);

    /// <summary>One attribute alone.</summary>
    public static Template Of(string name, int slot) => new(name, [new TemplatePart(null, slot, null)]);

    /// <summary>Reads a template; null when a brace is not closed or holds nothing.</summary>
    /// <param name="text">As the mapping writes it.</param>
    /// <param name="slotOf">Gives an attribute its slot.</param>
    /// <param name="times">How times of the mapping are written, for those that want one form.</param>
    public static Template? Parse(string text, Func<string, int> slotOf, Func<TimeForms> times)
    {
        var (parts, plain) = (new List<TemplatePart>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                plain.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end <= i + 1)
                    return null;
                if (plain.Length > 0)
                    parts.Add(new TemplatePart(plain.ToString(), 0, null));
                plain.Clear();
                parts.Add(TemplatePart.Read(text[(i + 1)..end], slotOf, times));
                i = end;
            }
            else if (text[i] == '}')
            {
                return null;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        if (plain.Length > 0)
            parts.Add(new TemplatePart(plain.ToString(), 0, null));
        return new Template(text, parts);
    }

    /// <summary>The text for a record; null when it has no value for one of the attributes.</summary>
    public string? For(in Reading reading)
    {
        if (Parts is [var only])
            return only.For(reading);
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            if (part.For(reading) is not { } written)
                return null;
            text.Append(written);
        }

        return text.ToString();
    }
}

/// <summary>A piece of a <see cref="Template"/>: plain text, or an attribute as it is or in one form.</summary>
/// <param name="Plain">The text; null: an attribute.</param>
/// <param name="Slot">The attribute.</param>
/// <param name="Form">How it is written: null: as it is.</param>
internal sealed record TemplatePart(string? Plain, int Slot, TemplateForm? Form)
{
    private const string AsTime = "|time";
    private const string AsWord = "|word";

    /// <summary>Reads what stands in braces: an attribute, and after it perhaps its form.</summary>
    public static TemplatePart Read(string inside, Func<string, int> slotOf, Func<TimeForms> times) =>
        inside.EndsWith(AsTime, StringComparison.Ordinal) ? new(null, slotOf(inside[..^AsTime.Length]), new TemplateForm.Time(times()))
        : inside.EndsWith(AsWord, StringComparison.Ordinal) ? new(null, slotOf(inside[..^AsWord.Length]), new TemplateForm.Word())
        : new(null, slotOf(inside), null);

    /// <summary>The text for a record; null: none.</summary>
    public string? For(in Reading reading) => Plain ?? (reading[Slot] is { } value ? Form is null ? value : Form.Write(value, reading.Record.Date1904) : null);
}

/// <summary>One form for values that sources write differently, or that do not fit into a name as they are.</summary>
internal abstract record TemplateForm
{
    private static readonly InstantPattern Compact = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'.'ffffff'Z'");

    private TemplateForm()
    {
    }

    /// <summary>A time in UTC, always of the same length, so that names sort by it.</summary>
    public sealed record Time(TimeForms Forms) : TemplateForm;

    /// <summary>Letters and digits in lower case; a hyphen for whatever lies between them.</summary>
    public sealed record Word : TemplateForm;

    /// <summary>An instant as <see cref="Time"/> writes it.</summary>
    public static string Written(Instant at) => Compact.Format(at);

    /// <summary>The value in this form; null when it cannot be.</summary>
    public string? Write(string value, bool date1904) => this switch
    {
        Time time => time.Forms.TryRead(value, date1904, out var at) ? Written(at) : null,
        Word => string.Join('-', new string([.. value.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } word ? word : null,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
