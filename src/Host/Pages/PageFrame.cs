using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary>What every page shows around its content: the centre it is about, the others, the language, the instant.</summary>
public sealed class PageFrame
{
    private static readonly ZonedDateTimePattern Minutes = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm", null);
    private static readonly ZonedDateTimePattern Seconds = ZonedDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss", null);

    private PageFrame(PageLanguage language, string centre, CatalogueLog catalogue, IReadOnlyList<(string Id, string Name)> centres, Instant now, string otherLanguage, string? askedLanguage) =>
        (Language, Centre, Catalogue, Centres, Now, OtherLanguage, AskedLanguage) = (language, centre, catalogue, centres, now, otherLanguage, askedLanguage);

    internal PageLanguage Language { get; }

    internal string Centre { get; }

    internal CatalogueLog Catalogue { get; }

    internal IReadOnlyList<(string Id, string Name)> Centres { get; }

    internal Instant Now { get; }

    /// <summary>The same page in the other language.</summary>
    internal string OtherLanguage { get; }

    /// <summary>The language that was asked for in the address, which goes on in links; null: the browser's.</summary>
    internal string? AskedLanguage { get; }

    internal DateTimeZone Zone => Catalogue.Newest!.Zone;

    /// <summary>All commitments the centre has, in the order of its catalogue, and those of earlier versions, whose clocks may still run.</summary>
    internal IReadOnlyList<CommitmentDefinition> Commitments => [.. Catalogue.Versions.Reverse().SelectMany(v => v.Commitments).DistinctBy(c => c.Id)];

    /// <summary>The same of another moment.</summary>
    internal PageFrame At(Instant moment) => new(Language, Centre, Catalogue, Centres, moment, OtherLanguage, AskedLanguage);

    /// <summary>The frame of a request; null when there is no such centre. Without one asked for, the first that has cases.</summary>
    internal static async Task<PageFrame?> ForAsync(HttpRequest request, string? centre, VisibleCentres centres, IClock clock, CancellationToken ct)
    {
        var language = PageLanguage.Of(request);
        request.HttpContext.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var named = new List<(string Id, string Name)>();
        foreach (var id in await centres.AllAsync(ct))
        {
            // A catalogue that this program cannot read is no reason to show nothing of the others.
            if (await centres.CatalogueOfAsync(id, ct) is { Newest: { } newest })
                named.Add((id, language.Of(newest.CentreNames)));
        }

        var chosen = centre ?? await centres.FirstWithCasesAsync(ct) ?? named.FirstOrDefault().Id;
        if (chosen is null || await centres.CatalogueOfAsync(chosen, ct) is not { Newest: not null } catalogue)
            return null;
        return new PageFrame(language, chosen, catalogue, named, clock.GetCurrentInstant(), AddressWith(request, language.Chinese ? "en" : "zh"), request.Query["lang"].Count > 0 ? language.Code : null);
    }

    /// <summary>An instant on the centre's wall clock, to the minute.</summary>
    internal string Time(Instant? at) => at is { } instant ? Minutes.Format(instant.InZone(Zone)) : "–";

