using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Tests.Domain.Catalogues;

/// <summary>What a catalogue may not say of services and agreements, or is advised not to.</summary>
public class AgreementRulesTests
{
    private const string Complete = "review: P6M, overview: o, changeControl: c, processes: p, duties: d, contact: k, security: s";
    private static readonly string Sample = Path.Combine(CatalogueFiles.Folder, "it-services.yaml");

    [Theory]
    [InlineData("id: s, hours: never", null, "services[0].hours is a calendar that never opens; give it opening hours, or choose another")]
    [InlineData("id: s, hours: day, targets: { restore: [{ limit: { elapsed: PT1H } }, { priority: P1, limit: { elapsed: PT2H } }] }", null, "services[0].targets.restore[1] is never reached: row 0 fits all its cases")]
    [InlineData("id: s, hours: day, targets: { restore: { workingTime: PT876000H } }", null, "services[0].targets.restore cannot be reached within the calendar")]
    [InlineData("id: s, hours: day", "id: a, kind: OLA, services: [{ service: s, targets: { restore: [{ limit: { elapsed: PT1H } }, { limit: { elapsed: PT2H } }] } }]", "agreements[0].services[0].targets.restore[1] is never reached")]
    [InlineData("id: s, hours: day", "id: a, kind: SLA, services: [s], supports: [b]", "agreements[0].supports is given for an SLA, and only an OLA or UC supports one")]
    [InlineData("id: s, hours: day", "id: a, kind: UC, services: [s], supports: [x]", "agreements[0].supports names 'x', which is not among this catalogue's agreements")]
    [InlineData("id: s, hours: day", "id: a, kind: UC, services: [s], supports: [b]", "agreements[0].supports names 'b', which is no SLA; name the SLA that is carried in the end")]
    public void What_cannot_be_kept_is_refused(string service, string? agreement, string fault) =>
        Assert.Contains(": " + fault, ServiceFile.Of([service], agreement is null ? [] : [agreement, "id: b, kind: OLA, services: [s]"]).Fault, StringComparison.Ordinal);

    [Theory]
    [InlineData("until: 2026-07-01", "from: 2026-06-30", true)]
    [InlineData("until: 2026-07-01", "from: 2026-07-01", false)]
    [InlineData("from: 2027-01-01", "until: 2027-01-01", false)]
    [InlineData("from: 2027-01-01", "from: 2026-01-01", true)]
    public void Of_a_service_one_SLA_holds_at_a_time(string first, string second, bool clash)
    {
        var read = ServiceFile.Of(["id: s, hours: day", "id: t, hours: day"], [$"id: a, kind: SLA, services: [s], {first}", $"id: b, kind: SLA, services: [t, s], {second}", "id: c, kind: SLA, services: [t], until: 2026-01-02, from: 2026-01-01".Replace("2026", "1999", StringComparison.Ordinal)]);
        if (clash)
            Assert.Contains("agreements[1].services[1] is 's', which a covers at the same time; let one of them end before the other begins", read.Fault, StringComparison.Ordinal);
        else
            Assert.Empty(read.Faults);
    }

    [Theory]
    [InlineData("id: s, hours: day, targets: { availability: 0.9 }", "id: a, kind: SLA, services: [t]", "services[0].targets is promised to nobody: no agreement covers this service; list it in one")]
    [InlineData("id: s, hours: day, from: 2026-02-01", "id: a, kind: SLA, services: [s]", "agreements[0].services[0] is 's', which is offered only from 2026-02-01; before that nothing is agreed about it")]
    [InlineData("id: s, hours: day, until: 2027-02-01", "id: a, kind: SLA, services: [s]", "agreements[0].services[0] is 's', which is offered only until 2027-02-01; after that nothing is agreed about it")]
    [InlineData("id: s, hours: day, until: 2027-02-01", "id: a, kind: UC, services: [s], until: 2027-02-02", "agreements[0].services[0] is 's', which is offered only until 2027-02-01")]
    [InlineData("id: s, hours: day, until: 2027-02-01", "id: a, kind: UC, services: [s], until: 2027-02-01", null)]
    [InlineData("id: s, hours: day", "id: a, kind: SLA, services: [s]", "agreements[0].services has no target at all; an SLA says what is promised")]
    [InlineData("id: s, hours: day, targets: { restore: [{ priority: P7, limit: { elapsed: PT1H } }] }", "id: a, kind: UC, services: [s]", "services[0].targets has a restore limit for priority 'P7', which no urgency and impact make")]
    [InlineData("id: s, hours: day, targets: { restore: [{ priority: P1, limit: { elapsed: PT1H } }] }", "id: a, kind: UC, services: [s]", null)]
    [InlineData("id: s, hours: day, targets: { availability: 0.9 }", "id: a, kind: SLA, services: [s]", null)]
    public void What_is_allowed_and_yet_not_as_it_should_be_is_advised_of(string service, string agreement, string? advice)
    {
        var read = ServiceFile.Of([service, "id: t, hours: day"], [$"{agreement}, {Complete}"], "priorities: { high: { high: P1 } }");
        if (advice is null)
            Assert.Empty(read.Advice);
        else
            Assert.Contains(read.Advice, a => a.Contains(": " + advice, StringComparison.Ordinal));
        Assert.Empty(read.Faults);
    }

