using NodaTime;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Fuzz;

/// <summary>What the sample hall knows, for events that are right.</summary>
internal static class SampleHall
{
    /// <summary>The centre of most events.</summary>
    public const string Centre = "service-hall";

    /// <summary>The other centre that ships; its commitments are given by the event.</summary>
    public const string OtherCentre = "permits-nl";

    /// <summary>The clock of whoever takes the events.</summary>
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 20, 2, 0);

    private static readonly Dictionary<string, CatalogueLog> Logs = new[] { Centre, OtherCentre }.ToDictionary(
        c => c, c => new CatalogueLog([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, $"{c}.yaml")).Catalogue]));

    /// <summary>Codes of its items.</summary>
    public static readonly string[] Items = [.. Logs[Centre].Newest!.Items.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Codes of its windows.</summary>
    public static readonly string[] Windows = [.. Logs[Centre].Newest!.Windows.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What complaints are about.</summary>
    public static readonly string[] ComplaintCategories = [.. Logs[Centre].Newest!.ComplaintCategories.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What a special procedure may be begun for, and something that stops no clock.</summary>
    public static readonly string[] Causes = ["hearing", "expert-review", "inspection", "internal-coordination"];

    /// <summary>What a centre has published; null: there is no such centre.</summary>
    public static CatalogueLog? CatalogueOf(string centre) => Logs.GetValueOrDefault(centre);
}
