using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>Reads the agreements of a catalogue.</summary>
internal static class AgreementJson
{
    private static readonly string[] Fields =
    [
        "id", "kind", "names", "provider", "customer", "from", "until", "services", "supports", "exclusions", "unobserved", "agreementYear", "review",
        "overview", "changeControl", "processes", "duties", "contact", "security",
    ];

    /// <summary>The words for what may be excluded.</summary>
    public static ImmutableArray<(string Word, ExclusionKind Value)> ExclusionKinds { get; } =
        [("plannedMaintenance", ExclusionKind.PlannedMaintenance), ("forceMajeure", ExclusionKind.ForceMajeure), ("thirdParty", ExclusionKind.ThirdParty), ("customer", ExclusionKind.Customer)];

    /// <summary>All agreements; one about services that are not there is a fault.</summary>
    public static ImmutableArray<Agreement> ReadAll(JsonFields fields, IReadOnlySet<string> services) =>
        [.. fields.Items("agreements").Select(a => Read(new JsonFields(a.Element, fields.Faults, a.Path), services))];

    private static Agreement Read(JsonFields fields, IReadOnlySet<string> services)
    {
        fields.RefuseOthers(Fields);
        var (from, until) = ServiceJson.ReadValidity(fields);
        if (fields.Find("from") is null)
            fields.Refuse("from", "is missing; give the date from which it holds, such as 2026-01-01");
        return new Agreement(
            fields.Code("id"), fields.RequiredChoice("kind", ("SLA", AgreementKind.Sla), ("OLA", AgreementKind.Ola), ("UC", AgreementKind.Uc)),
            CatalogueJson.ReadNames(fields), fields.Text("provider"), fields.Text("customer"), from ?? new LocalDate(1900, 1, 1), until,
            ReadCovered(fields, services), [.. fields.Texts("supports")], ReadExclusions(fields),
            fields.OptionalChoice("unobserved", ("left-out", UnobservedAs.LeftOut), ("up", UnobservedAs.Up), ("down", UnobservedAs.Down)) ?? UnobservedAs.LeftOut,
            ReadYear(fields), ReadReview(fields),
            new AgreementTexts(
                fields.OptionalText("overview"), fields.OptionalText("changeControl"), fields.OptionalText("processes"), fields.OptionalText("duties"),
                fields.OptionalText("contact"), fields.OptionalText("security")));
    }

    /// <summary>Ids of services, or <c>{service: …, targets: …}</c>.</summary>
    private static ValueList<CoveredService> ReadCovered(JsonFields fields, IReadOnlySet<string> services)
    {
        var covered = new List<CoveredService>();
        foreach (var (element, path) in fields.Items("services"))
        {
            var at = fields.Faults.Count;
            var entry = element.ValueKind == JsonValueKind.String ? new CoveredService(element.GetString()!, null) : ReadEntry(new JsonFields(element, fields.Faults, path));
            if (fields.Faults.Count == at && !services.Contains(entry.Service))
                fields.Faults.Add(new Fault(path, $"is '{entry.Service}', which is not among this catalogue's services; add it there or correct the id"));
            covered.Add(entry);
        }

        if (covered.Count == 0)
            fields.Refuse("services", "is missing or empty; list the services it is about");
        foreach (var repeated in covered.GroupBy(c => c.Service).Where(g => g.Count() > 1))
            fields.Refuse("services", $"has '{repeated.Key}' {repeated.Count()} times; name each service once");
        return [.. covered];
    }

    private static CoveredService ReadEntry(JsonFields entry)
    {
        entry.RefuseOthers("service", "targets");
        return new CoveredService(entry.Text("service"), TargetJson.Read(entry));
    }

    private static ValueList<ExclusionRule> ReadExclusions(JsonFields fields)
    {
        var rules = new List<ExclusionRule>();
        foreach (var (name, value, path) in fields.Members("exclusions"))
        {
            if (ExclusionKinds.Where(k => k.Word == name).Select(k => (ExclusionKind?)k.Value).FirstOrDefault() is not { } kind)
            {
                fields.Faults.Add(new Fault(path, $"is not a kind of exclusion; use {string.Join(", ", ExclusionKinds.Select(k => k.Word))}"));
                continue;
            }

            var rule = new JsonFields(value, fields.Faults, path);
            rule.RefuseOthers("treat", "notice");
            var notice = rule.OptionalLimit("notice");
            if (notice is Limit.SameDay or Limit.OnDate or Limit.Deadline)
                rule.Refuse("notice", "is not a length of time before; give workingDays, workingTime, calendarDays or elapsed");
            rules.Add(new ExclusionRule(kind, rule.RequiredChoice("treat", ("left-out", ExclusionTreatment.LeftOut), ("up", ExclusionTreatment.Up)), notice));
        }

        // Fields of an object have no order, and the database gives them another one: agreements that say the same are equal.
        return [.. rules.OrderBy(r => r.Kind)];
    }

    private static AnnualDate? ReadYear(JsonFields fields)
    {
        if (fields.OptionalText("agreementYear") is not { Length: > 0 } text)
            return null;
        if (AnnualDatePattern.Iso.Parse(text) is { Success: true } day)
            return day.Value;
        fields.Refuse("agreementYear", "is not a month and a day; give the day the year begins, such as 04-01");
        return null;
    }

    private static Period? ReadReview(JsonFields fields)
    {
        if (fields.OptionalText("review") is not { Length: > 0 } text)
            return null;
        if (PeriodPattern.Roundtrip.Parse(text) is { Success: true, Value: { HasTimeComponent: false } every } && every is { Years: >= 0, Months: >= 0, Weeks: >= 0, Days: >= 0 }
            && every is not { Years: 0, Months: 0, Weeks: 0, Days: 0 } && every is { Years: <= 10, Months: <= 120, Weeks: <= 520, Days: <= 3653 })
            return every;
        fields.Refuse("review", "is not a span between reviews; give months, weeks or days as ISO 8601, such as P6M, at most ten years");
        return null;
    }
}