    [Theory]
    [InlineData("overview: o")]
    [InlineData("changeControl: c")]
    [InlineData("processes: p")]
    [InlineData("duties: d")]
    [InlineData("contact: k")]
    [InlineData("security: s")]
    [InlineData("review: P6M")]
    public void Each_part_an_SLA_has_to_have_is_asked_for_and_an_OLA_or_UC_is_not_asked(string part)
    {
        string[] Advice(string kind) => [.. ServiceFile.Of(["id: s, hours: day, targets: { availability: 0.9 }"], [$"id: a, kind: {kind}, services: [s], {string.Join(", ", Complete.Split(", ").Where(p => p != part))}"]).Advice];
        Assert.Contains($"agreements[0].{part.Split(':')[0]} is missing: ", Assert.Single(Advice("SLA")), StringComparison.Ordinal);
        Assert.Empty(Advice("OLA"));
    }

    [Fact]
    public void The_sample_department_has_every_kind_of_agreement_and_nothing_to_be_advised_of()
    {
        var read = CatalogueFiles.Read(Sample);
        Assert.Empty(read.Advice);
        Assert.Equal((13, 4, 3), (read.Catalogue.Services.Count, read.Catalogue.Agreements.Length, read.Catalogue.Agreements.Select(a => a.Kind).Distinct().Count()));
        Assert.All(read.Catalogue.Services.Values, s => Assert.True(s.Targets.Any));
    }

    [Theory]
    [InlineData("availability: 0.9985", "availability: 0.998", null)]
    [InlineData("availability: 0.9985", "availability: 0.9979", "promises 99.5 % of 'permits-online', and what carries it guarantees 99.49 % (portal-web 99.79 %, portal-database 99.9 %, identity 99.8 %)")]
    [InlineData("interruptionsPerYear: 5", "interruptionsPerYear: 6", "promises at most 12 interruptions a year of 'permits-online', and what carries it allows 13")]
    [InlineData("{ priority: P1, limit: { elapsed: PT3H } }", "{ priority: P1, limit: { elapsed: PT5H } }", "promises to restore 'permits-online' sooner than what carries it, for an outage of priority P1 that begins on 2026-01-01 00:00")]
    [InlineData("en: Portal web servers }\n    hours: 24x7", "en: Portal web servers }\n    hours: cn", "promises 'permits-online' on 2026-01-01 00:00, outside the hours of what carries it (portal-web)")]
    [InlineData("until: 2027-07-01", "until: 2026-07-01", "uc-bank, which covers it, does not hold then: let it hold as long as this SLA does; so it is from 2026-07-01 on")]
    [InlineData("      - kiosk-3\n", "", null)]
    [InlineData("      - kiosk-2\n      - kiosk-3\n", "", "nothing is promised of the availability for part 'kiosk-2'")]
    public void A_change_of_the_sample_that_its_SLA_cannot_bear_is_told_with_the_figures(string right, string wrong, string? fault)
    {
        var text = File.ReadAllText(Sample);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("sla-services-");
        try
        {
            File.Copy(Path.Combine(CatalogueFiles.Folder, "calendars", "cn.yaml"), Path.Combine(folder.CreateSubdirectory("calendars").FullName, "cn.yaml"));
            var file = Path.Combine(folder.FullName, "it.yaml");
            var at = text.IndexOf(right, StringComparison.Ordinal);
            File.WriteAllText(file, text[..at] + wrong + text[(at + right.Length)..]);
            if (fault is null)
                CatalogueFiles.Read(file);
            else
                Assert.Contains(fault, Assert.Throws<CatalogueFileException>(() => CatalogueFiles.Read(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
