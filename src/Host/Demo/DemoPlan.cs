using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace SlaMonitor.Host.Demo;

/// <summary>All that a made-up history depends on, besides the catalogue. It stands in the source of its events, so that whoever goes on with it finds it there.</summary>
/// <param name="Seed">Another seed is another hall.</param>
/// <param name="Cases">How many cases it gets in two years.</param>
/// <param name="From">Its first day.</param>
internal sealed record DemoPlan(long Seed, int Cases, LocalDate From)
{
    /// <summary>The hall it is about.</summary>
    public const string Centre = "service-hall";

    /// <summary>What the sources of all made-up events begin with.</summary>
    public const string SourcePrefix = "demo/";

    /// <summary>How long a history is.</summary>
    public const int Years = 2;

    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    /// <summary>Two years up to a moment.</summary>
    public static DemoPlan UpTo(Instant until, DateTimeZone zone, long seed, int cases) => new(seed, cases, until.InZone(zone).Date.PlusYears(-Years));

    /// <summary>The plan that a source names; null: none.</summary>
    public static DemoPlan? OfSource(string source)
    {
        if (!source.StartsWith(SourcePrefix, StringComparison.Ordinal) || source.Split('/') is not [_, var named, _] || named.Split('.') is not [var seed, var cases, var from])
            return null;
        return long.TryParse(seed, CultureInfo.InvariantCulture, out var s) && int.TryParse(cases, CultureInfo.InvariantCulture, out var c) && Day.Parse(from) is { Success: true, Value: var day }
            ? new DemoPlan(s, c, day)
            : null;
    }

    /// <summary>The sources of what the hall's systems send: of its windows, of its pages, of the devices and messages that ask for a rating.</summary>
    public (string Windows, string Portal, string Ratings) Sources() => (SourceOf("windows"), SourceOf("portal"), SourceOf("ratings"));

    /// <summary>The source of what one of the hall's systems sends.</summary>
    public string SourceOf(string system) => string.Create(CultureInfo.InvariantCulture, $"{SourcePrefix}{Seed}.{Cases}.{Day.Format(From)}/{system}");
}
