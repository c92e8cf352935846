using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Demo;

/// <summary>All that the made-up outages depend on, besides the catalogue: how many cases the hall beside them has is nothing to them.</summary>
/// <param name="Seed">Another seed is another year.</param>
/// <param name="From">Their first day.</param>
internal sealed record OutagePlan(long Seed, LocalDate From)
{
    /// <summary>Whose services they are.</summary>
    public const string Centre = "it-department";

    /// <summary>What the source of those that begin while the demo runs is called.</summary>
    public const string Live = "live";

    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    /// <summary>The outages beside a hall: from where the department's catalogue begins, and no earlier than the hall.</summary>
    public static OutagePlan Beside(DemoPlan hall, Catalogue department)
    {
        var begins = Instant.Max(department.EffectiveFrom, ServiceHistory.Earliest).InZone(department.Zone).Date;
        return new OutagePlan(hall.Seed, LocalDate.Max(begins, hall.From));
    }

    /// <summary>The source of what one of the department's systems, or its people, report.</summary>
    public string SourceOf(string system) => string.Create(CultureInfo.InvariantCulture, $"{DemoPlan.SourcePrefix}{Seed}.{Day.Format(From)}/{system}");

    /// <summary>The sources of its history: of the monitor, of those who report what they see, of those who plan, of who decides.</summary>
    public string[] Sources() => [SourceOf("monitor"), SourceOf("service-desk"), SourceOf("planning"), SourceOf("decisions")];

    /// <summary>The date as ids begin with it.</summary>
    public static string Written(LocalDate day) => Day.Format(day);
}
