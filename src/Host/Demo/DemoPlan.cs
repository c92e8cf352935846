using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace SlaMonitor.Host.Demo;

/// <summary>All that a made-up history depends on, besides the catalogue. It stands in the sources of its events, too, so that another history is another sender.</summary>
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

    /// <summary>The sources of what the hall's systems send.</summary>
    public DemoSources Sources() => new(SourceOf("windows"), SourceOf("portal"), SourceOf("ratings"), SourceOf("supervision"));

    /// <summary>The source of what one of the hall's systems sends.</summary>
    public string SourceOf(string system) => string.Create(CultureInfo.InvariantCulture, $"{SourcePrefix}{Seed}.{Cases}.{Day.Format(From)}/{system}");
}

/// <summary>What the systems of a hall call themselves.</summary>
/// <param name="Windows">That of its windows.</param>
/// <param name="Portal">Its pages.</param>
/// <param name="Ratings">The devices and messages that ask for a rating.</param>
/// <param name="Supervision">Whoever takes complaints and looks after bad ratings (督查).</param>
internal sealed record DemoSources(string Windows, string Portal, string Ratings, string Supervision)
{
    /// <summary>All of them.</summary>
    public string[] All => [Windows, Portal, Ratings, Supervision];
}
