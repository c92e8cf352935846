using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads zone and times of a mapping; a field of its own may say otherwise.</summary>
internal sealed class TimeFormsReader
{
    private readonly TimeForms _ofMapping;

    public TimeFormsReader(JsonFields mapping) => _ofMapping = Read(mapping, null);

    /// <summary>What the mapping says for all.</summary>
    public TimeForms OfMapping(JsonFields fields, string field) => Placed(_ofMapping, fields, field);

    /// <summary>What a field says, else the mapping.</summary>
    /// <param name="fields">Where zone and times may stand.</param>
    /// <param name="mustPlace">An instant is wanted, for which wall-clock time needs its zone.</param>
    public TimeForms Of(JsonFields fields, bool mustPlace)
    {
        var own = (fields.Find("zone") ?? fields.Find("times")) is null ? _ofMapping : Read(fields, _ofMapping);
        return mustPlace ? Placed(own, fields, "times") : own;
    }

    private static TimeForms Placed(TimeForms forms, JsonFields fields, string field)
    {
        if (forms is { NeedsZone: true, Zone: null })
            fields.Refuse(field, "is read by wall-clock time, for which zone is missing; give one such as Asia/Shanghai");
        return forms;
    }

    private static TimeForms Read(JsonFields fields, TimeForms? otherwise)
    {
        var zone = otherwise?.Zone;
        if (fields.OptionalText("zone") is { Length: > 0 } id && (zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)) is null)
            fields.Refuse("zone", "is not a zone of the tz database; give one such as Asia/Shanghai");
        var forms = fields.Find("times") is null ? otherwise?.Forms : [.. fields.RequiredTexts("times").Select((text, i) => ReadForm(text, i, fields)).OfType<TimeForm>()];
        return new TimeForms(zone, forms is { Count: > 0 } ? forms : zone is null ? [] : TimeForms.Iso);
    }

    private static TimeForm? ReadForm(string text, int i, JsonFields fields)
    {
        switch (text)
        {
            case "excel":
                return new TimeForm.Excel();
            case "unix":
                return new TimeForm.Unix(1);
            case "unixMilliseconds":
                return new TimeForm.Unix(1000);
        }

        try
        {
            // In a pattern the letter stands for the offset, unless it is quoted.
            return Unquoted(text).Contains('o', StringComparison.Ordinal)
                ? new TimeForm.WithOffset(OffsetDateTimePattern.CreateWithInvariantCulture(text))
                : new TimeForm.Local(LocalDateTimePattern.CreateWithInvariantCulture(text));
        }
        catch (InvalidPatternException)
        {
            fields.Refuse($"times[{i}]", "is not a pattern; write one such as d/M/uuuu HH:mm, with letters that stand for themselves in single quotes, or excel, unix, unixMilliseconds");
            return null;
        }
    }

    private static string Unquoted(string pattern) => string.Concat(pattern.Split('\'').Where((_, i) => i % 2 == 0));
}
