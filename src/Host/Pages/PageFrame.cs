using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Host.Pages;

/// <summary>What every page shows around its content: the centre it is about, the others, the language, the instant.</summary>
public sealed class PageFrame
{
    private static readonly ZonedDateTimePattern Minutes = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm", null);
    private static readonly ZonedDateTimePattern Seconds = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss", null);

    private PageFrame(PageLanguage language, string centre, CatalogueLog catalogue, IReadOnlyList<(string Id, string Name)> centres, Instant now, string otherLanguage) =>
        (Language, Centre, Catalogue, Centres, Now, OtherLanguage) = (language, centre, catalogue, centres, now, otherLanguage);

    internal PageLanguage Language { get; }

    internal string Centre { get; }

    internal CatalogueLog Catalogue { get; }

    internal IReadOnlyList<(string Id, string Name)> Centres { get; }

    internal Instant Now { get; }

    /// <summary>The same page in the other language.</summary>
    internal string OtherLanguage { get; }

    internal DateTimeZone Zone => Catalogue.Newest!.Zone;

    /// <summary>The frame of a request; null when there is no such centre. Without one asked for, the first that has cases.</summary>
    internal static async Task<PageFrame?> ForAsync(HttpRequest request, string? centre, VisibleCentres centres, IClock clock, CancellationToken ct)
    {
        var language = PageLanguage.Of(request);
        var named = new List<(string Id, string Name)>();
        foreach (var id in await centres.AllAsync(ct))
            named.Add((id, language.Of((await centres.CatalogueOfAsync(id, ct))!.Newest!.CentreNames)));
        var chosen = centre ?? await centres.FirstWithCasesAsync(ct) ?? named.FirstOrDefault().Id;
        if (chosen is null || await centres.CatalogueOfAsync(chosen, ct) is not { } catalogue)
            return null;
        return new PageFrame(language, chosen, catalogue, named, clock.GetCurrentInstant(), AddressWith(request, language.Chinese ? "en" : "zh"));
    }

    /// <summary>An instant on the centre's wall clock, to the minute.</summary>
    internal string Time(Instant? at) => at is { } instant ? Minutes.Format(instant.InZone(Zone)) : "–";

    /// <summary>An instant on a zone's wall clock, to the second.</summary>
    internal static string Exactly(Instant at, DateTimeZone zone) => Seconds.Format(at.InZone(zone));

    private static string AddressWith(HttpRequest request, string language)
    {
        var query = request.Query.Where(q => q.Key != "lang").Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()));
        return QueryHelpers.AddQueryString(request.Path, query.Append(KeyValuePair.Create("lang", (string?)language)));
    }
}
