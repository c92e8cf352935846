using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// Limits and amounts as JSON: <c>{"workingDays":5}</c>, <c>{"workingTime":"PT62H","boundary":"close"}</c>,
/// <c>{"calendarDays":56,"ends":"sameTime","roll":false}</c>, <c>{"elapsed":"PT4H"}</c>, <c>{"sameDay":true}</c>; a text
/// is a deadline, or a date that ends with its close of business.
/// </summary>
public static class LimitJson
{
    /// <summary>The most days a limit may count: a century of them.</summary>
    public const int MaxDays = 36_525;

    /// <summary>The most working days a limit may count: a century of them.</summary>
    public const int MaxWorkingDays = 25_000;

    private static readonly Duration MaxLength = Duration.FromDays(MaxDays);

    /// <summary>Reads a limit; null and faults when it is none.</summary>
    public static Limit? Read(JsonElement element, List<Fault> faults, string path)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (element.ValueKind == JsonValueKind.String)
        {
            if (Timestamps.TryParse(element.GetString()!, out var at))
                return new Limit.Deadline(at);
            if (LocalDatePattern.Iso.Parse(element.GetString()!) is { Success: true } date)
                return new Limit.OnDate(date.Value);
            faults.Add(new Fault(path, $"is not a deadline; give {Timestamps.Expected}, a date such as 2026-03-09, or a limit such as {{\"workingDays\":5}}"));
            return null;
        }

