using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain;

/// <summary>One thing wrong with an input: the field, by its path, and what is wrong with it and what to give instead.</summary>
public sealed record Fault(string Field, string Reason);

/// <summary>
/// Reads the fields of one JSON object and lists every fault instead of stopping at the first. What a faulty field
/// returns is of no meaning: callers look at <see cref="Faults"/> before they use what they read. Reasons name
/// the kind of value found, never the value, which may be personal data.
/// </summary>
public readonly struct JsonFields
{
    private const int MaxCodeLength = 256;

    private readonly JsonElement _object;
    private readonly string _path;

    /// <summary>Reads an object; anything else is a fault, and then every field is absent.</summary>
    public JsonFields(JsonElement element, List<Fault> faults, string path = "")
    {
        ArgumentNullException.ThrowIfNull(faults);
        (_object, _path, Faults) = (element, path, faults);
        if (element.ValueKind != JsonValueKind.Object)
            faults.Add(new Fault(path.Length == 0 ? "(whole)" : path, $"must be an object, not {Kind(element)}"));
    }

    /// <summary>Everything found wrong so far.</summary>
    public List<Fault> Faults { get; }

    /// <summary>The field, or null when it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Notes a fault of a field.</summary>
    public void Refuse(string name, string reason) => Faults.Add(new Fault(PathOf(name), reason));

    /// <summary>Text that must be there and not be empty.</summary>
    public string Text(string name)
    {
        var text = OptionalText(name);
        if (text is null && Find(name) is null)
            Refuse(name, "is missing; give a text");
        return text ?? "";
    }

    /// <summary>Text that must be there and is part of a key: at most 256 characters.</summary>
    public string Code(string name)
    {
        var text = Text(name);
        if (text.Length > MaxCodeLength)
            Refuse(name, $"is longer than {MaxCodeLength} characters; give a shorter code");
        return text;
    }

    /// <summary>Text, or null when absent. Empty text and NUL characters, which PostgreSQL cannot store, are faults.</summary>
    public string? OptionalText(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Fail<string>(name, value, "a text");
        var text = value.GetString()!;
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            Refuse(name, text.Length == 0 ? "is empty; give a value or leave the field out" : "contains a NUL character; remove it");
        return text;
    }

    /// <summary>A whole number within bounds, or null when absent.</summary>
    public int? OptionalInteger(string name, int min, int max)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            return Fail<int?>(name, value, "a whole number");
        if (number < min || number > max)
            Refuse(name, $"is out of bounds; give {min} to {max}");
        return number;
    }

    /// <summary>A number, or a text that is one, without rounding; null when absent.</summary>
    public decimal? OptionalDecimal(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number
        : value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var written) ? written
        : Fail<decimal?>(name, value, "a number");

    /// <summary>True or false, or null when absent.</summary>
    public bool? OptionalBoolean(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : Fail<bool?>(name, value, "true or false");

    /// <summary>One of a list of words, or null when absent.</summary>
    public T? OptionalChoice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (OptionalText(name) is not { } text)
            return null;
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
        }

        Refuse(name, $"is not one of {Words(choices)}");
        return null;
    }

    private static string Words<T>(ReadOnlySpan<(string Word, T Value)> choices)
    {
        var words = new List<string>();
        foreach (var (word, _) in choices)
            words.Add(word);
        return string.Join(", ", words);
    }

    /// <summary>One of a list of words that must be there.</summary>
    public T RequiredChoice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Find(name) is null)
            Refuse(name, $"is missing; give one of {Words(choices)}");
        return OptionalChoice(name, choices) ?? default;
    }

    /// <summary>An instant in ISO 8601 with an offset that must be there, truncated to the tick.</summary>
    public Instant Time(string name)
    {
        var time = OptionalTime(name);
        if (time is null && Find(name) is null)
            Refuse(name, "is missing; give an ISO 8601 time with offset");
        return time ?? Instant.MinValue;
    }

    /// <summary>An instant in ISO 8601 with offset, truncated to the tick, or null when absent.</summary>
    public Instant? OptionalTime(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && Timestamps.TryParse(value.GetString()!, out var instant))
            return instant;
        return Fail<Instant?>(name, value, Timestamps.Expected);
    }

    /// <summary>A local date, or null when absent.</summary>
    public LocalDate? OptionalDate(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && LocalDatePattern.Iso.Parse(value.GetString()!) is { Success: true } parsed)
            return parsed.Value;
        return Fail<LocalDate?>(name, value, "a date such as 2026-03-02");
    }

    /// <summary>A limit that must be there.</summary>
    public Limit? RequiredLimit(string name)
    {
        if (Find(name) is null)
            Refuse(name, "is missing; give a limit such as {\"workingDays\":5}");
        return OptionalLimit(name);
    }

    /// <summary>A limit, or null when absent or faulty.</summary>
    public Limit? OptionalLimit(string name) => Find(name) is { } value ? LimitJson.Read(value, Faults, PathOf(name)) : null;

    /// <summary>The elements of an array, none when absent.</summary>
    public IEnumerable<(JsonElement Element, string Path)> Items(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fail<string>(name, value, "a list");
            return [];
        }

        var path = PathOf(name);
        return value.EnumerateArray().Select((element, i) => (element, $"{path}[{i}]"));
    }

    /// <summary>The texts of an array, none when absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var (element, path) in Items(name))
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
                texts.Add(text);
            else
                Faults.Add(new Fault(path, $"must be a text, not {Kind(element)}"));
        }

        return texts;
    }

    /// <summary>The texts of an array that must be there and hold one at least.</summary>
    public IReadOnlyList<string> RequiredTexts(string name)
    {
        var texts = Texts(name);
        if (texts.Count == 0)
            Refuse(name, "is missing or empty; give a list of texts");
        return texts;
    }

    /// <summary>The members of a nested object, none when absent.</summary>
    public IEnumerable<(string Name, JsonElement Value, string Path)> Members(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fail<string>(name, value, "an object");
            return [];
        }

        return new JsonFields(value, Faults, PathOf(name)).Members();
    }

    /// <summary>The fields there are, with their paths.</summary>
    public IEnumerable<(string Name, JsonElement Value, string Path)> Members()
    {
        var fields = this;
        return _object.ValueKind == JsonValueKind.Object ? _object.EnumerateObject().Select(m => (m.Name, m.Value, fields.PathOf(m.Name))) : [];
    }

    /// <summary>The names of all fields.</summary>
    public IEnumerable<string> Names() => _object.ValueKind == JsonValueKind.Object ? _object.EnumerateObject().Select(m => m.Name) : [];

    /// <summary>Refuses every field that is not one of the given: where nothing is kept, a misspelt field would be lost in silence.</summary>
    public void RefuseOthers(params IReadOnlyList<string> known)
    {
        foreach (var name in Names())
        {
            if (!known.Contains(name))
                Refuse(name, $"is not a field here; use {string.Join(", ", known)}");
        }
    }

    /// <summary>A nested object, or null when absent.</summary>
    public JsonFields? Nested(string name) => Find(name) is { } value ? new JsonFields(value, Faults, PathOf(name)) : null;

    /// <summary>The path of a field of this object.</summary>
    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private T? Fail<T>(string name, JsonElement found, string expected)
    {
        Refuse(name, found.ValueKind == JsonValueKind.String ? $"is not {expected}" : $"must be {expected}, not {(expected.Contains("number", StringComparison.Ordinal) && found.ValueKind == JsonValueKind.Number ? "another number" : Kind(found))}");
        return default;
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };
}
