using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// What a calendar is made of: an IANA zone, weekly opening hours, holidays, make-up working days and dates with hours
/// of their own. The most specific wins: own hours, make-up day, holiday, week.
/// </summary>
public sealed class CalendarDefinition
{
    private string? _version;

    /// <summary>IANA name of the zone whose wall clock the hours are read on.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>Opening hours by day of the week; a day that is absent is closed.</summary>
    public ImmutableDictionary<IsoDayOfWeek, OpeningHours> Week { get; init; } = ImmutableDictionary<IsoDayOfWeek, OpeningHours>.Empty;

    /// <summary>Dates that are closed whatever the week says.</summary>
    public ImmutableHashSet<LocalDate> Holidays { get; init; } = [];

    /// <summary>Make-up working days with the weekday whose hours they have (Monday unless said otherwise).</summary>
    public ImmutableDictionary<LocalDate, IsoDayOfWeek> Workdays { get; init; } = ImmutableDictionary<LocalDate, IsoDayOfWeek>.Empty;

    /// <summary>Dates with hours of their own.</summary>
    public ImmutableDictionary<LocalDate, OpeningHours> Days { get; init; } = ImmutableDictionary<LocalDate, OpeningHours>.Empty;

    /// <summary>First and last year the official arrangement was published for; null: it holds for all years.</summary>
    public (int From, int Through)? PublishedYears { get; init; }

    /// <summary>Open all the time, in the given zone.</summary>
    public static CalendarDefinition AlwaysOpen(DateTimeZone zone) => new()
    {
        Zone = zone,
        Week = Enum.GetValues<IsoDayOfWeek>().Where(d => d != IsoDayOfWeek.None).ToImmutableDictionary(d => d, _ => OpeningHours.AllDay),
    };

    /// <summary>True when it never closes.</summary>
    public bool IsAlwaysOpen => Week.Count == 7 && Week.Values.All(h => h == OpeningHours.AllDay) && Holidays.IsEmpty && Workdays.IsEmpty && Days.IsEmpty;

    /// <summary>The hours of a date and the rule they come from.</summary>
    public (OpeningHours Hours, DayKind Kind) HoursOn(LocalDate date)
    {
        if (Days.TryGetValue(date, out var own))
            return (own, DayKind.OwnHours);
        if (Workdays.TryGetValue(date, out var like))
            return (Weekly(like), DayKind.MakeUp);
        if (Holidays.Contains(date))
            return (OpeningHours.Closed, DayKind.Holiday);
        return (Weekly(date.DayOfWeek), DayKind.Week);
    }

    /// <summary>
    /// Names the content: the first 12 hexadecimal digits of the SHA-256 of its canonical text. The same hours and
    /// dates have the same version wherever they are defined.
    /// </summary>
    public string Version => _version ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical())))[..12];

    private OpeningHours Weekly(IsoDayOfWeek day) => Week.GetValueOrDefault(day, OpeningHours.Closed);

    private string Canonical()
    {
        var text = new StringBuilder(Zone.Id);
        foreach (var (day, hours) in Week.Where(d => !d.Value.IsClosed).OrderBy(d => d.Key))
            text.Append(CultureInfo.InvariantCulture, $"|{(int)day}:{hours}");
        foreach (var date in Holidays.Order())
            text.Append(CultureInfo.InvariantCulture, $"|-{date:uuuu-MM-dd}");
        foreach (var (date, like) in Workdays.OrderBy(d => d.Key))
            text.Append(CultureInfo.InvariantCulture, $"|+{date:uuuu-MM-dd}={(int)like}");
        foreach (var (date, hours) in Days.OrderBy(d => d.Key))
            text.Append(CultureInfo.InvariantCulture, $"|{date:uuuu-MM-dd}={hours}");
        return text.Append(CultureInfo.InvariantCulture, $"|{PublishedYears}").ToString();
    }
}

/// <summary>The rule that decided a date's hours.</summary>
public enum DayKind
{
    /// <summary>The weekly opening hours.</summary>
    Week,

    /// <summary>A holiday: closed.</summary>
    Holiday,

    /// <summary>A make-up working day (调休上班).</summary>
    MakeUp,

    /// <summary>A date with hours of its own.</summary>
    OwnHours,
}