    /// <summary>The address of a page of this centre.</summary>
    internal string Address(string path, params ReadOnlySpan<(string Name, string? Value)> query) => QueryHelpers.AddQueryString(path, ((IEnumerable<(string Name, string? Value)>)[("centre", Centre), .. query, ("lang", AskedLanguage)])
        .Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Name, q.Value)));

    /// <summary>The address of a case's page, at one of its clocks.</summary>
    internal string CaseAddress(string @case, string? anchor = null) =>
        $"/view/{Uri.EscapeDataString(Centre)}/{Uri.EscapeDataString(@case)}{(AskedLanguage is { } lang ? $"?lang={lang}" : "")}{(anchor is null ? "" : "#" + Uri.EscapeDataString(anchor))}";

    /// <summary>The address of a service's page.</summary>
    internal string ServiceAddress(string service, params ReadOnlySpan<(string Name, string? Value)> query) => Address($"/board/services/{Uri.EscapeDataString(service)}", query);

    /// <summary>The address of an outage's page, by its stream, at one of its clocks.</summary>
    internal string OutageAddress(string stream, string? anchor = null) =>
        Address($"/board/outages/{Uri.EscapeDataString(StreamLabel(stream))}") + (anchor is null ? "" : "#" + Uri.EscapeDataString(anchor));

    /// <summary>The address of a complaint's page, by its stream, at one of its clocks.</summary>
    internal string ComplaintAddress(string stream, string? anchor = null) =>
        Address($"/board/complaints/{Uri.EscapeDataString(StreamLabel(stream))}") + (anchor is null ? "" : "#" + Uri.EscapeDataString(anchor));

    /// <summary>The address of the page of a stream that has clocks, at one of them.</summary>
    internal string StreamAddress(string stream, string? anchor = null) => StreamKinds.Of(stream) switch
    {
        StreamKind.Outage => OutageAddress(stream, anchor),
        StreamKind.Complaint => ComplaintAddress(stream, anchor),
        _ => CaseAddress(StreamLabel(stream), anchor),
    };

    /// <summary>What a stream is that is no case; null of a case.</summary>
    internal string? KindName(string stream) => StreamKinds.Of(stream) switch
    {
        StreamKind.Outage => Language.Of("中断", "outage"),
        StreamKind.Complaint => Language.Of("投诉", "complaint"),
        _ => null,
    };

    /// <summary>What a row of a list is about: of a case its service, of anything else what it is, too.</summary>
    internal string About(string stream, string? item) => KindName(stream) is { } kind ? $"{kind} · {ItemName(item)}" : ItemName(item);

    /// <summary>What people call a case, a complaint or an outage, by its stream.</summary>
    internal static string StreamLabel(string stream) => stream[(stream.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>True when a stream is about outages.</summary>
    internal static bool IsOutage(string stream) => StreamKinds.Of(stream) == StreamKind.Outage;

    /// <summary>What a category of complaints is called; its id when the catalogue does not know it.</summary>
    internal string CategoryName(string? category) => category is null ? "–" : Catalogue.Newest!.ComplaintCategories.TryGetValue(category, out var known) ? Language.Of(known.Names) : category;

    /// <summary>What an IT service is called; its id when the catalogue does not know it.</summary>
    internal string ServiceName(string service) => Catalogue.Newest!.Services.TryGetValue(service, out var known) ? Language.Of(known.Names) : service;

    /// <summary>The place of a clock on its case's page.</summary>
    internal static string Anchor(string commitment, string? key, int ordinal) => string.Join('/', ((IEnumerable<string>)
    [
        commitment, .. string.IsNullOrEmpty(key) ? (IEnumerable<string>)[] : [string.Concat(key.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) ? '_' : c))], .. ordinal > 1 ? (IEnumerable<string>)[ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture)] : [],
    ]));

    /// <summary>How far off a due is, in what its limit is counted in: hours on the same day or of a limit in hours, else days, or working days of a calendar.</summary>
    internal string Left(Instant? due, AmountUnit unit, Calendar calendar)
    {
        if (due is not { } at)
            return "–";
        var late = at < Now;
        var (from, until) = late ? (at, Now) : (Now, at);
        var (first, last) = (calendar.DateOf(from), calendar.DateOf(until));
        var days = unit == AmountUnit.CalendarDays ? Period.DaysBetween(first, last) : calendar.WorkingDaysBetween(first, last);
        if (late && days == 0 && first != last)
            return Language.Of("已逾期，其后尚无工作日", "late, no working day since");
        var away = first == last || days == 0 || unit is AmountUnit.Elapsed
            ? Language.Length(Tick.Of(until) - Tick.Of(from))
            : Language.Amount(new Amount(unit == AmountUnit.CalendarDays ? unit : AmountUnit.WorkingDays, days));
        return late ? Language.Of($"已超 {away}", $"{away} late") : Language.Of($"还有 {away}", $"in {away}");
    }

    /// <summary>What is called so in the place of a service: one that is applied for, an IT service, or a category of complaints; its code when the catalogue does not know it.</summary>
    internal string ItemName(string? item) => item is null ? "–" : Catalogue.Newest!.Items.TryGetValue(item, out var known) ? Language.Of(known.Names)
        : Catalogue.Newest!.ComplaintCategories.ContainsKey(item) ? CategoryName(item) : ServiceName(item);

    /// <summary>What a clock's key means: of a branch, the agency concerned.</summary>
    internal string KeyName(string? item, string key) =>
        item is not null && Catalogue.Newest!.Items.TryGetValue(item, out var known) && known.Branches.FirstOrDefault(b => b.Branch == key) is { Agency: { Length: > 0 } agency } ? agency : key;

    /// <summary>A quarter, marked while it runs.</summary>
    internal string QuarterName(string quarter) => quarter == CalendarPeriod.QuarterOf(Now, Zone).Name ? Language.Of($"{quarter}（至今）", $"{quarter} so far") : quarter;

    /// <summary>A count as people read it.</summary>
    internal static string Number(long count) => count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a window is called; its code when the catalogue does not know it.</summary>
    internal string WindowName(string? window) => window is null ? "–" : Catalogue.Newest!.Windows.TryGetValue(window, out var known) ? Language.Of(known) : window;

    /// <summary>An instant on a zone's wall clock, to the second.</summary>
    internal static string Exactly(Instant at, DateTimeZone zone) => Seconds.Format(at.InZone(zone));

    private static string AddressWith(HttpRequest request, string language)
    {
        var query = request.Query.Where(q => q.Key != "lang").Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()));
        return QueryHelpers.AddQueryString(request.Path, query.Append(KeyValuePair.Create("lang", (string?)language)));
    }
}
