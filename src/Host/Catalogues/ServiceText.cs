using System.Globalization;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Host.Catalogues;

/// <summary>Services and agreements of a catalogue version as lines to read.</summary>
internal static class ServiceText
{
    public static void Write(Catalogue version, TextWriter to)
    {
        foreach (var service in version.Services.Values.OrderBy(s => s.Id, StringComparer.Ordinal))
            to.WriteLine($"service {service.Id}  {service.Names.Zh} / {service.Names.En}  hours {service.Hours}{Text(service.Of, ", made of ")}: {Text(service.Targets)}");
        foreach (var agreement in version.Agreements)
            to.WriteLine($"agreement {agreement.Id}  {agreement.Names.Zh} / {agreement.Names.En}  {Text(agreement.Kind)} of {agreement.Provider} with {agreement.Customer}, {Text(agreement.From, agreement.Until)}{(agreement.Supports.Count > 0 ? $", carries {string.Join(" and ", agreement.Supports)}" : "")}: {string.Join(", ", agreement.Services.Select(s => s.Service))}");
    }

    /// <summary>What is promised.</summary>
    public static string Text(ServiceTargets targets) => !targets.Any ? "nothing promised" : string.Join(", ", ((string?[])
    [
        targets.Availability is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#######} % available by the {targets.Period.ToString().ToLowerInvariant()}") : null,
        targets.InterruptionsPerYear is { } most ? string.Create(CultureInfo.InvariantCulture, $"at most {most} interruptions a year") : null,
        targets.Restore is { } restore ? $"restored within {CatalogueText.Text(restore)}" : null,
    ]).OfType<string>());

    /// <summary>What an agreement promises of one service, with what its own targets leave to the service.</summary>
    public static string Text(Agreement agreement, Catalogue version, string service) =>
        agreement.Covers(service) ? Text(agreement.TargetsOf(version.Services[service])) : "nothing";

    /// <summary>How long something holds.</summary>
    public static string Text(LocalDate? from, LocalDate? until) =>
        (from is { } first ? $"from {LocalDatePattern.Iso.Format(first)}" : "") + (until is { } end ? $"{(from is null ? "" : " ")}until {LocalDatePattern.Iso.Format(end)}" : "") is { Length: > 0 } span ? span : "always";

    /// <summary>What a composite is made of.</summary>
    public static string Text(ServicePart? part, string before = "") => part is null ? "" : before + part switch
    {
        ServicePart.Named named => named.Service,
        ServicePart.All all => $"all of ({Listed(all.Of)})",
        ServicePart.Any any => $"any of ({Listed(any.Of)})",
        ServicePart.KOf some => string.Create(CultureInfo.InvariantCulture, $"{some.K} of ({Listed(some.Of)})"),
        ServicePart.Weighted weighted => $"({string.Join(" + ", weighted.Of.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Weight.ToDecimal():0.#########} × {Text(w.Part)}")))})",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Listed(IEnumerable<ServicePart> parts) => string.Join(", ", parts.Select(p => Text(p)));

    private static string Text(AgreementKind kind) => kind.ToString().ToUpperInvariant();
}
