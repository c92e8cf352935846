using System.Globalization;
using System.Text.Json.Nodes;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Where a field's value comes from.</summary>
internal abstract record MappedValue
{
    private MappedValue()
    {
    }

    /// <summary>The same always.</summary>
    public sealed record Constant(JsonNode Value) : MappedValue;

    /// <summary>A text of the record, made into a value; absent: no field.</summary>
    public sealed record Taken(ValueSource Source, Conversion As) : MappedValue;

    /// <summary>An object of values; empty: no field.</summary>
    public sealed record Nested(IReadOnlyList<(string Field, MappedValue Value)> Fields) : MappedValue;

    /// <summary>A list of values, absent ones left out; empty: no field.</summary>
    public sealed record Listed(IReadOnlyList<MappedValue> Values) : MappedValue;

    /// <summary>The first of these that gives a value; none: no field.</summary>
    public sealed record Either(IReadOnlyList<MappedValue> Values) : MappedValue;

    /// <summary>The value for a record; null: none.</summary>
    public JsonNode? For(in Reading reading, string path, AttributeNames names, List<RecordFault> faults)
    {
        switch (this)
        {
            case Constant constant:
                return constant.Value.DeepClone();
            case Taken taken:
                if (taken.Source.For(reading) is not { } text)
                    return (taken.As as Conversion.Table)?.Otherwise?.DeepClone();
                if (taken.As.Convert(text, reading.Record.Date1904, out var value) is { } reason)
                    faults.Add(new RecordFault(ColumnOf(taken, names), path, reason));
                return value;
            case Nested nested:
                JsonObject? members = null;
                foreach (var (field, inner) in nested.Fields)
                {
                    if (inner.For(reading, $"{path}.{field}", names, faults) is { } member)
                        (members ??= []).Add(field, member);
                }

                return members;
            case Listed listed:
                JsonArray? items = null;
                foreach (var inner in listed.Values)
                {
                    if (inner.For(reading, path, names, faults) is { } item)
                        (items ??= []).Add(item);
                }

                return items;
            case Either either:
                foreach (var inner in either.Values)
                {
                    if (inner.For(reading, path, names, faults) is { } first)
                        return first;
                }

                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The attributes the value at a path within this one is read from, for messages.</summary>
    public string ColumnOf(ReadOnlySpan<char> path, AttributeNames names)
    {
        if (this is not Nested nested)
            return ColumnOf(this, names);
        foreach (var (field, inner) in nested.Fields)
        {
            if (path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '['))
                return inner.ColumnOf(path[field.Length..].TrimStart('.'), names);
        }

        return ColumnOf(this, names);
    }

    private static string ColumnOf(MappedValue value, AttributeNames names) => string.Join(", ", value.Slots.Distinct().Select(s => names.Names[s]));

    private IEnumerable<int> Slots => this switch
    {
        Taken taken => taken.Source.Slots,
        Nested nested => nested.Fields.SelectMany(f => f.Value.Slots),
        Listed listed => listed.Values.SelectMany(v => v.Slots),
        Either either => either.Values.SelectMany(v => v.Slots),
        _ => [],
    };
}

/// <summary>Which text of a record is meant.</summary>
internal abstract record ValueSource
{
    private ValueSource()
    {
    }

    /// <summary>The first attribute that has a value.</summary>
    public sealed record First(IReadOnlyList<int> Of) : ValueSource;

    /// <summary>An attribute's value in the record before of the case.</summary>
    public sealed record Before(int Slot, int Kept) : ValueSource;

    /// <summary>A text with attributes in it.</summary>
    public sealed record Composed(Template Template) : ValueSource;

    /// <summary>The text; null: none.</summary>
    public string? For(in Reading reading)
    {
        switch (this)
        {
            case First first:
                foreach (var slot in first.Of)
                {
                    if (reading[slot] is { } value)
                        return value;
                }

                return null;
            case Before before:
                return reading.State.Before?[before.Kept];
            case Composed composed:
                return composed.Template.For(reading);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The attributes it is made of.</summary>
    public IEnumerable<int> Slots => this switch
    {
        First first => first.Of,
        Before before => [before.Slot],
        Composed composed => composed.Template.Slots,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>What a text becomes.</summary>
internal abstract record Conversion
{
    private Conversion()
    {
    }

    /// <summary>It stays what it is.</summary>
    public sealed record Text : Conversion;

    /// <summary>A time, written in one form, so that two exports that write it differently give the same event.</summary>
    public sealed record Time(TimeForms Forms) : Conversion;

    /// <summary>A date such as 2026-03-02.</summary>
    public sealed record Date(TimeForms Forms) : Conversion;

    /// <summary>A number; with a decimal point and without separators of thousands.</summary>
    public sealed record Number(bool Whole) : Conversion;

    /// <summary>true or false, in any case of letters, or 1 or 0.</summary>
    public sealed record Boolean : Conversion;

    /// <summary>What a table says; what it does not list is otherwise, or a fault. What is absent is otherwise, or no value. Null: no value.</summary>
    public sealed record Table(IReadOnlyDictionary<string, JsonNode?> Rows, bool HasOtherwise, JsonNode? Otherwise) : Conversion;

    /// <summary>Makes the value; else says why not.</summary>
    public string? Convert(string text, bool date1904, out JsonNode? value)
    {
        value = null;
        switch (this)
        {
            case Text:
                value = JsonValue.Create(text);
                return null;
            case Time time:
                if (!time.Forms.TryRead(text, date1904, out var at))
                    return $"is not {time.Forms.Expected}";
                value = JsonValue.Create(Timestamps.Format(at));
                return null;
            case Date date:
                if (!date.Forms.TryReadDate(text, date1904, out var day))
                    return "is not a date such as 2026-03-02; add the form it has to the mapping's times";
                value = JsonValue.Create(NodaTime.Text.LocalDatePattern.Iso.Format(day));
                return null;
            case Number number:
                return Numeric(text, number.Whole, out value);
            case Boolean:
                value = text.ToUpperInvariant() switch { "TRUE" or "1" => JsonValue.Create(true), "FALSE" or "0" => JsonValue.Create(false), _ => null };
                return value is null ? "is not true or false; list its words in a map" : null;
            case Table table:
                if (!table.Rows.TryGetValue(text, out var row) && !table.HasOtherwise)
                    return "has a value that the mapping's table does not list; add it to map, or give otherwise";
                value = (table.Rows.ContainsKey(text) ? row : table.Otherwise)?.DeepClone();
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static string? Numeric(string text, bool whole, out JsonNode? value)
    {
        value = null;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return "is not a number such as 12.50; correct it in the source";
        if (whole && number != decimal.Truncate(number))
            return "is not a whole number; use as: number, or correct it in the source";
        value = JsonValue.Create(whole ? decimal.Truncate(number) : number);
        return null;
    }
}