        var before = faults.Count;
        var fields = new JsonFields(element, faults, path);
        if (faults.Count > before)
            return null;
        var limit = ReadKind(fields, element, path);
        return faults.Count > before ? null : limit;
    }

    /// <summary>Writes a limit as it is read.</summary>
    public static JsonNode Write(Limit limit) => limit switch
    {
        Limit.WorkingDays d => Object("workingDays", d.Count, ("count", "legal"), ("ends", Word(d.Ends))),
        Limit.ElapsedWorkingDays d => Object("workingDays", d.Count, ("count", "elapsed"), ("boundary", Word(d.Boundary))),
        Limit.CalendarDays d => Object("calendarDays", d.Count, ("ends", Word(d.Ends)), ("roll", d.Roll)),
        Limit.WorkingTime t => Object("workingTime", FormatLength(t.Length), ("boundary", Word(t.Boundary))),
        Limit.Elapsed e => Object("elapsed", FormatLength(e.Length)),
        Limit.SameDay => Object("sameDay", true),
        Limit.OnDate d => JsonValue.Create(LocalDatePattern.Iso.Format(d.Date)),
        Limit.Deadline d => JsonValue.Create(Timestamps.Format(d.At)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Writes an amount in its unit: whole days as a number, days counted as elapsed as a decimal text, time as an ISO 8601 duration.</summary>
    public static JsonNode Write(Amount amount) => amount.Unit switch
    {
        AmountUnit.WorkingDays => Object("workingDays", amount.Value.Floor),
        AmountUnit.ElapsedWorkingDays => Object("workingDays", amount.Value.ToString()),
        AmountUnit.CalendarDays => Object("calendarDays", amount.Value.Floor),
        AmountUnit.WorkingTime => Object("workingTime", FormatLength(Tick.ToDuration(amount.Value.Floor))),
        AmountUnit.Elapsed => Object("elapsed", FormatLength(Tick.ToDuration(amount.Value.Floor))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>An ISO 8601 duration in hours, minutes and seconds; days are not used, as a local day is not 24 hours.</summary>
    public static string FormatLength(Duration length)
    {
        var ticks = Tick.Of(length);
        var (sign, rest) = ticks < 0 ? ("-", -ticks) : ("", ticks);
        var (hours, minutes, micros) = (rest / (3600 * Tick.PerSecond), rest / (60 * Tick.PerSecond) % 60, rest % (60 * Tick.PerSecond));
        var text = $"{sign}PT{(hours > 0 ? $"{hours}H" : "")}{(minutes > 0 ? $"{minutes}M" : "")}";
        if (micros > 0 || rest == 0)
            text += ((decimal)micros / Tick.PerSecond).ToString("0.######", CultureInfo.InvariantCulture) + "S";
        return text;
    }

    /// <summary>Reads an ISO 8601 duration of hours, minutes and seconds, not negative, at most a century.</summary>
    public static bool TryParseLength(string text, out Duration length)
    {
        length = Duration.Zero;
        var parsed = PeriodPattern.NormalizingIso.Parse(text);
        if (!parsed.Success || parsed.Value.HasDateComponent)
            return false;
        // Looked at before it is added up, which overflows.
        var seconds = (parsed.Value.Hours * 3600m) + (parsed.Value.Minutes * 60m) + parsed.Value.Seconds;
        if (Math.Abs(seconds) > MaxDays * 86_400m)
            return false;
        length = parsed.Value.ToDuration();
        return length >= Duration.Zero && length <= MaxLength;
    }

    private static Limit? ReadKind(JsonFields fields, JsonElement element, string path)
    {
        string[] kinds = ["workingDays", "calendarDays", "workingTime", "elapsed", "sameDay"];
        var found = kinds.Where(k => fields.Find(k) is not null).ToArray();
        if (found.Length != 1)
        {
            fields.Faults.Add(new Fault(path, found.Length == 0
                ? $"names no limit; give one of {string.Join(", ", kinds)}, or a deadline as text"
                : $"names {string.Join(" and ", found)}; give one of them"));
            return null;
        }

        string[] options = found[0] switch
        {
            "workingDays" => ["count", "ends", "boundary"],
            "calendarDays" => ["ends", "roll"],
            "workingTime" => ["boundary"],
            _ => [],
        };
        foreach (var member in element.EnumerateObject().Where(m => m.Name != found[0] && !options.Contains(m.Name)))
            fields.Refuse(member.Name, $"does not belong to a limit in {found[0]}; remove it");
        return found[0] switch
        {
            "workingDays" => ReadWorkingDays(fields),
            "calendarDays" => new Limit.CalendarDays(fields.OptionalInteger("calendarDays", 0, MaxDays) ?? 0, ReadEnds(fields, sameTime: true), fields.OptionalBoolean("roll") ?? true),
            "workingTime" => new Limit.WorkingTime(ReadLength(fields, "workingTime"), ReadBoundary(fields)),
            "elapsed" => new Limit.Elapsed(ReadLength(fields, "elapsed")),
            _ => ReadSameDay(fields),
        };
    }

    private static Limit ReadWorkingDays(JsonFields fields)
    {
        var days = fields.OptionalInteger("workingDays", 0, MaxWorkingDays) ?? 0;
        var elapsed = fields.OptionalChoice("count", ("legal", false), ("elapsed", true)) ?? false;
        var other = elapsed ? "ends" : "boundary";
        if (fields.Find(other) is not null)
            fields.Refuse(other, elapsed ? "does not belong to count elapsed, which ends at a time of day; remove it" : "does not belong to a legal count, which ends with a day; remove it or give count elapsed");
        return elapsed ? new Limit.ElapsedWorkingDays(days, ReadBoundary(fields)) : new Limit.WorkingDays(days, ReadEnds(fields, sameTime: false));
    }

    private static Boundary ReadBoundary(JsonFields fields) => fields.OptionalChoice("boundary", ("close", Boundary.Close), ("open", Boundary.Open)) ?? Boundary.Close;

    private static Limit.SameDay ReadSameDay(JsonFields fields)
    {
        if (fields.OptionalBoolean("sameDay") == false)
            fields.Refuse("sameDay", "can only be true");
        return new Limit.SameDay();
    }

    private static DayEnd ReadEnds(JsonFields fields, bool sameTime) =>
        (sameTime
            ? fields.OptionalChoice("ends", ("closeOfBusiness", DayEnd.CloseOfBusiness), ("endOfDay", DayEnd.EndOfDay), ("sameTime", DayEnd.SameTime))
            : fields.OptionalChoice("ends", ("closeOfBusiness", DayEnd.CloseOfBusiness), ("endOfDay", DayEnd.EndOfDay)))
        ?? DayEnd.CloseOfBusiness;

    private static Duration ReadLength(JsonFields fields, string name)
    {
        if (fields.OptionalText(name) is not { } text)
            return Duration.Zero;
        if (!TryParseLength(text, out var length))
            fields.Refuse(name, "is not a length; give hours, minutes and seconds as ISO 8601, such as PT62H or PT1H30M, at most a century, and days as workingDays or calendarDays");
        return length;
    }

    private static string Word(Boundary boundary) => boundary == Boundary.Open ? "open" : "close";

    private static string Word(DayEnd ends) => ends switch
    {
        DayEnd.CloseOfBusiness => "closeOfBusiness",
        DayEnd.EndOfDay => "endOfDay",
        DayEnd.SameTime => "sameTime",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JsonObject Object(string name, JsonNode value, params ReadOnlySpan<(string Name, JsonNode Value)> options)
    {
        var written = new JsonObject { [name] = value };
        foreach (var (option, set) in options)
            written[option] = set;
        return written;
    }
}
